//! Where the signature shows: options to a [`Placement`] and a QR code.

use clap::Args;

use crate::cli::outcome::CliError;
use crate::kernel::pdf::placement::{Placement, Tag};
use crate::kernel::pdf::qr::QrCode;

/// The size of a block at a tag, in points: 7 by 3 cm.
const TAG_SIZE: (f64, f64) = (198.0, 85.0);

/// How the signature looks.
#[derive(Debug, Args)]
pub struct Look {
    /// The page, from 1, that --rect is on
    #[arg(long, default_value_t = 1, requires = "rect")]
    page: u32,
    /// Where the block goes: left, bottom, width and height in points, as displayed
    #[arg(
        long,
        value_name = "X,Y,W,H",
        value_delimiter = ',',
        num_args = 1,
        allow_negative_numbers = true
    )]
    rect: Option<Vec<f64>>,
    /// Put the block where this character stands in the page's text
    #[arg(long, value_name = "CHAR", conflicts_with = "rect")]
    tag: Option<char>,
    /// Fill this empty signature field of the file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["rect", "tag"])]
    field: Option<String>,
    /// Show nothing (the default where no place is named)
    #[arg(long, conflicts_with_all = ["rect", "tag", "field"])]
    invisible: bool,
    /// The address in the block's QR code
    #[arg(long, value_name = "URL")]
    qr: Option<String>,
}

impl Look {
    /// The placement that the options name.
    pub(super) fn placement(&self) -> Result<Placement, CliError> {
        if let Some(rect) = &self.rect {
            let rect = <[f64; 4]>::try_from(rect.as_slice()).map_err(|_| {
                CliError::usage("--rect takes four numbers: left, bottom, width, height")
            })?;
            return Ok(Placement::Rect {
                page: self.page,
                rect,
            });
        }
        if let Some(character) = self.tag {
            let (width, height) = TAG_SIZE;
            return Ok(Placement::Tag(Tag {
                character,
                width,
                height,
                anchor: Default::default(),
                occurrence: Default::default(),
            }));
        }
        Ok(self
            .field
            .clone()
            .map_or(Placement::Invisible, Placement::Field))
    }

    /// The QR code, where one is asked for.
    pub(super) fn qr_code(&self, placement: &Placement) -> Result<Option<QrCode>, CliError> {
        let Some(url) = &self.qr else {
            return Ok(None);
        };
        if *placement == Placement::Invisible {
            return Err(CliError::usage("--qr needs a block to be in")
                .mend("name a place with --rect, --tag or --field"));
        }
        QrCode::encode(url.as_bytes())
            .map(Some)
            .map_err(CliError::usage)
    }
}
