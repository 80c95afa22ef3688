//! The services of an office over its folder, with a time-stamping authority that can be
//! far away.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use absah::clients::worker::WorkerProcesses;
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{BlockPrinter, Template};
use absah::keys::vault::Vault;
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::services::ports::{TimestampError, Timestamps};
use absah::services::{Policy, Ports, Services};
use absah::storage::{FileBlobs, FileDrawings};
use async_trait::async_trait;

use crate::office::Office;

/// Services on an office's folder whose time-stamping authority takes its time.
pub fn services(office: &Office, folder: &Path, delay: Duration) -> Services {
    let store = Arc::new(office.store.clone());
    let ports = Ports {
        blobs: Arc::new(FileBlobs::open(&folder.join("files")).unwrap()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        timestamps: Arc::new(Slow(office.authority.timestamps(), delay)),
        revocation: office.authority.revocation_data(),
        keys: Arc::new(Vault::new(store.clone())),
        examiner: Arc::new(WorkerProcesses::of(env!("CARGO_BIN_EXE_absah").into())),
        drawings: Arc::new(FileDrawings::new(&folder.join("pictures"), 1 << 20)),
        store,
    };
    let policy = office.services.policy().clone();
    let limits = Limits {
        file_size: 128 << 20,
        ..policy.limits
    };
    let printer = BlockPrinter::new(Template::built_in().unwrap());
    Services::new(ports, Policy { limits, ..policy }, printer)
}

struct Slow(Arc<dyn Timestamps>, Duration);

#[async_trait]
impl Timestamps for Slow {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        tokio::time::sleep(self.1).await;
        self.0.timestamp(hash, digest).await
    }

    fn longest_token(&self) -> usize {
        self.0.longest_token()
    }
}
