//! The check tree: which building block of EN 319 102-1 came to which conclusion
//! under which constraint, and on what evidence. What is empty is left out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::kernel::validation::indication::{Conclusion, Status, SubIndication};

/// One building block, or one constraint inside of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The name of the building block or of the constraint.
    pub check: Cow<'static, str>,
    /// Where the standard asks for it.
    pub clause: Cow<'static, str>,
    /// What it came to.
    pub indication: Status,
    /// Why, if not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Whom it is about: a certificate's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The time that counted, where one did.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    pub time: Option<OffsetDateTime>,
    /// The codes of the findings that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Cow<'static, str>>,
    /// SHA-256 of the objects that it rests on, in hex.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckReport>,
}

impl CheckReport {
    /// A check with its conclusion.
    #[must_use]
    pub const fn new(check: &'static str, clause: &'static str, conclusion: Conclusion) -> Self {
        Self {
            check: Cow::Borrowed(check),
            clause: Cow::Borrowed(clause),
            indication: conclusion.status(),
            sub_indication: conclusion.sub_indication(),
            subject: None,
            time: None,
            findings: Vec::new(),
            evidence: Vec::new(),
            checks: Vec::new(),
        }
    }
}
