//! Signed notes (C2SP signed-note): a text with signatures of Ed25519 keys, each with
//! the name of its key. Cosignatures of witnesses (C2SP tlog-cosignature) bind the time
//! as well.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use openssl::pkey::{Id, PKey};
use openssl::sign::Verifier;

use crate::kernel::hash::Sha256;

/// No note that is read is longer.
const LONGEST: usize = 64 * 1024;
/// No note has more signatures that are read.
const MOST_SIGNATURES: usize = 100;
const DASH: &str = "\u{2014} ";

/// A text and its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One line under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Whose it is.
    pub name: String,
    /// Which key of that name, and of which kind: the first four octets of a hash.
    pub key_id: [u8; 4],
    /// The signature.
    pub value: Vec<u8>,
}

/// Why a note cannot be read, or proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It does not have the form of a signed note.
    #[error("not a signed note: {0}")]
    Form(&'static str),
    /// No signature is by this key.
    #[error("the note has no signature by this key")]
    NotSigned,
    /// A signature that says it is by this key is not.
    #[error("the signature does not hold")]
    Signature,
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// The note's text: the log itself.
    Log,
    /// The text at a time: a witness.
    Witness,
}

impl KeyKind {
    const fn octet(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A key that notes are checked with. As text: `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    public: [u8; 32],
}

/// Not the text of a verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a verifier key: {0}")]
pub struct VerifierKeyError(&'static str);

impl VerifierKey {
    /// A key under a name, which has neither spaces nor `+`.
    ///
    /// # Errors
    /// The name cannot be one.
    pub fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<Self, VerifierKeyError> {
        if !is_name(name) {
            return Err(VerifierKeyError("a name has no spaces and no +"));
        }
        Ok(Self {
            name: name.to_owned(),
            kind,
            public,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four octets of SHA-256(name ‖ LF ‖ kind ‖ key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let parts = [
            self.name.as_bytes(),
            b"\n",
            &[self.kind.octet()],
            &self.public,
        ];
        let hash = Sha256::of_parts(&parts);
        let [a, b, c, d, ..] = *hash.as_bytes();
        [a, b, c, d]
    }

    /// What the key signs for a note's text; `time` in seconds since 1970, which a log's
    /// own signature has none of.
    #[must_use]
    pub fn message(&self, text: &str, time: u64) -> Vec<u8> {
        match self.kind {
            KeyKind::Log => text.as_bytes().to_vec(),
            KeyKind::Witness => format!("cosignature/v1\ntime {time}\n{text}").into_bytes(),
        }
    }

    /// The line for a note, from the signature over [`VerifierKey::message`].
    #[must_use]
    pub fn signature(&self, signature: [u8; 64], time: u64) -> NoteSignature {
        let value = match self.kind {
            KeyKind::Log => signature.to_vec(),
            KeyKind::Witness => [&time.to_be_bytes()[..], &signature].concat(),
        };
        NoteSignature {
            name: self.name.clone(),
            key_id: self.id(),
            value,
        }
    }

    fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = PKey::public_key_from_raw_bytes(&self.public, Id::ED25519) else {
            return false;
        };
        let verifier = Verifier::new_without_digest(&key);
        verifier
            .is_ok_and(|mut verifier| verifier.verify_oneshot(signature, message).unwrap_or(false))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = BASE64.encode([&[self.kind.octet()][..], &self.public].concat());
        write!(f, "{}+{}+{key}", self.name, hex::encode(self.id()))
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        let form = VerifierKeyError("it is name+id+key");
        let (name, rest) = text.split_once('+').ok_or(form)?;
        let (id, key) = rest.split_once('+').ok_or(form)?;
        let key = BASE64.decode(key).map_err(|_| form)?;
        let (kind, public) = key.split_first().ok_or(form)?;
        let kind = match kind {
            1 => KeyKind::Log,
            4 => KeyKind::Witness,
            _ => return Err(VerifierKeyError("its kind is not known")),
        };
        let public = public.try_into().map_err(|_| form)?;
        let key = Self::new(name, kind, public)?;
        if hex::encode(key.id()) == id {
            Ok(key)
        } else {
            Err(VerifierKeyError("its id is another key's"))
        }
    }
}

impl SignedNote {
    /// A text that nobody signed yet. It ends with a line feed.
    ///
    /// # Errors
    /// It does not, or has other control characters, or an empty line at its end.
    pub fn new(text: String) -> Result<Self, NoteError> {
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            return Err(NoteError::Form("the text ends with one line feed"));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(NoteError::Form("the text has control characters"));
        }
        Ok(Self {
            text,
            signatures: Vec::new(),
        })
    }

    /// The same note with one more signature.
    #[must_use]
    pub fn with(mut self, signature: NoteSignature) -> Self {
        self.signatures.push(signature);
        self
    }

    /// Reads a note.
    ///
    /// # Errors
    /// It is none, or longer than any that is read.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > LONGEST {
            return Err(NoteError::Form("too long"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Form("not UTF-8"))?;
        let split = whole
            .rfind("\n\n")
            .ok_or(NoteError::Form("no signatures"))?;
        let (text, lines) = whole.split_at(split + 1);
        let lines = lines.strip_prefix('\n').unwrap_or(lines);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form("cut off"))?;
        let mut note = Self::new(text.to_owned())?;
        for line in lines.split('\n') {
            if note.signatures.len() == MOST_SIGNATURES {
                return Err(NoteError::Form("too many signatures"));
            }
            note.signatures.push(line.parse()?);
        }
        Ok(note)
    }

    /// The text, with its last line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its signatures, checked or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks that the key signed it; tells when, for a witness.
    ///
    /// # Errors
    /// It did not, or the signature does not hold.
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<u64>, NoteError> {
        let id = key.id();
        let mine = |one: &&NoteSignature| one.name == key.name && one.key_id == id;
        let signature = self.signatures.iter().find(mine);
        let value = &signature.ok_or(NoteError::NotSigned)?.value;
        let (time, value) = match key.kind {
            KeyKind::Log => (None, value.as_slice()),
            KeyKind::Witness => {
                let (time, value) = value.split_first_chunk().ok_or(NoteError::Signature)?;
                (Some(u64::from_be_bytes(*time)), value)
            }
        };
        let message = key.message(&self.text, time.unwrap_or_default());
        if key.holds(&message, value) {
            Ok(time)
        } else {
            Err(NoteError::Signature)
        }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for one in &self.signatures {
            let value = BASE64.encode([&one.key_id[..], &one.value].concat());
            writeln!(f, "{DASH}{} {value}", one.name)?;
        }
        Ok(())
    }
}

impl FromStr for NoteSignature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let form = NoteError::Form("a signature line is a dash, a name and a value");
        let (name, value) = line
            .strip_prefix(DASH)
            .and_then(|rest| rest.split_once(' '))
            .ok_or(form)?;
        let value = BASE64.decode(value).map_err(|_| form)?;
        let (key_id, value) = value.split_first_chunk().ok_or(form)?;
        if !is_name(name) || value.is_empty() {
            return Err(form);
        }
        Ok(Self {
            name: name.to_owned(),
            key_id: *key_id,
            value: value.to_vec(),
        })
    }
}

fn is_name(name: &str) -> bool {
    let odd = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    !name.is_empty() && !name.contains(odd)
}

#[cfg(test)]
mod tests {
    use openssl::pkey::Private;
    use openssl::sign::Signer;

    use super::*;

    /// The example of the specification of signed notes, by another implementation.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn key(kind: KeyKind) -> (PKey<Private>, VerifierKey) {
        let key = PKey::generate_ed25519().unwrap();
        let public = key.raw_public_key().unwrap().try_into().unwrap();
        (
            key,
            VerifierKey::new("log.example.go.id/izin", kind, public).unwrap(),
        )
    }

    fn sign(key: &PKey<Private>, message: &[u8]) -> [u8; 64] {
        let mut signer = Signer::new_without_digest(key).unwrap();
        signer
            .sign_oneshot_to_vec(message)
            .unwrap()
            .try_into()
            .unwrap()
    }

    #[test]
    fn a_note_of_others_is_read_and_checked() {
        let note = SignedNote::parse(NOTE.as_bytes()).unwrap();
        let key: VerifierKey = KEY.parse().unwrap();
        assert_eq!(note.verify(&key), Ok(None));
        assert_eq!(note.to_string(), NOTE);
        assert_eq!(key.to_string(), KEY);
        let changed = SignedNote::parse(NOTE.replace("answer", "Answer").as_bytes()).unwrap();
        assert_eq!(changed.verify(&key), Err(NoteError::Signature));
    }

    #[test]
    fn what_we_sign_reads_back() {
        for (kind, time) in [(KeyKind::Log, 0), (KeyKind::Witness, 1_795_312_800)] {
            let (private, public) = key(kind);
            let text = "log.example.go.id/izin\n1\nAAAA\n";
            let signature = sign(&private, &public.message(text, time));
            let note = SignedNote::new(text.to_owned()).unwrap();
            let note = note.with(public.signature(signature, time));
            let read = SignedNote::parse(note.to_string().as_bytes()).unwrap();
            assert_eq!(read, note);
            let told = (kind == KeyKind::Witness).then_some(time);
            assert_eq!(read.verify(&public), Ok(told));
            assert_eq!(read.verify(&key(kind).1), Err(NoteError::NotSigned));
        }
    }

    #[test]
    fn a_witness_cannot_be_dated_back() {
        let (private, public) = key(KeyKind::Witness);
        let signature = sign(&private, &public.message("a\n", 2));
        let note = SignedNote::new("a\n".to_owned()).unwrap();
        let note = note.with(public.signature(signature, 1));
        assert_eq!(note.verify(&public), Err(NoteError::Signature));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        for text in [
            "",
            "a\n",
            "a\n\n",
            "a\n\nb\n",
            "a\n\n\u{2014} b\n",
            "a\n\n\u{2014} b AAAA\n",
        ] {
            assert!(SignedNote::parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(SignedNote::parse(NOTE.trim_end().as_bytes()).is_err());
        assert!(SignedNote::parse(&[0xff, b'\n']).is_err());
        assert!(SignedNote::new("a\tb\n".to_owned()).is_err());
        for key in [
            "",
            "a+b",
            &KEY.replace("c74f", "c74e"),
            &KEY.replace("ARpc", "Ahpc"),
        ] {
            assert!(key.parse::<VerifierKey>().is_err(), "{key}");
        }
    }
}
