//! Approval with a passkey, the second call: the passkey's answer over the challenge, and what opens
//! the key. Everything that can refuse does so before the key is used.

use super::key::{self, Recorded};
use super::record::given_event;
use super::{Approved, Approver, Outcomes};
use crate::domain::accounts::Person;
use crate::domain::approval::{Approval, ApprovalEntry, Evidence, PasskeyEvidence};
use crate::domain::document::{Document, DocumentState, TransitionError};
use crate::domain::ids::{ApprovalId, AttemptId, DocumentId};
use crate::domain::mandate::{Mandate, NoSigningRight};
use crate::domain::signing::{Attempt, Intent};
use crate::services::administration::Caller;
use crate::services::change::saved;
use crate::services::entry::{Answer, Entry, EntryError, Proven};
use crate::services::error::ServiceError;
use crate::services::fault;
use crate::services::office::Services;
use crate::services::once::Held;
use crate::services::ports::{Changes, UnlockSecret, Write};

impl Services {
    /// An approval of this person's.
    ///
    /// # Errors
    /// There is none, or it is another person's.
    pub async fn approval_of(
        &self,
        person: &Person,
        id: &ApprovalId,
    ) -> Result<Approval, ServiceError> {
        let approval = self.store().approval(id).await?;
        approval
            .filter(|approval| approval.signatory == person.id)
            .ok_or(ServiceError::NotFound("approval"))
    }

    /// The mandates that an approval rests on, as the signatures will say them.
    ///
    /// # Errors
    /// The store's.
    pub async fn mandates_used(&self, approval: &Approval) -> Result<Vec<String>, ServiceError> {
        let mut used = Vec::new();
        for entry in &approval.entries {
            let intent = self.store().intent(&entry.intent).await?;
            let mandate = intent.as_ref().and_then(|intent| intent.right.mandate());
            let said = mandate.map(|one| format!("{} {}", one.kind.prefix(), one.decree));
            used.extend(said.filter(|said| !used.contains(said)));
        }
        Ok(used)
    }

    /// The submitted file of one entry of an approval: what the page hashes.
    ///
    /// # Errors
    /// There is no such entry.
    pub async fn approval_file(
        &self,
        person: &Person,
        id: &ApprovalId,
        document: &DocumentId,
    ) -> Result<Vec<u8>, ServiceError> {
        let approval = self.approval_of(person, id).await?;
        let mut entries = approval.entries.iter();
        let entry = entries.find(|entry| entry.document == *document);
        let entry = entry.ok_or(ServiceError::NotFound("document"))?;
        Ok(self.blobs().read(&entry.submitted).await?)
    }

    /// Signs what was asked for, on the word of a passkey of the signatory's over its challenge.
    ///
    /// # Errors
    /// The approval was given already, or has lapsed; the passkey is none of his, or answered
    /// anything else; the key was replaced, revoked, or does not open; or no document of the list
    /// can be signed any more. No key operation has taken place then.
    pub async fn give_approval(
        &self,
        entry: &Entry,
        person: &Person,
        id: &ApprovalId,
        answer: &Answer,
        secret: &UnlockSecret,
    ) -> Result<Vec<Approved>, ServiceError> {
        let approval = self.approval_of(person, id).await?;
        approval.check(self.now())?;
        let approver = self.approver(person, "console").await?;
        if approver.key.fingerprint() != approval.certificate {
            let refusal = "the signatory's key was replaced since the approval was asked for";
            return Err(ServiceError::Forbidden(refusal.to_owned()));
        }
        let proven = entry
            .proven(approval.challenge().as_bytes(), answer)
            .await?;
        if proven.person.id != approval.signatory {
            return Err(EntryError::UnknownPasskey.into());
        }
        let evidence = Evidence::Passkey(Box::new(evidence(entry, answer, &proven)));
        let given = approval.give(self.now(), evidence)?;
        self.sign_given(&approver, &given, &proven, secret).await
    }

    async fn sign_given(
        &self,
        approver: &Approver<'_>,
        given: &Approval,
        proven: &Proven,
        secret: &UnlockSecret,
    ) -> Result<Vec<Approved>, ServiceError> {
        self.wrong_ones(&approver.person.id).await?;
        let documents: Vec<DocumentId> = given.entries.iter().map(|one| one.document).collect();
        let (mine, busy) = self.approving().enter(&documents);
        let mut outcomes = Outcomes::new(&documents);
        for id in busy {
            outcomes.refuse(id, ServiceError::InFlight);
        }
        let standing = self.standing_entries(approver, given, mine.ids(), &mut outcomes);
        let standing = standing.await?;
        if standing.is_empty() {
            return outcomes.into_list();
        }
        let guess = self.may_guess(&approver.person.id).await?;
        let opened = self.open(&guess, secret).await?;
        let forgiven = guess.follows_wrong_ones();
        drop(guess);
        if opened.certificate.der() != approver.key.certificate {
            let text = "the key has another certificate";
            return Err(ServiceError::Internal(text.to_owned()));
        }
        let recorded = self.record_given(approver, given, proven, standing, forgiven);
        let recorded = recorded.await?;
        let signed = key::sign(opened.signer, recorded).await?;
        let none = Held::default();
        let list = self.store_signatures(signed, &none, outcomes).await?;
        self.due().notify_one();
        Ok(list)
    }

