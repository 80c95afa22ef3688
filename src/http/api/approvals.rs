//! `POST /api/v1/documents/{id}/approvals`: the signatory's passphrase opens his
//! key for this one document. What follows needs no key and goes on by itself: 202.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Deserializer};

use super::call::Call;
use super::document::changed;
use crate::domain::ids::DocumentId;
use crate::http::extract::{AsSignatory, Json, Path};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::Done;
use crate::services::administration::Caller;
use crate::services::ports::{Passphrase, UnlockSecret};

/// The door that the record of the approval names.
const VIA: &str = "api";

/// What opens the key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRequest {
    #[serde(deserialize_with = "passphrase")]
    passphrase: Passphrase,
}

fn passphrase<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Passphrase, D::Error> {
    String::deserialize(deserializer).map(Passphrase::new)
}

/// Signs the document. The passphrase is no part of what makes two calls the same:
/// it is kept nowhere, not even as a hash.
pub async fn give(
    State(app): State<App>,
    call: Call<AsSignatory>,
    Path(id): Path<DocumentId>,
    Json(request): Json<ApprovalRequest>,
) -> Result<Response, Problem> {
    let signatory = &call.by.0;
    let caller = Caller::Person(signatory.clone());
    let once = call.once(&caller, &[]);
    let secret = UnlockSecret::Passphrase(request.passphrase);
    let done = app
        .services()
        .approve(signatory, &[id], &secret, VIA, once)
        .await?;
    let signed = done.value.into_iter().find_map(|one| one.signed);
    let signed = signed.ok_or_else(|| Problem::internal("an approval without its document"))?;
    let done = Done {
        value: *signed,
        replayed: done.replayed,
    };
    changed(&app, StatusCode::ACCEPTED, done).await
}
