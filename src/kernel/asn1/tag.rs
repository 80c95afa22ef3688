//! The identifier octet (X.690 8.1.2), low tag numbers only.

use std::fmt;

/// An identifier octet: class, constructed bit and number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(pub u8);

const CONSTRUCTED: u8 = 0x20;

impl Tag {
    /// BOOLEAN
    pub const BOOLEAN: Self = Self(0x01);
    /// INTEGER
    pub const INTEGER: Self = Self(0x02);
    /// BIT STRING
    pub const BIT_STRING: Self = Self(0x03);
    /// OCTET STRING
    pub const OCTET_STRING: Self = Self(0x04);
    /// NULL
    pub const NULL: Self = Self(0x05);
    /// OBJECT IDENTIFIER
    pub const OID: Self = Self(0x06);
    /// ENUMERATED
    pub const ENUMERATED: Self = Self(0x0a);
    /// UTF8String
    pub const UTF8_STRING: Self = Self(0x0c);
    /// PrintableString
    pub const PRINTABLE_STRING: Self = Self(0x13);
    /// TeletexString
    pub const TELETEX_STRING: Self = Self(0x14);
    /// IA5String
    pub const IA5_STRING: Self = Self(0x16);
    /// UTCTime
    pub const UTC_TIME: Self = Self(0x17);
    /// GeneralizedTime
    pub const GENERALIZED_TIME: Self = Self(0x18);
    /// BMPString
    pub const BMP_STRING: Self = Self(0x1e);
    /// SEQUENCE, SEQUENCE OF
    pub const SEQUENCE: Self = Self(0x30);
    /// SET, SET OF
    pub const SET: Self = Self(0x31);

    /// Context-specific, constructed: `[n]` explicit, or implicit over a constructed type.
    pub const fn context(number: u8) -> Self {
        Self(0xa0 | number)
    }

    /// Context-specific, primitive: `[n]` implicit over a primitive type.
    pub const fn context_primitive(number: u8) -> Self {
        Self(0x80 | number)
    }

    /// Whether the contents are elements themselves.
    pub const fn is_constructed(self) -> bool {
        self.0 & CONSTRUCTED != 0
    }

    /// The same tag with the constructed bit set (BER strings in segments).
    pub const fn constructed(self) -> Self {
        Self(self.0 | CONSTRUCTED)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::BOOLEAN => "BOOLEAN",
            Self::INTEGER => "INTEGER",
            Self::BIT_STRING => "BIT STRING",
            Self::OCTET_STRING => "OCTET STRING",
            Self::NULL => "NULL",
            Self::OID => "OBJECT IDENTIFIER",
            Self::ENUMERATED => "ENUMERATED",
            Self::UTF8_STRING => "UTF8String",
            Self::UTC_TIME => "UTCTime",
            Self::GENERALIZED_TIME => "GeneralizedTime",
            Self::SEQUENCE => "SEQUENCE",
            Self::SET => "SET",
            Self(octet) if octet & 0xc0 == 0x80 => return write!(f, "[{}]", octet & 0x1f),
            Self(octet) => return write!(f, "tag {octet:#04x}"),
        };
        f.write_str(name)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
