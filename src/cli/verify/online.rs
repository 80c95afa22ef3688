//! Where revocation data comes from: where verified certificates say, within the policy's
//! bounds.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::outcome::CliError;
use crate::clients::revocation::{Asking, HostPolicy, OnlineRevocation};
use crate::kernel::validation::Policy;
use crate::services::clock::SystemClock;

/// The source of a policy. It verifies no chain of its own: the validation did.
pub(super) fn source(policy: &Policy) -> Result<OnlineRevocation, CliError> {
    let network = &policy.network;
    let hosts = HostPolicy {
        allowed: network.allowed_hosts.clone(),
        private: network.private_hosts.clone(),
    };
    let patience = Duration::from_secs(network.timeout_seconds.into());
    let asking = Asking::new(hosts, patience, Arc::new(policy.clone()));
    OnlineRevocation::new(Vec::new(), asking, Arc::new(SystemClock)).map_err(CliError::world)
}
