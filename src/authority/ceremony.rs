//! How an authority comes into being (`certs/README.md` describes the ceremony).
//!
//! Everything is made in a folder beside the final one, which gets its name in one rename at the
//! end: an authority is there whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::crl::{CrlPolicy, CrlPublisher};
use super::folder::{AuthorityError, file_error, identity_path, write};
use super::identity_file::IdentityFile;
use super::instance::{Authority, AuthorityPorts, OpenCa, issuance};
use super::issuance::{Issuance, IssueError, Issuer, Request};
use super::private_file;
use super::profile::{BUILT_IN, Profiles};
use super::published::{Kind, Manifest};
use super::role::Role;
use super::service_secret::ServiceSecret;
use super::subject::Subject;
use crate::kernel::x509::{Certificate, pem};
use crate::keys::pem as key_pem;
use crate::keys::{KdfCost, KeyType, Passphrase, SoftwareKey};

/// What a demonstration's certificates name as organisation.
pub const DEMONSTRATION: &str = "DEMONSTRASI – tidak sah secara hukum";

/// The least a ceremony's passphrases have. The root's file leaves the house on a
/// stick: it must resist guessing for twenty years.
const LEAST_PASSPHRASE: usize = 16;

/// What the operator decides for a production authority.
pub struct Ceremony<'a> {
    /// The organisation that the certificates name.
    pub organization: &'a str,
    /// The public URL; https.
    pub public_url: &'a str,
    /// The text of the profiles; `None` for those compiled in, whose policy
    /// identifiers a production authority may not use.
    pub profiles: Option<&'a str>,
    /// Where the root's encrypted key and certificate go: a folder to be taken offline.
    pub root_folder: &'a Path,
    /// What encrypts the root's key.
    pub root_passphrase: &'a Passphrase,
    /// What opens the issuing CA for one act.
    pub issuing_passphrase: &'a Passphrase,
}

impl Authority {
    /// Makes a demonstration authority in one call and opens it. Nothing about it can be
    /// mistaken for a real one: each of its certificates says so.
    ///
    /// # Errors
    /// [`AuthorityError::Exists`], or why not.
    pub async fn create_demonstration(
        folder: &Path,
        public_url: &str,
        ports: AuthorityPorts,
    ) -> Result<Self, AuthorityError> {
        let manifest = Manifest::new(Kind::Demonstration, DEMONSTRATION, public_url);
        let site = Site::begin(folder, manifest, BUILT_IN, &ports)?;
        let (root, key) = site.make_root().await?;
        let ServiceSecret { passphrase, cost } = &site.secret;
        site.keep(Role::Root, &root, &key, passphrase, *cost)?;
        let root = OpenCa {
            certificate: root,
            signer: Arc::new(key),
        };
        let issuing = site.make_issuing(&root, passphrase, *cost).await?;
        site.finish(&root, &issuing, ports).await
    }

    /// Makes a production authority: its root's key goes to the operator's folder and is
    /// nowhere else when this returns.
    ///
    /// # Errors
    /// The rule that the ceremony breaks, or why not.
    pub async fn create(
        folder: &Path,
        ceremony: &Ceremony<'_>,
        ports: AuthorityPorts,
    ) -> Result<Self, AuthorityError> {
        ceremony.check(folder)?;
        let profiles = ceremony.profiles.unwrap_or(BUILT_IN);
        Profiles::parse(profiles)?.check_for_production()?;
        let manifest = Manifest::new(Kind::Production, ceremony.organization, ceremony.public_url);
        let site = Site::begin(folder, manifest, profiles, &ports)?;
        let (root, key) = site.make_root().await?;
        ceremony.hand_out(&root, &key)?;
        IdentityFile::without_key(&root).write(&identity_path(&site.building, Role::Root))?;
        let root = OpenCa {
            certificate: root,
            signer: Arc::new(key),
        };
        let passphrase = ceremony.issuing_passphrase;
        let issuing = site
            .make_issuing(&root, passphrase, KdfCost::RECOMMENDED)
            .await?;
        site.finish(&root, &issuing, ports).await
    }
}

