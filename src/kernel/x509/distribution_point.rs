//! Distribution points: where a certificate's CRL is (RFC 5280 4.2.1.13) and how a
//! CRL names its part (RFC 5280 5.2.5).

use super::{GeneralName, Name, ReasonFlags};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag};

/// How many distribution points a certificate may have here.
const MAX_POINTS: usize = 64;

/// One entry of cRLDistributionPoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Where, or under which name, the CRL is found.
    pub name: Option<DistributionPointName>,
    /// The reasons it covers; absent: all.
    pub reasons: Option<ReasonFlags>,
    /// Who issues the CRL, where it is not the certificate's issuer.
    pub crl_issuer: Vec<GeneralName>,
}

/// The name of a distribution point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistributionPointName {
    /// Names or addresses.
    Full(Vec<GeneralName>),
    /// A relative name below the CRL issuer's, as encoded.
    Relative(Vec<u8>),
}

impl DistributionPoint {
    /// Reads the extension value.
    pub(super) fn read_all(value: &[u8]) -> Result<Vec<Self>, Asn1Error> {
        let mut points = Element::parse(value)?.reader()?;
        let points = points.elements(MAX_POINTS, "distribution points")?;
        points.iter().map(Self::read).collect()
    }

    fn read(point: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = point.reader()?;
        let name = DistributionPointName::read_optional(&mut fields)?;
        let reasons = fields.optional(Tag::context_primitive(1))?;
        let issuer = fields.optional(Tag::context(2))?;
        fields.finish()?;
        Ok(Self {
            name,
            reasons: reasons
                .map(|bits| bits.named_bits().map(ReasonFlags))
                .transpose()?,
            crl_issuer: match issuer {
                Some(names) => GeneralName::read_all(&mut names.reader()?)?,
                None => Vec::new(),
            },
        })
    }

    /// The addresses among its names.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        let names = match &self.name {
            Some(DistributionPointName::Full(names)) => names.as_slice(),
            _ => &[],
        };
        names.iter().filter_map(GeneralName::uri)
    }
}

impl DistributionPointName {
    /// Whether both name the same point: one name in common is enough (RFC 5280 6.3.3 (b)).
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Full(one), Self::Full(two)) => one
                .iter()
                .any(|name| two.iter().any(|other| name.matches(other))),
            _ => self == other,
        }
    }

    /// The same with its full names; `base` is whose name a relative one stands below.
    #[must_use]
    pub fn below(&self, base: &Name) -> Self {
        match self {
            Self::Full(_) => self.clone(),
            Self::Relative(content) => {
                let name = base.with_relative(content).map(GeneralName::Directory);
                Self::Full(name.into_iter().collect())
            }
        }
    }

    /// Reads `[0] DistributionPointName`, where there is one.
    pub(super) fn read_optional(fields: &mut Reader<'_>) -> Result<Option<Self>, Asn1Error> {
        let Some(mut choice) = fields.explicit(0)? else {
            return Ok(None);
        };
        let element = choice.element()?;
        choice.finish()?;
        let full = Tag::context(0);
        match element.tag() {
            found if found == full => {
                GeneralName::read_all(&mut element.reader()?).map(|names| Some(Self::Full(names)))
            }
            found if found == Tag::context(1) => {
                Ok(Some(Self::Relative(element.content().to_vec())))
            }
            found => Err(Asn1Error::UnexpectedTag {
                expected: full,
                found,
            }),
        }
    }
}
