//! The pieces pages are made of. They carry finished texts: what to say is decided
//! by the modules that fill them, how it looks by the templates.

use askama::Template;

use super::shell::Shell;

/// The tone of a verdict; always with an icon and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In order.
    Good,
    /// Look twice.
    Look,
    /// Do not rely on it.
    Bad,
    /// Nothing is decided.
    Calm,
}

impl Tone {
    pub(in crate::http) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Bad => "bad",
            Self::Calm => "calm",
        }
    }

    /// Different in shape, so that colour is never the only sign.
    pub(in crate::http) fn icon(self) -> &'static str {
        match self {
            Self::Good => {
                r#"<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/></svg>"#
            }
            Self::Look => {
                r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 2 20h20z"/><path d="M12 10v4"/><path d="M12 17h.01"/></svg>"#
            }
            Self::Bad => {
                r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="m9 9 6 6m0-6-6 6"/></svg>"#
            }
            Self::Calm => {
                r#"<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M9.2 9.2a3 3 0 1 1 4 3.3c-.8.4-1.2 1-1.2 1.8"/><path d="M12 17h.01"/></svg>"#
            }
        }
    }
}

/// The first thing on a page: the answer.
#[derive(Clone, Debug)]
pub struct Banner {
    /// Its tone.
    pub tone: Tone,
    /// One to four words.
    pub heading: String,
    /// One sentence.
    pub sentence: String,
    /// What to do now, where there is something to do.
    pub next_step: Option<String>,
}

/// A name and a value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Whether it is compared letter by letter.
    pub code: bool,
}

impl Fact {
    /// A fact in words.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            code: false,
        }
    }

    /// A fact that is compared letter by letter.
    pub fn code(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            code: true,
            ..Self::new(label, value)
        }
    }
}

/// Who signed.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The name.
    pub name: String,
    /// Office, mandate, time, who certified.
    pub lines: Vec<String>,
    /// What must not be overlooked, such as a certificate that no PSrE gave.
    pub label: Option<String>,
}

/// What to compare a print with.
#[derive(Clone, Debug)]
pub struct Compare {
    /// How.
    pub sentence: String,
    /// Against what, beyond the document's own facts.
    pub facts: Vec<Fact>,
}

/// What a verdict proves and what it does not.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What it proves.
    pub proven: String,
    /// What it does not.
    pub not_proven: String,
}

/// One group of the folded details.
#[derive(Clone, Debug)]
pub struct Details {
    /// Its heading.
    pub heading: String,
    /// Names and values.
    pub facts: Vec<Fact>,
    /// Findings.
    pub notes: Vec<String>,
}

/// The page of a verdict, in the order in which people read it.
#[derive(Clone, Debug, Template)]
#[template(path = "verdict.html")]
pub struct VerdictPage {
    /// The frame.
    pub shell: Shell,
    /// The answer.
    pub banner: Banner,
    /// What the document's facts are of: this document, or the original of a forgery.
    pub document_heading: String,
    /// The document it is about.
    pub document: Vec<Fact>,
    /// Who signed it.
    pub signers: Vec<Signer>,
    /// What to compare.
    pub compare: Option<Compare>,
    /// What it proves.
    pub proof: Option<Proof>,
    /// The folded rest.
    pub details: Vec<Details>,
    /// Where the same verdict is for programs.
    pub json: Option<String>,
}

/// A page that says one thing.
#[derive(Clone, Debug, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// The frame.
    pub shell: Shell,
    /// What it says.
    pub banner: Banner,
}

/// The first page: type a code or choose a file.
#[derive(Clone, Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The frame.
    pub shell: Shell,
    /// What was typed.
    pub code: String,
    /// What is wrong with it.
    pub code_error: Option<String>,
    /// What was wrong with the file.
    pub file_error: Option<String>,
    /// The largest file taken, in words.
    pub largest: String,
}

/// The page about the root certificate.
#[derive(Clone, Debug, Template)]
#[template(path = "trust.html")]
pub struct TrustPage {
    /// The frame.
    pub shell: Shell,
    /// Name, validity and fingerprint.
    pub root: Vec<Fact>,
    /// This service's address.
    pub public_url: String,
}
