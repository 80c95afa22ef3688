//! PKCS#12 (RFC 7292): a key with its certificate and chain, as other authorities hand
//! them out and as a signatory may take his own away.
//!
//! Written with PBES2 (PBKDF2, AES-256-CBC) and an HMAC-SHA-256 MAC. Old files
//! (RC2, 3DES) are read only if the machine's OpenSSL still does.

use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12 as OpenSslPkcs12;
use openssl::stack::Stack;
use openssl::x509::X509;

use super::software::{KeyError, SoftwareKey};
use crate::services::ports::secret::Passphrase;

/// PBKDF2 iterations (OWASP, HMAC-SHA-256).
const ITERATIONS: u32 = 600_000;

/// A key with its certificates, in DER.
#[derive(Debug)]
pub struct Pkcs12 {
    /// The key.
    pub key: SoftwareKey,
    /// Its certificate.
    pub certificate: Vec<u8>,
    /// The other certificates in the file, in its order.
    pub chain: Vec<Vec<u8>>,
}

impl Pkcs12 {
    /// Opens a file.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], a missing key or certificate, or one that is another key's.
    pub fn import(file: &[u8], passphrase: &Passphrase) -> Result<Self, KeyError> {
        let parsed = OpenSslPkcs12::from_der(file)
            .map_err(|_| KeyError::Missing("PKCS#12 structure"))?
            .parse2(passphrase.reveal())
            .map_err(|_| KeyError::WrongPassphrase)?;
        let key = parsed.pkey.ok_or(KeyError::Missing("private key"))?;
        let certificate = parsed
            .cert
            .ok_or(KeyError::Missing("certificate of the key"))?;
        if !certificate.public_key()?.public_eq(&key) {
            return Err(KeyError::CertificateMismatch);
        }
        let others = parsed.ca.into_iter().flatten();
        let chain = others
            .map(|other| other.to_der())
            .collect::<Result<_, _>>()?;
        Ok(Self {
            key: SoftwareKey::from_pkey(key)?,
            certificate: certificate.to_der()?,
            chain,
        })
    }

    /// Writes a file, under a friendly name.
    ///
    /// # Errors
    /// An empty passphrase, a certificate that is another key's, or OpenSSL's.
    pub fn export(&self, name: &str, passphrase: &Passphrase) -> Result<Vec<u8>, KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::Seal(super::sealed::SealError::EmptyPassphrase));
        }
        let certificate = X509::from_der(&self.certificate)?;
        if !certificate.public_key()?.public_eq(self.key.pkey()) {
            return Err(KeyError::CertificateMismatch);
        }
        let mut chain = Stack::new()?;
        for other in &self.chain {
            chain.push(X509::from_der(other)?)?;
        }
        let built = OpenSslPkcs12::builder()
            .name(name)
            .pkey(self.key.pkey())
            .cert(&certificate)
            .ca(chain)
            .key_algorithm(Nid::AES_256_CBC)
            .cert_algorithm(Nid::AES_256_CBC)
            .key_iter(ITERATIONS)
            .mac_iter(ITERATIONS)
            .mac_md(MessageDigest::sha256())
            .build2(passphrase.reveal())?;
        Ok(built.to_der()?)
    }
}
