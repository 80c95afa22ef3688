//! The language a page or verdict is given in: `?lang=`, else what the browser
//! asks for (RFC 9110 section 12.5.4), else Indonesian.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use crate::domain::language::Language;

/// The reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaks {
    /// The language.
    pub language: Language,
    /// Whether the address says so.
    pub chosen: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let chosen = parts.uri.query().and_then(chosen);
        let accepted = || {
            let value = parts.headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
            Some(preferred(value))
        };
        Ok(Self {
            language: chosen.or_else(accepted).unwrap_or_default(),
            chosen: chosen.is_some(),
        })
    }
}

fn chosen(query: &str) -> Option<Language> {
    query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("lang="))
        .find_map(spoken)
}

/// The first of the two languages by weight; the earlier one where they tie.
fn preferred(header: &str) -> Language {
    let mut best = (0.0, Language::default());
    for item in header.split(',') {
        let mut pieces = item.split(';').map(str::trim);
        let Some(language) = pieces.next().and_then(spoken) else {
            continue;
        };
        let weight = pieces
            .find_map(|piece| piece.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

fn spoken(tag: &str) -> Option<Language> {
    let primary = tag.split('-').next().unwrap_or_default();
    // "in" is what old systems call Indonesian.
    ["id", "in", "en"]
        .iter()
        .any(|known| primary.eq_ignore_ascii_case(known))
        .then(|| Language::of_tag(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_wins() {
        use Language::{English, Indonesian};
        for (header, expected) in [
            ("en-GB,en;q=0.9,id;q=0.8", English),
            ("id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", Indonesian),
            ("en;q=0.3, id;q=0.5", Indonesian),
            ("ja, en;q=0.1", English),
            ("ja", Indonesian),
            ("en;q=0", Indonesian),
            ("", Indonesian),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }

    #[test]
    fn the_query_decides_before_the_browser() {
        assert_eq!(chosen("a=b&lang=en"), Some(Language::English));
        assert_eq!(chosen("lang=id"), Some(Language::Indonesian));
        assert_eq!(chosen("lang=ja"), None);
    }
}
