//! Findings: what a validation noticed, each with a stable code, a severity,
//! the clause it rests on and its text in English and Indonesian.
//!
//! The texts are in [`super::texts`]; a finding adds only the detail that
//! varies (a name, a time, an object).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::indication::SubIndication;

pub use super::texts::FindingCode;

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Info,
    /// Look twice; the verdict stands.
    Warning,
    /// The reason, or one of the reasons, of a verdict that is not good.
    Error,
}

/// What stands behind a [`FindingCode`].
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// The code as scripts see it; never changes once published.
    pub code: &'static str,
    /// The weight, unless a finding says otherwise.
    pub severity: Severity,
    /// The clause or rule.
    pub clause: &'static str,
    /// The sentence in English.
    pub english: &'static str,
    /// The sentence in Indonesian.
    pub indonesian: &'static str,
}

/// One thing that a validation noticed.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    code: FindingCode,
    severity: Severity,
    detail: Option<String>,
    reason: Option<SubIndication>,
}

/// The longest detail that is kept: it may quote a hostile file.
const DETAIL_LIMIT: usize = 300;

impl Finding {
    /// A finding without a detail.
    #[must_use]
    pub const fn new(code: FindingCode) -> Self {
        Self {
            code,
            severity: code.text().severity,
            detail: None,
            reason: None,
        }
    }

    /// Adds what varies: a name, a time, an object. Control characters and
    /// everything beyond the limit are dropped.
    #[must_use]
    pub fn detail(mut self, detail: impl fmt::Display) -> Self {
        let text: String = detail
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(DETAIL_LIMIT)
            .collect();
        self.detail = Some(text);
        self
    }

    /// The same finding with another weight.
    #[must_use]
    pub const fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding as the reason of a building block's conclusion.
    #[must_use]
    pub const fn leading_to(mut self, reason: SubIndication) -> Self {
        self.reason = Some(reason);
        self
    }

    /// What it leads to, where it decides something.
    #[must_use]
    pub const fn reason(&self) -> Option<SubIndication> {
        self.reason
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> FindingCode {
        self.code
    }

    /// Its weight.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The sentence in English, with the detail.
    #[must_use]
    pub fn english(&self) -> String {
        self.sentence(self.code.text().english)
    }

    /// The sentence in Indonesian, with the detail.
    #[must_use]
    pub fn indonesian(&self) -> String {
        self.sentence(self.code.text().indonesian)
    }

    fn sentence(&self, text: &str) -> String {
        match &self.detail {
            Some(detail) => format!("{text}: {detail}"),
            None => text.to_owned(),
        }
    }
}

impl From<FindingCode> for Finding {
    fn from(code: FindingCode) -> Self {
        Self::new(code)
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.code.text().code, self.english())
    }
}

/// `message` is the English sentence, `pesan` the Indonesian one.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.code.text();
        let mut out = serializer.serialize_struct("Finding", 6)?;
        out.serialize_field("code", text.code)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("message", &self.english())?;
        out.serialize_field("pesan", &self.indonesian())?;
        out.serialize_field("clause", text.clause)?;
        out.serialize_field("detail", &self.detail)?;
        out.end()
    }
}

/// Read again from what it was written as; the sentences are those of this version.
impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written {
            code,
            severity,
            detail,
        } = Written::deserialize(deserializer)?;
        let known = FindingCode::ALL.iter().find(|one| one.text().code == code);
        let finding = known.ok_or_else(|| D::Error::custom("an unknown finding"))?;
        let finding = Self::new(*finding).weighing(severity);
        Ok(match detail {
            Some(detail) => finding.detail(detail),
            None => finding,
        })
    }
}

#[derive(serde::Deserialize)]
struct Written {
    code: String,
    severity: Severity,
    detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut seen = HashSet::new();
        for code in FindingCode::ALL {
            let text = code.text();
            assert!(seen.insert(text.code), "{} twice", text.code);
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(text.code.chars().all(kebab), "{}", text.code);
            assert!(!text.clause.is_empty());
            assert!(!text.english.is_empty() && !text.indonesian.is_empty());
            assert_ne!(text.english, text.indonesian);
            assert!(!text.english.ends_with('.'), "{} takes a detail", text.code);
        }
    }

    /// Words that a clerk cannot be expected to know. They belong into details.
    const JARGON: [&str; 26] = [
        "asn",
        "attribute",
        "attributes",
        "atribut",
        "ber",
        "byterange",
        "cms",
        "crl",
        "der",
        "digest",
        "docmdp",
        "dss",
        "extended",
        "fieldmdp",
        "hash",
        "kritis",
        "metadata",
        "ocsp",
        "octet",
        "oid",
        "pkcs",
        "revision",
        "revisi",
        "sub-filter",
        "token",
        "xref",
    ];

    #[test]
    fn no_sentence_speaks_the_language_of_the_standards() {
        for code in FindingCode::ALL {
            let text = code.text();
            for sentence in [text.english, text.indonesian] {
                let lower = sentence.to_lowercase();
                let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
                let found = words.find(|word| JARGON.contains(word));
                assert!(found.is_none(), "{}: {found:?} in {sentence}", text.code);
                assert!(sentence.chars().count() <= 85, "{sentence}");
            }
        }
    }

    #[test]
    fn what_was_written_reads_as_the_same_finding() {
        let finding = Finding::new(FindingCode::FileDamaged)
            .detail("object 7")
            .weighing(Severity::Warning);
        let json = serde_json::to_string(&finding).expect("json");
        assert_eq!(
            serde_json::from_str::<Finding>(&json).expect("read"),
            finding
        );
        let unknown = json.replace("file-damaged", "file-haunted");
        assert!(serde_json::from_str::<Finding>(&unknown).is_err());
    }

    #[test]
    fn a_detail_cannot_break_a_line_or_grow_without_end() {
        let finding = Finding::new(FindingCode::FileDamaged).detail("a\nb".repeat(1000));
        assert!(finding.english().len() < 500);
        assert!(!finding.english().contains('\n'));
    }
}