/// Opens a root's key from the folder of a ceremony.
///
/// # Errors
/// A wrong passphrase, or files that are missing or do not belong together.
pub fn open_root(root_folder: &Path, passphrase: &Passphrase) -> Result<OpenCa, AuthorityError> {
    let read = |name: &str| {
        std::fs::read(root_folder.join(name)).map_err(|error| file_error(root_folder, name, &error))
    };
    let key = key_pem::decrypt(&read("root.key.pem")?, passphrase)
        .map_err(|error| file_error(root_folder, "root.key.pem", &error))?;
    let certificates = Certificate::from_pem_or_der(&read("root.pem")?)
        .map_err(|error| file_error(root_folder, "root.pem", &error))?;
    let spki = key.spki_der().map_err(IssueError::from)?;
    match certificates
        .into_iter()
        .find(|certificate| certificate.spki_der() == spki)
    {
        Some(certificate) => Ok(OpenCa {
            certificate,
            signer: Arc::new(key),
        }),
        None => Err(file_error(
            root_folder,
            "root.pem",
            &"it is not the certificate of root.key.pem",
        )),
    }
}

impl Ceremony<'_> {
    fn check(&self, folder: &Path) -> Result<(), AuthorityError> {
        let long =
            |passphrase: &Passphrase| passphrase.reveal().chars().count() >= LEAST_PASSPHRASE;
        let rules = [
            (
                self.public_url.starts_with("https://"),
                "the public URL of a production authority is https",
            ),
            (
                long(self.root_passphrase) && long(self.issuing_passphrase),
                "passphrases of the root and the issuing CA have at least 16 characters",
            ),
            (
                self.root_passphrase.reveal() != self.issuing_passphrase.reveal(),
                "the root and the issuing CA have different passphrases",
            ),
            (
                !self.root_folder.starts_with(folder),
                "the root's folder lies outside the instance's",
            ),
            (
                !self.root_folder.join("root.key.pem").exists(),
                "the root's folder holds a root already",
            ),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(AuthorityError::Rule(rule)),
            None => Ok(()),
        }
    }

    /// Puts the root into the operator's folder and reads it back from there.
    fn hand_out(&self, root: &Certificate, key: &SoftwareKey) -> Result<(), AuthorityError> {
        let at = self.root_folder;
        private_file::folder(at).map_err(|error| file_error(at, "", &error))?;
        let encrypted = key_pem::encrypt(key, self.root_passphrase).map_err(IssueError::from)?;
        write(at, "root.key.pem", &encrypted)?;
        write(
            at,
            "root.pem",
            pem::encode("CERTIFICATE", root.der()).as_bytes(),
        )?;
        open_root(at, self.root_passphrase).map(|_| ())
    }
}

/// A folder in which an authority is being made.
struct Site {
    building: PathBuf,
    folder: PathBuf,
    manifest: Manifest,
    issuance: Issuance,
    secret: ServiceSecret,
}

impl Site {
    fn begin(
        folder: &Path,
        manifest: Manifest,
        profiles: &str,
        ports: &AuthorityPorts,
    ) -> Result<Self, AuthorityError> {
        if folder.exists() {
            return Err(AuthorityError::Exists(folder.to_owned()));
        }
        let building = folder.with_extension("new");
        let _ = std::fs::remove_dir_all(&building);
        private_file::folder(&building).map_err(|error| file_error(&building, "", &error))?;
        let secret = ServiceSecret::make(
            &building,
            ports.service_passphrase.as_ref(),
            ports.entropy.as_ref(),
        )?;
        write(&building, "profiles.toml", profiles.as_bytes())?;
        let text = toml::to_string(&manifest)
            .map_err(|error| file_error(&building, "authority.toml", &error))?;
        write(&building, "authority.toml", text.as_bytes())?;
        let issuance = issuance(ports, &Arc::new(Profiles::parse(profiles)?), &manifest);
        Ok(Self {
            building,
            folder: folder.to_owned(),
            manifest,
            issuance,
            secret,
        })
    }

