//! Our own extractors: axum's, with problem details for what cannot be read.

mod address;
mod caller;
mod idempotency_key;
mod json;
mod language;
mod path;
mod query;
mod upload;

pub use address::{ClientAddress, TrustedProxies, UploadBudget};
pub use caller::{AsClient, AsReviewer, AsSignatory, Authenticated};
pub use idempotency_key::IdempotencyKey;
pub use json::{Json, whole};
pub use language::Speaks;
pub use path::Path;
pub use query::Query;
pub use upload::{Upload, UploadLimit};
