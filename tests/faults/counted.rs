//! Keys that write down each operation before it is done, where no kill can undo it:
//! the count that attempts and stored signatures are compared with.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use absah::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use absah::keys::Vault;
use absah::services::ports::signatory_keys::OpenedKey;
use absah::services::ports::{SignatoryKeys, UnlockError, UnlockSecret};
use async_trait::async_trait;

/// The vault with a counter behind it.
pub struct CountedKeys {
    vault: Vault,
    file: PathBuf,
}

impl CountedKeys {
    pub fn new(vault: Vault, file: &Path) -> Self {
        Self {
            vault,
            file: file.to_owned(),
        }
    }
}

/// How many operations were done.
pub fn operations(file: &Path) -> usize {
    std::fs::read(file).unwrap_or_default().len()
}

#[async_trait]
impl SignatoryKeys for CountedKeys {
    async fn unlock(
        &self,
        signatory: &str,
        secret: &UnlockSecret,
    ) -> Result<OpenedKey, UnlockError> {
        let opened = self.vault.unlock(signatory, secret).await?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file);
        Ok(OpenedKey {
            signer: Box::new(Counted {
                signer: opened.signer,
                file: Arc::new(file.unwrap()),
            }),
            certificate: opened.certificate,
        })
    }
}

struct Counted {
    signer: Box<dyn Signer>,
    file: Arc<File>,
}

impl Signer for Counted {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        (&*self.file).write_all(b".").unwrap();
        self.signer.sign_digest(digest)
    }
}
