//! Suspending a signatory's key: first what it means, then the act.
//!
//! The certificate goes on hold in our register: the key signs nothing more
//! ([`crate::services::ports::Write::RequireGood`]), and OCSP responder and CRLs say so.
//! What was issued before stays valid, since its timestamps prove that the signature is
//! older. A PSrE's certificate is not ours to put on hold.

use time::OffsetDateTime;

use crate::domain::accounts::Person;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::PersonId;
use crate::kernel::x509::{Certificate, RevocationReason};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{
    CertificateId, CertificateStatus, Changes, KeyRecord, Revocation, SignedBy,
};

/// How a signatory's key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyStanding {
    /// He has none.
    None,
    /// It signs until the certificate ends.
    InUse {
        /// The last moment of the certificate.
        until: OffsetDateTime,
    },
    /// Its certificate has ended.
    Expired {
        /// When.
        since: OffsetDateTime,
    },
    /// It is on hold.
    OnHold {
        /// Since when.
        since: OffsetDateTime,
    },
    /// It is revoked for good.
    Revoked {
        /// Since when.
        since: OffsetDateTime,
    },
}

/// What suspending a key means.
#[derive(Debug, Clone)]
pub struct Consequences {
    /// Whose key it is.
    pub person: Person,
    /// How it stands now.
    pub standing: KeyStanding,
    /// Whether the certificate is ours to put on hold; another authority's is not.
    pub ours: bool,
    /// Documents that wait for his signature, by their numbers.
    pub waiting: Vec<String>,
    /// Of these, those that nobody else may sign now.
    pub only_his: usize,
    /// What he has signed.
    pub signed: SignedBy,
}

impl KeyStanding {
    /// Whether the key signs.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        matches!(self, Self::InUse { .. })
    }
}

impl Services {
    /// How a person's key stands.
    ///
    /// # Errors
    /// The store's.
    pub async fn key_standing(&self, person: &Person) -> Result<KeyStanding, ServiceError> {
        let Some(key) = self.store().key_in_use(&person.id).await? else {
            return Ok(KeyStanding::None);
        };
        let (id, certificate) = named(&key)?;
        let row = self.store().find(&id).await?;
        if let Some(CertificateStatus::Revoked(known)) = row.map(|row| row.status) {
            let since = known.at;
            return Ok(match known.reason {
                RevocationReason::CertificateHold => KeyStanding::OnHold { since },
                _ => KeyStanding::Revoked { since },
            });
        }
        let until = certificate.not_after();
        Ok(if until < self.now() {
            KeyStanding::Expired { since: until }
        } else {
            KeyStanding::InUse { until }
        })
    }

    /// What suspending a person's key would mean.
    ///
    /// # Errors
    /// There is no such person, or the store's.
    pub async fn suspension(&self, person: &PersonId) -> Result<Consequences, ServiceError> {
        let person = self.store().person(person).await?;
        let person = person.ok_or(ServiceError::NotFound("person"))?;
        let standing = self.key_standing(&person).await?;
        let ours = match self.store().key_in_use(&person.id).await? {
            Some(key) => self.store().find(&named(&key)?.0).await?.is_some(),
            None => false,
        };
        let desk = self.desk(&person).await?;
        let may = self.may_sign_now().await?;
        let tasks = desk.tasks().filter(|task| task.duty.is_signature());
        let mut waiting = Vec::new();
        let mut only_his = 0;
        for task in tasks {
            let metadata = &task.document.metadata;
            let slot = may
                .iter()
                .filter(|one| one.code == metadata.permit_type)
                .nth(usize::from(task.document.signatures));
            let others = slot.map_or(0, |slot| {
                let able = slot.people.iter().filter(|one| one.has_key);
                able.filter(|one| one.name != person.name).count()
            });
            only_his += usize::from(others == 0);
            waiting.push(metadata.number.clone());
        }
        Ok(Consequences {
            standing,
            ours,
            waiting,
            only_his,
            signed: self.store().signed_by(&person.id).await?,
            person,
        })
    }

    /// Puts a signatory's certificate on hold, or releases it, with the reason.
    ///
    /// # Errors
    /// There is no such key of ours, it stands otherwise already, or the reason is missing.
    pub async fn hold_key(
        &self,
        actor: Actor,
        person: &PersonId,
        hold: bool,
        reason: &str,
    ) -> Result<(), ServiceError> {
        if reason.trim().is_empty() {
            return Err(ServiceError::Reason);
        }
        let key = self.store().key_in_use(person).await?;
        let key = key.ok_or(ServiceError::NotFound("key"))?;
        let (id, _) = named(&key)?;
        let row = self.store().find(&id).await?;
        let row = row.ok_or_else(|| {
            ServiceError::Exists(
                "the certificate is another authority's: ask that one to revoke it".to_owned(),
            )
        })?;
        if !may_become(&row.status, hold) {
            let said = "the key's certificate stands otherwise already";
            return Err(ServiceError::Exists(said.to_owned()));
        }
        let at = self.now();
        // First who and why: the register's own event has neither.
        let act = if hold {
            Act::KeySuspended
        } else {
            Act::KeyResumed
        };
        let event = Event::new(at, actor, act, Subject::Person(*person))
            .with("certificate", key.fingerprint().to_string())
            .with("reason", reason.trim());
        let changes = Changes::new().event(&event, &*self.ports().entropy)?;
        self.store().commit(changes).await?;
        if hold {
            let revocation = Revocation {
                at,
                reason: RevocationReason::CertificateHold,
                invalid_since: None,
            };
            self.store().revoke(&id, &revocation).await?;
        } else {
            self.store().release(&id, at).await?;
        }
        Ok(())
    }
}

/// A good certificate may be held, a held one released.
fn may_become(status: &CertificateStatus, hold: bool) -> bool {
    match status {
        CertificateStatus::Good => hold,
        CertificateStatus::Revoked(known) => {
            !hold && known.reason == RevocationReason::CertificateHold
        }
    }
}

/// How our own register would know a key's certificate.
fn named(key: &KeyRecord) -> Result<(CertificateId, Certificate), ServiceError> {
    let certificate = Certificate::parse(&key.certificate)
        .map_err(|error| ServiceError::Internal(format!("a stored certificate: {error}")))?;
    let issuer = certificate.authority_key_identifier().unwrap_or_default();
    let id = CertificateId {
        issuer: hex::encode(issuer),
        serial: hex::encode(certificate.serial()),
    };
    Ok((id, certificate))
}
