//! What signs: an instance's seal, a PKCS#12 file or a key in a token, with the
//! timestamps and revocation data that go with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use const_oid::ObjectIdentifier;

use crate::authority::Authority;
use crate::cli::outcome::CliError;
use crate::cli::signatory_key::token_error;
use crate::cli::world::{World, WorldArguments};
use crate::cli::{files, prompt};
use crate::kernel::pades::Level;
use crate::kernel::pdf::appearance::{Certifier, SignatureBlock};
use crate::kernel::sign::Signer;
use crate::kernel::validation::Anchors;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, Purpose};
use crate::keys::pkcs11::{Pkcs11Key, Pkcs11Uri};
use crate::keys::pkcs12::Pkcs12;
use crate::services::clock::SystemClock;
use crate::services::ports::{Clock as _, RevocationData, Timestamps};

/// organizationName (X.520)
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// The largest key or certificate file that is read.
const FILE_LIMIT: u64 = 1 << 20;

/// Which key signs.
#[derive(Debug, Args)]
pub struct KeyArguments {
    /// A key with its certificate in a PKCS#12 file
    #[arg(long, value_name = "FILE", conflicts_with = "pkcs11")]
    p12: Option<PathBuf>,
    /// A key in a token (RFC 7512); its certificate in --certificate
    #[arg(long, value_name = "URI", requires = "certificate")]
    pkcs11: Option<Pkcs11Uri>,
    /// The certificate of the key in the token, followed by its chain
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// A file that holds the passphrase of the PKCS#12 file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// All that a signature needs beside the file.
pub(super) struct Material {
    pub(super) signer: Arc<dyn Signer>,
    pub(super) certificate: Certificate,
    /// Issuers of the certificate, without the anchor.
    pub(super) chain: Vec<Certificate>,
    pub(super) intermediates: Vec<Certificate>,
    pub(super) anchors: Anchors,
    pub(super) timestamps: Arc<dyn Timestamps>,
    pub(super) revocation: Arc<dyn RevocationData>,
    certifier: Certifier,
}

/// A key with its certificates.
struct Key {
    signer: Arc<dyn Signer>,
    certificate: Certificate,
    others: Vec<Certificate>,
}

impl Material {
    /// Opens the key that the arguments name, and what stands behind it: an instance where one is
    /// named or its seal is to sign, else the addresses of others.
    pub(super) async fn open(
        key: &KeyArguments,
        world: &WorldArguments,
        level: Level,
    ) -> Result<Self, CliError> {
        let key = key.open()?;
        let mut world = World::open(world, key.is_none()).await?;
        let key = match (key, &world.authority) {
            (Some(key), _) => key,
            (None, Some(authority)) => Key::seal_of(authority),
            (None, None) => return Err(CliError::usage("there is no key to sign with")),
        };
        let (roots, chain): (Vec<_>, Vec<_>) = key
            .others
            .into_iter()
            .partition(Certificate::is_self_issued);
        // Who names a key names the root that comes with it.
        world.others.signer.anchors.extend(roots);
        let mut intermediates = world.intermediates();
        intermediates.extend(chain.iter().cloned());
        Ok(Self {
            certifier: certifier(&world, &key.certificate, &intermediates),
            signer: key.signer,
            certificate: key.certificate,
            chain,
            intermediates,
            anchors: world.anchors(),
            timestamps: world.timestamps(level)?,
            revocation: world.revocation()?,
        })
    }

    /// What the visible block says.
    pub(super) fn block(&self) -> SignatureBlock {
        let subject = self.certificate.subject();
        SignatureBlock {
            intro: None,
            office: subject.attribute(&ORGANIZATION).unwrap_or_default(),
            name: subject.common_name().unwrap_or_else(|| subject.text()),
            rank: None,
            nip: None,
            certifier: self.certifier.clone(),
        }
    }
}

impl Key {
    /// The seal of an instance's own authority.
    fn seal_of(authority: &Authority) -> Self {
        let seal = authority.seal();
        Self {
            signer: seal.signer.clone(),
            certificate: seal.certificate.clone(),
            others: vec![authority.issuing().clone()],
        }
    }
}

impl KeyArguments {
    fn open(&self) -> Result<Option<Key>, CliError> {
        match (&self.p12, &self.pkcs11) {
            (Some(file), _) => self.open_p12(file).map(Some),
            (None, Some(uri)) => self.open_token(uri).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn open_p12(&self, file: &Path) -> Result<Key, CliError> {
        let bytes = files::read(file, FILE_LIMIT)?;
        let what = format!("passphrase of {}", file.display());
        let passphrase = prompt::passphrase(self.passphrase_file.as_deref(), &what)?;
        let opened = Pkcs12::import(&bytes, &passphrase)
            .map_err(|error| CliError::usage(format!("{}: {error}", file.display())))?;
        let parse = |der: &Vec<u8>| Certificate::parse(der).map_err(CliError::usage);
        Ok(Key {
            signer: Arc::new(opened.key),
            certificate: parse(&opened.certificate)?,
            others: opened.chain.iter().map(parse).collect::<Result<_, _>>()?,
        })
    }

    fn open_token(&self, uri: &Pkcs11Uri) -> Result<Key, CliError> {
        let file = self.certificate.as_deref().unwrap_or(Path::new(""));
        let mut certificates = Certificate::from_pem_or_der(&files::read(file, FILE_LIMIT)?)
            .map_err(CliError::usage)?;
        let key = Pkcs11Key::open(uri).map_err(|error| token_error(&error))?;
        let own = certificates
            .iter()
            .position(|certificate| certificate.spki_der() == key.spki_der());
        let own = own.ok_or_else(|| {
            CliError::usage(format!("{} has no certificate of this key", file.display()))
        })?;
        Ok(Key {
            certificate: certificates.swap_remove(own),
            signer: Arc::new(key),
            others: certificates,
        })
    }
}

/// Who certified: our authority says what it is; a recognised provider is one whose root
/// is configured; of others only the name is known.
fn certifier(world: &World, certificate: &Certificate, others: &[Certificate]) -> Certifier {
    let issuer = certificate.issuer();
    let name = issuer.common_name().unwrap_or_else(|| issuer.text());
    let demonstration = world.authority.as_ref().is_some_and(|authority| {
        authority.is_demonstration() && issuer.der() == authority.issuing().subject().der()
    });
    let now = SystemClock.now();
    let psre = &world.others.psre;
    if demonstration {
        Certifier::Demonstration { issuer: name }
    } else if paths::build(certificate, others, psre, now, Purpose::Signer).is_ok() {
        Certifier::Psre { issuer: name }
    } else {
        Certifier::Own { issuer: name }
    }
}
