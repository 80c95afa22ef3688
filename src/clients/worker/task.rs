//! What a worker process is asked, as it is written to it.

use serde::{Deserialize, Serialize};

use crate::kernel::examination::Question;
use crate::kernel::pdf::Limits;

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
}

impl Task {
    /// What the file may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        match self {
            Self::Examine(question) => &question.limits,
            Self::CodesShown { limits, .. } => limits,
        }
    }

    /// Processor time, in seconds: a verdict is worth more than a trace.
    pub(super) const fn seconds(&self) -> u64 {
        match self {
            Self::Examine(_) => 10,
            Self::CodesShown { .. } => 3,
        }
    }
}
