//! RSASSA-PSS-params (RFC 4055 3.1), with the one choice this system makes:
//! MGF1 over the same hash, a salt as long as the hash, trailer field 1.
//!
//! Every other choice is refused by name, so that a signature is never checked
//! under parameters other than those it states.

use super::AlgorithmError;
use crate::kernel::asn1::{Element, Reader, oids, write};
use crate::kernel::hash::HashAlgorithm;

/// The parameters for a hash function. For SHA-1 they are all defaults and left out.
pub(super) fn parameters(hash: HashAlgorithm) -> Vec<u8> {
    if hash == HashAlgorithm::Sha1 {
        return write::sequence(&[]);
    }
    let hash_identifier = write::sequence(&[&write::oid(&hash.oid()), &write::NULL]);
    let mgf = write::sequence(&[&write::oid(&oids::ID_MGF1), &hash_identifier]);
    let salt_length = u32::try_from(hash.output_len()).unwrap_or(u32::MAX);
    write::sequence(&[
        &write::explicit(0, &[&hash_identifier]),
        &write::explicit(1, &[&mgf]),
        &write::explicit(2, &[&write::small(salt_length)]),
    ])
}

/// Reads the parameters; they must be present (RFC 4055 3.1).
pub(super) fn read_parameters(fields: &mut Reader<'_>) -> Result<HashAlgorithm, AlgorithmError> {
    if fields.is_empty() {
        return Err(AlgorithmError::PssParameters("they are absent"));
    }
    let mut parameters = fields.sequence()?;
    fields.finish()?;
    let hash = match parameters.explicit(0)? {
        Some(mut field) => only_hash(&mut field)?,
        None => HashAlgorithm::Sha1,
    };
    let mask_hash = match parameters.explicit(1)? {
        Some(mut field) => mask_generation_hash(&mut field)?,
        None => HashAlgorithm::Sha1,
    };
    let salt_length = only_small(parameters.explicit(2)?, 20)?;
    let trailer = only_small(parameters.explicit(3)?, 1)?;
    parameters.finish()?;
    if mask_hash != hash {
        return Err(AlgorithmError::PssParameters(
            "MGF1 uses another hash function",
        ));
    }
    if usize::try_from(salt_length) != Ok(hash.output_len()) {
        return Err(AlgorithmError::PssParameters(
            "the salt is not as long as the hash",
        ));
    }
    if trailer != 1 {
        return Err(AlgorithmError::PssParameters("the trailer field is not 1"));
    }
    Ok(hash)
}

fn mask_generation_hash(field: &mut Reader<'_>) -> Result<HashAlgorithm, AlgorithmError> {
    let mut mgf = field.sequence()?;
    field.finish()?;
    if mgf.oid()? != oids::ID_MGF1 {
        return Err(AlgorithmError::PssParameters(
            "the mask generation is not MGF1",
        ));
    }
    only_hash(&mut mgf)
}

fn only_hash(fields: &mut Reader<'_>) -> Result<HashAlgorithm, AlgorithmError> {
    let element: Element<'_> = fields.element()?;
    fields.finish()?;
    let oid = element.reader()?.oid()?;
    HashAlgorithm::from_algorithm_identifier(&element)?.ok_or(AlgorithmError::UnknownHash(oid))
}

fn only_small(field: Option<Reader<'_>>, default: u32) -> Result<u32, AlgorithmError> {
    let Some(mut field) = field else {
        return Ok(default);
    };
    let value = field.small()?;
    field.finish()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parameters: &[u8]) -> Result<HashAlgorithm, AlgorithmError> {
        read_parameters(&mut Reader::new(parameters))
    }

    fn with(mask: HashAlgorithm, salt: u32, trailer: Option<u32>) -> Vec<u8> {
        let identifier =
            |hash: HashAlgorithm| write::sequence(&[&write::oid(&hash.oid()), &write::NULL]);
        let mgf = write::sequence(&[&write::oid(&oids::ID_MGF1), &identifier(mask)]);
        let trailer = trailer
            .map(|value| write::explicit(3, &[&write::small(value)]))
            .unwrap_or_default();
        write::sequence(&[
            &write::explicit(0, &[&identifier(HashAlgorithm::Sha256)]),
            &write::explicit(1, &[&mgf]),
            &write::explicit(2, &[&write::small(salt)]),
            &trailer,
        ])
    }

    #[test]
    fn the_one_choice_is_read() {
        assert_eq!(
            read(&with(HashAlgorithm::Sha256, 32, None)),
            Ok(HashAlgorithm::Sha256)
        );
        assert_eq!(
            read(&with(HashAlgorithm::Sha256, 32, Some(1))),
            Ok(HashAlgorithm::Sha256)
        );
        assert_eq!(read(&write::sequence(&[])), Ok(HashAlgorithm::Sha1));
    }

    #[test]
    fn every_other_choice_is_refused() {
        for parameters in [
            with(HashAlgorithm::Sha1, 32, None),
            with(HashAlgorithm::Sha256, 20, None),
            with(HashAlgorithm::Sha256, 0, None),
            with(HashAlgorithm::Sha256, 32, Some(2)),
            Vec::new(),
        ] {
            assert!(matches!(
                read(&parameters),
                Err(AlgorithmError::PssParameters(_))
            ));
        }
    }
}
