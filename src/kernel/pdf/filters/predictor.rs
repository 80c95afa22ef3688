//! Predictors of FlateDecode (ISO 32000-2, 7.4.4.4): the PNG filters, and TIFF
//! differencing of 8-bit components.

use super::super::error::{Fault, PdfError};
use super::super::object::{Dictionary, Object};

/// The shape of predicted data.
struct Shape {
    /// Bytes of a row.
    row: usize,
    /// Bytes of a pixel, at least 1.
    pixel: usize,
}

/// Undoes the predictor that the parameters name.
pub(super) fn undo(
    data: Vec<u8>,
    parameters: Option<&Dictionary<'_>>,
) -> Result<Vec<u8>, PdfError> {
    let Some(parameters) = parameters else {
        return Ok(data);
    };
    match number(parameters, "Predictor", 1)? {
        1 => Ok(data),
        2 => undo_tiff(data, parameters),
        10..=15 => undo_png(&data, &shape(parameters)?),
        _ => Err(Fault::Filter("unknown predictor").into()),
    }
}

fn number(parameters: &Dictionary<'_>, key: &str, default: usize) -> Result<usize, Fault> {
    match parameters.get(key) {
        None => Ok(default),
        Some(Object::Integer(value)) => {
            usize::try_from(*value).map_err(|_| Fault::Filter("negative predictor parameter"))
        }
        Some(_) => Err(Fault::Filter("a predictor parameter is not an integer")),
    }
}

fn shape(parameters: &Dictionary<'_>) -> Result<Shape, Fault> {
    const WRONG: Fault = Fault::Filter("impossible predictor parameters");
    let colors = number(parameters, "Colors", 1)?;
    let bits = number(parameters, "BitsPerComponent", 8)?;
    let columns = number(parameters, "Columns", 1)?;
    if colors == 0 || colors > 64 || columns == 0 || !matches!(bits, 1 | 2 | 4 | 8 | 16) {
        return Err(WRONG);
    }
    let pixel_bits = colors * bits;
    let row = columns.checked_mul(pixel_bits).ok_or(WRONG)?.div_ceil(8);
    let pixel = pixel_bits.div_ceil(8);
    Ok(Shape { row, pixel })
}

fn undo_tiff(mut data: Vec<u8>, parameters: &Dictionary<'_>) -> Result<Vec<u8>, PdfError> {
    if number(parameters, "BitsPerComponent", 8)? != 8 {
        return Err(Fault::Filter("TIFF predictor of components that are not 8 bits").into());
    }
    let shape = shape(parameters)?;
    for row in data.chunks_mut(shape.row) {
        let mut left = vec![0_u8; shape.pixel];
        for pixel in row.chunks_mut(shape.pixel) {
            for (value, left) in pixel.iter_mut().zip(&mut left) {
                *value = value.wrapping_add(*left);
                *left = *value;
            }
        }
    }
    Ok(data)
}

/// Each row is one byte naming the PNG filter, then the row (7.4.4.4, Table 10).
fn undo_png(data: &[u8], shape: &Shape) -> Result<Vec<u8>, PdfError> {
    if !data.len().is_multiple_of(shape.row.saturating_add(1)) {
        return Err(Fault::Filter("predicted data is not whole rows").into());
    }
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; shape.row];
    for coded in data.chunks_exact(shape.row + 1) {
        let (kind, coded) = coded.split_first().unwrap_or((&0, &[]));
        let row = undo_row(*kind, coded, &above, shape.pixel)?;
        out.extend_from_slice(&row);
        above = row;
    }
    Ok(out)
}

fn undo_row(kind: u8, coded: &[u8], above: &[u8], pixel: usize) -> Result<Vec<u8>, PdfError> {
    let mut row: Vec<u8> = Vec::with_capacity(coded.len());
    for (index, (value, up)) in coded.iter().zip(above).enumerate() {
        let before = index.checked_sub(pixel);
        let left = before.and_then(|at| row.get(at)).copied().unwrap_or(0);
        let corner = before.and_then(|at| above.get(at)).copied().unwrap_or(0);
        let predicted = match kind {
            0 => 0,
            1 => left,
            2 => *up,
            3 => left.midpoint(*up),
            4 => paeth(left, *up, corner),
            _ => return Err(Fault::Filter("unknown PNG filter").into()),
        };
        row.push(value.wrapping_add(predicted));
    }
    Ok(row)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}
