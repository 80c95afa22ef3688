//! QR codes (ISO/IEC 18004): encoded once, drawn as filled rectangles.
//!
//! Rectangles, not an image: at 150 dpi a vector symbol of 2.5 cm still reads where
//! an image of one pixel a module is blurred. Horizontal runs are merged, and
//! equal runs of following rows, all in one path, so that no hairlines appear
//! between modules.

mod page;

use qrcode::bits::Bits;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, Version};

use super::ObjectId;
use super::content::{Content, Gray};
use super::sink::{Deflated, ObjectSink};

pub use page::{QrPageError, draw_on_page};

/// The light margin on each side that readers need (ISO/IEC 18004, 9.1).
const QUIET_ZONE: usize = 4;

/// The highest version drawn: beyond it a symbol of [`MINIMUM_SIDE`] no longer
/// reads when the print is scanned at 150 dpi (measured).
const MAXIMUM_VERSION: i16 = 12;

/// The least side of a printed symbol with its quiet zone: 2.5 cm, in points.
pub const MINIMUM_SIDE: f64 = 2.5 / 2.54 * 72.0;

/// Why a payload has no QR code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum QrCodeError {
    /// There is nothing to encode.
    #[error("the QR code's payload is empty")]
    Empty,
    /// The payload needs a symbol too dense to be read from a print.
    #[error(
        "the QR code's payload of {length} bytes needs a symbol larger than version {MAXIMUM_VERSION}, which does not read from a print of 2.5 cm"
    )]
    TooLong {
        /// Bytes of the payload.
        length: usize,
    },
}

/// A symbol, encoded and compressed for drawing: made once, drawn on as many pages
/// and in as many files as wanted.
#[derive(Debug, Clone)]
pub struct QrCode {
    payload: Vec<u8>,
    version: i16,
    side: usize,
    drawing: Deflated,
}

/// A symbol in a file: what the signature block and further pages of one update
/// share.
#[derive(Debug, Clone, Copy)]
pub struct QrForm {
    pub(super) id: ObjectId,
    pub(super) gray: Gray,
}

impl QrCode {
    /// Encodes `payload` in the smallest version at level L, then raises the level
    /// as far as that version holds it.
    pub fn encode(payload: &[u8]) -> Result<Self, QrCodeError> {
        if payload.is_empty() {
            return Err(QrCodeError::Empty);
        }
        let too_long = |_: QrError| QrCodeError::TooLong {
            length: payload.len(),
        };
        let smallest = qrcode::bits::encode_auto(payload, EcLevel::L).map_err(too_long)?;
        let version = match smallest.version() {
            Version::Normal(version) if version <= MAXIMUM_VERSION => version,
            _ => return Err(too_long(QrError::DataTooLong)),
        };
        let (bits, level) = strongest(payload, version).unwrap_or((smallest, EcLevel::L));
        let symbol = qrcode::QrCode::with_bits(bits, level).map_err(too_long)?;
        let width = symbol.width();
        let modules = symbol.into_colors();
        Ok(Self {
            payload: payload.to_vec(),
            version,
            side: width + 2 * QUIET_ZONE,
            drawing: Deflated::new(draw(&modules, width).bytes()),
        })
    }

    /// What a reader of the symbol gets.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The symbol's version, 1 to 12.
    #[must_use]
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Modules on a side, quiet zone included.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// Writes the symbol as a form XObject of one unit by one, whatever its version:
    /// users scale it to the side they want. It paints its own white ground, so it
    /// reads over anything.
    pub fn put(&self, sink: &mut impl ObjectSink) -> QrForm {
        let gray = Gray::put(sink);
        let id = sink.reserve();
        let side = self.side;
        let scale = 1.0 / side as f64;
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 {side} {side}]\
             /Matrix[{scale:.8} 0 0 {scale:.8} 0 0]/Resources<<{}>>",
            gray.resource()
        );
        self.drawing.put(sink, id, &entries);
        QrForm { id, gray }
    }
}

/// The payload at the highest level that `version` holds.
fn strongest(payload: &[u8], version: i16) -> Option<(Bits, EcLevel)> {
    [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L]
        .into_iter()
        .find_map(|level| {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_optimal_data(payload).ok()?;
            bits.push_terminator(level).ok()?;
            Some((bits, level))
        })
}

