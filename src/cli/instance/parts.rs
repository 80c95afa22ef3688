//! What the HTTP service of an instance stands on, put together.

use std::sync::Arc;

use time::Duration;

use super::Instance;
use crate::authority::Authority;
use crate::cli::outcome::CliError;
use crate::clients::tsa::{ForeignTimestamps, TsaAddress};
use crate::clients::worker::WorkerProcesses;
use crate::http::state::Parts;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::appearance::{BlockPrinter, Certifier, Template};
use crate::kernel::validation::Policy as ValidationPolicy;
use crate::keys::vault::Vault;
use crate::services::ports::Timestamps;
use crate::services::{Policy, Ports, Services};

/// An approval with a passphrase is asked for and given in one call.
const APPROVAL_LIFETIME: Duration = Duration::minutes(10);
/// A call that takes longer than this has died.
const CLAIM_LIFETIME: Duration = Duration::minutes(2);
/// What a foreign TSA gets to answer.
const TSA_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

impl Instance {
    /// Everything that the HTTP service stands on.
    ///
    /// # Errors
    /// A time-stamping authority's address is none, or the template cannot be used.
    pub fn parts(&self, authority: Authority) -> Result<Parts, CliError> {
        let authority = Arc::new(authority);
        let ports = Ports {
            store: Arc::new(self.database.clone()),
            blobs: Arc::new(self.blobs.clone()),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            timestamps: self.timestamps(&authority)?,
            revocation: authority.revocation_data(),
            keys: Arc::new(Vault::new(Arc::new(self.database.clone()))),
            examiner: Arc::new(self.examiner()),
        };
        let printer = BlockPrinter::new(Template::built_in().map_err(CliError::world)?);
        Ok(Parts {
            services: Services::new(ports, self.policy(&authority)?, printer),
            administration: self.administration(),
            register: Arc::new(self.database.clone()),
            authority,
        })
    }

    fn timestamps(&self, authority: &Authority) -> Result<Arc<dyn Timestamps>, CliError> {
        let urls = &self.config.timestamps.urls;
        if urls.is_empty() {
            return Ok(authority.timestamps());
        }
        let mut addresses = Vec::with_capacity(urls.len());
        for text in urls {
            let wrong = |error| CliError::usage(format!("timestamps.urls: \"{text}\": {error}"));
            let url = text.parse().map_err(wrong)?;
            addresses.push(TsaAddress { url, policy: None });
        }
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        let foreign = ForeignTimestamps::new(addresses, TSA_PATIENCE, clock, entropy);
        Ok(Arc::new(foreign.map_err(CliError::world)?))
    }

    /// Of the running program, unless a test, which is another one, names ours.
    fn examiner(&self) -> WorkerProcesses {
        match &self.config.program {
            Some(program) => WorkerProcesses::of(program.clone()),
            None => WorkerProcesses::of_this_program(),
        }
    }

    fn policy(&self, authority: &Authority) -> Result<Policy, CliError> {
        let issuer = authority.manifest().organization.clone();
        let certifier = if authority.is_demonstration() {
            Certifier::Demonstration { issuer }
        } else {
            Certifier::Own { issuer }
        };
        Ok(Policy {
            office: self.config.office.name.clone(),
            location: None,
            public_url: self.config.public_url(),
            zone: self.config.office.zone,
            certifier,
            anchors: vec![authority.root().clone()],
            intermediates: vec![authority.issuing().clone()],
            hash: HashAlgorithm::Sha256,
            validation: ValidationPolicy::strict().map_err(CliError::world)?,
            limits: Limits {
                file_size: self.config.limits.upload_bytes,
                ..Limits::default()
            },
            approval_lifetime: APPROVAL_LIFETIME,
            claim_lifetime: CLAIM_LIFETIME,
        })
    }
}
