//! Mutations: of bytes, of DER by its elements, of PDF by its words, of the DER inside
//! a PDF's signatures; and inputs crossed with one another.

use crate::random::Random;

/// Words that PDF readers act on.
const WORDS: [&str; 34] = [
    "/Type",
    "/Catalog",
    "/Pages",
    "/Kids",
    "/Count",
    "/Parent",
    "/Annots",
    "/AcroForm",
    "/Fields",
    "/Sig",
    "/ByteRange",
    "/Contents",
    "/Prev",
    "/XRefStm",
    "/Length",
    "/Filter",
    "/FlateDecode",
    "/DecodeParms",
    "/Predictor 12",
    "/Columns",
    "/ObjStm",
    "/First",
    "/N",
    "/W[1 4 2]",
    "/Index",
    "/DSS",
    "/VRI",
    "/DocMDP",
    "/FieldMDP",
    "/Encrypt",
    "obj",
    "endobj",
    "stream\n",
    "startxref\n",
];

/// Numbers at the edges of what counts and offsets are.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
];

/// A new input, made from the one at `place` and perhaps another.
pub fn mutated(corpus: &[Vec<u8>], place: usize, random: &mut Random) -> Vec<u8> {
    let mut input = corpus[place].clone();
    let other = &corpus[random.below(corpus.len())];
    let pdf = input.starts_with(b"%PDF");
    for _ in 0..=random.below(5) {
        match random.below(if pdf { 9 } else { 7 }) {
            0 => flip(&mut input, random),
            1 => overwrite(&mut input, random),
            2 => repeat(&mut input, random),
            3 => remove(&mut input, random),
            4 => cross(&mut input, other, random),
            5 | 6 if pdf => words(&mut input, random),
            7 | 8 => inside(&mut input, other, random),
            _ => elements(&mut input, other, random),
        }
        if input.is_empty() {
            input.push(0x30);
        }
    }
    input
}

fn flip(input: &mut [u8], random: &mut Random) {
    let place = random.below(input.len());
    input[place] ^= 1 << random.below(8);
}

fn overwrite(input: &mut [u8], random: &mut Random) {
    const EDGES: [u8; 12] = [
        0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0, 0xfe, 0xff, 0x30,
    ];
    let place = random.below(input.len());
    input[place] = *random.pick(&EDGES).unwrap_or(&0);
}

fn span(input: &[u8], random: &mut Random) -> (usize, usize) {
    let start = random.below(input.len());
    let most = [8, 64, 1024][random.below(3)];
    let end = start + 1 + random.below(most);
    (start, end.min(input.len()))
}

fn repeat(input: &mut Vec<u8>, random: &mut Random) {
    let (start, end) = span(input, random);
    let part = input[start..end].to_vec();
    let times = [1, 1, 1, 2, 100][random.below(5)];
    let place = random.below(input.len());
    input.splice(place..place, part.repeat(times));
}

fn remove(input: &mut Vec<u8>, random: &mut Random) {
    let (start, end) = span(input, random);
    input.drain(start..end);
}

fn cross(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    if other.is_empty() {
        return;
    }
    let (start, end) = span(other, random);
    let place = random.below(input.len());
    let until = (place + random.below(end - start + 1)).min(input.len());
    input.splice(place..until, other[start..end].iter().copied());
}

/// A number or a word of a PDF for another.
fn words(input: &mut Vec<u8>, random: &mut Random) {
    let start = random.below(input.len());
    let digit = input[start..].iter().position(u8::is_ascii_digit);
    if random.below(2) == 0
        && let Some(digit) = digit
    {
        let start = start + digit;
        let rest = &input[start..];
        let length = rest.iter().position(|byte| !byte.is_ascii_digit());
        let end = start + length.unwrap_or(rest.len());
        let near = std::str::from_utf8(&input[start..end])
            .ok()
            .and_then(|text| text.parse().ok());
        let number = match (random.below(2), near) {
            (0, Some(near)) => i64::wrapping_add(near, random.below(21) as i64 - 10).to_string(),
            _ => (*random.pick(&NUMBERS).unwrap_or(&"0")).to_owned(),
        };
        input.splice(start..end, number.bytes());
        return;
    }
    let name = input[start..]
        .iter()
        .position(|byte| *byte == b'/')
        .map_or(start, |at| start + at);
    let rest = input.get(name + 1..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric())
        .unwrap_or(0);
    let until = match random.below(2) {
        0 => (name + 1 + length).min(input.len()),
        _ => name,
    };
    let word = *random.pick(&WORDS).unwrap_or(&"/Type");
    input.splice(name..until, format!("{word} ").bytes());
}

/// The DER in the hexadecimal string of a signature, in its own room.
fn inside(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let holes = holes(input);
    let Some(&(start, end)) = random.pick(&holes) else {
        return words(input, random);
    };
    let Some(mut der) = decoded(&input[start..end]) else {
        return flip(input, random);
    };
    let foreign = holes_of(other, random);
    for _ in 0..=random.below(3) {
        elements(&mut der, &foreign, random);
    }
    let mut digits = String::new();
    der.truncate((end - start) / 2);
    der.resize((end - start) / 2, 0);
    for byte in der {
        digits.push_str(&format!("{byte:02x}"));
    }
    input.splice(start..end, digits.bytes());
}

