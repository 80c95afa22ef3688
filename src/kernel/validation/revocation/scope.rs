//! Which certificates a CRL is about, and for which reasons (RFC 5280, 6.3.3 (b), (d)).

use crate::kernel::x509::crl::{Crl, IssuingDistributionPoint};
use crate::kernel::x509::{
    Certificate, DistributionPoint, DistributionPointName, GeneralName, Name, ReasonFlags,
};

/// The reasons for which a CRL covers a certificate; none where it does not.
pub(super) fn covered(crl: &Crl, certificate: &Certificate) -> ReasonFlags {
    let list = crl.issuing_distribution_point();
    if list.is_some_and(|list| is_of_another_kind(list, certificate)) {
        return ReasonFlags::NONE;
    }
    let listed = list.and_then(|list| list.only_some_reasons);
    let listed = listed.unwrap_or(ReasonFlags::ALL);
    // A CRL that no point names may still be one of the certificate's issuer (6.3.3, last
    // paragraph).
    let own = DistributionPoint {
        name: Some(DistributionPointName::Full(vec![GeneralName::Directory(
            certificate.issuer().clone(),
        )])),
        reasons: None,
        crl_issuer: Vec::new(),
    };
    let points = certificate.crl_distribution_points().iter().chain([&own]);
    points
        .filter(|point| is_named(point, crl, certificate.issuer()))
        .map(|point| point.reasons.unwrap_or(ReasonFlags::ALL).common(listed))
        .fold(ReasonFlags::NONE, ReasonFlags::and)
}

/// (b)(2)(ii) to (iv)
fn is_of_another_kind(list: &IssuingDistributionPoint, certificate: &Certificate) -> bool {
    list.only_attribute_certificates
        || (list.only_user_certificates && certificate.is_ca())
        || (list.only_ca_certificates && !certificate.is_ca())
}

/// (b)(1) and (b)(2)(i): the point is that of the list.
fn is_named(point: &DistributionPoint, crl: &Crl, issuer: &Name) -> bool {
    let list = crl.issuing_distribution_point();
    let mut others = point.crl_issuer.iter().filter_map(GeneralName::directory);
    let base = if point.crl_issuer.is_empty() {
        issuer
    } else {
        let indirect = list.is_some_and(|list| list.indirect);
        match others.find(|other| other.matches(crl.issuer())) {
            Some(other) if indirect => other,
            _ => return false,
        }
    };
    if !crl.issuer().matches(base) {
        return false;
    }
    let Some(listed) = list.and_then(|list| list.name.as_ref()) else {
        return true;
    };
    let listed = listed.below(crl.issuer());
    match &point.name {
        Some(name) => name.below(base).meets(&listed),
        None => DistributionPointName::Full(point.crl_issuer.clone()).meets(&listed),
    }
}
