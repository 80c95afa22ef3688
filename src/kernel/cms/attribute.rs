//! Attributes (RFC 5652 5.3), written, and read without touching a byte.

use const_oid::ObjectIdentifier;

use crate::kernel::asn1::{Asn1Error, Element, Tag, is_der, write};

const MAX_ATTRIBUTES: usize = 64;
const MAX_VALUES: usize = 64;

/// One attribute in DER.
pub(super) fn attribute(oid: &ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    let values = write::tlv(Tag::SET, value);
    write::sequence(&[&write::oid(oid), &values])
}

/// A set of attributes as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// As SET OF, whatever tag they were under: what a signature covers.
    der: Vec<u8>,
    list: Vec<Attribute>,
    /// Whether their length was in its shortest form, and they in order.
    is_canonical: bool,
}

/// An attribute with its values, each as encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// attrType
    pub oid: ObjectIdentifier,
    /// attrValues
    pub values: Vec<Vec<u8>>,
}

/// Why there is not one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// The attribute is not there.
    #[error("attribute {0} is absent")]
    Absent(ObjectIdentifier),
    /// The attribute is there more than once.
    #[error("attribute {0} stands more than once")]
    Repeated(ObjectIdentifier),
    /// It has no value or several.
    #[error("attribute {oid} has {count} values instead of one")]
    Values {
        /// Which attribute.
        oid: ObjectIdentifier,
        /// How many values it has.
        count: usize,
    },
}

impl Attributes {
    /// Reads the content of a SET OF Attribute, plain or under an implicit tag.
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.reader()?;
        let elements = reader.elements(MAX_ATTRIBUTES, "attributes")?;
        let sorted = elements.is_sorted_by(|one, two| one.raw() <= two.raw());
        // RFC 5652 5.4: signed under an EXPLICIT SET OF tag, not the [0] of the message.
        let der = write::tlv(Tag::SET, element.content());
        Ok(Self {
            is_canonical: sorted && element.raw().get(1..) == der.get(1..),
            der,
            list: elements
                .iter()
                .map(Attribute::read)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The attributes as a SET OF, the bytes that a signature covers.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether they are DER, the order of the SET OF included.
    pub fn is_der(&self) -> bool {
        self.is_canonical && is_der(&self.der)
    }

    /// Every attribute, in its order.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.list.iter()
    }

    /// Every attribute of a type.
    pub fn all(&self, oid: ObjectIdentifier) -> impl Iterator<Item = &Attribute> {
        self.list
            .iter()
            .filter(move |attribute| attribute.oid == oid)
    }

    /// The one value of an attribute that must stand once (RFC 5652 11.1, 11.2).
    pub fn single(&self, oid: ObjectIdentifier) -> Result<&[u8], AttributeError> {
        let mut found = self.all(oid);
        let attribute = found.next().ok_or(AttributeError::Absent(oid))?;
        if found.next().is_some() {
            return Err(AttributeError::Repeated(oid));
        }
        match attribute.values.as_slice() {
            [value] => Ok(value),
            values => Err(AttributeError::Values {
                oid,
                count: values.len(),
            }),
        }
    }
}

impl Attribute {
    fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader()?;
        let oid = fields.oid()?;
        let mut values = fields.set()?;
        fields.finish()?;
        let values = values.elements(MAX_VALUES, "attribute values")?;
        Ok(Self {
            oid,
            values: values.iter().map(|value| value.raw().to_vec()).collect(),
        })
    }
}
