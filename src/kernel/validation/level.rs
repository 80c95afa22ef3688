//! The PAdES baseline level that a signature reaches (EN 319 142-1, 6), by what
//! is there and holds, not by what is claimed.

use super::certificate::{Engine, Judgement};
use super::input::Role;
use super::process::covered_by_timestamp;
use super::report::{Level, SignatureKind, SignatureReport, TimestampKind};
use super::revocation::Link;
use super::signed::{Body, Signed};
use crate::kernel::x509::paths::CertificatePath;

/// The level of a signature; nothing for what is no PAdES signature, or whose
/// cryptography fails.
pub(super) fn of(
    engine: &Engine<'_>,
    all: &[Signed<'_>],
    signed: &Signed<'_>,
    report: &SignatureReport,
    judgement: Option<&Judgement>,
) -> Option<Level> {
    let Body::Signature { token, stamps } = &signed.body else {
        return None;
    };
    let baseline = signed.kind == SignatureKind::Signature
        && signed.signature.sub_filter.as_deref() == Some("ETSI.CAdES.detached")
        && report.crypto_valid
        && token.conclusion.is_passed();
    if !baseline {
        return None;
    }
    let stamped: Vec<_> = stamps
        .iter()
        .filter(|one| one.kind == TimestampKind::Signature && one.conclusion.is_passed())
        .collect();
    if stamped.is_empty() && !covered_by_timestamp(all, signed.value_end()) {
        return Some(Level::BB);
    }
    let signer = judgement.and_then(|judgement| judgement.chain.clone());
    let authorities = stamped
        .iter()
        .map(|stamp| engine.known_chain(stamp.token.certificate.as_ref()?, Role::Tsa));
    let mut ends = std::iter::once(signer)
        .chain(authorities)
        .map(|chain| material_end(engine, &*chain?));
    let last = ends.try_fold(signed.value_end(), |last, end| Some(last.max(end?)));
    Some(match last {
        None => Level::BT,
        Some(end) if covered_by_timestamp(all, end) => Level::BLta,
        Some(_) => Level::BLt,
    })
}

/// Where the file holds all that validates a chain: each certificate below the
/// anchor and a statement of its status. Nothing, where some of it is missing.
fn material_end(engine: &Engine<'_>, chain: &CertificatePath) -> Option<usize> {
    let anchor = chain.anchor()?;
    let mut last = 0;
    for (certificate, issuer) in chain.links() {
        let held = engine.evidence.embedded(&certificate.fingerprint())?;
        let link = Link {
            certificate,
            issuer,
            anchor,
        };
        let statements = engine.known_statements(link)?;
        let status = statements
            .usable
            .iter()
            .filter_map(|one| {
                let parts = one.signed.iter();
                let mut ends = parts.map(|part| engine.evidence.embedded(&part.object));
                ends.try_fold(0, |end, part| Some(end.max(part?)))
            })
            .min()?;
        last = last.max(held).max(status);
    }
    Some(last)
}
