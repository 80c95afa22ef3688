//! What a code alone discloses of a name (UU PDP 27/2022): its initials and its
//! shape, enough to compare with a print, too little to learn who it is.

/// A name with every letter but the first of each word hidden: `S*** R*******`.
#[must_use]
pub fn masked(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(masked_word).collect();
    words.join(" ")
}

fn masked_word(word: &str) -> String {
    let mut characters = word.chars();
    let first: String = characters.by_ref().take(1).collect();
    // A name of one letter would be shown whole.
    let hidden = characters.count().max(1);
    format!("{first}{}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_and_shape_stay() {
        assert_eq!(masked("Siti Rahmawati"), "S*** R********");
        assert_eq!(masked("  Ñoño  "), "Ñ***");
        assert_eq!(masked("A B"), "A* B*");
        assert_eq!(masked(""), "");
    }
}
