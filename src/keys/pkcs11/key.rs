//! A key in a token as a [`Signer`].
//!
//! A request that did not reach the key is made again once after a new login. A request whose
//! answer is lost (an error *during* C_Sign, or no answer in time) is never made
//! again here: [`SignError::ReplyLost`] leaves that to the caller, who records each attempt.

use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::device::{self, Attempt, Device, Pkcs11Error};
use super::public::ecdsa_to_der;
use super::uri::Pkcs11Uri;
use crate::kernel::sign::{PublicKey, SignError, SignatureAlgorithm, Signer};
use crate::keys::KeyType;
use crate::services::ports::secret::Passphrase;

/// How long a token may take for one signature.
const PATIENCE: Duration = Duration::from_secs(10);

/// A key in a token.
pub struct Pkcs11Key {
    algorithm: SignatureAlgorithm,
    spki: Vec<u8>,
    public: PublicKey,
    requests: mpsc::Sender<Request>,
    patience: Duration,
    /// Answers that came too late, or never: while one is owed nothing more is asked.
    owed: Mutex<Vec<Answer>>,
    name: String,
}

type Answer = mpsc::Receiver<Result<Vec<u8>, SignError>>;

struct Request {
    digest: Vec<u8>,
    reply: mpsc::SyncSender<Result<Vec<u8>, SignError>>,
}

impl Pkcs11Key {
    /// Finds the key that the URI names and logs in with the PIN the URI points to.
    ///
    /// # Errors
    /// What is missing or ambiguous, by name.
    pub fn open(uri: &Pkcs11Uri) -> Result<Self, Pkcs11Error> {
        Self::open_with_pin(uri, device::pin(uri)?)
    }

    /// The same with a PIN from elsewhere (a person, a secret store).
    ///
    /// # Errors
    /// What is missing or ambiguous, by name.
    pub fn open_with_pin(uri: &Pkcs11Uri, pin: Passphrase) -> Result<Self, Pkcs11Error> {
        let device = Device::connect(uri, &pin)?;
        let spki = device.spki(uri)?;
        let no_public_key = || Pkcs11Error::PublicKey(uri.to_string());
        let parsed =
            openssl::pkey::PKey::public_key_from_der(&spki).map_err(|_| no_public_key())?;
        let kind = KeyType::of(&parsed).ok_or_else(no_public_key)?;
        let public = PublicKey::from_spki(&spki).map_err(|_| no_public_key())?;
        let algorithm = kind.usual_algorithm();
        let (requests, inbox) = mpsc::channel();
        let worker = Worker {
            uri: uri.clone(),
            pin,
            device: Some(device),
        };
        let session = move || worker.serve(algorithm, &inbox);
        std::thread::Builder::new()
            .name("pkcs11".into())
            .spawn(session)
            .map_err(|error| Pkcs11Error::Other(error.to_string()))?;
        let name = uri.to_string();
        Ok(Self {
            algorithm,
            spki,
            public,
            requests,
            patience: PATIENCE,
            owed: Mutex::new(Vec::new()),
            name,
        })
    }

    /// The same key with another limit on the time one signature may take.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The public key as SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    fn check_nothing_is_owed(&self) -> Result<(), SignError> {
        let mut owed = self.owed.lock().unwrap_or_else(PoisonError::into_inner);
        owed.retain(|answer| matches!(answer.try_recv(), Err(mpsc::TryRecvError::Empty)));
        if owed.is_empty() {
            return Ok(());
        }
        let text = format!("{} still owes the answer to an earlier request", self.name);
        Err(SignError::DeviceLost(text))
    }

    fn request(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        self.check_nothing_is_owed()?;
        let (reply, answer) = mpsc::sync_channel(1);
        let request = Request {
            digest: digest.to_vec(),
            reply,
        };
        let ended =
            || SignError::DeviceLost(format!("the session thread of {} has ended", self.name));
        self.requests.send(request).map_err(|_| ended())?;
        match answer.recv_timeout(self.patience) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                self.owed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(answer);
                let text = format!("{} gave no answer in {:?}", self.name, self.patience);
                Err(SignError::ReplyLost(text))
            }
            // The thread died with the request in its hands.
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(SignError::ReplyLost(format!(
                "the session thread of {} ended",
                self.name
            ))),
        }
    }
}

impl Signer for Pkcs11Key {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        SignError::check_digest(self.algorithm, digest)?;
        let value = self.request(digest)?;
        // A token that answers with anything else than a signature of this key has
        // signed something, but we do not hold it.
        match self.public.verify_digest(self.algorithm, digest, &value) {
            Ok(()) => Ok(value),
            Err(error) => Err(SignError::ReplyLost(format!("{}: {error}", self.name))),
        }
    }
}

impl std::fmt::Debug for Pkcs11Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pkcs11Key({}, {})", self.name, self.algorithm)
    }
}

/// The thread that owns the session.
struct Worker {
    uri: Pkcs11Uri,
    pin: Passphrase,
    device: Option<Device>,
}

impl Worker {
    fn serve(mut self, algorithm: SignatureAlgorithm, inbox: &mpsc::Receiver<Request>) {
        while let Ok(request) = inbox.recv() {
            let result = self.sign(algorithm, &request.digest);
            if !matches!(result, Ok(_) | Err(SignError::KeyStore(_))) {
                self.device = None;
            }
            // A caller who gave up is gone; his request is answered for nobody.
            let _ = request.reply.send(result);
        }
    }

    fn sign(&mut self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        match self.attempt(algorithm, digest)? {
            Attempt::NotReached(_) => {
                self.device = None;
                settle(algorithm, self.attempt(algorithm, digest)?)
            }
            ended => settle(algorithm, ended),
        }
    }

    fn attempt(
        &mut self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
    ) -> Result<Attempt, SignError> {
        let device = match self.device.take() {
            Some(device) => device,
            None => Device::connect(&self.uri, &self.pin)
                .map_err(|error| SignError::DeviceLost(error.to_string()))?,
        };
        let attempt = device.sign(algorithm, digest);
        self.device = Some(device);
        Ok(attempt)
    }
}

fn settle(algorithm: SignatureAlgorithm, attempt: Attempt) -> Result<Vec<u8>, SignError> {
    match attempt {
        Attempt::Signed(value) if matches!(algorithm, SignatureAlgorithm::Ecdsa(_)) => {
            ecdsa_to_der(&value)
                .ok_or_else(|| SignError::ReplyLost("the token's ECDSA value is malformed".into()))
        }
        Attempt::Signed(value) => Ok(value),
        Attempt::NotReached(text) => Err(SignError::DeviceLost(text)),
        Attempt::Refused(text) => Err(SignError::KeyStore(text)),
        Attempt::Unknown(text) => Err(SignError::ReplyLost(text)),
    }
}