    async fn make_root(&self) -> Result<(Certificate, SoftwareKey), AuthorityError> {
        let key = SoftwareKey::generate(KeyType::P384).map_err(IssueError::from)?;
        let spki = key.spki_der().map_err(IssueError::from)?;
        let subject = subject(&self.manifest, Role::Root);
        Ok((self.issuance.issue_root(&key, &subject, &spki).await?, key))
    }

    async fn make_issuing(
        &self,
        root: &OpenCa,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<OpenCa, AuthorityError> {
        let (certificate, key) = make(
            &self.issuance,
            &self.manifest,
            Role::IssuingCa,
            root.as_issuer(),
        )
        .await?;
        self.keep(Role::IssuingCa, &certificate, &key, passphrase, cost)?;
        Ok(OpenCa {
            certificate,
            signer: Arc::new(key),
        })
    }

    fn keep(
        &self,
        role: Role,
        certificate: &Certificate,
        key: &SoftwareKey,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<(), AuthorityError> {
        let file = IdentityFile::sealing(certificate, key, passphrase, cost)?;
        Ok(file.write(&identity_path(&self.building, role))?)
    }

    async fn finish(
        self,
        root: &OpenCa,
        issuing: &OpenCa,
        ports: AuthorityPorts,
    ) -> Result<Authority, AuthorityError> {
        let anchor = pem::encode("CERTIFICATE", root.certificate.der());
        write(&self.building, "root.pem", anchor.as_bytes())?;
        for role in [Role::Tsa, Role::Ocsp, Role::Seal] {
            equip(
                &self.building,
                &self.issuance,
                &self.manifest,
                role,
                issuing,
                &self.secret,
            )
            .await?;
        }
        let publisher = CrlPublisher::new(ports.register.clone(), ports.clock.clone());
        publisher.publish(root.as_issuer(), CrlPolicy::ROOT).await?;
        publisher
            .publish(issuing.as_issuer(), CrlPolicy::ISSUING)
            .await?;
        std::fs::rename(&self.building, &self.folder)
            .map_err(|error| file_error(&self.folder, "", &error))?;
        Authority::open(&self.folder, ports)
    }
}

/// Makes a service's key and certificate and puts them into the folder.
pub(super) async fn equip(
    folder: &Path,
    issuance: &Issuance,
    manifest: &Manifest,
    role: Role,
    issuing: &OpenCa,
    secret: &ServiceSecret,
) -> Result<Certificate, AuthorityError> {
    let (certificate, key) = make(issuance, manifest, role, issuing.as_issuer()).await?;
    let file = IdentityFile::sealing(&certificate, &key, &secret.passphrase, secret.cost)?;
    file.write(&identity_path(folder, role))?;
    Ok(certificate)
}

async fn make(
    issuance: &Issuance,
    manifest: &Manifest,
    role: Role,
    issuer: Issuer<'_>,
) -> Result<(Certificate, SoftwareKey), AuthorityError> {
    let key = SoftwareKey::generate(KeyType::P256).map_err(IssueError::from)?;
    let spki = key.spki_der().map_err(IssueError::from)?;
    let subject = subject(manifest, role);
    let request = Request {
        role,
        subject: &subject,
        spki: &spki,
    };
    Ok((issuance.issue(issuer, request).await?, key))
}

fn subject(manifest: &Manifest, role: Role) -> Subject {
    let what = match role {
        Role::Root => "Otoritas Sertifikat Akar",
        Role::IssuingCa => "Otoritas Sertifikat Penerbit",
        Role::Tsa => "Otoritas Penanda Waktu",
        Role::Ocsp => "Penjawab OCSP",
        Role::Seal => "Segel Elektronik",
        Role::Signatory => "Penandatangan",
    };
    let name = match manifest.kind {
        Kind::Demonstration => format!("DEMONSTRASI {what}"),
        Kind::Production => what.to_owned(),
    };
    Subject::named(&name).of(&manifest.organization)
}
