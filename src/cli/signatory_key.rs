//! A signatory's new key, as `user`, `ca issue` and `ca request` make it: software under
//! his passphrase, or one that is in a token already.

use std::path::Path;

use clap::Args;

use super::outcome::CliError;
use super::prompt;
use crate::authority::pending::PendingKey;
use crate::domain::accounts::Person;
use crate::kernel::sign::Signer;
use crate::keys::{KdfCost, KeyType, Pkcs11Error, Pkcs11Key, Pkcs11Uri, SoftwareKey, UnlockSecret};

/// Which key.
#[derive(Debug, Args)]
pub(super) struct SignatoryKeyArguments {
    /// The kind of key that is made: p-256, p-384, rsa-2048, rsa-3072, rsa-4096
    #[arg(long, value_name = "TYPE", default_value = "p-256")]
    key_type: KeyType,
    /// A key that is in a token already (RFC 7512), without its PIN
    #[arg(long, value_name = "URI", conflicts_with = "key_type")]
    pkcs11: Option<String>,
}

impl SignatoryKeyArguments {
    /// Makes the key, or opens it in its token. The secret is the new passphrase, or the PIN.
    pub(super) fn make(
        &self,
        person: &Person,
        secret_file: Option<&Path>,
    ) -> Result<(PendingKey, Box<dyn Signer>), CliError> {
        match &self.pkcs11 {
            Some(uri) => in_token(uri, person, secret_file),
            None => self.software(person, secret_file),
        }
    }

    fn software(
        &self,
        person: &Person,
        secret_file: Option<&Path>,
    ) -> Result<(PendingKey, Box<dyn Signer>), CliError> {
        let what = format!("new passphrase of {}", person.name);
        let secret = UnlockSecret::Passphrase(prompt::new_passphrase(secret_file, &what)?);
        let key = SoftwareKey::generate(self.key_type).map_err(CliError::world)?;
        let pending = PendingKey::sealed(&person.id, &key, &secret, KdfCost::RECOMMENDED)
            .map_err(CliError::world)?;
        Ok((pending, Box::new(key)))
    }
}

fn in_token(
    text: &str,
    person: &Person,
    pin_file: Option<&Path>,
) -> Result<(PendingKey, Box<dyn Signer>), CliError> {
    let uri: Pkcs11Uri = text.parse().map_err(CliError::usage)?;
    if uri.pin.is_some() {
        return Err(
            CliError::usage("the URI is stored: leave the PIN out of it")
                .mend("give the PIN with the passphrase file, or type it"),
        );
    }
    let what = format!("PIN of the token of {}", person.name);
    let pin = prompt::passphrase(pin_file, &what)?;
    let key = Pkcs11Key::open_with_pin(&uri, pin).map_err(|error| token_error(&error))?;
    Ok((PendingKey::in_token(text, &key), Box::new(key)))
}

/// A wrong PIN is wrong use; a token that fails is the world's fault.
pub(super) fn token_error(error: &Pkcs11Error) -> CliError {
    match error {
        Pkcs11Error::Pin(_) | Pkcs11Error::NoPin | Pkcs11Error::PinFile { .. } => {
            CliError::usage(error)
        }
        _ => CliError::world(error),
    }
}
