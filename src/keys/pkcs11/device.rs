//! One logged-in session with one private key in it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;

use super::public;
use super::uri::{PinSource, Pkcs11Uri};
use crate::kernel::asn1::write;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::SignatureAlgorithm;
use crate::services::ports::secret::Passphrase;

/// Why a key in a token cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Pkcs11Error {
    /// The URI names no module.
    #[error("the PKCS#11 URI has no module-path")]
    NoModule,
    /// The module cannot be loaded or started.
    #[error("the PKCS#11 module {path} cannot be used: {error}")]
    Module {
        /// Which library.
        path: String,
        /// What it said.
        error: String,
    },
    /// No token, or more than one, fits the URI.
    #[error("{found} tokens fit {uri}, exactly one must")]
    Token {
        /// The URI, without its PIN.
        uri: String,
        /// How many.
        found: usize,
    },
    /// No key, or more than one, fits the URI.
    #[error("{found} private keys fit {uri}, exactly one must")]
    Key {
        /// The URI, without its PIN.
        uri: String,
        /// How many.
        found: usize,
    },
    /// No PIN was given.
    #[error("no PIN: give pin-source in the PKCS#11 URI")]
    NoPin,
    /// The file with the PIN cannot be read.
    #[error("the PIN file {path} cannot be read: {error}")]
    PinFile {
        /// Which file.
        path: String,
        /// Why.
        error: String,
    },
    /// The token refused the PIN. It is not tried again: tokens lock themselves.
    #[error("the token refuses the PIN: {0}")]
    Pin(String),
    /// The public key of the pair is not in the token, or of a kind not used here.
    #[error("the public key of {0} is not in the token, or is not RSA, P-256 or P-384")]
    PublicKey(String),
    /// The algorithm asked for does not fit the key.
    #[error("this key does not sign with {0}")]
    Algorithm(SignatureAlgorithm),
    /// Anything else the module said.
    #[error("PKCS#11: {0}")]
    Other(String),
}

pub(super) struct Device {
    session: Session,
    key: ObjectHandle,
}

/// How a signing call ended.
pub(super) enum Attempt {
    Signed(Vec<u8>),
    /// The session is gone and nothing was signed: log in and try again.
    NotReached(String),
    /// The token refused before it signed.
    Refused(String),
    /// The token may have signed.
    Unknown(String),
}

impl Device {
    pub(super) fn connect(uri: &Pkcs11Uri, pin: &Passphrase) -> Result<Self, Pkcs11Error> {
        let module = module(uri)?;
        let slot = slot(&module, uri)?;
        let session = module.open_ro_session(slot).map_err(other)?;
        match session.login(UserType::User, Some(&AuthPin::from(pin.reveal()))) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(Pkcs11Error::Pin(error.to_string())),
        }
        let key = private_key(&session, uri)?;
        Ok(Self { session, key })
    }

    pub(super) fn spki(&self, uri: &Pkcs11Uri) -> Result<Vec<u8>, Pkcs11Error> {
        public::spki(&self.session, self.key).ok_or_else(|| Pkcs11Error::PublicKey(uri.to_string()))
    }

    pub(super) fn sign(&self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Attempt {
        let (mechanism, input) = prepared(algorithm, digest);
        match self.session.sign(&mechanism, self.key, &input) {
            Ok(value) => Attempt::Signed(value),
            Err(error) => judge(&error),
        }
    }
}

/// What an error says about whether the key was used (PKCS#11 v2.40, section 5.1).
///
/// C_SignInit never signs. An error C_Sign gives for the state it was *invoked* in means
/// that it did nothing; "device removed", "session closed" and "function failed"
/// are given when something happens *during* the call.
fn judge(error: &Error) -> Attempt {
    let text = error.to_string();
    let Error::Pkcs11(code, function) = error else {
        return Attempt::Refused(text);
    };
    let initial = matches!(function, Function::SignInit);
    match code {
        RvError::SessionHandleInvalid
        | RvError::UserNotLoggedIn
        | RvError::KeyHandleInvalid
        | RvError::CryptokiNotInitialized => Attempt::NotReached(text),
        RvError::DeviceRemoved | RvError::SessionClosed | RvError::TokenNotPresent if initial => {
            Attempt::NotReached(text)
        }
        RvError::DataInvalid
        | RvError::DataLenRange
        | RvError::ArgumentsBad
        | RvError::FunctionNotSupported
        | RvError::FunctionRejected => Attempt::Refused(text),
        _ if initial => Attempt::Refused(text),
        _ => Attempt::Unknown(text),
    }
}

