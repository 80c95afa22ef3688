//! What the register says of an issued document, as much as the question has
//! earned: a code or a bare hash gets a masked holder, the exact file the
//! content's own fields.

use serde::Serialize;
use time::{Date, OffsetDateTime};

use crate::domain::document::{Decided, Document, DocumentState, Issue, PermitStatus, Standing};
use crate::domain::ids::DocumentId;
use crate::domain::mandate::Mandate;
use crate::domain::masking::masked;
use crate::kernel::pdf::appearance::Certifier;
use crate::kernel::validation::Verdict;
use crate::services::error::ServiceError;
use crate::services::office::Services;

/// How much is disclosed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// To whoever has the code or the hash.
    Masked,
    /// To whoever has the file itself.
    Content,
}

/// An issued document as the public sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// The code, as it is printed.
    pub code: String,
    /// The office that issued it.
    pub office: String,
    /// The permit type's name.
    pub permit_type: String,
    /// The permit's number.
    pub number: String,
    /// The holder, masked unless the file itself was shown.
    pub holder: String,
    /// The date on the permit.
    #[serde(with = "date::option")]
    pub issued_on: Option<Date>,
    /// The last day on which it is in force.
    #[serde(with = "date::option")]
    pub valid_until: Option<Date>,
    /// When it was issued.
    #[serde(with = "time::serde::rfc3339")]
    pub issued_at: OffsetDateTime,
    /// Whether it is in force.
    pub permit_status: PermitStatus,
    /// When the office decided otherwise.
    #[serde(with = "time::serde::rfc3339::option")]
    pub status_since: Option<OffsetDateTime>,
    /// Why.
    pub status_reason: Option<String>,
    /// The code of the document that took its place.
    pub successor: Option<String>,
    /// Who signed, in their order.
    pub signatories: Vec<Signatory>,
    /// Who certified the signatories' keys.
    pub certifier: Certifier,
    /// SHA-256 of the *Original*.
    pub sha256: String,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signatory {
    /// The name.
    pub name: String,
    /// The office held, as printed.
    pub office: String,
    /// The decree that let him sign for another, where one did.
    pub mandate: Option<String>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

time::serde::format_description!(date, Date, "[year]-[month]-[day]");

impl Record {
    /// The verdict on a document that is ours and holds.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.permit_status {
            PermitStatus::Active => Verdict::Authentic,
            _ => Verdict::AuthenticNotInForce,
        }
    }
}

impl Services {
    /// The record of an issued document; `None` before it is issued.
    pub(super) async fn public_record(
        &self,
        document: &Document,
        disclosure: Disclosure,
    ) -> Result<Option<Record>, ServiceError> {
        let DocumentState::Issued(issue) = &document.state else {
            return Ok(None);
        };
        let metadata = &document.metadata;
        let permit_status = issue.status(metadata.valid_until, self.today());
        let (decided, successor) = decision(issue);
        let holder = match disclosure {
            Disclosure::Masked => masked(&metadata.holder.name),
            Disclosure::Content => metadata.holder.name.clone(),
        };
        Ok(Some(Record {
            code: document.code.to_string(),
            office: self.policy().office.clone(),
            permit_type: self.permit_type_of(document).await?.name,
            number: metadata.number.clone(),
            holder,
            issued_on: metadata.issued_on,
            valid_until: metadata.valid_until,
            issued_at: issue.at,
            permit_status,
            status_since: decided.map(|decided| decided.at),
            status_reason: decided.map(|decided| decided.reason.clone()),
            successor: self.code_of(successor).await?,
            signatories: self.signatories(document).await?,
            certifier: self.certifier(document).await?,
            sha256: issue.original.to_string(),
        }))
    }

    /// The first who is no PSrE: a document is as certified as its least signature.
    async fn certifier(&self, document: &Document) -> Result<Certifier, ServiceError> {
        let mut found = None;
        for signature in self.store().signatures(&document.id).await? {
            let Some(intent) = self.store().intent(&signature.intent).await? else {
                continue;
            };
            let Some(key) = self.store().key_of_certificate(&intent.certificate).await? else {
                continue;
            };
            match self.certifier_of(&key) {
                psre @ Certifier::Psre { .. } => found = Some(psre),
                other => return Ok(other),
            }
        }
        Ok(found.unwrap_or_else(|| self.policy().certifier.clone()))
    }

    async fn code_of(
        &self,
        successor: Option<&DocumentId>,
    ) -> Result<Option<String>, ServiceError> {
        let Some(id) = successor else {
            return Ok(None);
        };
        let successor = self.store().document(id).await?;
        Ok(successor.map(|successor| successor.code.to_string()))
    }

    async fn signatories(&self, document: &Document) -> Result<Vec<Signatory>, ServiceError> {
        let permit_type = self.permit_type_of(document).await?;
        let mut signatories = Vec::new();
        for signature in self.store().signatures(&document.id).await? {
            let Some(intent) = self.store().intent(&signature.intent).await? else {
                continue;
            };
            let person = self.store().person(&intent.signatory).await?;
            let slot = usize::from(signature.place.revision);
            let office = permit_type
                .signatures
                .get(slot)
                .map(|slot| slot.office.clone());
            let mandate = intent.right.mandate();
            signatories.push(Signatory {
                name: person.map(|person| person.name).unwrap_or_default(),
                office: titled(mandate, office.unwrap_or_default()),
                mandate: mandate.map(|mandate| mandate.decree.clone()),
                at: signature.at,
            });
        }
        Ok(signatories)
    }
}

/// The office as it is printed: "Plt. Kepala Dinas" under a mandate.
fn titled(mandate: Option<&Mandate>, office: String) -> String {
    match mandate {
        Some(mandate) => format!("{} {office}", mandate.kind.prefix()),
        None => office,
    }
}

fn decision(issue: &Issue) -> (Option<&Decided>, Option<&DocumentId>) {
    match &issue.permit {
        Standing::Active => (None, None),
        Standing::Suspended(decided) | Standing::Cancelled(decided) => (Some(decided), None),
        Standing::Superseded { decided, successor } => (Some(decided), Some(successor)),
    }
}
