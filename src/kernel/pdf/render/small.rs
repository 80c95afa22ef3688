//! A page as a small PNG (ISO/IEC 15948), for people who read it on a telephone.
//!
//! Colours are kept to eight steps a channel: black text on white then needs half an
//! octet a pixel, and a page with a coat of arms one. Photographs keep thirty-two steps and
//! full pixels. It is for reading, not for evidence: that is the file itself.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::{Pages, RenderError, Text, View};

const MAGIC: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Colour types of the header.
const TRUE_COLOUR: u8 = 2;
const INDEXED: u8 = 3;

impl Pages {
    /// Draws a view in few colours, as a PNG file.
    ///
    /// # Errors
    /// As [`Self::png`].
    pub fn small_png(&self, view: &View) -> Result<Vec<u8>, RenderError> {
        let pixmap = self.draw(view, Text::Hinted)?;
        let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let rgba = pixmap.data_as_u8_slice();
        let written = match Palette::of(rgba) {
            Some(palette) => palette.write(rgba, width, height),
            None => write_true_colour(rgba, width, height),
        };
        written.map_err(|error| RenderError::Png(error.to_string()))
    }
}

/// The colours of a page that has at most 256, in the order they were met.
struct Palette {
    colours: Vec<u16>,
    /// The place of each of the 512 colours, where it is met.
    places: Vec<Option<u8>>,
}

impl Palette {
    fn of(rgba: &[u8]) -> Option<Self> {
        let mut palette = Self {
            colours: Vec::new(),
            places: vec![None; 512],
        };
        for pixel in rgba.chunks_exact(4) {
            let colour = coarse(pixel);
            let place = palette.places.get_mut(usize::from(colour))?;
            if place.is_none() {
                *place = Some(u8::try_from(palette.colours.len()).ok()?);
                palette.colours.push(colour);
            }
        }
        Some(palette)
    }

    fn place(&self, pixel: &[u8]) -> u8 {
        let place = self.places.get(usize::from(coarse(pixel)));
        place.copied().flatten().unwrap_or_default()
    }

    fn write(&self, rgba: &[u8], width: u32, height: u32) -> std::io::Result<Vec<u8>> {
        let depth: u8 = if self.colours.len() <= 16 { 4 } else { 8 };
        let mut rows = Rows::new();
        for row in rgba.chunks_exact(width as usize * 4) {
            let places = row.chunks_exact(4).map(|pixel| self.place(pixel));
            let places: Vec<u8> = places.collect();
            rows.add(0, &packed(&places, depth))?;
        }
        let mut palette = Vec::with_capacity(self.colours.len() * 3);
        for colour in &self.colours {
            let steps = [colour >> 6, colour >> 3, *colour].map(|step| step & 7);
            palette.extend(steps.map(|step| (step * 255 / 7) as u8));
        }
        let mut png = head(width, height, depth, INDEXED);
        chunk(&mut png, b"PLTE", &palette);
        Ok(end(png, &rows.end()?))
    }
}

/// Two places in an octet where four bits hold one.
fn packed(places: &[u8], depth: u8) -> Vec<u8> {
    if depth == 8 {
        return places.to_vec();
    }
    let pair = |pair: &[u8]| match pair {
        [first, second, ..] => first << 4 | second,
        [first] => first << 4,
        [] => 0,
    };
    places.chunks(2).map(pair).collect()
}

/// Red, green and blue in three bits each.
fn coarse(pixel: &[u8]) -> u16 {
    let [red, green, blue, ..] = pixel else {
        return 0;
    };
    // Rounded: paper that is nearly white becomes white.
    let step = |channel: u8| (u16::from(channel) * 7 + 127) / 255;
    step(*red) << 6 | step(*green) << 3 | step(*blue)
}

fn write_true_colour(rgba: &[u8], width: u32, height: u32) -> std::io::Result<Vec<u8>> {
    let mut rows = Rows::new();
    for row in rgba.chunks_exact(width as usize * 4) {
        let mut before = [0; 3];
        let mut line = Vec::with_capacity(width as usize * 3);
        for pixel in row.chunks_exact(4) {
            let [red, green, blue, ..] = pixel else {
                continue;
            };
            let now = [red, green, blue].map(|channel| channel & 0xf8 | channel >> 5);
            let change = now
                .iter()
                .zip(before)
                .map(|(now, was)| now.wrapping_sub(was));
            line.extend(change);
            before = now;
        }
        // Filter "Sub": each octet as what it adds to the pixel before it.
        rows.add(1, &line)?;
    }
    Ok(end(head(width, height, 8, TRUE_COLOUR), &rows.end()?))
}

/// Rows of pixels on their way through deflate.
struct Rows(ZlibEncoder<Vec<u8>>);

impl Rows {
    fn new() -> Self {
        Self(ZlibEncoder::new(Vec::new(), Compression::best()))
    }

    fn add(&mut self, filter: u8, row: &[u8]) -> std::io::Result<()> {
        self.0.write_all(&[filter])?;
        self.0.write_all(row)
    }

    fn end(self) -> std::io::Result<Vec<u8>> {
        self.0.finish()
    }
}

fn head(width: u32, height: u32, depth: u8, colour_type: u8) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, colour_type, 0, 0, 0]);
    let mut png = MAGIC.to_vec();
    chunk(&mut png, b"IHDR", &header);
    png
}

fn end(mut png: Vec<u8>, pixels: &[u8]) -> Vec<u8> {
    chunk(&mut png, b"IDAT", pixels);
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    // Bounded by the largest picture that is drawn.
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(data);
    png.extend(length.to_be_bytes());
    png.extend(name);
    png.extend(data);
    png.extend(sum.sum().to_be_bytes());
}
