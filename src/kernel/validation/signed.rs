//! A signature field with what its bytes hold: the format check of the PDF side
//! (EN 319 102-1, 5.2.2; EN 319 142-1, 5.3) and the CMS, examined.

use super::certificate::Engine;
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, SubIndication};
use super::report::{SignatureKind, TimestampKind};
use super::timestamp::Stamp;
use super::token::{Content, Token};
use crate::kernel::asn1::{ObjectIdentifier, oids};
use crate::kernel::cms::{SignedData, SignerInfo};
use crate::kernel::pdf::Pdf;
use crate::kernel::pdf::signatures::{self, RangeViolation, Signature, SignatureField, range};
use crate::kernel::pdf::strings::all_zero;
use crate::kernel::tsp::TimeStampToken;

/// One signature or document time-stamp of the file.
pub(super) struct Signed<'p> {
    pub(super) field: SignatureField<'p>,
    pub(super) signature: Signature<'p>,
    pub(super) kind: SignatureKind,
    /// What is wrong whatever time it is, apart from the CMS.
    pub(super) conclusion: Conclusion,
    pub(super) findings: Vec<Finding>,
    pub(super) body: Body,
}

/// What a signature field holds.
pub(super) enum Body {
    /// Nothing that can be read.
    Nothing,
    /// A signature with its time-stamps.
    Signature {
        token: Box<Token>,
        stamps: Vec<Stamp>,
    },
    /// A document time-stamp.
    Timestamp(Box<Stamp>),
}

/// What was read of a field, before it is examined.
pub(super) enum Parsed {
    /// A CMS signature, and the tokens it carries.
    Signature(Vec<(TimestampKind, TimeStampToken)>, SignedData),
    /// A document time-stamp.
    Timestamp(TimeStampToken),
}

impl Parsed {
    fn data(&self) -> &SignedData {
        match self {
            Self::Signature(_, data) => data,
            Self::Timestamp(token) => &token.signed_data,
        }
    }
}

/// The sub-filters that are read (ISO 32000-2, table 260; EN 319 142-1).
const SIGNATURES: [&str; 2] = ["ETSI.CAdES.detached", "adbe.pkcs7.detached"];
const TIMESTAMP: &str = "ETSI.RFC3161";

/// Evidence records and archive time-stamps of CAdES: proofs of existence that are not read.
const UNREAD: [ObjectIdentifier; 4] = [
    oids::ID_AA_ER_INTERNAL,
    oids::ID_AA_ER_EXTERNAL,
    oids::ID_AA_ETS_ARCHIVE_TIMESTAMP_V2,
    oids::ID_AA_ETS_ARCHIVE_TIMESTAMP_V3,
];

impl<'p> Signed<'p> {
    /// Reads a field; nothing if it is not signed.
    pub(super) fn read(pdf: &'p Pdf<'p>, mut field: SignatureField<'p>) -> Option<Self> {
        let signature = field.signature.take()?;
        let kind = match signature.kind {
            signatures::SignatureKind::Signature => SignatureKind::Signature,
            signatures::SignatureKind::DocTimeStamp => SignatureKind::DocumentTimestamp,
        };
        let mut signed = Self {
            field,
            kind,
            conclusion: Conclusion::Passed,
            findings: Vec::new(),
            body: Body::Nothing,
            signature,
        };
        for violation in range::violations(pdf, &signed.signature) {
            let code = match violation {
                RangeViolation::NoContents
                | RangeViolation::ContentsElsewhere
                | RangeViolation::NotHexadecimal
                | RangeViolation::Empty
                | RangeViolation::TrailingData(_) => FindingCode::ContentsInvalid,
                _ => FindingCode::ByteRangeInvalid,
            };
            let finding = Finding::new(code).detail(violation);
            signed.note(SubIndication::FormatFailure, finding);
        }
        Some(signed)
    }

    pub(super) fn note(&mut self, reason: SubIndication, finding: impl Into<Finding>) {
        self.conclusion = self.conclusion.and(Conclusion::of(reason));
        self.findings.push(finding.into().leading_to(reason));
    }

    /// Where what it covers ends.
    pub(super) fn covered_end(&self) -> Option<usize> {
        self.signature.byte_range.end()
    }

    /// Where its own value ends in the file.
    pub(super) fn value_end(&self) -> usize {
        let contents = self.signature.contents.as_ref();
        contents
            .and_then(|contents| contents.span)
            .map_or(usize::MAX, |span| span.end)
    }

    /// Reads what the field holds, and fills the pool with its certificates and
    /// revocation data.
    pub(super) fn parse(&mut self, engine: &mut Engine<'_>) -> Option<Parsed> {
        let end = self.value_end();
        let contents = self.signature.contents.take()?;
        let parsed = self.parse_value(engine, &contents.bytes, end);
        self.signature.contents = Some(contents);
        parsed
    }

