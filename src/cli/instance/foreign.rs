//! Authorities of others that an instance relies on: whom they are certified by, and
//! where proof about their certificates may be fetched.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::authority::Published;
use crate::cli::config::Config;
use crate::cli::outcome::CliError;
use crate::cli::{anchors, files};
use crate::clients::revocation::{Asking, ByAnchor, HostPolicy, OnlineRevocation};
use crate::clients::tsa::{ForeignTimestamps, TsaAddress};
use crate::kernel::validation::{Anchors, Policy};
use crate::kernel::x509::Certificate;
use crate::services::ports::{Clock, Entropy, RevocationData};

/// The largest certificate file that is read.
const LIMIT: u64 = 1 << 20;
/// What a source of revocation data gets to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Foreign authorities of one kind.
#[derive(Default)]
pub(in crate::cli) struct Foreign {
    pub(in crate::cli) anchors: Vec<Certificate>,
    pub(in crate::cli) intermediates: Vec<Certificate>,
    pub(in crate::cli) hosts: HostPolicy,
}

/// Foreign authorities by what they are relied on for.
#[derive(Default)]
pub(in crate::cli) struct Others {
    /// For timestamps.
    pub(in crate::cli) tsa: Foreign,
    /// For signatories: recognised providers and, on the command line, whom the operator names.
    pub(in crate::cli) signer: Foreign,
    /// The anchors of recognised providers (PSrE) alone.
    pub(in crate::cli) psre: Vec<Certificate>,
}

impl Others {
    /// Those of a configuration, and the anchors built in.
    pub(in crate::cli) fn of(config: &Config) -> Result<Self, CliError> {
        let (stamps, psre) = (&config.timestamps, &config.psre);
        let built_in = anchors::built_in()?;
        let with_built_in = |files| -> Result<Vec<Certificate>, CliError> {
            Ok([certificates(files)?, built_in.clone()].concat())
        };
        let tsa = Foreign {
            anchors: with_built_in(&stamps.anchors)?,
            intermediates: certificates(&stamps.intermediates)?,
            hosts: HostPolicy {
                allowed: stamps.revocation_hosts.clone(),
                private: stamps.private_hosts.clone(),
            },
        };
        let signer = Foreign {
            anchors: with_built_in(&psre.anchors)?,
            intermediates: certificates(&psre.intermediates)?,
            hosts: HostPolicy {
                allowed: psre.revocation_hosts.clone(),
                private: psre.private_hosts.clone(),
            },
        };
        let psre = signer.anchors.clone();
        Ok(Self { tsa, signer, psre })
    }

    /// Relies on further anchors, whom the operator named for this one act.
    pub(in crate::cli) fn trust(&mut self, anchors: &[Certificate]) {
        self.tsa.anchors.extend_from_slice(anchors);
        self.signer.anchors.extend_from_slice(anchors);
    }

    /// All anchors, those of our own authority first.
    pub(in crate::cli) fn anchors(&self, own: Option<&Published>) -> Anchors {
        let with_own = |foreign: &Foreign| {
            let own = own.iter().map(|own| own.root.clone());
            own.chain(foreign.anchors.iter().cloned()).collect()
        };
        Anchors::new(with_own(&self.signer), with_own(&self.tsa), Vec::new())
    }

    /// All issuing certificates.
    pub(in crate::cli) fn intermediates(&self, own: Option<&Published>) -> Vec<Certificate> {
        let own = own.iter().map(|own| own.issuing.clone());
        let foreign = [&self.tsa, &self.signer]
            .into_iter()
            .flat_map(|one| one.intermediates.iter().cloned());
        own.chain(foreign).collect()
    }

    /// Revocation data: our own authority's in process, that of others from where their
    /// certificates say.
    pub(in crate::cli) fn revocation(
        &self,
        own: Option<(&Published, Arc<dyn RevocationData>)>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn RevocationData>, CliError> {
        let rules = Arc::new(Policy::strict().map_err(CliError::world)?);
        let mut sources = ByAnchor::default();
        if let Some((own, source)) = own {
            sources = sources.and(vec![own.root.clone()], source);
        }
        for foreign in [&self.tsa, &self.signer] {
            let asking = Asking::new(foreign.hosts.clone(), PATIENCE, Arc::clone(&rules));
            let anchors = foreign.anchors.clone();
            let online = OnlineRevocation::new(anchors, asking, Arc::clone(clock));
            let online = Arc::new(online.map_err(CliError::world)?);
            sources = sources.and(foreign.anchors.clone(), online);
        }
        Ok(Arc::new(sources))
    }
}

/// Time-stamping authorities by their URLs; `what` names where the URLs stand.
pub(in crate::cli) fn foreign_timestamps(
    urls: &[String],
    what: &str,
    patience: Duration,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
) -> Result<ForeignTimestamps, CliError> {
    let mut addresses = Vec::with_capacity(urls.len());
    for text in urls {
        let wrong = |error| CliError::usage(format!("{what} {text}: {error}"));
        let url = text.parse().map_err(wrong)?;
        addresses.push(TsaAddress { url, policy: None });
    }
    let (clock, entropy) = (Arc::clone(clock), Arc::clone(entropy));
    ForeignTimestamps::new(addresses, patience, clock, entropy).map_err(CliError::world)
}

/// The certificates in some files, PEM or DER.
pub(in crate::cli) fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>, CliError> {
    let mut all = Vec::new();
    for path in paths {
        let read = Certificate::from_pem_or_der(&files::read(path, LIMIT)?);
        all.extend(read.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?);
    }
    Ok(all)
}
