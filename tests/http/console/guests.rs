//! Who does not get in: answers of others, to others, again; pages of other sites.

use absah::domain::accounts::Role;
use absah::domain::event::Actor;
use serde_json::{Value, json};

use super::visitor::{Visitor, invited};
use crate::app::{TestApp, problem};
use crate::support::authenticator::{Kind, PRESENT, Passkey};

async fn member(app: &TestApp) -> (Visitor<'_>, Passkey) {
    let (_, link) = invited(app, "Budi Santoso", &[Role::Reviewer]).await;
    let mut visitor = Visitor::new(app);
    let mut passkey = visitor.passkey();
    visitor.enrol(&link, &mut passkey).await;
    (visitor, passkey)
}

async fn signs_in(app: &TestApp, passkey: &mut Passkey, change: impl Fn(&mut Value)) -> u16 {
    let guest = Visitor::new(app);
    let asked = guest.asked("/console/login/options", &json!({})).await;
    let mut body = json!({
        "ceremony": asked["ceremony"],
        "answer": passkey.answer(&asked["options"]),
    });
    change(&mut body);
    let response = guest.call("/console/login", &body).await;
    assert!(response.status() == 200 || response.headers().get("set-cookie").is_none());
    response.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_is_none_of_ours_opens_nothing() {
    let app = TestApp::start().await;
    let (visitor, mut passkey) = member(&app).await;
    assert_eq!(signs_in(&app, &mut passkey, |_| {}).await, 200);
    let mut stranger = visitor.passkey();
    assert_eq!(signs_in(&app, &mut stranger, |_| {}).await, 403);
    let mut imposter = visitor.passkey();
    imposter.id.clone_from(&passkey.id);
    assert_eq!(signs_in(&app, &mut imposter, |_| {}).await, 403);
    passkey.flags = PRESENT;
    assert_eq!(
        signs_in(&app, &mut passkey, |_| {}).await,
        403,
        "unverified"
    );
    passkey.flags |= 4;
    let ours = std::mem::replace(&mut passkey.origin, "http://localhost:1".to_owned());
    assert_eq!(signs_in(&app, &mut passkey, |_| {}).await, 403, "phished");
    passkey.origin = ours;
    let another = |body: &mut Value| body["answer"]["user"] = json!("AAAA");
    assert_eq!(signs_in(&app, &mut passkey, another).await, 403);
    passkey.sign_count = 0;
    assert_eq!(signs_in(&app, &mut passkey, |_| {}).await, 403, "a copy");
    passkey.sign_count = 99;
    assert_eq!(signs_in(&app, &mut passkey, |_| {}).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_and_for_its_own_question() {
    let app = TestApp::start().await;
    let (visitor, mut passkey) = member(&app).await;
    let guest = Visitor::new(&app);
    let asked = guest.asked("/console/login/options", &json!({})).await;
    let answer = passkey.answer(&asked["options"]);
    let body = json!({"ceremony": asked["ceremony"], "answer": answer});
    assert_eq!(guest.call("/console/login", &body).await.status(), 200);
    let again = problem(guest.call("/console/login", &body).await, 403, "forbidden").await;
    assert_eq!(again["reason"], "expired");

    let other = guest.asked("/console/login/options", &json!({})).await;
    let moved = json!({"ceremony": other["ceremony"], "answer": body["answer"]});
    let moved = problem(guest.call("/console/login", &moved).await, 403, "forbidden").await;
    assert_eq!(moved["reason"], "passkey");

    let proof = visitor.asked("/console/proof/options", &json!({})).await;
    let answer = passkey.answer(&proof["options"]);
    let body = json!({"ceremony": proof["ceremony"], "answer": answer});
    let crossed = guest.call("/console/login", &body).await;
    problem(crossed, 403, "forbidden").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_proves_nothing_in_this_session() {
    let app = TestApp::start().await;
    let (visitor, mut passkey) = member(&app).await;
    let (_, link) = invited(&app, "Agus Salim", &[Role::Reviewer]).await;
    let mut other = Visitor::new(&app);
    let mut others = other.passkey();
    other.enrol(&link, &mut others).await;
    let proof = visitor.asked("/console/proof/options", &json!({})).await;
    assert_eq!(proof["options"]["allow"].as_array().unwrap().len(), 1);
    let body = json!({"ceremony": proof["ceremony"], "answer": others.answer(&proof["options"])});
    problem(
        visitor.call("/console/proof", &body).await,
        403,
        "forbidden",
    )
    .await;
    let proof = visitor.asked("/console/proof/options", &json!({})).await;
    let body = json!({"ceremony": proof["ceremony"], "answer": passkey.answer(&proof["options"])});
    let elsewhere = other.call("/console/proof", &body).await;
    problem(elsewhere, 403, "forbidden").await;
    let proof = visitor.asked("/console/proof/options", &json!({})).await;
    let body = json!({"ceremony": proof["ceremony"], "answer": passkey.answer(&proof["options"])});
    visitor.asked("/console/proof", &body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_and_other_sessions_are_refused() {
    let app = TestApp::start().await;
    let (mut visitor, _) = member(&app).await;
    let ours = std::mem::replace(&mut visitor.origin, "http://localhost:1".to_owned());
    let refused = visitor.call("/console/proof/options", &json!({})).await;
    assert_eq!(problem(refused, 403, "forbidden").await["reason"], "origin");
    assert_eq!(visitor.form("/console/logout", "").await.status(), 403);
    visitor.origin = "null".to_owned();
    assert_eq!(visitor.form("/console/logout", "").await.status(), 403);
    visitor.origin = ours;
    let token = std::mem::replace(&mut visitor.csrf, "x".repeat(43));
    let refused = visitor.call("/console/proof/options", &json!({})).await;
    assert_eq!(problem(refused, 403, "forbidden").await["reason"], "csrf");
    assert_eq!(visitor.form("/console/logout", "").await.status(), 403);
    visitor.csrf = token;
    assert_eq!(visitor.page("/console").await.url().path(), "/console");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_owners_access() {
    let app = TestApp::start().await;
    let (visitor, mut passkey) = member(&app).await;
    let people = app.administration.people().await.unwrap();
    let budi = people.first().unwrap().id;
    let switched = app
        .administration
        .switch_person(Actor::Operator, budi, false);
    switched.await.unwrap();
    let page = visitor.page("/console").await;
    assert_eq!(page.url().path(), "/console/login");
    let call = visitor.call("/console/proof/options", &json!({})).await;
    problem(call, 401, "unauthenticated").await;
    assert_eq!(signs_in(&app, &mut passkey, |_| {}).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_says_what_browsers_must_keep() {
    let cookie = async |public_url: Option<&str>| {
        let app = TestApp::start_with(|config| {
            config.server.public_url = public_url.map(str::to_owned);
        })
        .await;
        let (_, link) = invited(&app, "Budi Santoso", &[Role::Reviewer]).await;
        let (_, token) = link.split_once('#').unwrap();
        let visitor = Visitor::new(&app);
        let host = match public_url {
            Some(url) => url.trim_start_matches("https://"),
            None => "localhost",
        };
        let mut passkey = Passkey::new(Kind::EdDsa, host, &visitor.origin);
        let asked = visitor
            .asked("/console/enrol/options", &json!({"token": token}))
            .await;
        let creation = passkey.create(&asked["options"]);
        let made = json!({"ceremony": asked["ceremony"], "creation": creation, "label": "A"});
        let asked = visitor.asked("/console/enrol/made", &made).await;
        let answer = passkey.answer(&asked["options"]);
        let used = json!({"ceremony": asked["ceremony"], "answer": answer, "prf": false});
        let response = visitor.call("/console/enrol", &used).await;
        response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let secure = cookie(Some("https://izin.example.go.id")).await;
    assert!(secure.starts_with("__Host-absah="));
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(secure.contains(attribute), "{secure}");
    }
    assert!(!secure.contains("Domain"));
    let plain = cookie(None).await;
    assert!(plain.starts_with("absah-session=") && plain.contains("HttpOnly"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_allow_our_own_scripts_alone() {
    let app = TestApp::start().await;
    let visitor = Visitor::new(&app);
    let response = visitor
        .page("/console/login?next=https://evil.example")
        .await;
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    assert_eq!(response.headers()["referrer-policy"], "same-origin");
    let page = response.text().await.unwrap();
    assert!(page.contains("data-next=\"/console\""));
    let script = super::visitor::between(&page, "<script type=\"module\" src=\"", "\"");
    let script = app.get(script).send().await.unwrap();
    assert_eq!(
        script.headers()["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
    let old = app.get("/console/assets/000000000000/page.js").send().await;
    assert_eq!(old.unwrap().status(), 404);
}
