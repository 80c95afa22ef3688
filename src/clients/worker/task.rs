//! What a worker process is asked, as it is written to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::kernel::examination::Question;
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::placement::Placement;
use crate::services::ports::ExaminerError;

/// The longest task: certificates, and CRLs of large authorities, in hexadecimal digits.
pub const LONGEST_TASK: u64 = 256 << 20;
/// The longest answer: a report of many signatures with many findings.
const LONGEST_ANSWER: usize = 32 << 20;
/// The same with large lists.
const LONGEST_WHOLE_ANSWER: usize = 256 << 20;

/// One task for one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To examine it.
    Examine(Box<Question>),
    /// To read the codes that its pages show.
    CodesShown {
        /// What the file may cost.
        limits: Limits,
        /// What the addresses of our pages begin with.
        address: String,
    },
    /// To tell the sizes of its pages, and where a block will stand.
    Outline {
        /// What the file may cost.
        limits: Limits,
        /// Where the block goes.
        placement: Option<Placement>,
    },
    /// To draw a page; answered with a [`Png`].
    Picture {
        /// What the file may cost.
        limits: Limits,
        /// The page, from 1.
        page: u32,
        /// Pixels across.
        width: u32,
    },
}

/// A picture as it is written to the service: Base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Png(pub Vec<u8>);

impl From<Png> for String {
    fn from(png: Png) -> Self {
        STANDARD.encode(png.0)
    }
}

impl TryFrom<String> for Png {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, base64::DecodeError> {
        STANDARD.decode(text).map(Self)
    }
}

impl Task {
    /// What the file may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        match self {
            Self::Examine(question) => &question.limits,
            Self::CodesShown { limits, .. }
            | Self::Outline { limits, .. }
            | Self::Picture { limits, .. } => limits,
        }
    }

    /// The line that is written.
    pub(super) fn line(&self) -> Result<Vec<u8>, ExaminerError> {
        let unavailable = |what: String| ExaminerError::Unavailable(what);
        let line = serde_json::to_vec(self);
        let mut line = line.map_err(|error| unavailable(error.to_string()))?;
        line.push(b'\n');
        if line.len() as u64 > LONGEST_TASK {
            let most = LONGEST_TASK >> 21;
            let what = format!("the certificates and lists given are more than {most} MiB");
            return Err(unavailable(what));
        }
        Ok(line)
    }

    pub(super) fn longest_answer(&self) -> usize {
        match self {
            Self::Examine(question) if question.whole => LONGEST_WHOLE_ANSWER,
            _ => LONGEST_ANSWER,
        }
    }

    /// Processor time, in seconds: a verdict is worth more than a trace.
    pub(super) const fn seconds(&self) -> u64 {
        match self {
            Self::Examine(_) | Self::Picture { .. } => 10,
            Self::CodesShown { .. } | Self::Outline { .. } => 3,
        }
    }
}
