//! What an answer says of one certificate, if it says anything that counts.

use time::{Duration, OffsetDateTime};

use super::Link;
use crate::kernel::x509::RevocationReason;
use crate::kernel::x509::crl::{Crl, IssuingDistributionPoint};
use crate::kernel::x509::ocsp::{BasicResponse, CertStatus};

/// How far another's clock may be ahead of ours.
const SKEW: Duration = Duration::minutes(5);

/// What an answer says.
#[derive(Debug)]
pub(super) enum Judgement {
    Good(Box<Proof>),
    Revoked(RevocationReason),
    /// Nothing that counts: unknown, stale, not fresh, not authorised.
    Nothing,
}

/// An answer that shows a certificate not to be revoked.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub kind: Kind,
    pub this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// The whole OCSPResponse.
    Ocsp(Vec<u8>),
    Crl(Crl),
}

impl Proof {
    /// Whether it may be used now (RFC 6960 3.2).
    pub(super) fn is_current(&self, now: OffsetDateTime) -> bool {
        is_current(self.this_update, self.next_update, now)
    }
}

fn is_current(
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    this_update <= now.saturating_add(SKEW) && next_update.is_none_or(|next| now <= next)
}

/// Judges a response. A delegated responder must be valid and need no check of its own.
pub(super) fn ocsp(
    basic: &BasicResponse,
    der: &[u8],
    link: Link<'_>,
    now: OffsetDateTime,
) -> Judgement {
    let Some(single) = basic.response_for(link.certificate, link.issuer) else {
        return Judgement::Nothing;
    };
    let Ok(responder) = basic.verify(link.issuer, &[]) else {
        return Judgement::Nothing;
    };
    let own = responder.spki_der() == link.issuer.spki_der();
    let authorised = own || (responder.is_valid_at(now) && responder.has_ocsp_nocheck());
    if !authorised || !is_current(single.this_update, single.next_update, now) {
        return Judgement::Nothing;
    }
    match single.status {
        CertStatus::Revoked { reason, .. } => {
            Judgement::Revoked(reason.unwrap_or(RevocationReason::Unspecified))
        }
        CertStatus::Good if link.is_fresh(single.this_update) => Judgement::Good(Box::new(Proof {
            kind: Kind::Ocsp(der.to_vec()),
            this_update: single.this_update,
            next_update: single.next_update,
        })),
        CertStatus::Good | CertStatus::Unknown => Judgement::Nothing,
    }
}

/// Judges a CRL. Only one that the issuer itself signed and that covers every reason counts.
pub(super) fn crl(crl: &Crl, link: Link<'_>, now: OffsetDateTime) -> Judgement {
    let current = is_current(crl.this_update(), crl.next_update(), now);
    if !current || crl.verify(link.issuer).is_err() || !covers(crl, link) {
        return Judgement::Nothing;
    }
    match crl.entry(link.certificate.serial()) {
        Some(entry) => Judgement::Revoked(entry.reason.unwrap_or(RevocationReason::Unspecified)),
        None if link.is_fresh(crl.this_update()) => Judgement::Good(Box::new(Proof {
            kind: Kind::Crl(crl.clone()),
            this_update: crl.this_update(),
            next_update: crl.next_update(),
        })),
        None => Judgement::Nothing,
    }
}

/// Whether the CRL is complete for this certificate (RFC 5280 6.3.3 (b)).
fn covers(crl: &Crl, link: Link<'_>) -> bool {
    let part = crl.issuing_distribution_point();
    !crl.is_delta() && part.is_none_or(|part| covers_kind(part, link) && covers_point(part, link))
}

fn covers_kind(part: &IssuingDistributionPoint, link: Link<'_>) -> bool {
    let is_ca = link.certificate.is_ca();
    let wrong_kind = (part.only_user_certificates && is_ca)
        || (part.only_ca_certificates && !is_ca)
        || part.only_attribute_certificates;
    !wrong_kind && !part.indirect && part.only_some_reasons.is_none()
}

/// A CRL of one distribution point is for the certificates that name this point.
fn covers_point(part: &IssuingDistributionPoint, link: Link<'_>) -> bool {
    let points = link.certificate.crl_distribution_points();
    part.name.as_ref().is_none_or(|name| {
        let mut names = points.iter().filter_map(|point| point.name.as_ref());
        names.any(|other| name.meets(other))
    })
}
