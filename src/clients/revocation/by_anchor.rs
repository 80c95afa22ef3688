//! Revocation data from several sources: each answers for the chains that end at its anchors.

use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::kernel::validation::MissingStatus;
use crate::kernel::x509::Certificate;
use crate::services::ports::{RevocationData, RevocationDataError, RevocationEvidence};

/// Sources, each with its anchors. A chain that ends at none is answered for by none.
#[derive(Default)]
pub struct ByAnchor {
    sources: Vec<(Vec<Certificate>, Arc<dyn RevocationData>)>,
}

impl ByAnchor {
    /// With one more source, asked for chains that end at these anchors and at none before.
    #[must_use]
    pub fn and(mut self, anchors: Vec<Certificate>, source: Arc<dyn RevocationData>) -> Self {
        self.sources.push((anchors, source));
        self
    }
}

#[async_trait]
impl RevocationData for ByAnchor {
    async fn collect(
        &self,
        chain: &[Certificate],
        fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        let anchor = chain.last();
        let mut sources = self.sources.iter();
        let found = sources.find(|(anchors, _)| anchor.is_some_and(|one| anchors.contains(one)));
        let Some((_, source)) = found else {
            let issuer = anchor.map(|one| one.subject().text()).unwrap_or_default();
            return Err(RevocationDataError::NoSource { issuer });
        };
        source.collect(chain, fresh_since).await
    }

    async fn statuses(&self, missing: &[MissingStatus]) -> RevocationEvidence {
        let mut left: Vec<MissingStatus> = missing.to_vec();
        let mut all = RevocationEvidence::default();
        for (anchors, source) in &self.sources {
            let ends_here = |one: &MissingStatus| {
                let anchor = one.path().anchor();
                anchor.is_some_and(|anchor| anchors.contains(anchor))
            };
            let (own, others) = left.into_iter().partition(ends_here);
            left = others;
            if !Vec::is_empty(&own) {
                all.add(source.statuses(&own).await);
            }
        }
        all
    }
}