fn prepared(algorithm: SignatureAlgorithm, digest: &[u8]) -> (Mechanism<'static>, Vec<u8>) {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1(hash) => (Mechanism::RsaPkcs, digest_info(hash, digest)),
        SignatureAlgorithm::RsaPss(hash) => (Mechanism::RsaPkcsPss(pss(hash)), digest.to_vec()),
        SignatureAlgorithm::Ecdsa(_) => (Mechanism::Ecdsa, digest.to_vec()),
    }
}

/// DigestInfo (RFC 8017 section 9.2): CKM_RSA_PKCS pads what it is given.
fn digest_info(hash: HashAlgorithm, digest: &[u8]) -> Vec<u8> {
    let identifier = write::sequence(&[&write::oid(&hash.oid()), &write::NULL]);
    write::sequence(&[&identifier, &write::octet_string(digest)])
}

fn pss(hash: HashAlgorithm) -> PkcsPssParams {
    let (hash_alg, mgf) = match hash {
        HashAlgorithm::Sha1 => (MechanismType::SHA1, PkcsMgfType::MGF1_SHA1),
        HashAlgorithm::Sha224 => (MechanismType::SHA224, PkcsMgfType::MGF1_SHA224),
        HashAlgorithm::Sha256 => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256),
        HashAlgorithm::Sha384 => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384),
        HashAlgorithm::Sha512 => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512),
    };
    PkcsPssParams {
        hash_alg,
        mgf,
        // At most 64, the output of SHA-512.
        s_len: u64::try_from(hash.output_len()).unwrap_or_default().into(),
    }
}

pub(super) fn pin(uri: &Pkcs11Uri) -> Result<Passphrase, Pkcs11Error> {
    match &uri.pin {
        None => Err(Pkcs11Error::NoPin),
        Some(PinSource::Value(value)) => Ok(Passphrase::new(value.to_string())),
        Some(PinSource::File(path)) => {
            let content = std::fs::read_to_string(path).map(zeroize::Zeroizing::new);
            let content = content.map_err(|error| Pkcs11Error::PinFile {
                path: path.clone(),
                error: error.to_string(),
            })?;
            Ok(Passphrase::from_file_content(&content))
        }
    }
}

/// The module, loaded and initialised once in this process: C_Initialize is global,
/// and C_Finalize under another key's feet would break it.
fn module(uri: &Pkcs11Uri) -> Result<Pkcs11, Pkcs11Error> {
    static MODULES: Mutex<Option<HashMap<PathBuf, Pkcs11>>> = Mutex::new(None);
    let path = uri.module_path.as_deref().ok_or(Pkcs11Error::NoModule)?;
    let failed = |error: Error| Pkcs11Error::Module {
        path: path.to_owned(),
        error: error.to_string(),
    };
    let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let modules = modules.get_or_insert_with(HashMap::new);
    let module = match modules.get(std::path::Path::new(path)) {
        Some(loaded) => loaded.clone(),
        None => Pkcs11::new(path).map_err(failed)?,
    };
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(error)),
    }
    modules.insert(path.into(), module.clone());
    Ok(module)
}

fn slot(module: &Pkcs11, uri: &Pkcs11Uri) -> Result<Slot, Pkcs11Error> {
    let mut fitting = Vec::new();
    for slot in module.get_slots_with_initialized_token().map_err(other)? {
        let token = module.get_token_info(slot).map_err(other)?;
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|w| w == found.trim_end())
        };
        if fits(&uri.token, token.label())
            && fits(&uri.manufacturer, token.manufacturer_id())
            && fits(&uri.model, token.model())
            && fits(&uri.serial, token.serial_number())
            && uri.slot_id.is_none_or(|wanted| wanted == slot.id())
        {
            fitting.push(slot);
        }
    }
    match fitting.as_slice() {
        [slot] => Ok(*slot),
        several => Err(Pkcs11Error::Token {
            uri: uri.to_string(),
            found: several.len(),
        }),
    }
}

fn private_key(session: &Session, uri: &Pkcs11Uri) -> Result<ObjectHandle, Pkcs11Error> {
    let mut wanted = vec![
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::Sign(true),
    ];
    wanted.extend(
        uri.object
            .as_ref()
            .map(|label| Attribute::Label(label.as_bytes().to_vec())),
    );
    wanted.extend(uri.id.clone().map(Attribute::Id));
    match session.find_objects(&wanted).map_err(other)?.as_slice() {
        [key] => Ok(*key),
        several => Err(Pkcs11Error::Key {
            uri: uri.to_string(),
            found: several.len(),
        }),
    }
}

fn other(error: impl std::fmt::Display) -> Pkcs11Error {
    Pkcs11Error::Other(error.to_string())
}
