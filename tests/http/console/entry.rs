//! Getting in: the first administrator, invitations, signing in, a further passkey.

use absah::domain::accounts::Role;
use serde_json::json;

use super::visitor::{Visitor, between, invited};
use crate::app::{TestApp, problem};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_comes_by_the_link_that_serve_prints() {
    let app = TestApp::start().await;
    let entry = app.running().instance().entry().unwrap();
    let link = entry.invite_first().await.unwrap().unwrap();
    assert!(link.starts_with(&format!("{}/console/enrol#", app.running().public_url())));
    let newer = entry.invite_first().await.unwrap().unwrap();
    let mut visitor = Visitor::new(&app);
    let (_, token) = link.split_once('#').unwrap();
    let refused = visitor
        .call("/console/enrol/invitation", &json!({"token": token}))
        .await;
    let refused = problem(refused, 403, "forbidden").await;
    assert_eq!(
        refused["reason"], "invitation",
        "a newer link ends an older one"
    );

    let mut passkey = visitor.passkey();
    visitor.enrol(&newer, &mut passkey).await;
    let page = visitor.page("/console").await.text().await.unwrap();
    assert!(page.contains("Sri Administrator"));
    assert_eq!(entry.invite_first().await.unwrap(), None);
    let people = app.administration.people().await.unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].roles, [Role::Administrator]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_used_once() {
    let app = TestApp::start().await;
    let (_, link) = invited(&app, "Budi Santoso", &[Role::Reviewer]).await;
    let mut visitor = Visitor::new(&app);
    let mut passkey = visitor.passkey();
    visitor.enrol(&link, &mut passkey).await;
    let (_, token) = link.split_once('#').unwrap();
    for path in ["/console/enrol/invitation", "/console/enrol/options"] {
        let refused = visitor.call(path, &json!({"token": token})).await;
        let refused = problem(refused, 403, "forbidden").await;
        assert_eq!(refused["reason"], "invitation");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_hold_one_link_do_not_both_get_in() {
    let app = TestApp::start().await;
    let (_, link) = invited(&app, "Budi Santoso", &[Role::Reviewer]).await;
    let (_, token) = link.split_once('#').unwrap();
    let visitor = Visitor::new(&app);
    let mut ready = Vec::new();
    for _ in 0..2 {
        let mut passkey = visitor.passkey();
        let asked = visitor
            .asked("/console/enrol/options", &json!({"token": token}))
            .await;
        let creation = passkey.create(&asked["options"]);
        let made = json!({"ceremony": asked["ceremony"], "creation": creation, "label": "A"});
        let asked = visitor.asked("/console/enrol/made", &made).await;
        let answer = passkey.answer(&asked["options"]);
        ready.push(json!({"ceremony": asked["ceremony"], "answer": answer, "prf": false}));
    }
    assert_eq!(
        visitor.call("/console/enrol", &ready[0]).await.status(),
        200
    );
    let second = visitor.call("/console/enrol", &ready[1]).await;
    problem(second, 409, "conflict").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_opened_left_and_opened_again() {
    let app = TestApp::start().await;
    let (_, link) = invited(&app, "Budi Santoso", &[Role::Reviewer]).await;
    let mut visitor = Visitor::new(&app);
    let mut passkey = visitor.passkey();
    visitor.enrol(&link, &mut passkey).await;
    let left = visitor.form("/console/logout", "").await;
    assert_eq!(left.url().path(), "/console/login");
    let response = visitor.page("/console/passkeys?a=b").await;
    assert_eq!(response.url().path(), "/console/login");
    assert_eq!(
        response.url().query(),
        Some("next=/console/passkeys%3Fa%3Db")
    );
    visitor.sign_in(&mut passkey).await;
    let page = visitor.page("/console/passkeys").await;
    assert_eq!(page.url().path(), "/console/passkeys");
    let page = page.text().await.unwrap();
    assert!(between(&page, "<h2>", "</h2>").contains("Ponsel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_passkey_comes_in_a_session_of_the_first() {
    let app = TestApp::start().await;
    let (person, link) = invited(&app, "Budi Santoso", &[Role::Reviewer]).await;
    let mut visitor = Visitor::new(&app);
    let mut first = visitor.passkey();
    visitor.enrol(&link, &mut first).await;
    let entry = app.running().instance().entry().unwrap();
    let invited = entry.invite(absah::domain::event::Actor::Operator, &person);
    assert!(invited.await.is_err(), "no link makes a second one");

    let mut second = visitor.passkey();
    let asked = visitor.asked("/console/passkeys/options", &json!({})).await;
    let excluded = asked["options"]["exclude"].as_array().unwrap();
    assert_eq!(excluded.len(), 1);
    let creation = second.create(&asked["options"]);
    let made = json!({"ceremony": asked["ceremony"], "creation": creation, "label": "Laptop"});
    let asked = visitor.asked("/console/passkeys/options", &made).await;
    let answer = second.answer(&asked["options"]);
    let used = json!({"ceremony": asked["ceremony"], "answer": answer, "prf": true});
    visitor.asked("/console/passkeys", &used).await;

    let mut elsewhere = Visitor::new(&app);
    elsewhere.sign_in(&mut second).await;
    let page = elsewhere.page("/console/passkeys").await;
    let page = page.text().await.unwrap();
    assert!(page.contains("Ponsel") && page.contains("Laptop"));
}
