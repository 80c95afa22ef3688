//! Timestamps from our own TSA, in process: `absah sign --data DIR` needs no server.

use std::sync::Arc;

use async_trait::async_trait;

use super::current::Current;
use super::tsa::Tsa;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::tsp::{MessageImprint, TimeStampReq, check_response};
use crate::services::ports::{Entropy, TimestampError, Timestamps};

/// Our own TSA as a source of tokens.
pub struct LocalTimestamps {
    tsa: Arc<Current<Tsa>>,
    entropy: Arc<dyn Entropy>,
}

impl LocalTimestamps {
    /// Tokens from this TSA.
    #[must_use]
    pub fn new(tsa: Arc<Tsa>, entropy: Arc<dyn Entropy>) -> Self {
        Self::following(Arc::new(Current::new(tsa)), entropy)
    }

    /// Tokens from whichever TSA is in use.
    pub(super) fn following(tsa: Arc<Current<Tsa>>, entropy: Arc<dyn Entropy>) -> Self {
        Self { tsa, entropy }
    }
}

#[async_trait]
impl Timestamps for LocalTimestamps {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        let refused = |text: String| TimestampError::Refused(text);
        let imprint = MessageImprint {
            hash,
            digest: digest.to_vec(),
        };
        let request = TimeStampReq::new(imprint, Some(nonce(self.entropy.as_ref())?));
        let response = self.tsa.now().respond(&request.der()).await;
        // Our own answer is checked like anybody's: a wrong key or certificate shows
        // here and not in an issued permit.
        let token =
            check_response(&request, &response).map_err(|error| refused(error.to_string()))?;
        Ok(token.der().to_vec())
    }

    fn longest_token(&self) -> usize {
        self.tsa.now().longest_token()
    }
}

/// A nonce of 64 bits, positive and without leading zeros.
pub(crate) fn nonce(entropy: &dyn Entropy) -> Result<Vec<u8>, TimestampError> {
    let mut nonce = [0; 8];
    let filled = entropy.fill(&mut nonce);
    filled.map_err(|error| TimestampError::Refused(error.to_string()))?;
    let [first, ..] = &mut nonce;
    *first = (*first & 0x3f) | 0x40;
    Ok(nonce.to_vec())
}
