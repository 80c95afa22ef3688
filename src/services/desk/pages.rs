//! The pages of a document for who reads it: drawn in the worker process, kept for a
//! while.
//!
//! Shown is what leaves the service (see [`Services::file`]): the submitted file, and the
//! newest issued one once there is one.

use std::sync::Arc;

use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::kernel::examination::{Outline, PagesError};
use crate::kernel::hash::Sha256;
use crate::kernel::pdf::placement::Placement;
use crate::services::administration::Caller;
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::submit::block_placement;

/// The widths pages are drawn in, in pixels: a telephone's, and a desk's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 720.
    Narrow,
    /// 1080: a telephone of 360 points with three pixels to each.
    Wide,
}

impl Width {
    /// The pixels across.
    #[must_use]
    pub fn pixels(self) -> u32 {
        match self {
            Self::Narrow => 720,
            Self::Wide => 1_080,
        }
    }
}

/// The pages of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    /// Which file they are of.
    pub file: Sha256,
    /// What they look like; or why they cannot be shown.
    pub outline: Result<Outline, PagesError>,
}

/// A page as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Which file it is of.
    pub file: Sha256,
    /// The PNG file.
    pub png: Vec<u8>,
}

impl Services {
    /// The pages of a document, and where the next signature will stand.
    ///
    /// # Errors
    /// The store's, or no worker can be had.
    pub async fn pages(&self, caller: &Caller, id: &DocumentId) -> Result<Pages, ServiceError> {
        let document = self.visible(caller, id).await?;
        let file = self.shown_file(&document).await?;
        let placement = self.next_placement(&document).await?;
        let outline = match self.outline(&file, placement).await {
            Ok(outline) => Ok(outline),
            Err(ServiceError::Pages(error)) => Err(error),
            Err(error) => return Err(error),
        };
        Ok(Pages { file, outline })
    }

    /// A page of a document as a picture.
    ///
    /// # Errors
    /// There is no such page, or it cannot be drawn.
    pub async fn page_picture(
        &self,
        caller: &Caller,
        id: &DocumentId,
        page: u32,
        width: Width,
    ) -> Result<Picture, ServiceError> {
        let document = self.visible(caller, id).await?;
        let file = self.shown_file(&document).await?;
        let width = width.pixels();
        let name = Sha256::of(format!("page {file} {page} {width}").as_bytes());
        if let Some(kept) = self.ports().drawings.kept(&name).await {
            return Ok(Picture { file, png: kept });
        }
        let bytes = Arc::new(self.blobs().read(&file).await?);
        let limits = self.policy().limits;
        let drawn = self.ports().examiner.picture(bytes, limits, page, width);
        let png = drawn.await??;
        self.ports().drawings.keep(&name, png.clone()).await;
        Ok(Picture { file, png })
    }

    /// The sizes of a file's pages, and where a placement puts a block.
    pub(super) async fn outline(
        &self,
        file: &Sha256,
        placement: Option<Placement>,
    ) -> Result<Outline, ServiceError> {
        let written = serde_json::to_string(&placement)
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        let name = Sha256::of(format!("outline {file} {written}").as_bytes());
        let kept = self.ports().drawings.kept(&name).await;
        if let Some(kept) = kept.and_then(|kept| serde_json::from_slice(&kept).ok()) {
            return Ok(kept);
        }
        let bytes = Arc::new(self.blobs().read(file).await?);
        let limits = self.policy().limits;
        let outline = self.ports().examiner.outline(bytes, limits, placement);
        let outline = outline.await??;
        if let Ok(kept) = serde_json::to_vec(&outline) {
            self.ports().drawings.keep(&name, kept).await;
        }
        Ok(outline)
    }

    /// Where the block of the next signature will stand; nowhere once all are there. The
    /// fields of later signatures are made by the first one.
    async fn next_placement(&self, document: &Document) -> Result<Option<Placement>, ServiceError> {
        let permit_type = self.permit_type_of(document).await?;
        let next = permit_type.signatures.get(usize::from(document.signatures));
        Ok(match document.signatures {
            0 => block_placement(&document.metadata, &permit_type),
            _ => next.map(|slot| slot.placement.clone()),
        })
    }
}
