//! Pages as pictures, and QR codes read from them: for the self-check before a
//! permit is issued, for the pictures that the console and the public page show,
//! and for tests.
//!
//! Rendering is hayro's, reading rqrr's. Both are libraries over hostile bytes that
//! are not proved free of panics or of long runs: callers run this in the worker
//! process, or for files that have passed `inspect`, behind `catch_unwind`. Bounded here
//! is the picture's size, before it is allocated.
//!
//! This shows what one renderer shows. It does not prove that others show the
//! same.

mod read_qr;
mod small;

use std::fmt;

use hayro::hayro_interpret::{InterpreterSettings, RenderContent};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};

/// 16 megapixels: an A4 page at 400 dpi, 64 MB while it is drawn.
const MAXIMUM_PIXELS: f64 = 16.0e6;

/// Why there is no picture, or no payload.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RenderError {
    /// The file cannot be read.
    #[error("the file cannot be rendered")]
    Unreadable,
    /// The file has no such page.
    #[error("the file has {count} pages and no page {page}")]
    NoSuchPage {
        /// The page asked for, from 1.
        page: u32,
        /// How many there are.
        count: usize,
    },
    /// The picture would be empty or beyond 16 megapixels.
    #[error("a picture of {width} x {height} pixels is not drawn")]
    Size {
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
    },
    /// No QR code was found, or none that decodes.
    #[error("no QR code can be read there")]
    NoQrCode,
    /// Different QR codes were found.
    #[error("{0} different QR codes stand there")]
    SeveralQrCodes(usize),
    /// The picture could not be written.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(String),
}

/// Which part of a page is drawn, and how finely.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// From 1.
    pub page: u32,
    /// x, y, width, height in points from the lower left of the page as displayed;
    /// `None` is the whole page.
    pub rect: Option<[f64; 4]>,
    /// Pixels an inch.
    pub dpi: f64,
}

/// A picture in shades of gray, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrayPicture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// One byte a pixel, 0 black.
    pub pixels: Vec<u8>,
}

/// How letters are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// Fitted to the pixels, for people; costly.
    Hinted,
    /// For machines.
    AsItIs,
}

/// The pages of a file: it is read once, and drawn as often as is wanted.
pub struct Pages(hayro::hayro_syntax::Pdf);

impl Pages {
    /// Reads the file.
    ///
    /// # Errors
    /// [`RenderError::Unreadable`].
    pub fn open(pdf: Vec<u8>) -> Result<Self, RenderError> {
        let pdf = hayro::hayro_syntax::Pdf::new(pdf);
        pdf.map(Self).map_err(|_| RenderError::Unreadable)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.pages().len()
    }

    /// Draws in shades of gray, annotations included.
    ///
    /// # Errors
    /// There is no such page, or the picture would be too large.
    pub fn gray(&self, view: &View) -> Result<GrayPicture, RenderError> {
        let pixmap = self.draw(view, Text::AsItIs)?;
        let luminance = |rgba: &[u8]| match rgba {
            [red, green, blue, ..] => {
                let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
                u8::try_from(sum / 1000).unwrap_or(u8::MAX)
            }
            _ => u8::MAX,
        };
        Ok(GrayPicture {
            width: pixmap.width().into(),
            height: pixmap.height().into(),
            pixels: (pixmap.data_as_u8_slice().chunks_exact(4))
                .map(luminance)
                .collect(),
        })
    }

    /// Draws in colour, as a PNG file.
    ///
    /// # Errors
    /// As [`Self::gray`], or the picture cannot be written.
    pub fn png(&self, view: &View) -> Result<Vec<u8>, RenderError> {
        let pixmap = self.draw(view, Text::Hinted)?;
        pixmap
            .into_png()
            .map_err(|error| RenderError::Png(error.to_string()))
    }

    fn draw(&self, view: &View, text: Text) -> Result<Pixmap, RenderError> {
        let page = self.page(view.page)?;
        let (width, height, transform) = frame(page, view)?;
        let mut context = RenderContext::new(width, height);
        let settings = InterpreterSettings {
            render_content: RenderContent::all(),
            ..InterpreterSettings::default()
        };
        let cache = RenderCache::new();
        let how = RenderSettings {
            hinting: text == Text::Hinted,
            ..RenderSettings::default()
        };
        hayro::render_into(page, &cache, &settings, &how, &mut context, transform);
        context.flush();
        let mut pixmap = Pixmap::new(width, height);
        let white = RasterizerSettings {
            target_init: TargetInit::Clear(WHITE),
            ..RasterizerSettings::default()
        };
        context.render_with(&mut pixmap, &mut Resources::default(), white);
        Ok(pixmap)
    }

    fn page(&self, number: u32) -> Result<&Page<'_>, RenderError> {
        let found = usize::try_from(number)
            .ok()
            .and_then(|number| self.0.pages().get(number.checked_sub(1)?));
        found.ok_or(RenderError::NoSuchPage {
            page: number,
            count: self.count(),
        })
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pages({})", self.count())
    }
}

/// The picture's size, and the way from default user space to its pixels.
fn frame(page: &Page<'_>, view: &View) -> Result<(u16, u16, Affine), RenderError> {
    let (page_width, page_height) = page.render_dimensions();
    // hayro knows no UserUnit (ISO 32000-2, 14.11.2): a unit there is one of these.
    let user_unit = page.raw().get::<f32>(b"UserUnit".as_slice());
    let user_unit = f64::from(user_unit.filter(|unit| *unit > 0.0).unwrap_or(1.0));
    let page_height = f64::from(page_height) * user_unit;
    let whole = [0.0, 0.0, f64::from(page_width) * user_unit, page_height];
    let [x, y, width, height] = view.rect.unwrap_or(whole);
    let scale = view.dpi / 72.0;
    let (across, down) = ((width * scale).round(), (height * scale).round());
    let size = || RenderError::Size {
        width: across as u64,
        height: down as u64,
    };
    if !(across >= 1.0 && down >= 1.0 && across * down <= MAXIMUM_PIXELS) {
        return Err(size());
    }
    let upright = page.initial_transform(true).as_coeffs();
    let transform = Affine::translate((-x * scale, (y + height - page_height) * scale))
        * Affine::scale(scale * user_unit)
        * Affine::new(upright);
    let pixels = |value: f64| u16::try_from(value as u64).map_err(|_| size());
    Ok((pixels(across)?, pixels(down)?, transform))
}
