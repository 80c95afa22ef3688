//! Revocation data from where verified certificates say, within the policy's bounds.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::outcome::CliError;
use crate::clients::revocation::{HostPolicy, OnlineRevocation};
use crate::kernel::validation::{MissingStatus, Policy};
use crate::services::clock::SystemClock;
use crate::services::ports::RevocationEvidence;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What could be fetched. That a host does not answer is no error: the report says what is
/// missing.
pub(super) async fn fetch(
    policy: &Policy,
    missing: &[MissingStatus],
) -> Result<RevocationEvidence, CliError> {
    if missing.is_empty() {
        return Ok(RevocationEvidence::default());
    }
    let hosts = HostPolicy {
        allowed: policy.network.allowed_hosts.clone(),
        private: policy.network.private_hosts.clone(),
    };
    let patience = Duration::from_secs(policy.network.timeout_seconds.into());
    // It verifies no chain of its own: the validation did.
    let client = OnlineRevocation::new(Vec::new(), hosts, patience, Arc::new(SystemClock))
        .map_err(CliError::world)?;
    let gathered = tokio::time::timeout(PATIENCE, client.gather(missing)).await;
    Ok(gathered.unwrap_or_default())
}
