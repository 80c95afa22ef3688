//! A browser of a person of the office: cookies, origin, token, and a passkey.

use absah::domain::accounts::{Person, Role};
use absah::domain::event::Actor;
use absah::services::administration::NewPerson;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::support::authenticator::{Kind, Passkey};

/// A browser at the console.
pub struct Visitor<'a> {
    pub app: &'a TestApp,
    pub origin: String,
    pub cookie: Option<String>,
    pub csrf: String,
}

impl<'a> Visitor<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            origin: app.running().public_url(),
            cookie: None,
            csrf: String::new(),
        }
    }

    /// A passkey for this place.
    pub fn passkey(&self) -> Passkey {
        Passkey::new(Kind::Es256, "localhost", &self.app.running().public_url())
    }

    fn dressed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub async fn page(&self, path: &str) -> Response {
        let request = self.app.get(path).header("accept", "text/html");
        self.dressed(request).send().await.unwrap()
    }

    /// JSON, as the page's script sends it.
    pub async fn call(&self, path: &str, body: &Value) -> Response {
        let request = self.app.post(path).header("origin", &self.origin);
        let request = request
            .header("content-type", "application/json")
            .header("x-csrf-token", &self.csrf)
            .body(body.to_string());
        self.dressed(request).send().await.unwrap()
    }

    /// A form, as the browser sends it.
    pub async fn form(&self, path: &str, body: &str) -> Response {
        let request = self.app.post(path).header("origin", &self.origin);
        let request = request
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("csrf={}&{body}", self.csrf));
        self.dressed(request).send().await.unwrap()
    }

    /// The JSON of a call that must succeed.
    pub async fn asked(&self, path: &str, body: &Value) -> Value {
        let response = self.call(path, body).await;
        let status = response.status().as_u16();
        let value = crate::office::body(response).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }

    /// Uses a link: makes the passkey, tries it, and is signed in.
    pub async fn enrol(&mut self, link: &str, passkey: &mut Passkey) {
        let (_, token) = link.split_once('#').unwrap();
        let invited = self
            .asked("/console/enrol/invitation", &json!({"token": token}))
            .await;
        let mut newcomer = json!({"token": token});
        if invited["first"] == true {
            newcomer["name"] = json!("Sri Administrator");
            newcomer["office"] = json!("Pranata Komputer");
        }
        let asked = self.asked("/console/enrol/options", &newcomer).await;
        let made = json!({
            "ceremony": asked["ceremony"],
            "creation": passkey.create(&asked["options"]),
            "label": "Ponsel",
        });
        let asked = self.asked("/console/enrol/made", &made).await;
        let used = json!({
            "ceremony": asked["ceremony"],
            "answer": passkey.answer(&asked["options"]),
            "prf": passkey.seed.is_some(),
        });
        let response = self.call("/console/enrol", &used).await;
        self.welcomed(response).await;
    }

    /// Signs in with a passkey.
    pub async fn sign_in(&mut self, passkey: &mut Passkey) {
        let asked = self.asked("/console/login/options", &json!({})).await;
        let answered = json!({
            "ceremony": asked["ceremony"],
            "answer": passkey.answer(&asked["options"]),
        });
        let response = self.call("/console/login", &answered).await;
        self.welcomed(response).await;
    }

    async fn welcomed(&mut self, response: Response) {
        let status = response.status().as_u16();
        let cookie = response.headers().get("set-cookie").cloned();
        assert_eq!(status, 200, "{}", response.text().await.unwrap());
        let cookie = cookie.unwrap().to_str().unwrap().to_owned();
        self.cookie = cookie.split(';').next().map(str::to_owned);
        let page = self.page("/console").await.text().await.unwrap();
        self.csrf = between(&page, "data-csrf=\"", "\"").to_owned();
    }
}

/// A person who is registered and has no passkey yet, and a link for him.
pub async fn invited(app: &TestApp, name: &str, roles: &[Role]) -> (Person, String) {
    let new = NewPerson {
        name: name.to_owned(),
        office: "Kepala Dinas".to_owned(),
        rank: None,
        nip: None,
        roles: roles.to_vec(),
    };
    let added = app.administration.add_person(Actor::Operator, new).await;
    let person = added.unwrap().0;
    let entry = app.running().instance().entry().unwrap();
    let link = entry.invite(Actor::Operator, &person).await.unwrap();
    (person, link)
}

pub fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}
