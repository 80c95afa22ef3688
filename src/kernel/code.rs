//! The document code: the short, unguessable name of a document that is printed
//! beside its QR code and typed by people.
//!
//! Eighty random bits as sixteen digits of Crockford's base 32 and one check
//! digit of the same alphabet, shown 4-4-4-4-1. Reading forgives what a person
//! gets wrong: case, spaces and hyphens, O for 0, I and L for 1.
//!
//! The check digit makes the seventeen digits a codeword of a linear code over
//! GF(32), `c = Σ αⁱ·dᵢ` with α a generator of the field's multiplicative group.
//! It finds every single wrong digit and every exchange of two digits. It stays in
//! the alphabet (Crockford's own modulus 37 leaves it for `*~$=U`, which neither a
//! URL nor a telephone carries well). It is no protection against guessing: that
//! is the eighty bits and the rate limit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: usize = 16;

/// The code of one document: fixed at submission, permanent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DocumentCode(u128);

/// Why a text is not a document code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Seventeen digits are a code; this has another number of them.
    #[error("a document code has 17 characters, this has {0}")]
    Length(usize),
    /// A character that no code contains.
    #[error("{0:?} does not occur in a document code")]
    Character(char),
    /// The check digit does not fit: a digit is wrong.
    #[error("the code is mistyped: its last character does not fit the others")]
    Check,
}

impl DocumentCode {
    /// Makes a code of eighty random bits.
    #[must_use]
    pub fn from_random(random: [u8; 10]) -> Self {
        Self(
            random
                .iter()
                .fold(0, |bits, byte| bits << 8 | u128::from(*byte)),
        )
    }

    /// The seventeen digits without hyphens, as in the QR code's URL.
    #[must_use]
    pub fn compact(self) -> String {
        let check = check_digit(self.values());
        self.values().chain([check]).map(digit).collect()
    }

    /// The sixteen data digits as field elements, first digit first.
    fn values(self) -> impl Iterator<Item = u8> {
        (0..DIGITS)
            .rev()
            .map(move |place| (self.0 >> (5 * place) & 31) as u8)
    }
}

fn digit(value: u8) -> char {
    ALPHABET
        .get(usize::from(value & 31))
        .map_or('0', |byte| char::from(*byte))
}

fn value(character: char) -> Result<u8, CodeError> {
    let canonical = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    (0u8..32)
        .find(|value| digit(*value) == canonical)
        .ok_or(CodeError::Character(character))
}

/// Multiplies by α = x in GF(2)[x] / (x⁵ + x² + 1), where x is primitive.
fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// Horner's scheme: the first digit gets the highest power of α, the last α¹.
fn check_digit(values: impl Iterator<Item = u8>) -> u8 {
    values.fold(0, |sum, value| times_alpha(sum ^ value))
}

impl FromStr for DocumentCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let mut digits = Vec::with_capacity(DIGITS + 1);
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            digits.push(value(character)?);
            if digits.len() > DIGITS + 1 {
                break;
            }
        }
        let Some((check, data)) = digits.split_last().filter(|(_, data)| data.len() == DIGITS)
        else {
            return Err(CodeError::Length(digits.len()));
        };
        if check_digit(data.iter().copied()) != *check {
            return Err(CodeError::Check);
        }
        Ok(Self(
            data.iter()
                .fold(0, |bits, value| bits << 5 | u128::from(*value)),
        ))
    }
}

impl fmt::Display for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.compact().chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentCode({self})")
    }
}

impl From<DocumentCode> for String {
    fn from(code: DocumentCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for DocumentCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_codes_keep_their_text() {
        let zero = DocumentCode::from_random([0; 10]);
        assert_eq!(zero.to_string(), "0000-0000-0000-0000-0");
        let all = DocumentCode::from_random([0xff; 10]);
        assert_eq!(all.to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-M");
        let counting = DocumentCode::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(counting.to_string(), "0410-6105-0R3G-G28A-B");
    }

    #[test]
    fn reading_forgives_people() {
        let code = DocumentCode::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        for text in [
            "o4io61o5or3gg28ab",
            " 0410 6105 0R3G G28A B ",
            "04LO-61O5-0r3g-g28a-b",
        ] {
            assert_eq!(text.parse(), Ok(code), "{text}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        assert_eq!("".parse::<DocumentCode>(), Err(CodeError::Length(0)));
        assert_eq!("0000".parse::<DocumentCode>(), Err(CodeError::Length(4)));
        let long = "0".repeat(10_000);
        assert_eq!(long.parse::<DocumentCode>(), Err(CodeError::Length(18)));
        assert_eq!(
            "0000-U".parse::<DocumentCode>(),
            Err(CodeError::Character('U'))
        );
        assert_eq!(
            "０000".parse::<DocumentCode>(),
            Err(CodeError::Character('０'))
        );
    }

    proptest! {
        #[test]
        fn every_code_reads_back(random: [u8; 10]) {
            let code = DocumentCode::from_random(random);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
            prop_assert_eq!(code.compact().parse(), Ok(code));
        }

        #[test]
        fn one_wrong_digit_is_found(random: [u8; 10], place in 0usize..17, other in 0u8..32) {
            let text = DocumentCode::from_random(random).compact();
            let mut wrong: Vec<char> = text.chars().collect();
            prop_assume!(wrong[place] != digit(other));
            wrong[place] = digit(other);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(wrong.parse::<DocumentCode>(), Err(CodeError::Check));
        }

        #[test]
        fn two_exchanged_digits_are_found(random: [u8; 10], a in 0usize..17, b in 0usize..17) {
            let text = DocumentCode::from_random(random).compact();
            let mut wrong: Vec<char> = text.chars().collect();
            prop_assume!(wrong[a] != wrong[b]);
            wrong.swap(a, b);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(wrong.parse::<DocumentCode>(), Err(CodeError::Check));
        }
    }
}
