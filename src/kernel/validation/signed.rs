//! A signature field with what its bytes hold: the format check of the PDF side
//! (EN 319 102-1, 5.2.2; EN 319 142-1, 5.3) and the CMS, examined.

use super::certificate::Engine;
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, SubIndication};
use super::report::{SignatureKind, TimestampKind};
use super::timestamp::{Read, Stamp};
use super::token::{Content, Token};
use crate::kernel::asn1::oids;
use crate::kernel::cms::SignedData;
use crate::kernel::pdf::Pdf;
use crate::kernel::pdf::signatures::{self, RangeViolation, Signature, SignatureField, range};

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

/// The sub-filters that are read (ISO 32000-2, table 260; EN 319 142-1).
const SIGNATURES: [&str; 2] = ["ETSI.CAdES.detached", "adbe.pkcs7.detached"];
const TIMESTAMP: &str = "ETSI.RFC3161";

impl<'p> Signed<'p> {
    /// Reads a field; nothing if it is not signed.
    pub(super) fn read(pdf: &'p Pdf<'p>, field: SignatureField<'p>) -> Option<Self> {
        let signature = field.signature.clone()?;
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
        self.findings.push(finding.into());
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

    /// Reads the certificates and revocation data of the CMS into the pool.
    pub(super) fn parse(&mut self, engine: &mut Engine<'_>) -> Option<SignedData> {
        let contents = self.signature.contents.as_ref()?;
        match SignedData::parse(&contents.bytes) {
            Ok(data) => {
                let end = self.value_end();
                engine.evidence.signed_data(&data, end);
                for token in time_stamps(&data) {
                    if let Ok(inner) = SignedData::parse(token) {
                        engine.evidence.signed_data(&inner, end);
                    }
                }
                // Only the reader of a BER value knows where it ends.
                let after = contents.bytes.get(data.consumed..).unwrap_or_default();
                if after.iter().any(|byte| *byte != 0) && self.conclusion.is_passed() {
                    self.note(SubIndication::FormatFailure, FindingCode::ContentsInvalid);
                }
                Some(data)
            }
            Err(error) => {
                let finding = Finding::new(FindingCode::CmsUnreadable).detail(error);
                self.note(SubIndication::FormatFailure, finding);
                None
            }
        }
    }

    /// Examines the CMS over the bytes that are covered.
    pub(super) fn examine(&mut self, engine: &mut Engine<'_>, file: &[u8], data: SignedData) {
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
        match self.kind {
            SignatureKind::DocumentTimestamp => self.examine_timestamp(engine, covered),
            SignatureKind::Signature => {
                let content = Content {
                    kind: oids::ID_DATA,
                    detached: Some(covered),
                };
                let token = Box::new(Token::examine(engine, data, &content));
                let stamps = self.read_stamps(engine, &token, covered);
                self.body = Body::Signature { token, stamps };
            }
        }
        let object = match &self.body {
            Body::Signature { token, .. } => Some(token.object),
            Body::Timestamp(stamp) => Some(stamp.token.object),
            Body::Nothing => None,
        };
        if let Some(object) = object {
            engine.evidence.hold(object, self.value_end());
        }
    }

    fn examine_timestamp(&mut self, engine: &Engine<'_>, covered: [&[u8]; 2]) {
        let contents = self.signature.contents.as_ref();
        let der = contents.map_or(&[][..], |contents| &contents.bytes);
        match Stamp::read(engine, der, TimestampKind::Document, &covered) {
            Read::Stamp(stamp) => self.body = Body::Timestamp(stamp),
            Read::Unreadable(finding) => self.note(SubIndication::FormatFailure, finding),
        }
    }

    /// The signature and content time-stamps of a signature.
    fn read_stamps(
        &mut self,
        engine: &mut Engine<'_>,
        token: &Token,
        covered: [&[u8]; 2],
    ) -> Vec<Stamp> {
        let Some(signer) = token.signer() else {
            return Vec::new();
        };
        let over_value = signer
            .signature_time_stamps()
            .map(|der| (TimestampKind::Signature, der));
        let over_content = content_time_stamps(signer).map(|der| (TimestampKind::Content, der));
        let mut stamps = Vec::new();
        for (kind, der) in over_value.chain(over_content) {
            let read = match kind {
                TimestampKind::Content => Stamp::read(engine, der, kind, &covered),
                _ => Stamp::read(engine, der, kind, &[&signer.signature]),
            };
            match read {
                Read::Stamp(stamp) => {
                    engine.evidence.hold(stamp.token.object, self.value_end());
                    stamps.push(*stamp);
                }
                Read::Unreadable(finding) => {
                    self.note(SubIndication::SigConstraintsFailure, finding);
                }
            }
        }
        stamps
    }
}

/// All tokens that a signature carries.
fn time_stamps(data: &SignedData) -> impl Iterator<Item = &[u8]> {
    data.signer_infos.iter().flat_map(|signer| {
        signer
            .signature_time_stamps()
            .chain(content_time_stamps(signer))
    })
}

/// Tokens made over the content before it was signed (EN 319 122-1, 5.2.8).
fn content_time_stamps(signer: &crate::kernel::cms::SignerInfo) -> impl Iterator<Item = &[u8]> {
    let signed = signer.signed_attributes.iter();
    signed
        .flat_map(|attributes| attributes.all(oids::ID_AA_ETS_CONTENT_TIMESTAMP))
        .flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
}
