//! What a problem type means, for people.

use super::html;
use crate::app::TestApp;

#[tokio::test]
async fn every_problem_type_explains_itself() {
    let app = TestApp::start().await;
    for kind in absah::http::problem::Kind::ALL {
        let path = format!("/problems/{}", kind.name());
        let page = html(app.get(&path).send().await.unwrap(), 200, "id").await;
        assert!(page.contains(&kind.status().as_u16().to_string()));
    }
    html(app.get("/problems/none").send().await.unwrap(), 404, "id").await;
}