    /// The entries that stand as they were asked for.
    async fn standing_entries(
        &self,
        approver: &Approver<'_>,
        given: &Approval,
        mine: &[DocumentId],
        outcomes: &mut Outcomes,
    ) -> Result<Vec<(Document, Intent)>, ServiceError> {
        let mandates = self.store().mandates_of(&approver.person.id).await?;
        let mut standing = Vec::with_capacity(mine.len());
        let entries = given.entries.iter();
        for entry in entries.filter(|entry| mine.contains(&entry.document)) {
            match self.standing_entry(approver, given, entry, &mandates).await {
                Ok(one) => standing.push(one),
                Err(error) => outcomes.refuse(entry.document, error),
            }
        }
        Ok(standing)
    }

    async fn standing_entry(
        &self,
        approver: &Approver<'_>,
        given: &Approval,
        entry: &ApprovalEntry,
        mandates: &[Mandate],
    ) -> Result<(Document, Intent), ServiceError> {
        let caller = Caller::Person(approver.person.clone());
        let document = self.visible(&caller, &entry.document).await?;
        let prepared = match &document.state {
            DocumentState::Prepared(one) => one.intent == entry.intent && one.approval == given.id,
            _ => false,
        };
        if !prepared || document.submitted.sha256 != entry.submitted {
            let (act, state) = ("approved as it was asked", document.state.name());
            return Err(TransitionError { act, state }.into());
        }
        let intent = self.store().intent(&entry.intent).await?;
        let intent = intent.filter(|intent| {
            intent.digest == entry.digest && intent.certificate == given.certificate
        });
        let intent =
            intent.ok_or_else(|| ServiceError::Internal("an intent has changed".to_owned()))?;
        if self.right(approver, &document, mandates).await? != intent.right {
            let person = approver.person.id;
            return Err(NoSigningRight { person }.into());
        }
        Ok((document, intent))
    }

    /// Makes the approval and the attempts durable. Where the passkey was used meanwhile, the
    /// approval given, a document changed or the certificate revoked, nothing is.
    async fn record_given(
        &self,
        approver: &Approver<'_>,
        given: &Approval,
        proven: &Proven,
        standing: Vec<(Document, Intent)>,
        forgiven: bool,
    ) -> Result<Vec<Recorded>, ServiceError> {
        let mut changes = Changes::new()
            .with(Write::RequireGood(approver.certificate_id()))
            .and(proven.changes())
            .with(Write::SaveApproval(Box::new(given.clone())))
            .event(&given_event(given), &*self.ports().entropy)?;
        if forgiven {
            changes = changes.with(Write::EndLockout(approver.person.id));
        }
        let at = self.now();
        let mut recorded = Vec::with_capacity(standing.len());
        for (document, intent) in standing {
            let attempt = Attempt {
                id: AttemptId::new(at, self.random()?),
                intent: intent.id,
                approval: Some(given.id),
                at,
            };
            let one = Recorded {
                document,
                intent,
                attempt,
            };
            changes = changes.and(self.attempt_changes(&one, false)?);
            recorded.push(Recorded {
                document: saved(&one.document),
                ..one
            });
        }
        fault::point("intent.before");
        self.store().commit(changes).await?;
        fault::point("intent.after");
        Ok(recorded)
    }
}

fn evidence(entry: &Entry, answer: &Answer, proven: &Proven) -> PasskeyEvidence {
    let party = entry.place().relying_party();
    let credential = &proven.credential;
    PasskeyEvidence {
        credential: credential.id.clone(),
        public_key: credential.public_key.clone(),
        authenticator_data: answer.authenticator_data.0.clone(),
        client_data: answer.client_data.0.clone(),
        signature: answer.signature.0.clone(),
        rp_id: party.id.to_owned(),
        origin: party.origin.to_owned(),
        backup_eligible: credential.backup_eligible,
        backed_up: credential.backed_up,
        added: credential.added,
        added_by: credential.added_by.clone(),
    }
}
