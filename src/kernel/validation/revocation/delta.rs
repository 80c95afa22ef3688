//! Delta CRLs (RFC 5280, 5.2.4, 6.3.3 (c), (h), (i)): what changed since a complete one.

use std::cmp::Ordering;

use crate::kernel::x509::crl::Crl;

/// Whether a delta CRL amends a complete one: the same issuer, key and scope, a base not
/// newer than the complete list, and news for it.
pub(super) fn amends(delta: &Crl, complete: &Crl) -> bool {
    let numbers = delta
        .delta_base()
        .zip(delta.number())
        .zip(complete.number());
    let Some(((base, number), complete_number)) = numbers else {
        return false;
    };
    delta.issuer().matches(complete.issuer())
        && delta.authority_key_identifier() == complete.authority_key_identifier()
        && delta.issuing_distribution_point() == complete.issuing_distribution_point()
        && compare(&base, &complete_number) != Ordering::Greater
        && compare(&complete_number, &number) == Ordering::Less
}

/// The order of two CRL numbers, which are never negative (RFC 5280, 5.2.3).
pub(super) fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let [one, other] = [one, other].map(|number| {
        let zeros = number.iter().take_while(|octet| **octet == 0).count();
        number.get(zeros..).unwrap_or_default()
    });
    (one.len(), one).cmp(&(other.len(), other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        assert_eq!(compare(&[0, 0x80], &[0x7f]), Ordering::Greater);
        assert_eq!(compare(&[1, 0], &[0, 0xff]), Ordering::Greater);
        assert_eq!(compare(&[0], &[]), Ordering::Equal);
    }
}
