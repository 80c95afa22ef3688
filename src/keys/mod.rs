//! Where private keys live: sealed software keys, PKCS#12, PKCS#11.
//!
//! Everything that signs implements [`Signer`](crate::kernel::sign::Signer);
//! callers never learn where the key is. This room holds no policy: who may
//! unlock which key is decided in `services`.

pub mod envelope;
pub mod key_type;
mod p256;
pub mod pem;
pub mod pkcs11;
pub mod pkcs12;
pub mod residue;
pub mod sealed;
pub mod software;
pub mod vault;

pub use crate::services::ports::secret::{Passphrase, PrfOutput, UnlockSecret};
pub use envelope::Envelopes;
pub use key_type::KeyType;
pub use pkcs11::{Pkcs11Error, Pkcs11Key, Pkcs11Uri, UriError};
pub use pkcs12::Pkcs12;
pub use sealed::{KdfCost, SealError};
pub use software::{KeyError, SoftwareKey};
pub use vault::Vault;
