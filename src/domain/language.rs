//! The two languages every page, mail and verdict speaks.

/// Indonesian first; English where it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Bahasa Indonesia.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// The language of a locale name or an RFC 5646 tag: `en_GB.UTF-8`, `en`, `id-ID`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") {
            Self::English
        } else {
            Self::Indonesian
        }
    }

    /// The RFC 5646 tag, for `lang` and `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_english_tags_get_english() {
        assert_eq!(Language::of_tag("en_GB.UTF-8"), Language::English);
        assert_eq!(Language::of_tag("EN"), Language::English);
        assert_eq!(Language::of_tag("id_ID.UTF-8"), Language::Indonesian);
        assert_eq!(Language::of_tag("C.UTF-8"), Language::Indonesian);
        assert_eq!(Language::of_tag("enx"), Language::Indonesian);
    }
}
