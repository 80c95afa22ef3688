//! Whom a certificate names (RFC 5280 section 4.1.2.6, EN 319 412-2 and -3).
//!
//! Country, organisation, unit, title, name and a number that tells two people of the same name
//! apart. No population number (NIK), no date of birth: certificates are public.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::kernel::asn1::{Tag, oids, write};
use crate::kernel::x509::Name;

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Two letters; Indonesia unless said otherwise.
    #[serde(default = "indonesia")]
    pub country: String,
    /// The office or agency.
    pub organization: Option<String>,
    /// The unit in it.
    pub organizational_unit: Option<String>,
    /// The office held.
    pub title: Option<String>,
    /// The person's, service's or authority's name.
    pub common_name: String,
    /// Tells two people of the same name apart; a staff number, not a population number.
    pub serial_number: Option<String>,
}

fn indonesia() -> String {
    "ID".into()
}

/// Why a subject cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// Missing or longer than RFC 5280 appendix A.1 allows.
    #[error("{field} must have 1 to {most} characters")]
    Length {
        /// Which part.
        field: &'static str,
        /// How many it may have.
        most: usize,
    },
    /// Control characters, or blanks at an end: two names that look alike.
    #[error("{0} has control characters, or begins or ends with a blank")]
    Characters(&'static str),
    /// Not a country code, or a number with letters PrintableString lacks.
    #[error("{0} is not a PrintableString of its kind")]
    NotPrintable(&'static str),
}

impl Subject {
    /// A subject with a name and nothing else.
    #[must_use]
    pub fn named(common_name: &str) -> Self {
        Self {
            country: indonesia(),
            organization: None,
            organizational_unit: None,
            title: None,
            common_name: common_name.to_owned(),
            serial_number: None,
        }
    }

    /// The same in an organisation.
    #[must_use]
    pub fn of(self, organization: &str) -> Self {
        Self {
            organization: Some(organization.to_owned()),
            ..self
        }
    }

    /// The name, encoded.
    ///
    /// # Errors
    /// The part that cannot be written.
    pub fn name(&self) -> Result<Name, SubjectError> {
        let mut parts = vec![self.country()?];
        let optional = [
            (ORGANIZATION, "organization", &self.organization),
            (
                ORGANIZATIONAL_UNIT,
                "organizational_unit",
                &self.organizational_unit,
            ),
            (TITLE, "title", &self.title),
        ];
        for (oid, field, value) in optional {
            if let Some(value) = value {
                parts.push(attribute(&oid, Tag::UTF8_STRING, text(field, value)?));
            }
        }
        let name = text("common_name", &self.common_name)?;
        parts.push(attribute(&oids::ID_AT_COMMON_NAME, Tag::UTF8_STRING, name));
        if let Some(number) = &self.serial_number {
            let printable = text("serial_number", number)?;
            if !printable.bytes().all(is_printable) {
                return Err(SubjectError::NotPrintable("serial_number"));
            }
            parts.push(attribute(&SERIAL_NUMBER, Tag::PRINTABLE_STRING, printable));
        }
        Name::parse(&write::sequence_of(&parts)).map_err(|_| SubjectError::Characters("subject"))
    }

    fn country(&self) -> Result<Vec<u8>, SubjectError> {
        let code = self.country.as_str();
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(attribute(&COUNTRY, Tag::PRINTABLE_STRING, code));
        }
        Err(SubjectError::NotPrintable("country"))
    }
}

/// A relative name with one attribute.
fn attribute(oid: &ObjectIdentifier, string: Tag, value: &str) -> Vec<u8> {
    let attribute = write::sequence(&[&write::oid(oid), &write::tlv(string, value.as_bytes())]);
    write::set_of(vec![attribute])
}

fn text<'a>(field: &'static str, value: &'a str) -> Result<&'a str, SubjectError> {
    const MOST: usize = 64;
    if !(1..=MOST).contains(&value.chars().count()) {
        return Err(SubjectError::Length { field, most: MOST });
    }
    if value.chars().any(char::is_control) || value.trim() != value {
        return Err(SubjectError::Characters(field));
    }
    Ok(value)
}

fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_parts_in_order() {
        let subject = Subject {
            title: Some("Kepala Dinas".into()),
            serial_number: Some("P-001".into()),
            ..Subject::named("Dr. Siti Contoh, M.Si.").of("DPMPTSP Contoh")
        };
        assert_eq!(
            subject.name().unwrap().text(),
            "serialNumber=P-001,CN=Dr. Siti Contoh\\, M.Si.,title=Kepala Dinas,O=DPMPTSP Contoh,C=ID"
        );
    }

    #[test]
    fn refuses_what_does_not_fit_or_deceives() {
        let broken = [
            Subject::named(""),
            Subject::named(&"é".repeat(65)),
            Subject::named("Siti\u{0}"),
            Subject::named(" Siti"),
            Subject {
                country: "id".into(),
                ..Subject::named("Siti")
            },
            Subject {
                serial_number: Some("P_1".into()),
                ..Subject::named("Siti")
            },
        ];
        for subject in broken {
            assert!(subject.name().is_err(), "{subject:?}");
        }
        assert!(Subject::named(&"é".repeat(64)).name().is_ok());
    }
}
