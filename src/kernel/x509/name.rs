//! Distinguished names (RFC 5280 4.1.2.4, 7.1) and their text (RFC 4514).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use const_oid::ObjectIdentifier;

use crate::kernel::asn1::{Asn1Error, Element, Tag, oids, write};
use crate::kernel::hash::Sha256;

/// How many relative names or values a name may have here.
const MAX_PARTS: usize = 64;

/// The names that RFC 4514 3 and the LDAP registry give to attribute types.
const SHORT_NAMES: [(ObjectIdentifier, &str); 18] = [
    (ObjectIdentifier::new_unwrap("2.5.4.3"), "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.4"), "SN"),
    (ObjectIdentifier::new_unwrap("2.5.4.5"), "serialNumber"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("2.5.4.12"), "title"),
    (ObjectIdentifier::new_unwrap("2.5.4.17"), "postalCode"),
    (ObjectIdentifier::new_unwrap("2.5.4.42"), "givenName"),
    (ObjectIdentifier::new_unwrap("2.5.4.46"), "dnQualifier"),
    (ObjectIdentifier::new_unwrap("2.5.4.65"), "pseudonym"),
    (
        ObjectIdentifier::new_unwrap("2.5.4.97"),
        "organizationIdentifier",
    ),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"),
        "UID",
    ),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"),
        "DC",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1"),
        "emailAddress",
    ),
];

/// A distinguished name, kept as it was encoded; clones share it. Equality is equality of
/// bytes.
#[derive(Clone)]
pub struct Name(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    text: OnceLock<String>,
    key: OnceLock<Sha256>,
}

/// One attribute of a relative name.
struct Attribute<'a> {
    oid: ObjectIdentifier,
    value: Element<'a>,
}

impl Name {
    /// Keeps a name whose structure is sound.
    pub fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        if element.tag() != Tag::SEQUENCE {
            return Err(Asn1Error::UnexpectedTag {
                expected: Tag::SEQUENCE,
                found: element.tag(),
            });
        }
        check(element)?;
        Ok(Self(Arc::new(Inner {
            der: element.raw().to_vec(),
            text: OnceLock::new(),
            key: OnceLock::new(),
        })))
    }

    /// Reads a name that stands alone.
    pub fn parse(der: &[u8]) -> Result<Self, Asn1Error> {
        Self::from_element(&Element::parse(der)?)
    }

    /// The encoding.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Whether the name has no part at all.
    pub fn is_empty(&self) -> bool {
        self.relative_names().is_empty()
    }

    /// The last common name.
    pub fn common_name(&self) -> Option<String> {
        self.attribute(&oids::ID_AT_COMMON_NAME)
    }

    /// The last value of an attribute type.
    pub fn attribute(&self, oid: &ObjectIdentifier) -> Option<String> {
        self.relative_names()
            .into_iter()
            .flatten()
            .rfind(|attribute| attribute.oid == *oid)
            .map(|attribute| attribute.value.text())
    }

    /// The text of RFC 4514: last relative name first.
    pub fn text(&self) -> String {
        self.kept_text().to_owned()
    }

    fn kept_text(&self) -> &str {
        self.0.text.get_or_init(|| self.written())
    }

    fn written(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for attributes in self.relative_names() {
            let mut one = String::new();
            for attribute in attributes {
                one.push_str(if one.is_empty() { "" } else { "+" });
                attribute.write_text(&mut one);
            }
            parts.push(one);
        }
        parts.reverse();
        parts.join(",")
    }

    /// Whether two names are the same by RFC 5280 7.1: case and runs of spaces in
    /// strings do not count.
    pub fn matches(&self, other: &Self) -> bool {
        self.der() == other.der() || self.key() == other.key()
    }

    /// What names that match have in common, and others have not.
    fn key(&self) -> Sha256 {
        *self.0.key.get_or_init(|| self.canonical_hash())
    }

    fn canonical_hash(&self) -> Sha256 {
        let mut parts = Vec::with_capacity(self.der().len());
        // Counts and lengths keep the parts apart.
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes();
        for attributes in self.canonical() {
            parts.extend(number(attributes.len()));
            for (oid, value) in attributes {
                for part in [oid.as_bytes(), &value] {
                    parts.extend(number(part.len()));
                    parts.extend(part);
                }
            }
        }
        Sha256::of(&parts)
    }

    /// The name one level below, by a relative name's content (RFC 5280 4.2.1.13,
    /// nameRelativeToCRLIssuer).
    pub(super) fn with_relative(&self, content: &[u8]) -> Option<Self> {
        let parts = Element::parse(self.der()).ok()?;
        let relative = write::tlv(Tag::SET, content);
        Self::parse(&write::sequence(&[parts.content(), &relative])).ok()
    }

    fn canonical(&self) -> Vec<Vec<(ObjectIdentifier, Vec<u8>)>> {
        let names = self.relative_names().into_iter();
        names
            .map(|attributes| {
                let mut parts: Vec<_> = attributes.iter().map(Attribute::canonical).collect();
                parts.sort_unstable();
                parts
            })
            .collect()
    }

    fn relative_names(&self) -> Vec<Vec<Attribute<'_>>> {
        // The constructor read it already: there is no error to lose.
        relative_names(self.der()).unwrap_or_default()
    }
}

