//! What CRLs say (RFC 5280, 6.3): complete ones, each with the newest delta that
//! amends it; indirect ones; and those for some reasons, until every reason is covered.

use time::OffsetDateTime;

use super::signer::CrlSigner;
use super::{
    Link, Registry, Signed, Sources, State, Statement, Statements, check_remembers, delta, scope,
};
use crate::kernel::hash::Sha256;
use crate::kernel::validation::report::RevocationSource;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::{Certificate, ReasonFlags, RevocationReason};

/// How many lists for some reasons only are put together.
const MOST_PARTS: usize = 32;

/// What one complete CRL, amended, says for some reasons.
struct Part {
    reasons: ReasonFlags,
    statement: Statement,
}

impl Registry {
    pub(super) fn read_crls(
        &mut self,
        sources: Sources<'_>,
        link: Link<'_>,
        depth: usize,
        found: &mut Statements,
    ) {
        let mut parts = Vec::new();
        for (object, crl) in &sources.evidence.crls {
            let reasons = scope::covered(crl, link.certificate);
            if crl.is_delta() || reasons == ReasonFlags::NONE {
                continue;
            }
            match self.read_crl(sources, (*object, crl), link, depth) {
                Ok(statement) => parts.push(Part { reasons, statement }),
                Err(reason) => found.refused.push(format!("CRL: {reason}")),
            }
        }
        found.usable.extend(combined(parts));
    }

    fn read_crl(
        &mut self,
        sources: Sources<'_>,
        (object, crl): (Sha256, &Crl),
        link: Link<'_>,
        depth: usize,
    ) -> Result<Statement, String> {
        check_supported(crl)?;
        if crl.number().is_none() && !sources.allow_weak {
            return Err("it has no number (RFC 5280, 5.2.3)".to_owned());
        }
        let signer = self.crl_signer(sources, (object, crl), link, depth)?;
        let bits = key_bits(&signer.certificate);
        let listed = state(crl, link.certificate)?;
        let mut statement = Statement {
            source: RevocationSource::Crl,
            signed: vec![signed(object, crl, bits)],
            this_update: crl.this_update(),
            next_update: crl.next_update(),
            state: listed.unwrap_or(State::Good),
            delegates: Vec::new(),
        };
        sources.check_not_ahead(crl.this_update(), statement.state)?;
        if listed.is_none() {
            check_silence(crl, link.certificate)?;
        }
        if let Some((object, delta)) = self.newest_delta(sources, crl, &signer) {
            let told = state(delta, link.certificate)?;
            // One that may have forgotten the certificate changes nothing by its silence.
            if told.is_some() || check_silence(delta, link.certificate).is_ok() {
                statement.signed.push(signed(object, delta, bits));
                statement.this_update = delta.this_update().max(statement.this_update);
                statement.next_update = earlier(statement.next_update, delta.next_update());
                statement.state = told.unwrap_or(statement.state);
            }
        }
        statement.delegates = signer.delegates;
        Ok(statement)
    }

    /// The delta with the greatest number that amends a CRL, under the same key.
    fn newest_delta<'s>(
        &mut self,
        sources: Sources<'s>,
        crl: &Crl,
        signer: &CrlSigner,
    ) -> Option<(Sha256, &'s Crl)> {
        let deltas = sources.evidence.crls.iter().filter(|(object, one)| {
            let current = sources.check_not_ahead(one.this_update(), State::Good);
            one.is_delta()
                && current.is_ok()
                && delta::amends(one, crl)
                && check_supported(one).is_ok()
                && self
                    .verify_crl(sources, (*object, one), &signer.certificate)
                    .is_ok()
        });
        let newest = deltas.max_by(|(_, one), (_, other)| {
            let [one, other] = [one, other].map(|crl| crl.number().unwrap_or_default());
            delta::compare(&one, &other)
        });
        newest.map(|(object, crl)| (*object, crl))
    }
}

fn key_bits(certificate: &Certificate) -> u32 {
    certificate.public_key().map_or(0, |key| key.bits())
}

fn signed(object: Sha256, crl: &Crl, key_bits: u32) -> Signed {
    Signed {
        object,
        algorithm: crl.signature_algorithm().ok(),
        key_bits,
    }
}

fn earlier(one: Option<OffsetDateTime>, other: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Refuses what is not understood (RFC 5280, 5.2, 5.3).
fn check_supported(crl: &Crl) -> Result<(), String> {
    crl.unknown_critical().map_or(Ok(()), |oid| {
        Err(format!("unknown critical extension {oid}"))
    })
}

/// What a list means that does not name a certificate.
fn check_silence(crl: &Crl, certificate: &Certificate) -> Result<(), String> {
    check_remembers(crl.this_update(), crl.lists_expired_since(), certificate)
}

/// What the entry of a certificate says; nothing where there is none.
fn state(crl: &Crl, certificate: &Certificate) -> Result<Option<State>, String> {
    let indirect = crl
        .issuing_distribution_point()
        .is_some_and(|point| point.indirect);
    let entry = if indirect {
        crl.entry_of(certificate.issuer(), certificate.serial())
    } else {
        crl.entry(certificate.serial())
    };
    let Some(entry) = entry else {
        return Ok(None);
    };
    if entry.certificate_issuer.is_some() && !indirect {
        return Err("an entry names an issuer in a direct CRL".to_owned());
    }
    Ok(Some(match entry.reason {
        Some(RevocationReason::RemoveFromCrl) => State::Good,
        // RFC 5280, 5.3.2: since when the key is suspected, where that is earlier. What is
        // proven to be older than the revocation alone may be somebody else's.
        reason => State::Revoked {
            at: entry
                .invalidity_date
                .map_or(entry.at, |since| since.min(entry.at)),
            reason,
        },
    }))
}

/// The statements that parts make together (6.3.3 (l)): a revocation counts for whatever
/// reason; that a certificate stands, only for all of them.
fn combined(mut parts: Vec<Part>) -> Vec<Statement> {
    let mut found = Vec::new();
    parts.retain(|part| {
        let whole = part.reasons.covers(ReasonFlags::ALL) || part.statement.state != State::Good;
        if whole {
            found.push(part.statement.clone());
        }
        !whole
    });
    parts.sort_by_key(|part| std::cmp::Reverse(part.statement.this_update));
    parts.truncate(MOST_PARTS);
    found.extend((0..parts.len()).filter_map(|from| together(parts.get(from..)?)));
    found
}

/// The newest of each reason, the first included.
fn together(parts: &[Part]) -> Option<Statement> {
    let (first, rest) = parts.split_first()?;
    let mut reasons = first.reasons;
    let mut whole = first.statement.clone();
    for part in rest {
        if reasons.covers(part.reasons) {
            continue;
        }
        reasons = reasons.and(part.reasons);
        whole.signed.extend(&part.statement.signed);
        whole.this_update = whole.this_update.min(part.statement.this_update);
        whole.next_update = earlier(whole.next_update, part.statement.next_update);
        whole.delegates.extend(part.statement.delegates.clone());
    }
    reasons.covers(ReasonFlags::ALL).then_some(whole)
}
