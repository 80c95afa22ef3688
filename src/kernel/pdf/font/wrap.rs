//! Breaks text into lines at spaces. No hyphenation.

use super::{Face, FontError};

/// How full the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaking {
    /// As full as they can be, as in running text.
    Full,
    /// As even as the number of lines allows, as in titles: "KEPALA DINAS PENANAMAN
    /// MODAL / DAN PELAYANAN TERPADU SATU PINTU", not a full line and a lonely word.
    Even,
}

/// The lines of `text` at `size` within `width`; `None` when a word alone is wider.
/// A line feed always breaks; other white space counts as a space, except the
/// no-break space.
pub fn wrap(
    face: &Face,
    text: &str,
    size: f64,
    width: f64,
    breaking: Breaking,
) -> Result<Option<Vec<String>>, FontError> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let broken = match breaking {
            Breaking::Full => greedy(face, paragraph, size, width)?,
            Breaking::Even => even(face, paragraph, size, width)?,
        };
        let Some(broken) = broken else {
            return Ok(None);
        };
        lines.extend(broken);
    }
    Ok(Some(lines))
}

/// The width of the widest word.
pub fn widest_word(face: &Face, text: &str, size: f64) -> Result<f64, FontError> {
    words(text).try_fold(0.0, |widest, word| Ok(face.width(word, size)?.max(widest)))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && c != '\u{A0}')
        .filter(|word| !word.is_empty())
}

/// Narrows the measure as far as it gives no further line.
fn even(
    face: &Face,
    paragraph: &str,
    size: f64,
    width: f64,
) -> Result<Option<Vec<String>>, FontError> {
    let Some(mut best) = greedy(face, paragraph, size, width)? else {
        return Ok(None);
    };
    let (mut low, mut high) = (0.0, width);
    // Twelve halvings of any rectangle on a page come below a point.
    for _ in 0..12 {
        let middle = (low + high) / 2.0;
        match greedy(face, paragraph, size, middle)? {
            Some(lines) if lines.len() <= best.len() => {
                best = lines;
                high = middle;
            }
            _ => low = middle,
        }
    }
    Ok(Some(best))
}

fn greedy(
    face: &Face,
    paragraph: &str,
    size: f64,
    width: f64,
) -> Result<Option<Vec<String>>, FontError> {
    let space = face.width(" ", size)?;
    let mut lines: Vec<String> = Vec::new();
    let mut left = 0.0;
    for word in words(paragraph) {
        let needed = face.width(word, size)?;
        match lines.last_mut() {
            Some(line) if space + needed <= left => {
                line.push(' ');
                line.push_str(word);
                left -= space + needed;
            }
            _ if needed <= width => {
                lines.push(word.to_owned());
                left = width - needed;
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f64) -> Option<Vec<String>> {
        let data = include_bytes!("../../../../pdf-templates/fonts/NotoSans-Regular.ttf");
        wrap(
            &Face::parse(data.to_vec()).unwrap(),
            text,
            8.0,
            width,
            Breaking::Even,
        )
        .unwrap()
    }

    #[test]
    fn lines_are_even() {
        let office = "KEPALA DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU";
        let broken = lines(office, 200.0).unwrap();
        assert_eq!(
            broken,
            [
                "KEPALA DINAS PENANAMAN MODAL",
                "DAN PELAYANAN TERPADU SATU PINTU"
            ]
        );
    }

    #[test]
    fn a_line_feed_breaks_and_a_no_break_space_does_not() {
        assert_eq!(lines("a.n. BUPATI\nKEPALA", 400.0).unwrap().len(), 2);
        assert_eq!(lines("12\u{A0}345\u{A0}678", 400.0).unwrap().len(), 1);
        assert_eq!(lines("12\u{A0}345\u{A0}678", 20.0), None);
    }

    #[test]
    fn a_word_wider_than_the_measure_does_not_fit() {
        assert_eq!(lines("Pembina Tk. I", 10.0), None);
        assert_eq!(lines("", 10.0), Some(vec![]));
    }
}
