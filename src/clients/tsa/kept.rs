//! Tokens that were obtained once are given again.
//!
//! A signature that waits for revocation data is finished by starting over. Proof that is
//! published once an hour or a day is never newer than a timestamp that was made just
//! now: the first one must stand until the proof comes. It also need not be paid twice.
//! Only the memory of this process: after a restart a new one is taken.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::kernel::hash::HashAlgorithm;
use crate::services::ports::{TimestampError, Timestamps};

/// How many tokens are kept, the newest.
const KEPT: usize = 2048;

/// A source that answers the same question with the same token.
pub struct KeptTimestamps {
    source: Arc<dyn Timestamps>,
    kept: Mutex<VecDeque<Kept>>,
}

struct Kept {
    hash: HashAlgorithm,
    digest: Vec<u8>,
    token: Vec<u8>,
}

impl KeptTimestamps {
    /// Keeps what this source gives.
    #[must_use]
    pub fn of(source: Arc<dyn Timestamps>) -> Self {
        Self {
            source,
            kept: Mutex::default(),
        }
    }

    fn known(&self, hash: HashAlgorithm, digest: &[u8]) -> Option<Vec<u8>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fitting = kept
            .iter()
            .filter(|one| one.hash == hash && one.digest == digest);
        fitting.next().map(|one| one.token.clone())
    }

    fn keep(&self, one: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(one);
    }
}

#[async_trait]
impl Timestamps for KeptTimestamps {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        if let Some(token) = self.known(hash, digest) {
            return Ok(token);
        }
        let token = self.source.timestamp(hash, digest).await?;
        self.keep(Kept {
            hash,
            digest: digest.to_vec(),
            token: token.clone(),
        });
        Ok(token)
    }

    fn longest_token(&self) -> usize {
        self.source.longest_token()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Counting(AtomicU8);

    #[async_trait]
    impl Timestamps for Counting {
        async fn timestamp(
            &self,
            _hash: HashAlgorithm,
            digest: &[u8],
        ) -> Result<Vec<u8>, TimestampError> {
            if digest.is_empty() {
                return Err(TimestampError::Refused("nothing".into()));
            }
            Ok(vec![self.0.fetch_add(1, Ordering::Relaxed)])
        }

        fn longest_token(&self) -> usize {
            1
        }
    }

    #[tokio::test]
    async fn the_same_question_has_the_same_answer_and_failures_are_not_kept() {
        let kept = KeptTimestamps::of(Arc::new(Counting(AtomicU8::new(0))));
        let ask = |digest: &'static [u8]| kept.timestamp(HashAlgorithm::Sha256, digest);
        assert_eq!(ask(b"a").await, Ok(vec![0]));
        assert_eq!(ask(b"b").await, Ok(vec![1]));
        assert_eq!(ask(b"a").await, Ok(vec![0]));
        assert!(ask(b"").await.is_err());
        let other = kept.timestamp(HashAlgorithm::Sha512, b"a").await;
        assert_eq!(other, Ok(vec![2]));
    }
}
