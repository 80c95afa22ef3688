//! What a time-stamping authority answers (RFC 3161 2.4.2).

use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use super::{Accuracy, PkiFailureInfo, TimeStampReq, TstInfo};
use crate::kernel::asn1::{Tag, oids, write};
use crate::kernel::cms::{SignedAttributes, SignedDataBuilder};
use crate::kernel::sign::{SignError, Signer};
use crate::kernel::x509::Certificate;

/// What the authority adds to a request that it grants.
#[derive(Debug, Clone)]
pub struct Grant<'a> {
    /// The policy it stamps under.
    pub policy: ObjectIdentifier,
    /// The serial number, big-endian; the caller sees to it that it is unique.
    pub serial: &'a [u8],
    /// The time; kept to the millisecond.
    pub gen_time: OffsetDateTime,
    /// How exact that time is.
    pub accuracy: Option<Accuracy>,
}

/// A granted TimeStampResp in DER.
///
/// The token carries the certificate and `chain` where the request asks for them
/// (certReq), and no certificate otherwise.
pub fn issue(
    request: &TimeStampReq,
    grant: &Grant<'_>,
    tsa: &Certificate,
    chain: &[Certificate],
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    let token = token(
        &tst_info(request, grant).der(),
        request.cert_req,
        tsa,
        chain,
        signer,
    )?;
    let granted = write::sequence(&[&write::small(0)]);
    Ok(write::sequence(&[&granted, &token]))
}

/// A refusal in DER, with the reason in words.
pub fn rejection(failure: PkiFailureInfo, text: &str) -> Vec<u8> {
    let text = write::tlv(Tag::UTF8_STRING, text.as_bytes());
    let status = write::sequence(&[
        &write::small(2),
        &write::sequence(&[&text]),
        &write::named_bits(Tag::BIT_STRING, 1 << failure.bit()),
    ]);
    write::sequence(&[&status])
}

fn tst_info(request: &TimeStampReq, grant: &Grant<'_>) -> TstInfo {
    TstInfo {
        policy: grant.policy,
        imprint: request.imprint.clone(),
        serial: write::unsigned_content(grant.serial),
        gen_time: grant.gen_time,
        accuracy: grant.accuracy,
        ordering: false,
        nonce: request.nonce.clone(),
    }
}

fn token(
    tst_info: &[u8],
    with_certificates: bool,
    tsa: &Certificate,
    chain: &[Certificate],
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    let algorithm = signer.algorithm();
    let digest = algorithm.hash().digest(&[tst_info]);
    let attributes = SignedAttributes::new(oids::ID_CT_TST_INFO, &digest, tsa, algorithm);
    let signature = signer.sign_digest(&attributes.digest())?;
    let certificates: Vec<Certificate> = match with_certificates {
        true => std::iter::once(tsa).chain(chain).cloned().collect(),
        false => Vec::new(),
    };
    let builder = SignedDataBuilder {
        attributes: &attributes,
        signature: &signature,
        signer: tsa,
        certificates: &certificates,
        econtent: Some((oids::ID_CT_TST_INFO, tst_info)),
        unsigned: &[],
    };
    Ok(builder.build())
}
