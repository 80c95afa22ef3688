//! Pictures that were drawn and may be wanted again. Whatever is kept here may be gone
//! the next time: it can be drawn anew.

use async_trait::async_trait;

use crate::kernel::hash::Sha256;

/// A place for what was drawn, by a name that says all it depends on.
#[async_trait]
pub trait Drawings: Send + Sync {
    /// What was kept under a name, if it is still there.
    async fn kept(&self, name: &Sha256) -> Option<Vec<u8>>;

    /// Keeps something for a while. It is not told whether that went well.
    async fn keep(&self, name: &Sha256, bytes: Vec<u8>);
}
