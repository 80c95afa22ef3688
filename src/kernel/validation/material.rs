//! The evidence beside a report: the objects that its verdicts rest on, each once.

use std::collections::HashSet;

use super::certificate::Engine;
use super::input::Role;
use super::report::{Covered, EvidenceKind, EvidenceObject, TimestampKind};
use super::revocation::Link;
use super::signed::{Body, Signed};
use super::timestamp::Stamp;
use super::token::Token;
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::CertificatePath;

/// Collects the evidence of all signatures: first each signature and its
/// time-stamps, then what their chains rest on.
pub(super) fn collect(engine: &Engine<'_>, all: &[Signed<'_>]) -> Vec<EvidenceObject> {
    let mut material = Material {
        engine,
        seen: HashSet::new(),
        objects: Vec::new(),
    };
    for signed in all {
        let file = covered(signed);
        match &signed.body {
            Body::Nothing => {}
            Body::Timestamp(stamp) => material.stamp(stamp, file),
            Body::Signature { token, stamps } => {
                let der = token.data.der().to_vec();
                material.token(EvidenceKind::Signature, token, der, file.clone());
                for stamp in stamps {
                    let over = match stamp.kind {
                        TimestampKind::Content => file.clone(),
                        _ => Covered::Bytes(value(token)),
                    };
                    material.stamp(stamp, over);
                }
            }
        }
    }
    material.objects
}

fn covered(signed: &Signed<'_>) -> Covered {
    match signed.signature.byte_range.spans() {
        Some([first, second]) => Covered::File([first.start..first.end, second.start..second.end]),
        None => Covered::Itself,
    }
}

fn value(token: &Token) -> Vec<u8> {
    let signer = token.signer();
    signer.map_or_else(Vec::new, |signer| signer.signature.clone())
}

struct Material<'e, 'i> {
    engine: &'e Engine<'i>,
    seen: HashSet<Sha256>,
    objects: Vec<EvidenceObject>,
}

impl Material<'_, '_> {
    fn stamp(&mut self, stamp: &Stamp, over: Covered) {
        let der = stamp.der.clone();
        self.token(EvidenceKind::Timestamp, &stamp.token, der, over);
    }

    fn token(&mut self, kind: EvidenceKind, token: &Token, der: Vec<u8>, covered: Covered) {
        let role = match kind {
            EvidenceKind::Timestamp => Role::Tsa,
            _ => Role::Signer,
        };
        let leaf = token.certificate.as_ref();
        let chain = leaf.and_then(|leaf| self.engine.known_chain(leaf, role));
        let about = match (&chain, leaf) {
            (Some(chain), _) => fingerprints(chain),
            (None, leaf) => leaf.iter().map(|leaf| leaf.fingerprint()).collect(),
        };
        let name = leaf.map_or_else(String::new, |leaf| leaf.subject().to_string());
        if self.seen.insert(token.object) {
            let signer = token.signer();
            let digest = signer.and_then(|signer| {
                let hash = signer.digest_algorithm.as_ref().ok()?;
                Some((*hash, signer.message_digest().ok()?))
            });
            self.objects.push(EvidenceObject {
                value: value(token),
                digest,
                covered,
                about,
                proven: self.engine.proofs.proven(&token.object),
                ..EvidenceObject::new(kind, token.object, der, name)
            });
        }
        match (chain, leaf) {
            (Some(chain), _) => self.chain(&chain),
            (None, Some(leaf)) => self.certificate(leaf),
            (None, None) => {}
        }
    }

    fn chain(&mut self, chain: &CertificatePath) {
        let Some(anchor) = chain.anchor() else {
            return;
        };
        for certificate in chain.certificates() {
            self.certificate(certificate);
        }
        for (certificate, issuer) in chain.links() {
            let link = Link {
                certificate,
                issuer,
                anchor,
            };
            let Some(statements) = self.engine.known_statements(link) else {
                continue;
            };
            let about = vec![certificate.fingerprint(), issuer.fingerprint()];
            for statement in &statements.usable {
                for delegate in &statement.delegates {
                    self.certificate(&delegate.certificate);
                }
                for signed in &statement.signed {
                    self.status(signed.object, &about);
                }
            }
        }
    }

    fn certificate(&mut self, certificate: &Certificate) {
        let id = certificate.fingerprint();
        if self.seen.insert(id) {
            let kind = EvidenceKind::Certificate;
            let der = certificate.der().to_vec();
            let name = certificate.subject().to_string();
            self.objects.push(EvidenceObject {
                proven: self.engine.proofs.proven(&id),
                ..EvidenceObject::new(kind, id, der, name)
            });
        }
    }

    /// A CRL or an OCSP response; one may speak of several certificates.
    fn status(&mut self, id: Sha256, about: &[Sha256]) {
        if !self.seen.insert(id) {
            let known = self.objects.iter_mut().find(|object| object.id == id);
            let known = known.filter(|known| !known.about.starts_with(about));
            if let Some(known) = known {
                known.about.extend(about);
            }
            return;
        }
        let evidence = &self.engine.evidence;
        let ocsp = evidence.ocsps.iter().find(|(object, _)| *object == id);
        let crl = evidence.crls.iter().find(|(object, _)| *object == id);
        let (kind, der, name) = match (ocsp, crl) {
            (Some((_, ocsp)), _) => (EvidenceKind::Ocsp, ocsp.der(), String::new()),
            (_, Some((_, crl))) => (EvidenceKind::Crl, crl.der(), crl.issuer().to_string()),
            (None, None) => return,
        };
        self.objects.push(EvidenceObject {
            about: about.to_vec(),
            proven: self.engine.proofs.proven(&id),
            ..EvidenceObject::new(kind, id, der.to_vec(), name)
        });
    }
}

fn fingerprints(chain: &CertificatePath) -> Vec<Sha256> {
    chain
        .certificates()
        .iter()
        .map(Certificate::fingerprint)
        .collect()
}
