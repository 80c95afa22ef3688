//! Reads the QR code that stands in a rectangle of a page.

use super::{GrayPicture, Pages, RenderError, View};

/// The resolutions tried: the one a print must read at first, finer ones after it,
/// since the reader here is weaker than a phone's.
const RESOLUTIONS: [f64; 3] = [150.0, 220.0, 300.0];

impl Pages {
    /// The payload of the one QR code in `rect` (as in [`View`]) of the page.
    ///
    /// # Errors
    /// The page cannot be drawn, or does not show one QR code there.
    pub fn decode_qr(&self, page: u32, rect: Option<[f64; 4]>) -> Result<Vec<u8>, RenderError> {
        for dpi in RESOLUTIONS {
            let mut payloads = payloads(self.gray(&View { page, rect, dpi })?);
            payloads.sort();
            payloads.dedup();
            match (payloads.len(), payloads.pop()) {
                (1, Some(payload)) => return Ok(payload),
                (0, _) => {}
                (count, _) => return Err(RenderError::SeveralQrCodes(count)),
            }
        }
        Err(RenderError::NoQrCode)
    }

    /// The payloads of all QR codes that a page shows, at the coarsest resolution that
    /// shows any.
    ///
    /// # Errors
    /// The page cannot be drawn.
    pub fn qr_payloads(&self, page: u32) -> Result<Vec<Vec<u8>>, RenderError> {
        for dpi in RESOLUTIONS {
            let rect = None;
            let found = payloads(self.gray(&View { page, rect, dpi })?);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

fn payloads(picture: GrayPicture) -> Vec<Vec<u8>> {
    let GrayPicture {
        width,
        height,
        pixels,
    } = picture;
    let pixel = |x: usize, y: usize| pixels.get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    let decode = |grid: rqrr::Grid<_>| {
        let mut payload = Vec::new();
        grid.decode_to(&mut payload).ok().map(|_| payload)
    };
    image
        .detect_grids()
        .into_iter()
        .filter_map(decode)
        .collect()
}
