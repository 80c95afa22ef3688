//! TSTInfo (RFC 3161 2.4.2): what a time-stamp states.

use const_oid::ObjectIdentifier;
use time::{Duration, OffsetDateTime};

use super::imprint::RawImprint;
use super::{MessageImprint, TspError};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, time as asn1_time, write};
use crate::kernel::x509::Extension;

/// What a time-stamp states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    /// Under which policy it was issued.
    pub policy: ObjectIdentifier,
    /// What was stamped.
    pub imprint: MessageImprint,
    /// The content octets of the serial number.
    pub serial: Vec<u8>,
    /// When, with its fraction of a second.
    pub gen_time: OffsetDateTime,
    /// How exact.
    pub accuracy: Option<Accuracy>,
    /// Whether tokens of this authority can be ordered by their time alone.
    pub ordering: bool,
    /// The content octets of the request's nonce.
    pub nonce: Option<Vec<u8>>,
}

/// How far the true time may be from the stated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accuracy {
    /// Whole seconds
    pub seconds: u32,
    /// Thousandths, below 1000
    pub millis: u16,
    /// Millionths, below 1000
    pub micros: u16,
}

impl Accuracy {
    /// The accuracy as a length of time.
    pub fn duration(self) -> Duration {
        Duration::seconds(i64::from(self.seconds))
            .saturating_add(Duration::milliseconds(i64::from(self.millis)))
            .saturating_add(Duration::microseconds(i64::from(self.micros)))
    }

    fn der(self) -> Vec<u8> {
        let seconds = Some(self.seconds).filter(|value| *value > 0);
        let part = |number, value: u16| match value {
            0 => Vec::new(),
            value => implicit_integer(number, value),
        };
        write::sequence(&[
            &seconds.map(write::small).unwrap_or_default(),
            &part(0, self.millis),
            &part(1, self.micros),
        ])
    }

    fn read(fields: &mut Reader<'_>) -> Result<Self, Asn1Error> {
        let seconds = fields.optional(Tag::INTEGER)?;
        let millis = fields.optional(Tag::context_primitive(0))?;
        let micros = fields.optional(Tag::context_primitive(1))?;
        fields.finish()?;
        Ok(Self {
            seconds: seconds.map_or(Ok(0), |value| value.small())?,
            millis: thousandths(millis)?,
            micros: thousandths(micros)?,
        })
    }
}

/// An INTEGER under `[number]`, implicit.
fn implicit_integer(number: u8, value: u16) -> Vec<u8> {
    let mut der = write::small(u32::from(value));
    if let Some(identifier) = der.first_mut() {
        *identifier = Tag::context_primitive(number).0;
    }
    der
}

/// INTEGER (1..999), read laxly from 0.
fn thousandths(element: Option<Element<'_>>) -> Result<u16, Asn1Error> {
    let Some(element) = element else {
        return Ok(0);
    };
    u16::try_from(element.small()?)
        .ok()
        .filter(|value| *value < 1000)
        .ok_or(Asn1Error::Value("accuracy"))
}

impl TstInfo {
    pub(super) fn der(&self) -> Vec<u8> {
        let ordering: &[u8] = if self.ordering { &write::TRUE } else { &[] };
        let nonce = self.nonce.as_deref().map(write::integer_verbatim);
        write::sequence(&[
            &write::small(1),
            &write::oid(&self.policy),
            &self.imprint.der(),
            &write::integer_verbatim(&self.serial),
            &asn1_time::generalized(self.gen_time),
            &self.accuracy.map(Accuracy::der).unwrap_or_default(),
            ordering,
            &nonce.unwrap_or_default(),
        ])
    }

    pub(super) fn parse(der: &[u8]) -> Result<Self, TspError> {
        let mut fields = Element::parse(der)?.reader()?;
        let version = fields.small()?;
        if version != 1 {
            return Err(TspError::Version(version));
        }
        let policy = fields.oid()?;
        let imprint = read_imprint(&mut fields)?;
        let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
        let gen_time = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
        let accuracy = fields.optional(Tag::SEQUENCE)?;
        let ordering = fields.optional(Tag::BOOLEAN)?;
        let nonce = fields.optional(Tag::INTEGER)?;
        fields.optional(Tag::context(0))?;
        refuse_critical_extensions(&mut fields)?;
        fields.finish()?;
        Ok(Self {
            policy,
            imprint,
            serial,
            gen_time,
            accuracy: match accuracy {
                Some(element) => Some(Accuracy::read(&mut element.reader()?)?),
                None => None,
            },
            ordering: ordering.map_or(Ok(false), |flag| flag.boolean())?,
            nonce: nonce.map(|nonce| nonce.content().to_vec()),
        })
    }
}

fn read_imprint(fields: &mut Reader<'_>) -> Result<MessageImprint, TspError> {
    let raw = RawImprint::read(fields)?;
    let hash = raw.hash.ok_or(TspError::UnknownHash(raw.oid))?;
    Ok(MessageImprint {
        hash,
        digest: raw.digest,
    })
}

fn refuse_critical_extensions(fields: &mut Reader<'_>) -> Result<(), TspError> {
    let Some(list) = fields.optional(Tag::context(1))? else {
        return Ok(());
    };
    let extensions = Extension::read_all(&mut list.reader()?)?;
    match extensions.iter().find(|extension| extension.critical) {
        Some(extension) => Err(TspError::CriticalExtension(extension.oid)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::kernel::hash::HashAlgorithm;

    fn info() -> TstInfo {
        TstInfo {
            policy: ObjectIdentifier::new_unwrap("1.2.3.4"),
            imprint: MessageImprint::of(HashAlgorithm::Sha256, &[b"permit"]),
            serial: vec![0x01, 0x02],
            gen_time: datetime!(2026-11-22 3:49:00.25 UTC),
            accuracy: Some(Accuracy {
                seconds: 1,
                millis: 500,
                micros: 0,
            }),
            ordering: true,
            nonce: Some(vec![9]),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        assert_eq!(TstInfo::parse(&info().der()).unwrap(), info());
        let bare = TstInfo {
            accuracy: None,
            ordering: false,
            nonce: None,
            ..info()
        };
        assert_eq!(TstInfo::parse(&bare.der()).unwrap(), bare);
        assert_eq!(
            info().accuracy.unwrap().duration(),
            Duration::milliseconds(1500)
        );
    }

    #[test]
    fn a_critical_extension_is_refused() {
        let der = info().der();
        let content = Element::parse(&der).unwrap().content();
        let extension = Extension {
            oid: ObjectIdentifier::new_unwrap("1.2.3.4"),
            critical: true,
            value: vec![5, 0],
        };
        let with = write::sequence(&[content, &write::explicit(1, &[&extension.der()])]);
        assert!(matches!(
            TstInfo::parse(&with),
            Err(TspError::CriticalExtension(_))
        ));
    }
}
