//! Enrolling a signatory: his key is certified by our authority and put in use
//! (`DESIGN.md` section 5, sole control).

use super::{Instance, OPERATOR};
use crate::authority::pending::PendingKey;
use crate::authority::{Authority, OpenCa, enrolment};
use crate::cli::outcome::CliError;
use crate::domain::accounts::Person;
use crate::kernel::x509::Certificate;
use crate::keys::{KdfCost, KeyType, Passphrase, SoftwareKey, UnlockSecret};

impl Instance {
    /// Gives a signatory a P-256 key under a passphrase, and a certificate; a former key
    /// ends.
    ///
    /// # Errors
    /// The certificate is not issued, or the key cannot be stored.
    pub async fn enrol(
        &self,
        authority: &Authority,
        ca: &OpenCa,
        person: &Person,
        passphrase: Passphrase,
    ) -> Result<Certificate, CliError> {
        let key = SoftwareKey::generate(KeyType::P256).map_err(CliError::world)?;
        let secret = UnlockSecret::Passphrase(passphrase);
        let key = PendingKey::sealed(&person.id, &key, &secret, KdfCost::RECOMMENDED)
            .map_err(CliError::world)?;
        self.enrol_key(authority, ca, person, key).await
    }

    /// Certifies a signatory's key, wherever it is, and puts it in use; a former one ends.
    ///
    /// # Errors
    /// The certificate is not issued, or the key cannot be stored.
    pub async fn enrol_key(
        &self,
        authority: &Authority,
        ca: &OpenCa,
        person: &Person,
        key: PendingKey,
    ) -> Result<Certificate, CliError> {
        let record = enrolment::certified_key(authority, ca, person, key).await?;
        let certificate = Certificate::parse(&record.certificate).map_err(CliError::world)?;
        self.administration().enrol_key(OPERATOR, record).await?;
        Ok(certificate)
    }
}