/// Whether a name reads, without reading it.
fn check(name: &Element<'_>) -> Result<(), Asn1Error> {
    let mut names = name.reader()?;
    let mut count = 0;
    while !names.is_empty() {
        count += 1;
        let mut attributes = names.element()?.reader()?;
        let mut of_one = 0;
        while !attributes.is_empty() {
            of_one += 1;
            Attribute::read(&attributes.element()?)?;
        }
        if of_one > MAX_PARTS {
            return Err(Asn1Error::TooMany("attributes of a relative name"));
        }
    }
    if count > MAX_PARTS {
        return Err(Asn1Error::TooMany("relative names"));
    }
    Ok(())
}

fn relative_names(der: &[u8]) -> Result<Vec<Vec<Attribute<'_>>>, Asn1Error> {
    let mut names = Element::parse(der)?.reader()?;
    let names = names.elements(MAX_PARTS, "relative names")?;
    names.iter().map(relative_name).collect()
}

fn relative_name<'a>(name: &Element<'a>) -> Result<Vec<Attribute<'a>>, Asn1Error> {
    let mut attributes = name.reader()?;
    let attributes = attributes.elements(MAX_PARTS, "attributes of a relative name")?;
    attributes.iter().map(Attribute::read).collect()
}

impl<'a> Attribute<'a> {
    fn read(attribute: &Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = attribute.reader()?;
        let oid = fields.oid()?;
        let value = fields.element()?;
        fields.finish()?;
        Ok(Self { oid, value })
    }

    fn write_text(&self, out: &mut String) {
        match SHORT_NAMES.iter().find(|(known, _)| *known == self.oid) {
            Some((_, short)) => out.extend([short, "=", &escape(&self.value.text())]),
            None => {
                out.push_str(&self.oid.to_string());
                out.extend(["=#", &hex::encode(self.value.raw())]);
            }
        }
    }

    fn canonical(&self) -> (ObjectIdentifier, Vec<u8>) {
        let is_string = matches!(
            self.value.tag(),
            Tag::UTF8_STRING
                | Tag::PRINTABLE_STRING
                | Tag::IA5_STRING
                | Tag::TELETEX_STRING
                | Tag::BMP_STRING
        );
        if !is_string {
            return (self.oid, self.value.raw().to_vec());
        }
        let text = self.value.text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        (self.oid, words.join(" ").into_bytes())
    }
}

/// RFC 4514 2.4; control characters are escaped too, so that no name can forge a log line.
fn escape(text: &str) -> Cow<'_, str> {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b" -./:@_".contains(&octet);
    if text.trim_ascii() == text && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let last = text.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', character]),
            '#' if index == 0 => out.push_str("\\#"),
            ' ' if index == 0 || index == last => out.push_str("\\ "),
            character if character.is_control() => {
                let mut octets = [0; 4];
                for octet in character.encode_utf8(&mut octets).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\{octet:02x}");
                }
            }
            character => out.push(character),
        }
    }
    Cow::Owned(out)
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.der().hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.der().cmp(other.der())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kept_text())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(oid: &str, tag: Tag, value: &str) -> Vec<u8> {
        let oid = write::oid(&ObjectIdentifier::new(oid).unwrap());
        write::sequence(&[&oid, &write::tlv(tag, value.as_bytes())])
    }

    fn name(rdns: Vec<Vec<Vec<u8>>>) -> Name {
        let rdns: Vec<Vec<u8>> = rdns.into_iter().map(write::set_of).collect();
        Name::parse(&write::sequence_of(&rdns)).unwrap()
    }

    #[test]
    fn text_is_that_of_rfc_4514() {
        let name = name(vec![
            vec![attribute("2.5.4.6", Tag::PRINTABLE_STRING, "ID")],
            vec![attribute(
                "2.5.4.10",
                Tag::UTF8_STRING,
                "Dinas, \"Contoh\" ",
            )],
            vec![
                attribute("2.5.4.3", Tag::UTF8_STRING, "Budi\n"),
                attribute("1.2.3.4", Tag::UTF8_STRING, "x"),
            ],
        ]);
        assert_eq!(
            name.text(),
            r#"1.2.3.4=#0c0178+CN=Budi\0a,O=Dinas\, \"Contoh\"\ ,C=ID"#
        );
        assert_eq!(name.common_name().unwrap(), "Budi\n");
    }

    #[test]
    fn comparison_ignores_case_spaces_and_string_type() {
        let one = name(vec![vec![attribute(
            "2.5.4.3",
            Tag::UTF8_STRING,
            "Good  CA ",
        )]]);
        let two = name(vec![vec![attribute(
            "2.5.4.3",
            Tag::PRINTABLE_STRING,
            "good ca",
        )]]);
        let other = name(vec![vec![attribute(
            "2.5.4.10",
            Tag::UTF8_STRING,
            "good ca",
        )]]);
        assert!(one != two && one.matches(&two));
        assert!(!one.matches(&other));
    }

    #[test]
    fn a_broken_name_is_refused() {
        assert!(Name::parse(&[0x30, 0x02, 0x31, 0x05]).is_err());
        assert!(Name::parse(&write::small(1)).is_err());
    }
}