fn holes_of(other: &[u8], random: &mut Random) -> Vec<u8> {
    let holes = holes(other);
    let hole = random.pick(&holes);
    hole.and_then(|&(start, end)| decoded(&other[start..end]))
        .unwrap_or_default()
}

/// Where hexadecimal strings of some length are, without their brackets.
fn holes(input: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(open) = input[rest..].iter().position(|byte| *byte == b'<') {
        let start = rest + open + 1;
        let length = input[start..]
            .iter()
            .position(|byte| !byte.is_ascii_hexdigit());
        let end = start + length.unwrap_or(input.len() - start);
        if end - start > 200 {
            found.push((start, end - (end - start) % 2));
        }
        rest = end.max(start);
    }
    found
}

fn decoded(digits: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(digits).ok()?;
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

/// One element of a DER structure: its place, where its content starts, its end.
type Element = (usize, usize, usize);

/// Changes an element, and makes the lengths around it fit, mostly.
fn elements(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let mut all = Vec::new();
    list(input, 0, input.len(), 0, &mut all);
    let Some(&(start, content, end)) = random.pick(&all) else {
        return flip(input, random);
    };
    let new = changed(&input[start..end], content - start, other, random);
    // Now and then the lengths around it are left wrong.
    match random.below(8) {
        0 => drop(input.splice(start..end, new)),
        _ => *input = fitted(input, (start, end), &new, &all),
    }
}

/// Another element: none, twice the same, of another tag or length, one of another
/// input, or one with a bit turned in its content.
fn changed(own: &[u8], content: usize, other: &[u8], random: &mut Random) -> Vec<u8> {
    const TAGS: [u8; 12] = [2, 3, 4, 5, 6, 0x0c, 0x17, 0x18, 0x30, 0x31, 0xa0, 0x80];
    const LENGTHS: [usize; 6] = [0, 1, 2, 127, 128, 4000];
    let mut new = own.to_vec();
    match random.below(6) {
        0 => new.clear(),
        1 => new.extend_from_slice(own),
        2 => new[0] = *random.pick(&TAGS).unwrap_or(&0x30),
        3 => {
            let length = *random.pick(&LENGTHS).unwrap_or(&0);
            new.truncate(1);
            new.extend(length_of(length));
            new.extend(std::iter::repeat_n(random.next() as u8, length));
        }
        4 => {
            let mut foreign = Vec::new();
            list(other, 0, other.len(), 0, &mut foreign);
            if let Some(&(start, _, end)) = random.pick(&foreign) {
                new = other[start..end].to_vec();
            }
        }
        _ => {
            let place = content + random.below(own.len() - content);
            if let Some(byte) = new.get_mut(place) {
                *byte ^= 1 << random.below(8);
            }
        }
    }
    new
}

/// Replaces a range and writes the lengths of all that contains it again.
fn fitted(input: &[u8], (start, end): (usize, usize), new: &[u8], all: &[Element]) -> Vec<u8> {
    let mut outer: Vec<&Element> = all
        .iter()
        .filter(|(from, content, to)| *from < start && *content <= start && *to >= end)
        .collect();
    outer.sort_by_key(|(from, ..)| std::cmp::Reverse(*from));
    let (mut from, mut to, mut middle) = (start, end, new.to_vec());
    for &&(before, content, after) in &outer {
        let mut inner = input[content..from].to_vec();
        inner.append(&mut middle);
        inner.extend_from_slice(&input[to..after]);
        middle = vec![input[before]];
        middle.extend(length_of(inner.len()));
        middle.append(&mut inner);
        (from, to) = (before, after);
    }
    let mut whole = input[..from].to_vec();
    whole.append(&mut middle);
    whole.extend_from_slice(&input[to..]);
    whole
}

fn length_of(length: usize) -> Vec<u8> {
    match length {
        0..=0x7f => vec![length as u8],
        0x80..=0xff => vec![0x81, length as u8],
        0x100..=0xffff => vec![0x82, (length >> 8) as u8, length as u8],
        _ => vec![
            0x83,
            (length >> 16) as u8,
            (length >> 8) as u8,
            length as u8,
        ],
    }
}

/// Lists the elements of a range, also those inside of constructed ones and of octet
/// strings that hold a structure.
fn list(input: &[u8], from: usize, to: usize, depth: usize, all: &mut Vec<Element>) {
    let mut place = from;
    while place + 2 <= to && all.len() < 4_000 && depth < 24 {
        let first = usize::from(input[place + 1]);
        let (length, content) = match first {
            0..=0x7f => (first, place + 2),
            0x81..=0x83 if place + 2 + (first & 3) <= to => {
                let digits = &input[place + 2..place + 2 + (first & 3)];
                let length = digits
                    .iter()
                    .fold(0, |sum, digit| (sum << 8) | usize::from(*digit));
                (length, place + 2 + (first & 3))
            }
            _ => return,
        };
        let Some(end) = content.checked_add(length).filter(|end| *end <= to) else {
            return;
        };
        all.push((place, content, end));
        let constructed = input[place] & 0x20 != 0;
        let wrapped = input[place] == 0x04 && input.get(content) == Some(&0x30);
        if constructed || wrapped {
            list(input, content, end, depth + 1, all);
        }
        place = end;
    }
}
