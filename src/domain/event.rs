//! Events: every act, who did it, when and to what, in one canonical form.
//!
//! The payload is JSON in the canonical form of RFC 8785 (sorted members, no
//! white space); it has no fractions, so the form has no hard cases. It is what a
//! log leaf commits to: `docs/log-leaf.md` is its specification. An event carries ids
//! and hashes, and no more of a person than the act needs.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::ids::{ClientId, DocumentId, MandateId, PersonId};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub act: Act,
    /// To what.
    pub subject: Subject,
    /// What else belongs to the record.
    pub facts: BTreeMap<&'static str, Fact>,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A permit system.
    Client(ClientId),
    /// A person.
    Person(PersonId),
    /// Who runs the command line on the machine itself.
    Operator,
    /// The service by itself: a retry, a schedule.
    Service,
}

/// What an act is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A document.
    Document(DocumentId),
    /// A permit type, by its code.
    PermitType(String),
    /// A client.
    Client(ClientId),
    /// A person.
    Person(PersonId),
    /// A mandate.
    Mandate(MandateId),
    /// A certificate: the serial number in hexadecimal.
    Certificate(String),
    /// A list of revoked certificates: issuer and number.
    RevocationList(String),
    /// The instance itself.
    Instance,
}

/// A value beside an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $text:literal)*) => {
        /// What can be done. Names are for ever: the log keeps them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act {
            $($(#[$doc])* $name,)*
        }

        impl Act {
            /// The act's name in the log.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

acts! {
    /// A document was taken in.
    DocumentSubmitted = "document.submitted"
    /// A newer version took an unsigned document's place.
    DocumentReplaced = "document.replaced"
    /// Someone affirmed that he has read a document.
    DocumentRead = "document.read"
    /// A tier decided.
    DocumentReviewed = "document.reviewed"
    /// A signatory gave a document back, or refused the permit.
    DocumentReturned = "document.returned"
    /// A gate was reported as met.
    GateMet = "document.gate_met"
    /// Bytes were prepared and an approval asked for.
    ApprovalAsked = "approval.asked"
    /// An approval lapsed.
    ApprovalLapsed = "approval.lapsed"
    /// An approval was given.
    ApprovalGiven = "approval.given"
    /// A key operation is about to start.
    AttemptStarted = "signature.attempted"
    /// A signature value was stored.
    SignatureStored = "signature.stored"
    /// A document was issued, or finished one of its signatures.
    DocumentFinished = "document.finished"
    /// A newer revision of an issued document was released.
    RevisionReleased = "document.revision_released"
    /// A permit was suspended.
    PermitSuspended = "permit.suspended"
    /// A suspension ended.
    PermitResumed = "permit.resumed"
    /// A permit was superseded.
    PermitSuperseded = "permit.superseded"
    /// A permit was cancelled.
    PermitCancelled = "permit.cancelled"
    /// A client was registered or changed.
    ClientSaved = "client.saved"
    /// A person was registered or changed.
    PersonSaved = "person.saved"
    /// A permit type was laid down or changed.
    PermitTypeSaved = "permit_type.saved"
    /// A mandate was recorded or ended.
    MandateSaved = "mandate.saved"
    /// A serial number was taken and a certificate is about to be signed.
    CertificateIntended = "certificate.intended"
    /// A certificate was issued or imported.
    CertificateIssued = "certificate.issued"
    /// A certificate was revoked.
    CertificateRevoked = "certificate.revoked"
    /// A certificate was released from hold.
    CertificateReleased = "certificate.released"
    /// A list of revoked certificates was published.
    RevocationListPublished = "crl.published"
    /// A signatory's key was enrolled.
    KeyEnrolled = "key.enrolled"
    /// A signatory's key was ended.
    KeyEnded = "key.ended"
    /// A signatory's key was suspended.
    KeySuspended = "key.suspended"
    /// A suspension of a signatory's key ended.
    KeyResumed = "key.resumed"
    /// A passphrase did not open a signatory's key.
    SecretRefused = "key.secret_refused"
    /// A link was handed out with which a person can add a passkey.
    InvitationMade = "invitation.made"
    /// A passkey was added.
    PasskeyAdded = "passkey.added"
    /// A passkey ended.
    PasskeyEnded = "passkey.ended"
    /// A session of the console was opened.
    SessionOpened = "session.opened"
    /// A session's owner proved himself again.
    SessionProven = "session.proven"
    /// A session ended before its time.
    SessionEnded = "session.ended"
    /// A setting was changed.
    SettingChanged = "setting.changed"
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Fact {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<i64> for Fact {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// The fields stand in their sorted order.
#[derive(Serialize)]
struct Payload<'a> {
    act: &'static str,
    actor: Named,
    at: String,
    facts: &'a BTreeMap<&'static str, Fact>,
    subject: Named,
    v: u8,
}

/// The fields stand in their sorted order.
#[derive(Serialize)]
struct Named {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    kind: &'static str,
}

impl Named {
    fn new(kind: &'static str, id: &impl ToString) -> Self {
        Self {
            id: Some(id.to_string()),
            kind,
        }
    }

    fn alone(kind: &'static str) -> Self {
        Self { id: None, kind }
    }
}

impl From<Actor> for Named {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Client(id) => Self::new("client", &id),
            Actor::Person(id) => Self::new("person", &id),
            Actor::Operator => Self::alone("operator"),
            Actor::Service => Self::alone("service"),
        }
    }
}

impl From<&Subject> for Named {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Document(id) => Self::new("document", id),
            Subject::PermitType(code) => Self::new("permit_type", code),
            Subject::Client(id) => Self::new("client", id),
            Subject::Person(id) => Self::new("person", id),
            Subject::Mandate(id) => Self::new("mandate", id),
            Subject::Certificate(serial) => Self::new("certificate", serial),
            Subject::RevocationList(name) => Self::new("revocation_list", name),
            Subject::Instance => Self::alone("instance"),
        }
    }
}