fn draw(modules: &[Color], width: usize) -> Content {
    let mut content = Content::new();
    let side = (width + 2 * QUIET_ZONE) as f64;
    content.gray(1.0);
    content.rectangle(0.0, 0.0, side, side);
    content.gray(0.0);
    content.rectangles(&rectangles(modules, width));
    content
}

/// A run of dark modules in one row, on its way down.
struct Run {
    from: usize,
    length: usize,
    top: usize,
}

/// The dark area as few rectangles, in form space (y upwards).
fn rectangles(modules: &[Color], width: usize) -> Vec<[f64; 4]> {
    let mut done = Vec::new();
    let mut open: Vec<Run> = Vec::new();
    let rows = modules.chunks(width).map(runs).chain([Vec::new()]);
    for (row, runs) in rows.enumerate() {
        let (kept, ended) = open
            .drain(..)
            .partition(|run| runs.contains(&(run.from, run.length)));
        open = kept;
        let ended: Vec<Run> = ended;
        done.extend(ended.iter().map(|run| rectangle(run, row, width)));
        for (from, length) in runs {
            if !open.iter().any(|run| run.from == from) {
                open.push(Run {
                    from,
                    length,
                    top: row,
                });
            }
        }
    }
    done
}

fn rectangle(run: &Run, bottom: usize, width: usize) -> [f64; 4] {
    let x = run.from + QUIET_ZONE;
    let y = (width + QUIET_ZONE).saturating_sub(bottom);
    let height = bottom.saturating_sub(run.top);
    [x as f64, y as f64, run.length as f64, height as f64]
}

/// Start and length of the dark runs of a row.
fn runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut at = 0;
    for run in row.chunk_by(|a, b| a == b) {
        if run.first() == Some(&Color::Dark) {
            runs.push((at, run.len()));
        }
        at += run.len();
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paint(rectangles: &[[f64; 4]], width: usize) -> Vec<Color> {
        let mut modules = vec![Color::Light; width * width];
        for [x, y, w, h] in rectangles.iter().map(|r| r.map(|v| v as usize)) {
            for column in x..x + w {
                for row in y..y + h {
                    let from_top = width + QUIET_ZONE - 1 - row;
                    let place = &mut modules[from_top * width + column - QUIET_ZONE];
                    assert_eq!(*place, Color::Light, "painted twice");
                    *place = Color::Dark;
                }
            }
        }
        modules
    }

    #[test]
    fn the_rectangles_paint_exactly_the_dark_modules_once() {
        for length in [1, 20, 60, 120, 250] {
            let symbol = qrcode::QrCode::new("A1b".repeat(length / 3 + 1)).unwrap();
            let modules = symbol.to_colors();
            let rectangles = rectangles(&modules, symbol.width());
            assert_eq!(paint(&rectangles, symbol.width()), modules);
            let dark = modules.iter().filter(|m| **m == Color::Dark).count();
            assert!(rectangles.len() * 3 < dark * 2);
        }
    }

    #[test]
    fn the_level_rises_while_the_version_stays() {
        let url = b"https://izin.example.go.id/v/7K3M-9QWX-2B4D-HT5R-8";
        let code = QrCode::encode(url).unwrap();
        let at_l = qrcode::QrCode::with_error_correction_level(url, EcLevel::L).unwrap();
        assert_eq!(Version::Normal(code.version()), at_l.version());
        assert_eq!(strongest(url, code.version()).unwrap().1, EcLevel::L);
        assert_eq!(strongest(b"HELLO", 3).unwrap().1, EcLevel::H);
    }

    #[test]
    fn numeric_payloads_of_the_offline_code_fit_and_too_much_is_refused() {
        let offline = format!("https://izin.example.go.id/v/7K3M9QWX#{}", "1".repeat(400));
        assert!(QrCode::encode(offline.as_bytes()).unwrap().version() <= 10);
        assert_eq!(QrCode::encode(b"").unwrap_err(), QrCodeError::Empty);
        let error = QrCode::encode(&[0xF0; 400]).unwrap_err();
        assert_eq!(error, QrCodeError::TooLong { length: 400 });
        assert!(QrCode::encode(&[0xF0; 10_000]).is_err());
    }
}
