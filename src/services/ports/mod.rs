//! The world as the services see it: traits that `storage`, `keys`, `authority` and
//! `clients` implement.
//!
//! A port that keeps something durable returns only after it is durable.

pub mod certificates;
pub mod clock;
pub mod revocation_data;
pub mod secret;
pub mod signatory_keys;
pub mod store_error;
pub mod time_marks;
pub mod timestamps;

pub use certificates::{
    CertificateId, CertificateQuery, CertificateRecord, CertificateStatus, Certificates,
    IssuanceIntent, PublishedCrl, Revocation,
};
pub use clock::{Clock, ClockHealth, ClockUnsure, Entropy, EntropyError};
pub use revocation_data::{RevocationData, RevocationDataError, RevocationEvidence};
pub use secret::{Passphrase, PrfOutput, UnlockSecret};
pub use signatory_keys::{SignatoryKeys, UnlockError};
pub use store_error::StoreError;
pub use time_marks::TimeMarks;
pub use timestamps::{TimestampError, Timestamps};
