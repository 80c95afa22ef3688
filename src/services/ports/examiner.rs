//! Who examines files from unknown hands.

use std::sync::Arc;

use async_trait::async_trait;

use crate::kernel::examination::{Examination, Question};

/// Examines files where what goes wrong harms nobody.
#[async_trait]
pub trait Examiner: Send + Sync {
    /// Examines a file, of which nothing is kept.
    ///
    /// # Errors
    /// Why there is no answer.
    async fn examine(
        &self,
        file: Arc<Vec<u8>>,
        question: &Question,
    ) -> Result<Examination, ExaminerError>;
}

/// Why a file was not examined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExaminerError {
    /// Too many others wait.
    #[error("too many files are being examined: try again")]
    Busy,
    /// The file cost more than is spent on one, or ended its examiner.
    #[error("the examination was ended: {0}")]
    Ended(&'static str),
    /// No examiner could be had.
    #[error("no file can be examined now: {0}")]
    Unavailable(String),
}
