//! What goes on in the background: signatures are finished, CRLs published, and a
//! demonstration's service certificates renewed. Of an authority whose keys are not
//! here the operator is told in time.

use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::authority::{Authority, AuthorityError, CrlPolicy, Due, RENEWAL};
use crate::http::state::Parts;
use crate::kernel::x509::Certificate;

/// How soon a revocation is on the CRL.
const ROUND: Duration = Duration::from_secs(60);
/// How often the operator is told the same.
const REMINDER: time::Duration = time::Duration::HOUR;

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
        let mut caretaker = Caretaker {
            authority,
            reminded: None,
        };
        loop {
            caretaker.round().await;
            tokio::select! {
                () = until.cancelled() => return,
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    });
}

/// Who keeps an authority's certificates and lists current.
struct Caretaker {
    authority: Arc<Authority>,
    reminded: Option<OffsetDateTime>,
}

impl Caretaker {
    async fn round(&mut self) {
        // A renewed responder first: what is published next is verified with it.
        if let Err(error) = self.renew().await {
            tracing::error!(%error, "no service certificate was renewed");
        }
        let kept = if self.authority.is_demonstration() {
            publish(&self.authority).await
        } else {
            self.remind().await
        };
        if let Err(error) = kept {
            tracing::error!(%error, "no CRL was published");
        }
    }

    /// What an operator renewed is taken up; a demonstration renews by itself.
    async fn renew(&self) -> Result<(), AuthorityError> {
        for role in self.authority.take_up_renewed()? {
            tracing::info!(service = role.name(), "a renewed certificate is in use");
        }
        if self.authority.is_demonstration() {
            for role in self.authority.renew_ending(RENEWAL).await? {
                tracing::info!(service = role.name(), "the certificate was renewed");
            }
        }
        Ok(())
    }

    /// The keys of an authority that is no demonstration are not here: its operator is told
    /// what is due, until it is done.
    async fn remind(&mut self) -> Result<(), AuthorityError> {
        let now = self.authority.now();
        if self.reminded.is_some_and(|last| now - last < REMINDER) {
            return Ok(());
        }
        self.reminded = Some(now);
        for role in self.authority.ending_within(RENEWAL) {
            let service = role.name();
            tracing::warn!(
                service,
                "its certificate ends soon: run `absah ca issue --renew {service}`"
            );
        }
        let publisher = self.authority.publisher();
        for (ca, policy) in cas(&self.authority) {
            if publisher.due(ca, policy).await? == Due::Now {
                let ca = ca.subject().text();
                tracing::warn!(ca, "a CRL is due: run `absah ca crl`");
            }
        }
        Ok(())
    }
}

fn cas(authority: &Authority) -> [(&Certificate, CrlPolicy); 2] {
    [
        (authority.issuing(), CrlPolicy::ISSUING),
        (authority.root(), CrlPolicy::ROOT),
    ]
}

/// Publishes what is due.
async fn publish(authority: &Authority) -> Result<(), AuthorityError> {
    let publisher = authority.publisher();
    let issuing = authority.open_demonstration_issuing()?;
    publisher
        .publish_if_due(issuing.as_issuer(), CrlPolicy::ISSUING)
        .await?;
    let root = authority.open_demonstration_root()?;
    publisher
        .publish_if_due(root.as_issuer(), CrlPolicy::ROOT)
        .await?;
    Ok(())
}
