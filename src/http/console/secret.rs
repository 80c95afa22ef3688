//! What opens a signatory's key, on its way from the page: sealed for the key phase alone, so that it
//! lies in no buffer that a request passes.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::credentials::CredentialId;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::keys::envelope::Sealed;
use crate::services::entry::Octets;
use crate::services::ports::{Passphrase, PrfOutput, UnlockSecret};

/// The first octet of what is sealed says what follows.
const PRF: u8 = 1;
const PASSPHRASE: u8 = 2;

/// What a page seals to, and for which purpose.
#[derive(Debug, Serialize)]
pub(super) struct Envelope {
    key: Octets,
    purpose: String,
}

/// What it sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedSecret {
    to: Octets,
    enc: Octets,
    ciphertext: Octets,
}

impl Envelope {
    /// A new one.
    pub(super) fn fresh(app: &App, purpose: String) -> Result<Self, Problem> {
        let key = app.envelopes().fresh(app.services().now());
        let key = key.map_err(Problem::internal)?;
        Ok(Self {
            key: Octets(key.0),
            purpose,
        })
    }
}

impl SealedSecret {
    /// Opens it, once.
    pub(super) fn open(
        &self,
        app: &App,
        purpose: &str,
        credential: &CredentialId,
    ) -> Result<UnlockSecret, Problem> {
        let sealed = Sealed {
            to: &self.to.0,
            enc: &self.enc.0,
            ciphertext: &self.ciphertext.0,
        };
        let opened = app.envelopes().open(sealed, purpose, app.services().now());
        let opened = opened.map_err(|error| {
            Problem::new(Kind::Forbidden, error.to_string()).with("reason", "expired")
        })?;
        secret(&opened, credential)
            .ok_or_else(|| Problem::new(Kind::InvalidRequest, "What was sealed is no secret."))
    }
}

fn secret(opened: &Zeroizing<Vec<u8>>, credential: &CredentialId) -> Option<UnlockSecret> {
    let (kind, rest) = opened.split_first()?;
    match *kind {
        PRF => Some(UnlockSecret::PasskeyPrf {
            credential: credential.clone(),
            output: PrfOutput::new(Zeroizing::new(rest.to_vec()))?,
        }),
        PASSPHRASE => {
            let text = std::str::from_utf8(rest).ok()?;
            Some(UnlockSecret::Passphrase(Passphrase::new(text.to_owned())))
        }
        _ => None,
    }
}
