//! What the signature block says.

use serde::{Deserialize, Serialize};

/// The content of a visible signature, apart from its QR code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SignatureBlock {
    /// The line above; `None` takes the template's.
    pub intro: Option<String>,
    /// The office held (jabatan), with "Plt." or "a.n." where a mandate says so.
    pub office: String,
    /// The signatory's name with titles.
    pub name: String,
    /// Rank (pangkat), such as "Pembina Tk. I".
    pub rank: Option<String>,
    /// Civil servant number, without the word "NIP".
    pub nip: Option<String>,
    /// Who certified the signatory's key.
    pub certifier: Certifier,
}

/// Who certified the signatory's key, in the terms of PP 71/2019: the notice must
/// not claim more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Certifier {
    /// A recognised Indonesian certification provider.
    Psre {
        /// The provider's name.
        issuer: String,
    },
    /// An authority of the office's own: not certified.
    Own {
        /// The authority's name.
        issuer: String,
    },
    /// The demonstration authority: not certified, without legal effect.
    Demonstration {
        /// The authority's name.
        issuer: String,
    },
}

/// A field of the block, as templates name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Field {
    Intro,
    Office,
    Name,
    Rank,
    Nip,
    Notice,
}
