//! What opens the keys of the services (TSA, OCSP responder, seal) when a service starts.
//!
//! Without configuration it is a random file beside them (`service.secret`): the folder's
//! rights are all that guards the keys. With `authority.service_passphrase_file` it is a
//! passphrase that is kept elsewhere, and a copy of the folder opens nothing.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::folder::{AuthorityError, file_error, identity_path, read, write};
use super::identity_file::IdentityFile;
use super::issuance::IssueError;
use super::published::Kind;
use super::role::Role;
use crate::keys::{KdfCost, Passphrase};
use crate::services::ports::Entropy;

const FILE: &str = "service.secret";

/// The least a passphrase of the services has: it is read from a file, nobody types it.
const LEAST: usize = 16;

#[derive(Clone)]
pub(super) struct ServiceSecret {
    pub(super) passphrase: Arc<Passphrase>,
    pub(super) cost: KdfCost,
}

impl ServiceSecret {
    fn random(passphrase: Passphrase) -> Self {
        Self {
            passphrase: Arc::new(passphrase),
            // It has 256 random bits: stretching it adds nothing.
            cost: KdfCost::LEAST,
        }
    }

    fn configured(passphrase: &Arc<Passphrase>) -> Result<Self, AuthorityError> {
        if passphrase.reveal().chars().count() < LEAST {
            let rule = "the passphrase of the service keys has at least 16 characters";
            return Err(AuthorityError::Rule(rule));
        }
        Ok(Self {
            passphrase: Arc::clone(passphrase),
            cost: KdfCost::RECOMMENDED,
        })
    }

    /// For an authority that is being made: the configured one, or a random one in its folder.
    pub(super) fn make(
        folder: &Path,
        configured: Option<&Arc<Passphrase>>,
        entropy: &dyn Entropy,
    ) -> Result<Self, AuthorityError> {
        if let Some(passphrase) = configured {
            return Self::configured(passphrase);
        }
        let mut random = Zeroizing::new([0; 32]);
        entropy
            .fill(random.as_mut_slice())
            .map_err(IssueError::from)?;
        let secret = Passphrase::new(hex::encode(random.as_slice()));
        write(folder, FILE, secret.reveal().as_bytes())?;
        Ok(Self::random(secret))
    }

    /// The one that opens an authority's keys. Which of the two it is, is the operator's
    /// word: a secret that lies beside the keys is not passed over in silence.
    pub(super) fn find(
        folder: &Path,
        configured: Option<&Arc<Passphrase>>,
    ) -> Result<Self, AuthorityError> {
        match (configured, folder.join(FILE).exists()) {
            (None, true) => Self::beside(folder),
            (None, false) => Err(AuthorityError::Rule(
                "the service keys are under a passphrase: name its file in authority.service_passphrase_file",
            )),
            (Some(passphrase), false) => Self::configured(passphrase),
            (Some(_), true) => Err(AuthorityError::Rule(
                "service.secret still opens the service keys: put them under authority.service_passphrase_file with `absah ca reseal`",
            )),
        }
    }

    fn beside(folder: &Path) -> Result<Self, AuthorityError> {
        let content = Zeroizing::new(read(folder, FILE)?);
        Ok(Self::random(Passphrase::from_file_content(&content)))
    }
}

/// Puts the keys that `service.secret` opens under a passphrase. What a former run left half
/// done is taken up; the file goes when nothing needs it any more.
pub(super) fn reseal(
    folder: &Path,
    kind: Kind,
    passphrase: &Arc<Passphrase>,
) -> Result<(), AuthorityError> {
    let next = ServiceSecret::configured(passphrase)?;
    let former = ServiceSecret::beside(folder)?;
    let services = [Role::Tsa, Role::Ocsp, Role::Seal].as_slice();
    let all = [
        Role::Tsa,
        Role::Ocsp,
        Role::Seal,
        Role::IssuingCa,
        Role::Root,
    ];
    let roles = match kind {
        Kind::Production => services,
        Kind::Demonstration => all.as_slice(),
    };
    for role in roles {
        let path = identity_path(folder, *role);
        let file = IdentityFile::read(&path)?;
        if file.is_in_token() || file.open(Some(&next.passphrase)).is_ok() {
            continue;
        }
        file.resealed(&former.passphrase, &next.passphrase, next.cost)?
            .write(&path)?;
    }
    std::fs::remove_file(folder.join(FILE)).map_err(|error| file_error(folder, FILE, &error))
}
