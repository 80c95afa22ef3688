//! FlateDecode (ISO 32000-2, 7.4.4; RFC 1950), inflated in steps so that a bomb
//! ends at the budget.

use super::super::error::{Fault, PdfError};
use super::Budget;
use flate2::{Compression, Decompress, FlushDecompress, Status};

/// The step by which output grows.
const STEP: usize = 64 * 1024;

/// Inflates a zlib stream. What follows its end is ignored, as readers do.
pub(super) fn inflate(data: &[u8], budget: &Budget) -> Result<Vec<u8>, PdfError> {
    let allowed = budget.left();
    let guess = data.len().saturating_mul(3).clamp(512, STEP);
    let mut out = Vec::with_capacity(guess);
    let mut state = Decompress::new(true);
    loop {
        let status = state
            .decompress_vec(remaining(data, &state), &mut out, FlushDecompress::Finish)
            .map_err(|_| Fault::Filter("corrupt deflate data"))?;
        if out.len() > allowed {
            return Err(budget.exceeded());
        }
        match status {
            Status::StreamEnd => break,
            _ if out.len() < out.capacity() => {
                return Err(Fault::Filter("deflate data ends early").into());
            }
            _ => out.reserve(out.len().clamp(512, STEP * 16)),
        }
    }
    budget.spend(out.len());
    Ok(out)
}

/// Inflates into one reused buffer and counts.
pub(super) fn measure(data: &[u8], budget: &Budget) -> Result<(), PdfError> {
    let allowed = budget.left();
    let mut window = Vec::with_capacity(STEP);
    let mut state = Decompress::new(true);
    let mut total = 0;
    loop {
        window.clear();
        let status =
            state.decompress_vec(remaining(data, &state), &mut window, FlushDecompress::None);
        total += window.len();
        if total > allowed {
            return Err(budget.exceeded());
        }
        let more = matches!(status, Ok(Status::Ok)) && !window.is_empty();
        if !more {
            budget.spend(total);
            return Ok(());
        }
    }
}

fn remaining<'a>(data: &'a [u8], state: &Decompress) -> &'a [u8] {
    let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
    data.get(read..).unwrap_or_default()
}

/// Compresses to a zlib stream.
pub(super) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut state = flate2::Compress::new(Compression::default(), true);
    // Stored blocks add five bytes in 16 KiB; the zlib frame six.
    let mut out = Vec::with_capacity(data.len() + data.len() / 1000 + 64);
    loop {
        let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let rest = data.get(read..).unwrap_or_default();
        match state.compress_vec(rest, &mut out, flate2::FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => return out,
            Ok(_) => out.reserve(1024),
        }
    }
}
