//! Enrolling a signatory: his key is made, certified by our authority, and sealed
//! under a passphrase that he alone knows (`DESIGN.md` section 5, sole control).

use super::{Instance, OPERATOR};
use crate::authority::{Authority, OpenCa};
use crate::authority::{Request, Role, Subject};
use crate::cli::outcome::CliError;
use crate::domain::accounts::Person;
use crate::domain::event::{Act, Event, Subject as About};
use crate::kernel::sign::Signer as _;
use crate::kernel::x509::Certificate;
use crate::keys::vault::{SEALED, Vault};
use crate::keys::{KdfCost, KeyType, Passphrase, SoftwareKey, UnlockSecret};
use crate::services::ports::{Changes, KeyRecord, Ledger as _, Write};

impl Instance {
    /// Gives a signatory a key and a certificate; a former key ends.
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
        let spki = key.spki_der().map_err(CliError::world)?;
        let subject = Subject::named(&person.name).of(&authority.manifest().organization);
        let request = Request {
            role: Role::Signatory,
            subject: &subject,
            spki: &spki,
        };
        let issued = authority.issuance().issue(ca.as_issuer(), request).await;
        let certificate = issued.map_err(CliError::world)?;
        let secret = UnlockSecret::Passphrase(passphrase);
        let sealed = Vault::seal(&person.id, &key, &secret, KdfCost::RECOMMENDED);
        let chain = [authority.issuing(), authority.root()];
        let record = KeyRecord {
            person: person.id,
            certificate: certificate.der().to_vec(),
            chain: chain.iter().map(|above| above.der().to_vec()).collect(),
            algorithm: key.algorithm(),
            kind: SEALED.to_owned(),
            sealed: sealed.map_err(CliError::world)?,
            at: self.clock.now(),
        };
        self.keep(record).await?;
        Ok(certificate)
    }

    async fn keep(&self, record: KeyRecord) -> Result<(), CliError> {
        let about = About::Person(record.person);
        let event = Event::new(record.at, OPERATOR, Act::KeyEnrolled, about)
            .with("certificate", record.fingerprint().to_string())
            .with("kind", record.kind.as_str());
        let changes = Changes::new().with(Write::SaveKey(record));
        let changes = changes
            .event(&event, &*self.entropy)
            .map_err(CliError::world)?;
        self.database.commit(changes).await.map_err(CliError::world)
    }
}
