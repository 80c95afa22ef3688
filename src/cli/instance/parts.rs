//! What the HTTP service of an instance stands on, put together.

use std::sync::Arc;

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::Instance;
use super::foreign::{Others, foreign_timestamps};
use crate::authority::key_maker::AuthorityKeys;
use crate::authority::{Authority, Published};
use crate::cli::outcome::CliError;
use crate::clients::tsa::KeptTimestamps;
use crate::clients::worker::WorkerProcesses;
use crate::http::state::Parts;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::appearance::{BlockPrinter, Certifier, Template};
use crate::kernel::validation::Policy as ValidationPolicy;
use crate::kernel::x509::Certificate;
use crate::keys::vault::Vault;
use crate::services::entry::{Entry, Place};
use crate::services::ports::{
    RevocationData, RevocationDataError, RevocationEvidence, TimestampError, Timestamps,
};
use crate::services::{Policy, Ports, Services};
use crate::storage::FileDrawings;

/// An approval with a passphrase is asked for and given in one call.
const APPROVAL_LIFETIME: Duration = Duration::minutes(10);
/// Pictures of pages that are kept: some three thousand pages.
const PICTURES: u64 = 256 << 20;
/// A call that takes longer than this has died.
const CLAIM_LIFETIME: Duration = Duration::minutes(2);

impl Instance {
    /// Everything that the HTTP service stands on.
    ///
    /// # Errors
    /// A time-stamping authority's address is none, a certificate cannot be read, or the
    /// template cannot be used.
    pub fn parts(&self, authority: Authority) -> Result<Parts, CliError> {
        let authority = Arc::new(authority);
        let others = Others::of(&self.config)?;
        let own = (authority.published(), authority.revocation_data());
        let revocation = others.revocation(Some(own), &self.clock)?;
        let timestamps = self.timestamps(&authority, &others)?;
        let policy = Policy {
            asks_about_files: !self.config.verification.offline,
            ..self.policy(authority.published(), &others)?
        };
        let services = self.services(policy, timestamps, revocation)?;
        Ok(Parts {
            services,
            administration: self.administration(),
            entry: self
                .entry()?
                .making_keys(Arc::new(AuthorityKeys(Arc::clone(&authority)))),
            register: Arc::new(self.database.clone()),
            authority,
        })
    }

    /// The way into the console.
    ///
    /// # Errors
    /// The public URL is no origin.
    pub fn entry(&self) -> Result<Entry, CliError> {
        let url = self.config.public_url();
        let place = Place::of(&self.config.office.name, &url);
        let place = place.ok_or_else(|| CliError::usage(format!("{url} is no origin")))?;
        Ok(Entry::new(
            Arc::new(self.database.clone()),
            Arc::clone(&self.clock),
            Arc::clone(&self.entropy),
            place,
            self.config.console.limits(),
        ))
    }

    /// The services as far as they read the register: no key of the authority is opened,
    /// nothing can be signed or stamped with them. `source` is asked for the status
    /// information that files lack, if there is one.
    ///
    /// # Errors
    /// A certificate or the template cannot be read.
    pub fn readers(
        &self,
        authority: &Published,
        source: Option<Arc<dyn RevocationData>>,
    ) -> Result<Services, CliError> {
        let others = Others::of(&self.config)?;
        let policy = Policy {
            asks_about_files: source.is_some(),
            ..self.policy(authority, &others)?
        };
        let source = source.unwrap_or_else(|| Arc::new(Nothing));
        self.services(policy, Arc::new(Nothing), source)
    }

    /// Of the running program, unless a test, which is another one, names ours.
    fn examiner(&self) -> WorkerProcesses {
        match &self.config.program {
            Some(program) => WorkerProcesses::of(program.clone()),
            None => WorkerProcesses::of_this_program(),
        }
    }

    fn services(
        &self,
        policy: Policy,
        timestamps: Arc<dyn Timestamps>,
        revocation: Arc<dyn RevocationData>,
    ) -> Result<Services, CliError> {
        let ports = Ports {
            store: Arc::new(self.database.clone()),
            blobs: Arc::new(self.blobs.clone()),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            timestamps,
            revocation,
            keys: Arc::new(Vault::new(Arc::new(self.database.clone()))),
            examiner: Arc::new(self.examiner()),
            drawings: Arc::new(FileDrawings::new(
                &self.config.storage.data.join("pictures"),
                PICTURES,
            )),
        };
        let printer = BlockPrinter::new(Template::built_in().map_err(CliError::world)?);
        Ok(Services::new(ports, policy, printer))
    }

    fn timestamps(
        &self,
        authority: &Authority,
        others: &Others,
    ) -> Result<Arc<dyn Timestamps>, CliError> {
        let settings = &self.config.timestamps;
        if settings.urls.is_empty() {
            return Ok(authority.timestamps());
        }
        let patience = std::time::Duration::from_secs(settings.patience_seconds);
        let foreign = foreign_timestamps(
            &settings.urls,
            "timestamps.urls:",
            patience,
            &self.clock,
            &self.entropy,
        )?;
        let Others { tsa, .. } = others;
        let foreign = foreign.trusting(tsa.anchors.clone(), tsa.intermediates.clone());
        Ok(Arc::new(KeptTimestamps::of(Arc::new(foreign))))
    }

    fn policy(&self, authority: &Published, others: &Others) -> Result<Policy, CliError> {
        let issuer = authority.manifest.organization.clone();
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
            anchors: others.anchors(Some(authority)),
            psre: others.psre.clone(),
            intermediates: others.intermediates(Some(authority)),
            hash: HashAlgorithm::Sha256,
            validation: ValidationPolicy::strict().map_err(CliError::world)?,
            limits: Limits {
                file_size: self.config.limits.upload_bytes,
                ..Limits::default()
            },
            asks_about_files: false,
            approval_lifetime: APPROVAL_LIFETIME,
            claim_lifetime: CLAIM_LIFETIME,
        })
    }
}

/// Who only reads asks nobody for timestamps or revocation data.
struct Nothing;

#[async_trait]
impl Timestamps for Nothing {
    async fn timestamp(&self, _: HashAlgorithm, _: &[u8]) -> Result<Vec<u8>, TimestampError> {
        Err(TimestampError::NoneAnswered(Vec::new()))
    }

    fn longest_token(&self) -> usize {
        0
    }
}

#[async_trait]
impl RevocationData for Nothing {
    async fn collect(
        &self,
        chain: &[Certificate],
        _: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        let issuer = chain.first().map(|leaf| leaf.issuer().text());
        let issuer = issuer.unwrap_or_default();
        Err(RevocationDataError::NoSource { issuer })
    }
}
