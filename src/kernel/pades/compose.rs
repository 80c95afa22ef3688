//! From a permit to a revision that waits for its signature: the block is placed
//! and drawn, then the signature field is written around it, all in one update.

use time::OffsetDateTime;

use crate::kernel::pdf::appearance::{AppearanceError, Arrangement, BlockPrinter, SignatureBlock};
use crate::kernel::pdf::placement::{self, Placed, Placement, PlacementError};
use crate::kernel::pdf::qr::{self, QrCode, QrForm, QrPageError};
use crate::kernel::pdf::signing::{
    Claims, DocMdp, FieldTarget, FurtherField, PrepareError, Prepared, SignatureRequest, Widget,
    prepare_signature,
};
use crate::kernel::pdf::{Limits, ObjectId, Pdf, PdfError, Update};

/// What a signature is to say and show.
#[derive(Clone, Debug)]
pub struct Composition<'a> {
    /// Where it shows.
    pub placement: &'a Placement,
    /// What it shows; not drawn where the placement is invisible.
    pub block: &'a SignatureBlock,
    /// How the block is arranged.
    pub arrangement: &'a Arrangement,
    /// The QR code in the block.
    pub qr: Option<&'a QrCode>,
    /// Further pages, from 1, that show the QR code in their corner.
    pub qr_pages: &'a [u32],
    /// Name, reason and location.
    pub claims: Claims,
    /// `/M`: the claimed signing time.
    pub m: OffsetDateTime,
    /// Certify the document; only the first signature can.
    pub certify: Option<DocMdp>,
    /// Those who will sign after.
    pub further: &'a [FurtherSignature],
    /// Room for the signature value in bytes.
    pub hole: usize,
}

/// A field that is made, empty, for a later signature.
#[derive(Clone, Debug)]
pub struct FurtherSignature {
    /// The field's name.
    pub field: String,
    /// Where the signature will show.
    pub placement: Placement,
}

/// Why a document cannot take the signature as composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The file cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The block has no place.
    #[error(transparent)]
    Placement(#[from] PlacementError),
    /// The block cannot be drawn there.
    #[error(transparent)]
    Appearance(#[from] AppearanceError),
    /// A further page cannot take the QR code.
    #[error(transparent)]
    QrPage(#[from] QrPageError),
    /// The document cannot take the signature.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
}

impl Composition<'_> {
    /// Writes the revision.
    ///
    /// # Errors
    /// [`ComposeError`]; nothing is half written.
    pub fn prepare(
        &self,
        file: &[u8],
        printer: &BlockPrinter,
        limits: &Limits,
    ) -> Result<Prepared, ComposeError> {
        let pdf = Pdf::read(file, limits)?;
        let mut update = Update::new(&pdf);
        let placed = placement::resolve(&pdf, self.placement)?;
        let qr = self.draw_code(&mut update, &placed)?;
        let appearance = self.draw(&mut update, printer, &placed, qr)?;
        let request = SignatureRequest {
            field: self.field(),
            widget: widget(&placed, appearance),
            claims: self.claims.clone(),
            m: self.m,
            certify: self.certify,
            further_fields: self.further_fields(&mut update)?,
            hole: self.hole,
        };
        Ok(prepare_signature(update, &request)?)
    }

    /// Writes the code's form once for the block and all pages.
    fn draw_code(
        &self,
        update: &mut Update<'_>,
        placed: &Placed,
    ) -> Result<Option<QrForm>, QrPageError> {
        let wanted = placed.is_visible() || !self.qr_pages.is_empty();
        let Some(code) = self.qr.filter(|_| wanted) else {
            return Ok(None);
        };
        let form = code.put(update);
        let mut pages = self.qr_pages.to_vec();
        pages.sort_unstable();
        pages.dedup();
        for page in pages {
            qr::draw_on_page(update, page, None, form)?;
        }
        Ok(Some(form))
    }

    fn draw(
        &self,
        update: &mut Update<'_>,
        printer: &BlockPrinter,
        placed: &Placed,
        qr: Option<QrForm>,
    ) -> Result<Option<ObjectId>, AppearanceError> {
        if !placed.is_visible() {
            return Ok(None);
        }
        let block = printer.print(
            update,
            self.block,
            self.arrangement,
            qr,
            placed.size(),
            placed.rotation,
        )?;
        Ok(Some(block))
    }

    fn field(&self) -> FieldTarget {
        match self.placement {
            Placement::Field(name) => FieldTarget::Existing(name.clone()),
            _ => FieldTarget::Next,
        }
    }

    fn further_fields(&self, update: &mut Update<'_>) -> Result<Vec<FurtherField>, PlacementError> {
        let mut fields = Vec::with_capacity(self.further.len());
        for further in self.further {
            let placed = placement::resolve(update.pdf(), &further.placement)?;
            let appearance = placed.is_visible().then(|| blank(update, &placed));
            fields.push(FurtherField {
                name: further.field.clone(),
                widget: widget(&placed, appearance),
            });
        }
        Ok(fields)
    }
}

fn widget(placed: &Placed, appearance: Option<ObjectId>) -> Widget {
    Widget {
        page: placed.page,
        rect: placed.rect,
        appearance,
    }
}

/// An appearance that shows nothing, which PDF/A asks of an empty field.
fn blank(update: &mut Update<'_>, placed: &Placed) -> ObjectId {
    let (width, height) = placed.size();
    let entries = format!("/Type/XObject/Subtype/Form/BBox[0 0 {width:.3} {height:.3}]");
    update.add_stream(entries.as_bytes(), b"", false)
}
