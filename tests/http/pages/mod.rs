//! The public pages.

mod home;
mod problems;
mod verdict;

use reqwest::Response;

/// The page of an answer, with what every page must have.
pub async fn html(response: Response, status: u16, language: &str) -> String {
    assert_eq!(response.status().as_u16(), status);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("content-language"), language);
    assert_eq!(header("cache-control"), "no-store");
    let page = response.text().await.unwrap();
    assert!(page.contains(&format!("<html lang=\"{language}\">")));
    assert!(page.contains("<meta name=\"robots\" content=\"noindex"));
    assert!(
        page.contains("class=\"demo\""),
        "the demonstration is not labelled"
    );
    assert!(
        !page.contains("<script") && !page.contains("style=\""),
        "the policy forbids it"
    );
    assert!(page.len() < 30_000, "{} bytes", page.len());
    page
}
