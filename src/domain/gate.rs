//! Gates (*prasyarat*): what a permit system reports as met before a document may
//! be signed, such as the satisfaction survey (Maluku Tenggara 23/2021, pasal 7(3)).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::ClientId;
use super::permit_type::GateName;

/// A gate that was reported as met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetGate {
    /// Which.
    pub name: GateName,
    /// The client that says so.
    pub reported_by: ClientId,
    /// What it rests on, in the client's words: a survey's number.
    pub proof: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}
