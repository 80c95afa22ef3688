//! What signs: an instance's seal, a PKCS#12 file or a key in a token, with the
//! timestamps and revocation data that go with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clap::Args;
use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use crate::authority::Authority;
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::cli::settings::InstanceArguments;
use crate::cli::{files, prompt};
use crate::clients::tsa::{ForeignTimestamps, TsaAddress};
use crate::kernel::pades::Level;
use crate::kernel::pdf::appearance::{Certifier, SignatureBlock};
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;
use crate::keys::pkcs11::{Pkcs11Key, Pkcs11Uri};
use crate::keys::pkcs12::Pkcs12;
use crate::services::clock::{SystemClock, SystemEntropy};
use crate::services::ports::{RevocationData, RevocationDataError, RevocationEvidence, Timestamps};

/// organizationName (X.520)
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// The largest key or certificate file that is read.
const FILE_LIMIT: u64 = 1 << 20;

/// How long a foreign TSA may take.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// Who gives the time and the proof.
#[derive(Debug, Args)]
pub struct WorldArguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// A time-stamping authority; more than once: the next one where one fails
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,
}

/// All that a signature needs beside the file.
pub(super) struct Material {
    pub(super) signer: Arc<dyn Signer>,
    pub(super) certificate: Certificate,
    /// Issuers of the certificate, without the anchor.
    pub(super) chain: Vec<Certificate>,
    pub(super) anchors: Vec<Certificate>,
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
        let authority = world.authority(key.is_none()).await?;
        let timestamps = world.timestamps(authority.as_ref(), level)?;
        let revocation = revocation(authority.as_ref(), level)?;
        let (signer, certificate, others) = match (key, &authority) {
            (Some(key), _) => (key.signer, key.certificate, key.others),
            (None, Some(authority)) => {
                let seal = authority.seal().clone();
                let chain = vec![authority.issuing().clone()];
                (seal.signer, seal.certificate, chain)
            }
            (None, None) => return Err(CliError::usage("there is no key to sign with")),
        };
        let (mut anchors, chain): (Vec<_>, Vec<_>) =
            others.into_iter().partition(Certificate::is_self_issued);
        anchors.extend(authority.as_ref().map(|authority| authority.root().clone()));
        Ok(Self {
            certifier: certifier(authority.as_ref(), &certificate),
            signer,
            certificate,
            chain,
            anchors,
            timestamps,
            revocation,
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
        let key = Pkcs11Key::open(uri).map_err(CliError::world)?;
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

impl WorldArguments {
    /// The authority of the instance that is named, or that must be there.
    async fn authority(&self, needed: bool) -> Result<Option<Authority>, CliError> {
        if !needed && self.instance.data.is_none() && self.instance.config.is_none() {
            return Ok(None);
        }
        let instance = Instance::create(self.instance.configuration()?).await?;
        instance.authority().await.map(Some)
    }

    fn timestamps(
        &self,
        authority: Option<&Authority>,
        level: Level,
    ) -> Result<Arc<dyn Timestamps>, CliError> {
        match authority {
            Some(authority) if self.tsa.is_empty() => Ok(authority.timestamps()),
            None if self.tsa.is_empty() && level > Level::BB => {
                Err(CliError::usage(format!("{level} needs a timestamp"))
                    .mend("name a TSA with --tsa, an instance with --data, or --level b-b"))
            }
            _ => self.foreign_timestamps(),
        }
    }

    fn foreign_timestamps(&self) -> Result<Arc<dyn Timestamps>, CliError> {
        let address = |text: &String| {
            let url = text
                .parse()
                .map_err(|error| CliError::usage(format!("--tsa {text}: {error}")))?;
            Ok(TsaAddress { url, policy: None })
        };
        let addresses = self.tsa.iter().map(address);
        let client = ForeignTimestamps::new(
            addresses.collect::<Result<_, CliError>>()?,
            PATIENCE,
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        );
        Ok(Arc::new(client.map_err(CliError::usage)?))
    }
}

/// Proof for the certificates: of our own only our own authority has it.
fn revocation(
    authority: Option<&Authority>,
    level: Level,
) -> Result<Arc<dyn RevocationData>, CliError> {
    match authority {
        Some(authority) => Ok(authority.revocation_data()),
        None if level > Level::BT => Err(CliError::usage(format!("{level} needs revocation data"))
            .mend("name the instance whose authority issued the certificate with --data")),
        None => Ok(Arc::new(NoRevocationData)),
    }
}

/// For levels that need none.
struct NoRevocationData;

#[async_trait]
impl RevocationData for NoRevocationData {
    async fn collect(
        &self,
        chain: &[Certificate],
        _fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        let issuer = chain.first().map(|leaf| leaf.issuer().text());
        let issuer = issuer.unwrap_or_default();
        Err(RevocationDataError::NoSource { issuer })
    }
}

/// Who certified: our authority says what it is; of others only the name is known.
fn certifier(authority: Option<&Authority>, certificate: &Certificate) -> Certifier {
    let issuer = certificate.issuer();
    let name = issuer.common_name().unwrap_or_else(|| issuer.text());
    let demonstration = authority.is_some_and(|authority| {
        authority.is_demonstration() && issuer.der() == authority.issuing().subject().der()
    });
    if demonstration {
        Certifier::Demonstration { issuer: name }
    } else {
        Certifier::Own { issuer: name }
    }
}
