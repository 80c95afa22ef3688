//! The desk's pages: what a person finds there, and what his forms do.

use absah::domain::accounts::Person;
use absah::domain::event::Actor;
use absah::kernel::hash::Sha256;
use serde_json::Value;

use super::visitor::Visitor;
use crate::office::{Office, body, permit};

/// What a page may weigh before its documents.
const HEAVIEST: usize = 150_000;

/// A person of the office at his browser.
pub async fn at_desk<'a>(office: &'a Office, name: &str) -> Visitor<'a> {
    let person: Person = office.app.administration.find_person(name).await.unwrap();
    let entry = office.app.running().instance().entry().unwrap();
    let link = entry.invite(Actor::Operator, &person).await.unwrap();
    let mut visitor = Visitor::new(&office.app);
    let mut passkey = visitor.passkey();
    visitor.enrol(&link, &mut passkey).await;
    visitor
}

/// The text of a page that must be there, and light.
pub async fn read(visitor: &Visitor<'_>, path: &str) -> String {
    let response = visitor.page(path).await;
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let policy = response.headers()["content-security-policy"].clone();
    assert!(!policy.to_str().unwrap().contains("unsafe"));
    let text = response.text().await.unwrap();
    assert!(text.len() < HEAVIEST, "{path} weighs {}", text.len());
    assert!(
        !text.contains("style="),
        "{path} has a style that the policy forbids"
    );
    text
}

async fn state(office: &Office, id: &str) -> String {
    let path = format!("/api/v1/documents/{id}");
    let document = body(office.get(&path, &office.client).await).await;
    document["state"].as_str().unwrap().to_owned()
}

/// The id at the end of a document's path.
pub fn id_of_path(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

fn submitted_sha256() -> Sha256 {
    Sha256::of(&permit())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signatory_reads_and_is_then_offered_to_approve() {
    let office = Office::open().await;
    let id = id_of_path(&office.ready("503/1").await);
    let head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let list = read(&head, "/console").await;
    assert!(list.contains("1 dokumen menunggu Anda") && list.contains("503/1"));
    assert!(
        !list.contains("type=\"checkbox\""),
        "nothing unread is offered"
    );
    let path = format!("/console/documents/{id}");
    let page = read(&head, &path).await;
    assert!(page.contains("Sudah saya baca") && page.contains("mark-here"));
    let english = read(&head, &format!("{path}?lang=en")).await;
    assert!(english.contains("I have read it") && english.contains("Place of the signature"));

    let blind = format!("sha256={}", Sha256::of(b"another file"));
    let refused = head.form(&format!("{path}/read"), &blind).await;
    assert_eq!(refused.status().as_u16(), 409);
    let seen = format!("sha256={}", submitted_sha256());
    let answered = head.form(&format!("{path}/read"), &seen).await;
    assert!(
        answered.url().path() == "/console",
        "to the desk after the last"
    );
    let list = answered.text().await.unwrap();
    assert!(list.contains("Tercatat") && list.contains(&format!("value=\"{id}\" checked")));
    assert!(
        read(&head, &path)
            .await
            .contains("Setujui dokumen ini saja")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_pictures_for_staff_alone() {
    let office = Office::open().await;
    let id = id_of_path(&office.ready("503/1").await);
    let head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let path = format!("/console/documents/{id}/pages/1");
    let picture = head.page(&format!("{path}?width=720")).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert_eq!(picture.headers()["cache-control"], "private, no-cache");
    let png = picture.bytes().await.unwrap();
    assert!(png.starts_with(b"\x89PNG") && png.len() < 100_000);
    let named = format!("{path}?width=720&file={}", submitted_sha256());
    let picture = head.page(&named).await;
    let keep = picture.headers()["cache-control"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(keep.contains("private") && keep.contains("immutable"));
    let stale = format!("{path}?file={}", Sha256::of(b"another file"));
    assert_eq!(head.page(&stale).await.status().as_u16(), 409);
    let beyond = format!("/console/documents/{id}/pages/9");
    assert_eq!(head.page(&beyond).await.status().as_u16(), 404);
    let file = head.page(&format!("/console/documents/{id}/file")).await;
    assert_eq!(Sha256::of(&file.bytes().await.unwrap()), submitted_sha256());
    let guest = office.app.get(&path).send().await.unwrap();
    assert_eq!(guest.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_approves_his_tier_and_nobody_elses() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let id = document["id"].as_str().unwrap();
    let reviewer = at_desk(&office, "Rini Contohwati, S.H.").await;
    let head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let page = read(&reviewer, &format!("/console/documents/{id}")).await;
    assert!(page.contains("bubuhkan paraf"));
    let page = read(&head, &format!("/console/documents/{id}")).await;
    assert!(page.contains("bukan giliran Anda"));
    let path = format!("/console/documents/{id}/review");
    let review = format!("tier=1&sha256={}", submitted_sha256());
    let refused = head.form(&path, &review).await;
    assert_eq!(refused.status().as_u16(), 403);
    let blind = format!("tier=1&sha256={}", Sha256::of(b"another file"));
    assert_eq!(reviewer.form(&path, &blind).await.status().as_u16(), 409);
    let accepted = reviewer.form(&path, &review).await;
    assert!(accepted.text().await.unwrap().contains("Paraf Anda"));
    let again = reviewer.form(&path, &review).await;
    assert_eq!(again.status().as_u16(), 409);
    let list = read(&head, "/console").await;
    assert!(list.contains("Prasyarat: skm") && list.contains("sistem perizinan"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_back_with_a_reason_only() {
    let office = Office::open().await;
    let id = id_of_path(&office.ready("503/1").await);
    let head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let path = format!("/console/documents/{id}/return");
    assert!(
        read(&head, &path)
            .await
            .contains("Persyaratan belum lengkap")
    );
    let seen = format!("sha256={}&tier=0&how=return", submitted_sha256());
    let silent = head.form(&path, &seen).await;
    let shown = silent.text().await.unwrap();
    assert!(
        shown.contains("tanpa-alasan"),
        "the form comes back with the mistake"
    );
    assert_eq!(state(&office, &id).await, "ready");
    let reasoned = format!("{seen}&reason=Persyaratan+belum+lengkap&more=Surat+domisili");
    let done = head.form(&path, &reasoned).await;
    assert!(done.text().await.unwrap().contains("sudah dikembalikan"));
    assert_eq!(state(&office, &id).await, "returned");
    let page = read(&head, &format!("/console/documents/{id}")).await;
    assert!(page.contains("Persyaratan belum lengkap; Surat domisili"));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_pages_change_nothing() {
    let office = Office::open().await;
    let id = id_of_path(&office.ready("503/1").await);
    let mut head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let path = format!("/console/documents/{id}/read");
    let seen = format!("sha256={}", submitted_sha256());
    let token = std::mem::replace(&mut head.csrf, "wrong".to_owned());
    assert_eq!(head.form(&path, &seen).await.status().as_u16(), 403);
    head.csrf = token;
    head.origin = "https://evil.example".to_owned();
    assert_eq!(head.form(&path, &seen).await.status().as_u16(), 403);
    let nobody = Visitor::new(&office.app);
    let sent = nobody.form(&path, &seen).await;
    assert!(sent.url().path().starts_with("/console/login"));
    let page: Value = body(
        office
            .get(&format!("/api/v1/documents/{id}"), &office.client)
            .await,
    )
    .await;
    assert_eq!(page["state"], "ready");
}
