//! Keys in encrypted PEM files (PKCS#8, RFC 5958, PBES2): what a ceremony leaves on a
//! folder that is taken offline, readable by `openssl pkey` in ten years.
//!
//! Unencrypted keys are neither written nor read.

use openssl::pkey::PKey;
use openssl::symm::Cipher;

use super::software::{KeyError, SoftwareKey};
use crate::services::ports::secret::Passphrase;

const LABEL: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// Writes the key, encrypted with AES-256.
///
/// # Errors
/// An empty passphrase, or OpenSSL's.
pub fn encrypt(key: &SoftwareKey, passphrase: &Passphrase) -> Result<Vec<u8>, KeyError> {
    if passphrase.is_empty() {
        return Err(KeyError::Seal(super::sealed::SealError::EmptyPassphrase));
    }
    let secret = passphrase.reveal().as_bytes();
    Ok(key
        .pkey()
        .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), secret)?)
}

/// Reads an encrypted key.
///
/// # Errors
/// [`KeyError::Missing`] for anything but an encrypted PKCS#8 key, [`KeyError::WrongPassphrase`].
pub fn decrypt(pem: &[u8], passphrase: &Passphrase) -> Result<SoftwareKey, KeyError> {
    let label = LABEL.as_bytes();
    if !pem.windows(label.len()).any(|window| window == label) {
        return Err(KeyError::Missing("encrypted private key (PEM, PKCS#8)"));
    }
    let key = PKey::private_key_from_pem_passphrase(pem, passphrase.reveal().as_bytes())
        .map_err(|_| KeyError::WrongPassphrase)?;
    SoftwareKey::from_pkey(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyType;

    #[test]
    fn reads_back_with_its_passphrase_only() {
        let key = SoftwareKey::generate(KeyType::P384).unwrap();
        let passphrase = Passphrase::new("akar".into());
        let pem = encrypt(&key, &passphrase).unwrap();
        assert_eq!(
            decrypt(&pem, &passphrase).unwrap().spki_der().unwrap(),
            key.spki_der().unwrap()
        );
        let wrong = decrypt(&pem, &Passphrase::new("batang".into()));
        assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
        assert!(encrypt(&key, &Passphrase::new(String::new())).is_err());
        let plain = key.pkey().private_key_to_pem_pkcs8().unwrap();
        assert!(matches!(
            decrypt(&plain, &passphrase),
            Err(KeyError::Missing(_))
        ));
    }
}
