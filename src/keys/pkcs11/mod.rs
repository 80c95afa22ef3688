//! Keys in a hardware security module, through PKCS#11 v2.40.
//!
//! [`Pkcs11Key`] talks to a thread of its own that owns the session: a session may be
//! used by one thread only, and a module that hangs must not hang the caller. Keys
//! are not made here: the token's own tool (`pkcs11-tool --keypairgen`) does that.

mod device;
mod key;
mod public;
mod uri;

pub use device::Pkcs11Error;
pub use key::Pkcs11Key;
pub use uri::{PinSource, Pkcs11Uri, UriError};
