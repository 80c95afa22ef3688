//! The bytes that are signed: signature block, QR code, claims, and a hole that
//! holds the worst case.

use std::sync::Arc;

use time::OffsetDateTime;

use super::prepare::Composed;
use crate::domain::accounts::Person;
use crate::domain::document::Document;
use crate::domain::mandate::SigningRight;
use crate::domain::permit_type::{PermitType, SignatureSlot};
use crate::domain::signing::SignaturePlace;
use crate::kernel::hash::Sha256;
use crate::kernel::pades::{Composition, FurtherSignature, ToBeSigned};
use crate::kernel::pdf::appearance::{Arrangement, Certifier, SignatureBlock};
use crate::kernel::pdf::placement::{self, Placement};
use crate::kernel::pdf::qr::QrCode;
use crate::kernel::pdf::signatures::signature_fields;
use crate::kernel::pdf::signing::{Claims, DocMdp, Prepared};
use crate::kernel::pdf::{Limits, Pdf};
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::x509::Certificate;
use crate::services::error::ServiceError;
use crate::services::layout::{Block, Layout};
use crate::services::office::Services;
use crate::services::submit::block_placement;

/// Room for everything in a signature but certificates and timestamp: signed
/// attributes, algorithm identifiers, an RSA-4096 value.
const HOLE_BASE: usize = 2_048;

/// All that the bytes depend on.
pub(super) struct Order {
    pub(super) services: Services,
    pub(super) file: Vec<u8>,
    pub(super) person: Person,
    pub(super) certificate: Certificate,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) chain_len: usize,
    pub(super) certifier: Certifier,
    pub(super) document: Arc<Document>,
    pub(super) permit_type: PermitType,
    pub(super) slot: SignatureSlot,
    pub(super) right: SigningRight,
    pub(super) at: OffsetDateTime,
}

/// Composes the revision and fixes what is signed of it. Slow: for a thread of its
/// own.
pub(super) fn compose(mut order: Order) -> Result<Composed, ServiceError> {
    let (prepared, block) = order.prepare()?;
    // The prepared bytes hold it.
    order.file = Vec::new();
    let hole = prepared.hole();
    let layout = Layout { hole, block };
    let to_be_signed = ToBeSigned::new(prepared, &order.certificate, order.algorithm);
    let signed_attributes = to_be_signed.attributes_der().to_vec();
    let digest = to_be_signed.digest();
    let bytes = to_be_signed.into_prepared().into_bytes();
    Ok(Composed {
        place: SignaturePlace {
            document: order.document.id,
            revision: order.document.signatures,
            field: order.slot.field,
        },
        right: order.right,
        sha256: Sha256::of(&bytes),
        bytes,
        layout,
        signed_attributes,
        digest,
    })
}

impl Order {
    fn prepare(&self) -> Result<(Prepared, Option<Block>), ServiceError> {
        let policy = self.services.policy();
        let fields = Fields::read(&self.file, &policy.limits)?;
        let first = !fields.signed;
        let qr = self.qr_code()?;
        let further = if first { self.further() } else { Vec::new() };
        let composition = Composition {
            placement: &self.placement(&fields),
            block: &self.block(),
            arrangement: &Arrangement::Fitting,
            qr: Some(&qr),
            qr_pages: self.qr_pages(),
            claims: self.claims(),
            m: self.at,
            certify: first.then_some(DocMdp::FormFilling),
            further: &further,
            hole: self.hole(),
        };
        let prepared = composition.prepare(&self.file, self.services.printer(), &policy.limits);
        let prepared = prepared.map_err(|error| ServiceError::Placement(error.to_string()))?;
        Ok((prepared, self.block_at(composition.placement)?))
    }

    /// Where the block stands: the QR code is read there when the file is finished.
    fn block_at(&self, placement: &Placement) -> Result<Option<Block>, ServiceError> {
        let unplaced = |error: String| ServiceError::Placement(error);
        let pdf = Pdf::read(&self.file, &self.services.policy().limits)
            .map_err(|error| unplaced(error.to_string()))?;
        let placed =
            placement::resolve(&pdf, placement).map_err(|error| unplaced(error.to_string()))?;
        let block = Block {
            page: placed.page_number,
            rect: placed.displayed,
        };
        Ok(placed.is_visible().then_some(block))
    }

    fn qr_code(&self) -> Result<QrCode, ServiceError> {
        let url = self.services.code_url(self.document.code);
        QrCode::encode(url.as_bytes()).map_err(|error| ServiceError::Placement(error.to_string()))
    }

    /// Where the block goes: into the field that the first signature made for this
    /// one, or where permit type and document say.
    fn placement(&self, fields: &Fields) -> Placement {
        if fields.empty.contains(&self.slot.field) {
            return Placement::Field(self.slot.field.clone());
        }
        match self.document.signatures {
            0 => block_placement(&self.document.metadata, &self.permit_type)
                .unwrap_or(Placement::Invisible),
            _ => self.slot.placement.clone(),
        }
    }

    /// Fields for those who sign after.
    fn further(&self) -> Vec<FurtherSignature> {
        let field = |slot: &SignatureSlot| FurtherSignature {
            field: slot.field.clone(),
            placement: slot.placement.clone(),
        };
        self.permit_type
            .signatures
            .iter()
            .skip(1)
            .map(field)
            .collect()
    }

    /// Further pages get their codes with the first signature.
    fn qr_pages(&self) -> &[u32] {
        match self.document.signatures {
            0 => &self.document.metadata.qr_pages,
            _ => &[],
        }
    }

    fn block(&self) -> SignatureBlock {
        let office = &self.slot.office;
        SignatureBlock {
            intro: None,
            office: match self.right.mandate() {
                Some(mandate) => format!("{} {office}", mandate.kind.prefix()),
                None => office.clone(),
            },
            name: self.person.name.clone(),
            rank: self.person.rank.clone(),
            nip: self.person.nip.clone(),
            certifier: self.certifier.clone(),
        }
    }

    fn claims(&self) -> Claims {
        let number = &self.document.metadata.number;
        let reason = format!("Penerbitan {} nomor {number}", self.permit_type.name);
        let reason = match self.right.mandate() {
            Some(mandate) => {
                let (prefix, decree) = (mandate.kind.prefix(), &mandate.decree);
                format!("{reason} ({prefix} {}, {decree})", self.slot.office)
            }
            None => reason,
        };
        Claims {
            name: Some(self.person.name.clone()),
            reason: Some(reason),
            location: self.services.policy().location.clone(),
        }
    }

    /// The hole is never too small: the digest is approved before the timestamp
    /// exists, so it cannot be made again.
    fn hole(&self) -> usize {
        let token = self.services.ports().timestamps.longest_token();
        HOLE_BASE + self.certificate.der().len() + self.chain_len + token
    }
}

/// The signature fields of a file.
struct Fields {
    signed: bool,
    empty: Vec<String>,
}

impl Fields {
    fn read(file: &[u8], limits: &Limits) -> Result<Self, ServiceError> {
        let unreadable =
            |error| ServiceError::Internal(format!("a file that was admitted: {error}"));
        let pdf = Pdf::read(file, limits).map_err(unreadable)?;
        let fields = signature_fields(&pdf).map_err(unreadable)?;
        let signed = fields.iter().any(|field| field.signature.is_some());
        let empty = fields.into_iter().filter(|field| field.signature.is_none());
        Ok(Self {
            signed,
            empty: empty.map(|field| field.name).collect(),
        })
    }
}
