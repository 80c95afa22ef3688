//! What RFC 5280 forbids in the certificates of a path and OpenSSL's strict flag lets
//! pass. x509-limbo has a case for each.

use super::{PathError, PathErrorKind};
use crate::kernel::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag, oids};
use crate::kernel::x509::Certificate;

/// The longest serial number in octets (4.1.2.2).
const LONGEST_SERIAL: usize = 20;
/// How many names or subtrees are looked at; more are refused.
const MOST_NAMES: usize = 1024;

const RFC822_NAME: Tag = Tag::context_primitive(1);
const DNS_NAME: Tag = Tag::context_primitive(2);

/// Checks a prospective path, the anchor last. Of the anchor less is asked: it is trusted
/// for itself, but what it says of others is to be understood.
pub(super) fn check(path: &[Certificate]) -> Result<(), PathError> {
    for (place, certificate) in path.iter().enumerate() {
        let is_anchor = place + 1 == path.len();
        fault(certificate, is_anchor).map_or(Ok(()), |what| {
            let kind = PathErrorKind::Profile(what.to_owned());
            Err(PathError::of(kind, certificate))
        })?;
    }
    Ok(())
}

fn fault(certificate: &Certificate, is_anchor: bool) -> Option<&'static str> {
    let unnamed = certificate.authority_key_identifier().is_none();
    if unnamed && !certificate.is_self_issued() {
        return Some("no authority key identifier (4.2.1.1)");
    }
    if is_anchor {
        return serial(certificate, true).or_else(|| constraints(certificate));
    }
    let usage = certificate.extended_key_usage();
    if usage.is_some_and(|usage| usage.purposes.is_empty()) {
        return Some("an extended key usage without a purpose (4.2.1.12)");
    }
    serial(certificate, false)
        .or_else(|| constraints(certificate))
        .or_else(|| names(certificate))
}

/// 4.1.2.2. Many an old root has the number zero.
fn serial(certificate: &Certificate, is_anchor: bool) -> Option<&'static str> {
    let serial = certificate.serial();
    let first = serial.first().copied().unwrap_or_default();
    if serial.len() > LONGEST_SERIAL {
        Some("a serial number of more than 20 octets (4.1.2.2)")
    } else if first >= 0x80 || (!is_anchor && serial.iter().all(|octet| *octet == 0)) {
        Some("a serial number that is not positive (4.1.2.2)")
    } else {
        None
    }
}

/// 4.2.1.10, 4.2.1.11
fn constraints(certificate: &Certificate) -> Option<&'static str> {
    let of = |oid: ObjectIdentifier| {
        certificate
            .extensions()
            .iter()
            .find(move |one| one.oid == oid)
    };
    if of(oids::ID_CE_POLICY_CONSTRAINTS).is_some_and(|one| !one.critical) {
        return Some("policy constraints that are not critical (4.2.1.11)");
    }
    let names = of(oids::ID_CE_NAME_CONSTRAINTS)?;
    if !names.critical {
        return Some("name constraints that are not critical (4.2.1.10)");
    }
    if !certificate.is_ca() {
        return Some("name constraints in an end entity's certificate (4.2.1.10)");
    }
    let sound = subtrees(&names.value).is_ok_and(|sound| sound);
    (!sound).then_some("malformed name constraints (4.2.1.10)")
}

/// Whether the DNS names that constraints are about are such.
fn subtrees(value: &[u8]) -> Result<bool, Asn1Error> {
    let mut lists = Element::parse(value)?.reader()?;
    let mut sound = true;
    while !lists.is_empty() {
        let mut list = lists.element()?.reader()?;
        for subtree in list.elements(MOST_NAMES, "subtrees")? {
            let base = subtree.reader()?.element()?;
            let is_dns = base.tag() == DNS_NAME && !base.content().is_empty();
            sound &= !is_dns || is_host(base.content());
        }
    }
    Ok(sound)
}

/// 4.2.1.6: addresses and host names are written as such.
fn names(certificate: &Certificate) -> Option<&'static str> {
    let extensions = certificate.extensions().iter();
    let mut names = extensions.filter(|one| one.oid == oids::ID_CE_SUBJECT_ALT_NAME);
    let names = names.next()?;
    let sound = all_named(&names.value).is_ok_and(|sound| sound);
    (!sound).then_some("a malformed alternative name (4.2.1.6)")
}

fn all_named(value: &[u8]) -> Result<bool, Asn1Error> {
    let mut list: Reader<'_> = Element::parse(value)?.reader()?;
    let names = list.elements(MOST_NAMES, "alternative names")?;
    let mut names = names.iter();
    Ok(names.all(|name| match name.tag() {
        DNS_NAME => is_host(name.content()),
        RFC822_NAME => is_mailbox(name.content()),
        _ => true,
    }))
}

/// The preferred syntax of RFC 1034 3.5, as RFC 1123 2.1 widened it: no wildcards, no
/// addresses.
fn is_host(name: &[u8]) -> bool {
    let labels: Vec<&[u8]> = name.split(|octet| *octet == b'.').collect();
    let is_label = |label: &&[u8]| {
        let inside = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
        let ends = [label.first(), label.last()];
        (1..=63).contains(&label.len()) && label.iter().all(inside) && !ends.contains(&Some(&b'-'))
    };
    let last = labels.last().copied().unwrap_or_default();
    name.len() <= 253 && labels.iter().all(is_label) && !last.iter().all(u8::is_ascii_digit)
}

/// Local part and host (RFC 2821 4.1.2).
fn is_mailbox(name: &[u8]) -> bool {
    let Some(at) = name.iter().rposition(|octet| *octet == b'@') else {
        return false;
    };
    let (local, host) = (name.get(..at), name.get(at + 1..));
    let plain = |local: &[u8]| {
        let apart = |octet: &u8| octet.is_ascii_graphic() && *octet != b'@';
        (1..=64).contains(&local.len()) && local.iter().all(apart)
    };
    local.is_some_and(plain) && host.is_some_and(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_mailboxes_are_written_as_such() {
        for name in ["example.com", "a-b.c1.example", "x"] {
            assert!(is_host(name.as_bytes()), "{name}");
        }
        for name in [
            "",
            ".example.com",
            "*.example.com",
            "a_b.example",
            "8.8.8.8",
            "-a.example",
            "a.",
        ] {
            assert!(!is_host(name.as_bytes()), "{name}");
        }
        for name in ["budi@contoh.go.id", "*@example.com"] {
            assert!(is_mailbox(name.as_bytes()), "{name}");
        }
        for name in [
            "budi",
            "@example.com",
            "b c@example.com",
            "b@",
            "b@@example.com",
            "b@*.com",
        ] {
            assert!(!is_mailbox(name.as_bytes()), "{name}");
        }
    }
}