impl Event {
    /// An act, with nothing beside it yet.
    #[must_use]
    pub fn new(at: OffsetDateTime, actor: Actor, act: Act, subject: Subject) -> Self {
        Self {
            at,
            actor,
            act,
            subject,
            facts: BTreeMap::new(),
        }
    }

    /// Adds what belongs to the record.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.facts.insert(name, fact.into());
        self
    }

    /// The document that it is about, if it is about one.
    #[must_use]
    pub fn document(&self) -> Option<DocumentId> {
        match self.subject {
            Subject::Document(id) => Some(id),
            _ => None,
        }
    }

    /// The canonical payload.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let payload = Payload {
            act: self.act.name(),
            actor: self.actor.into(),
            at: self.at.format(&Rfc3339).unwrap_or_default(),
            facts: &self.facts,
            subject: (&self.subject).into(),
            v: 1,
        };
        serde_json::to_vec(&payload).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00:00.000001 UTC);

    #[test]
    fn a_payload_is_canonical() {
        let event = Event::new(
            NOW,
            Actor::Client(ClientId::new(NOW, [0; 10])),
            Act::DocumentSubmitted,
            Subject::Document(DocumentId::new(NOW, [0; 10])),
        )
        .with("size", 3i64)
        .with("sha256", "ab\u{1}\"é");
        let expected = concat!(
            r#"{"act":"document.submitted","actor":{"id":"01a20169-2e00-7000-8000-000000000000","kind":"client"},"#,
            r#""at":"2026-11-22T04:00:00.000001Z","facts":{"sha256":"ab\u0001\"é","size":3},"#,
            r#""subject":{"id":"01a20169-2e00-7000-8000-000000000000","kind":"document"},"v":1}"#,
        );
        assert_eq!(String::from_utf8(event.payload()).unwrap(), expected);
    }

    #[test]
    fn the_members_are_sorted_whatever_the_variant() {
        for (actor, subject) in [
            (Actor::Operator, Subject::Instance),
            (Actor::Service, Subject::PermitType("SIPB".into())),
        ] {
            let payload = Event::new(NOW, actor, Act::SettingChanged, subject).payload();
            let value: serde_json::Value = serde_json::from_slice(&payload).unwrap();
            assert_eq!(serde_json::to_vec(&value).unwrap(), payload);
        }
    }
}
