//! Time-stamp validation (EN 319 102-1, 5.4): the token of a signature, of its
//! content or of a document.

use time::{Duration, OffsetDateTime};

use super::certificate::{Engine, Judgement};
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, SubIndication};
use super::input::Role;
use super::problems::{Problem, stamp};
use super::report::{TimestampKind, TimestampReport};
use super::token::{Content, Token};
use crate::kernel::asn1::oids;
use crate::kernel::tsp::TimeStampToken;

/// A time-stamp, read and examined.
pub(super) struct Stamp {
    pub(super) kind: TimestampKind,
    pub(super) time: OffsetDateTime,
    pub(super) token: Token,
    /// The token as encoded.
    pub(super) der: Vec<u8>,
    imprint_hash: crate::kernel::hash::HashAlgorithm,
    /// What became of the problems of its authority, once validated.
    pub(super) weighed: Conclusion,
    /// The outcome, once validated.
    pub(super) conclusion: Conclusion,
    pub(super) findings: Vec<Finding>,
    /// What its certificate was found to be, once validated.
    pub(super) judgement: Option<Judgement>,
}

impl Stamp {
    /// Examines all of a token over a message in parts that does not depend on
    /// time.
    pub(super) fn examine(
        engine: &Engine<'_>,
        read: TimeStampToken,
        kind: TimestampKind,
        message: &[&[u8]],
    ) -> Self {
        let content = Content {
            kind: oids::ID_CT_TST_INFO,
            detached: None,
        };
        let der = read.der().to_vec();
        let imprint = read.tst.imprint;
        let mut stamp = Self {
            kind,
            time: read.tst.gen_time,
            der,
            token: Token::examine(engine, read.signed_data, &content),
            imprint_hash: imprint.hash,
            weighed: Conclusion::Passed,
            conclusion: Conclusion::Passed,
            findings: Vec::new(),
            judgement: None,
        };
        stamp.conclusion = stamp.token.conclusion;
        stamp.findings.append(&mut stamp.token.findings);
        if engine.hashes.digest(imprint.hash, message) != imprint.digest {
            stamp.note(SubIndication::HashFailure, FindingCode::TimestampImprint);
        }
        stamp.check_usage();
        stamp.check_validity();
        stamp.check_future(engine);
        stamp
    }

    fn note(&mut self, reason: SubIndication, finding: impl Into<Finding>) {
        self.conclusion = self.conclusion.and(Conclusion::of(reason));
        self.findings.push(finding.into().leading_to(reason));
    }

    /// RFC 3161, 2.3.
    fn check_usage(&mut self) {
        let usage = self.token.certificate.as_ref();
        let usage = usage.and_then(|certificate| certificate.extended_key_usage());
        let alone = usage.is_some_and(|usage| usage.is_only(&oids::ID_KP_TIME_STAMPING));
        if self.token.certificate.is_some() && !alone {
            let reason = SubIndication::ChainConstraintsFailure;
            self.note(reason, FindingCode::TimestampExtendedKeyUsage);
        }
    }

    /// The authority's certificate was valid at the time that the token states: outside
    /// it the token is not what it says, whatever is proven about it (5.5.4).
    fn check_validity(&mut self) {
        let Some(certificate) = &self.token.certificate else {
            return;
        };
        let reason = if self.time < certificate.not_before() {
            SubIndication::NotYetValid
        } else if self.time > certificate.not_after() {
            SubIndication::Expired
        } else {
            return;
        };
        let finding = Finding::new(FindingCode::SignedOutsideValidity).detail(stamp(self.time));
        self.note(reason, finding);
    }

    /// A time that has not come proves nothing.
    fn check_future(&mut self, engine: &Engine<'_>) {
        let tolerance = engine.input.policy.timestamp.tolerance_seconds;
        let latest = engine
            .input
            .at
            .saturating_add(Duration::seconds(tolerance.into()));
        if self.time > latest {
            let finding = Finding::new(FindingCode::TimestampOrder).detail(stamp(self.time));
            self.note(SubIndication::TimestampOrderFailure, finding);
        }
    }

    /// Validates the authority: its certificate now, or by proofs of existence
    /// at an earlier time. A token that passes is a proof itself; what it proves
    /// is for the caller to say.
    pub(super) fn validate(&mut self, engine: &mut Engine<'_>) {
        let Some(certificate) = self.token.certificate.clone() else {
            return;
        };
        let now = engine.input.at;
        let mut own = self.token.weaknesses(engine, now);
        own.extend(self.weak_imprint(engine));
        let object = self.token.object;
        let (judgement, outcome) = engine.assess(&object, &certificate, Role::Tsa, &own, None);
        self.judgement = Some(judgement);
        self.weighed = outcome.conclusion;
        self.conclusion = self.conclusion.and(outcome.conclusion);
        self.findings.extend(outcome.findings);
    }

    /// The imprint's hash function must hold now, or have held when the token is
    /// proven to have existed (5.6.2.3).
    fn weak_imprint(&self, engine: &Engine<'_>) -> Option<Problem> {
        let until = engine.input.policy.hash_until(self.imprint_hash);
        (!until.covers(engine.input.at)).then(|| Problem::Weak {
            object: self.token.object,
            until,
            what: self.imprint_hash.to_string(),
            key: false,
        })
    }

    /// Whether its time contradicts that of another one.
    pub(super) fn is_out_of_order(&self) -> bool {
        self.conclusion.sub_indication() == Some(SubIndication::TimestampOrderFailure)
    }

    /// The line in the report of the signature it concerns.
    pub(super) fn report(&self) -> TimestampReport {
        let tsa = self.token.certificate.as_ref();
        TimestampReport {
            kind: self.kind,
            time: Some(self.time),
            indication: self.conclusion.status(),
            sub_indication: self.conclusion.sub_indication(),
            tsa: tsa.map(|tsa| tsa.subject().to_string()),
            signature_value_sha256: Some(self.token.object.to_string()),
        }
    }

    /// Whether the token is broken, rather than of somebody unknown: such a
    /// time-stamp is not merely of no use (attacks on it must not go unseen).
    pub(super) fn is_broken(&self) -> bool {
        matches!(
            self.conclusion,
            Conclusion::Failed(_)
                | Conclusion::Indeterminate(
                    SubIndication::ChainConstraintsFailure
                        | SubIndication::SigConstraintsFailure
                        | SubIndication::NoSigningCertificateFound
                        | SubIndication::TimestampOrderFailure
                )
        )
    }
}
