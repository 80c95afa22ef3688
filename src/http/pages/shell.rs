//! What every page shares: office, language, the notice of a demonstration.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use super::assets;
use crate::domain::language::Language;
use crate::http::extract::Speaks;
use crate::http::state::App;

/// The frame around a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The language it speaks.
    pub language: Language,
    /// Whether the address says so, and links must go on saying it.
    pub language_chosen: bool,
    /// Whose service this is.
    pub office: String,
    /// Whom to ask; empty where nobody is named.
    pub contact: String,
    /// Whether the authority is a demonstration.
    pub demonstration: bool,
    /// The page's own path, for the link to the other language; a page made by a
    /// form has none.
    pub path: Option<String>,
}

impl Shell {
    /// One of two texts.
    #[must_use]
    pub fn say<'a>(&self, indonesian: &'a str, english: &'a str) -> &'a str {
        say(self.language, indonesian, english)
    }

    pub(in crate::http) fn stylesheet(&self) -> &'static str {
        assets::stylesheet_path()
    }

    pub(in crate::http) fn icon(&self) -> &'static str {
        assets::ICON_PATH
    }

    pub(in crate::http) fn chosen(&self) -> Option<&'static str> {
        self.language_chosen.then(|| self.language.tag())
    }

    /// The query that keeps a chosen language on the next page.
    pub(in crate::http) fn keep_language(&self) -> String {
        self.chosen()
            .map(|tag| format!("?lang={tag}"))
            .unwrap_or_default()
    }

    pub(in crate::http) fn other_language(&self) -> Option<String> {
        let path = self.path.as_ref()?;
        Some(format!("{path}?lang={}", self.say("en", "id")))
    }
}

impl FromRequestParts<App> for Shell {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Speaks { language, chosen } = Speaks::from_request_parts(parts, app).await?;
        let settings = app.settings();
        Ok(Self {
            language,
            language_chosen: chosen,
            office: settings.office.clone(),
            contact: settings.contact.clone(),
            demonstration: settings.demonstration,
            path: (parts.method == Method::GET).then(|| parts.uri.path().to_owned()),
        })
    }
}

/// One of two texts.
#[must_use]
pub fn say<'a>(language: Language, indonesian: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::Indonesian => indonesian,
        Language::English => english,
    }
}
