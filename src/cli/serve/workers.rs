//! What goes on in the background: signatures are finished, CRLs published, and a
//! demonstration's service certificates renewed.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::authority::{Authority, AuthorityError};
use crate::authority::{CrlPolicy, Due};
use crate::http::state::Parts;

/// How soon a revocation is on the CRL.
const CRL_ROUND: Duration = Duration::from_secs(60);

/// Starts the workers; they end with the token.
pub(super) fn spawn(tasks: &mut JoinSet<()>, parts: &Parts, end: &CancellationToken) {
    let (services, until) = (parts.services.clone(), end.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = until.cancelled() => {}
            () = services.finish_forever() => {}
        }
    });
    let (authority, until) = (Arc::clone(&parts.authority), end.clone());
    tasks.spawn(async move {
        loop {
            if let Err(error) = publish(&authority).await {
                tracing::error!(%error, "no CRL was published");
            }
            tokio::select! {
                () = until.cancelled() => return,
                () = tokio::time::sleep(CRL_ROUND) => {}
            }
        }
    });
}

/// Publishes what is due. The keys of an authority that is no demonstration are not
/// here: its operator is told in time.
async fn publish(authority: &Authority) -> Result<(), AuthorityError> {
    let publisher = authority.publisher();
    if authority.is_demonstration() {
        let issuing = authority.open_demonstration_issuing()?;
        publisher
            .publish_if_due(issuing.as_issuer(), CrlPolicy::ISSUING)
            .await?;
        let root = authority.open_demonstration_root()?;
        publisher
            .publish_if_due(root.as_issuer(), CrlPolicy::ROOT)
            .await?;
        return Ok(());
    }
    let cas = [
        (authority.issuing(), CrlPolicy::ISSUING),
        (authority.root(), CrlPolicy::ROOT),
    ];
    for (ca, policy) in cas {
        if publisher.due(ca, policy).await? == Due::Now {
            let ca = ca.subject().text();
            tracing::warn!(ca, "a CRL is due: run `absah ca crl`");
        }
    }
    Ok(())
}
