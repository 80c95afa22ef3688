//! `/api/v1`.

mod approvals;
mod documents;
mod idempotency;
mod status;
mod verifications;