    fn parse_value(&mut self, engine: &mut Engine<'_>, value: &[u8], end: usize) -> Option<Parsed> {
        let parsed = match self.kind {
            SignatureKind::Signature => match SignedData::parse(value) {
                Ok(data) => Parsed::Signature(self.parse_stamps(engine, &data, end), data),
                Err(error) => return self.unreadable(FindingCode::CmsUnreadable, error),
            },
            SignatureKind::DocumentTimestamp => match TimeStampToken::parse(value) {
                Ok(token) => Parsed::Timestamp(token),
                Err(error) => return self.unreadable(FindingCode::TimestampUnreadable, error),
            },
        };
        let data = parsed.data();
        engine.evidence.signed_data(data, end);
        // Only the reader of a BER value knows where it ends.
        let after = value.get(data.der().len()..).unwrap_or_default();
        if !all_zero(after) && self.conclusion.is_passed() {
            self.note(SubIndication::FormatFailure, FindingCode::ContentsInvalid);
        }
        Some(parsed)
    }

    fn unreadable<T>(&mut self, code: FindingCode, error: impl std::fmt::Display) -> Option<T> {
        self.note(
            SubIndication::FormatFailure,
            Finding::new(code).detail(error),
        );
        None
    }

    /// The signature and content time-stamps of a signature.
    fn parse_stamps(
        &mut self,
        engine: &mut Engine<'_>,
        data: &SignedData,
        end: usize,
    ) -> Vec<(TimestampKind, TimeStampToken)> {
        let Some(signer) = data.only_signer() else {
            return Vec::new();
        };
        for oid in UNREAD {
            if signer.unsigned_values(oid).next().is_some() {
                let finding = Finding::new(FindingCode::EvidenceUnread);
                self.findings.push(finding.detail(oid));
            }
        }
        let over_value = signer.signature_time_stamps();
        let over_value = over_value.map(|der| (TimestampKind::Signature, der));
        let over_content = content_time_stamps(signer);
        let over_content = over_content.map(|der| (TimestampKind::Content, der));
        let mut stamps = Vec::new();
        for (kind, der) in over_value.chain(over_content) {
            match TimeStampToken::parse(der) {
                Ok(token) => {
                    engine.evidence.signed_data(&token.signed_data, end);
                    stamps.push((kind, token));
                }
                Err(error) => {
                    let finding = Finding::new(FindingCode::TimestampUnreadable).detail(error);
                    self.note(SubIndication::SigConstraintsFailure, finding);
                }
            }
        }
        stamps
    }

    /// Examines what was read over the bytes that are covered.
    pub(super) fn examine(&mut self, engine: &mut Engine<'_>, file: &[u8], parsed: Parsed) {
        let Some(covered) = self.signature.covered(file) else {
            return;
        };
        let sub_filter = self.signature.sub_filter.clone().unwrap_or_default();
        let expected = match self.kind {
            SignatureKind::Signature => SIGNATURES.contains(&sub_filter.as_str()),
            SignatureKind::DocumentTimestamp => sub_filter == TIMESTAMP,
        };
        if !expected {
            let finding = Finding::new(FindingCode::SubFilterUnsupported).detail(sub_filter);
            self.note(SubIndication::SigConstraintsFailure, finding);
            return;
        }
        let end = self.value_end();
        let (object, body) = match parsed {
            Parsed::Timestamp(token) => {
                let stamp = Stamp::examine(engine, token, TimestampKind::Document, &covered);
                (stamp.token.object, Body::Timestamp(Box::new(stamp)))
            }
            Parsed::Signature(tokens, data) => {
                let content = Content {
                    kind: oids::ID_DATA,
                    detached: Some(covered),
                };
                let token = Box::new(Token::examine(engine, data, &content));
                let stamps = examine_stamps(engine, &token, tokens, covered, end);
                (token.object, Body::Signature { token, stamps })
            }
        };
        engine.evidence.hold(object, end);
        self.body = body;
    }
}

fn examine_stamps(
    engine: &mut Engine<'_>,
    token: &Token,
    tokens: Vec<(TimestampKind, TimeStampToken)>,
    covered: [&[u8]; 2],
    end: usize,
) -> Vec<Stamp> {
    let value = token.signer().map(|signer| signer.signature.as_slice());
    let value = [value.unwrap_or_default()];
    let mut stamps = Vec::with_capacity(tokens.len());
    for (kind, read) in tokens {
        let message: &[&[u8]] = match kind {
            TimestampKind::Content => &covered,
            _ => &value,
        };
        let stamp = Stamp::examine(engine, read, kind, message);
        engine.evidence.hold(stamp.token.object, end);
        stamps.push(stamp);
    }
    stamps
}

/// Tokens made over the content before it was signed (EN 319 122-1, 5.2.8).
fn content_time_stamps(signer: &SignerInfo) -> impl Iterator<Item = &[u8]> {
    let signed = signer.signed_attributes.iter();
    signed
        .flat_map(|attributes| attributes.all(oids::ID_AA_ETS_CONTENT_TIMESTAMP))
        .flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
}
