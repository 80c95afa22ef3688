//! What every page shares: office, language, the notice of a demonstration.

use crate::domain::language::Language;

use super::assets;

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

    pub(super) fn stylesheet(&self) -> &'static str {
        assets::stylesheet_path()
    }

    pub(super) fn icon(&self) -> &'static str {
        assets::ICON_PATH
    }

    pub(super) fn chosen(&self) -> Option<&'static str> {
        self.language_chosen.then(|| self.language.tag())
    }

    /// The query that keeps a chosen language on the next page.
    pub(super) fn keep_language(&self) -> String {
        self.chosen()
            .map(|tag| format!("?lang={tag}"))
            .unwrap_or_default()
    }

    pub(super) fn other_language(&self) -> Option<String> {
        let path = self.path.as_ref()?;
        Some(format!("{path}?lang={}", self.say("en", "id")))
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
