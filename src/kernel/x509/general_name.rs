//! GeneralName (RFC 5280 4.2.1.6), as far as addresses and issuers need it.

use super::Name;
use crate::kernel::asn1::{Asn1Error, Reader, Tag};

/// How many names one GeneralNames may hold here.
const MAX_NAMES: usize = 256;

const URI: Tag = Tag::context_primitive(6);
const DIRECTORY_NAME: Tag = Tag::context(4);

/// A name of one of the forms we act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName {
    /// directoryName
    Directory(Name),
    /// uniformResourceIdentifier
    Uri(String),
    /// Another form, as encoded.
    Other(Vec<u8>),
}

impl GeneralName {
    /// Reads the names of a GeneralNames (or the content of an implicit one).
    pub(crate) fn read_all(names: &mut Reader<'_>) -> Result<Vec<Self>, Asn1Error> {
        let elements = names.elements(MAX_NAMES, "general names")?;
        elements
            .iter()
            .map(|element| match element.tag() {
                URI => Ok(Self::Uri(
                    String::from_utf8_lossy(element.content()).into_owned(),
                )),
                // A CHOICE is always tagged explicitly (X.680 31.2.7).
                DIRECTORY_NAME => {
                    let mut inner = element.reader()?;
                    let name = Name::from_element(&inner.element()?)?;
                    inner.finish()?;
                    Ok(Self::Directory(name))
                }
                _ => Ok(Self::Other(element.raw().to_vec())),
            })
            .collect()
    }

    /// The address, where it is one.
    pub fn uri(&self) -> Option<&str> {
        match self {
            Self::Uri(uri) => Some(uri),
            _ => None,
        }
    }

    /// The directory name, where it is one.
    pub const fn directory(&self) -> Option<&Name> {
        match self {
            Self::Directory(name) => Some(name),
            _ => None,
        }
    }

    /// Whether two names are the same (RFC 5280 7).
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Directory(one), Self::Directory(two)) => one.matches(two),
            _ => self == other,
        }
    }
}
