//! For who runs the service: alive, ready, measured.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::metrics::Gauge;
use super::problem::Kind;
use super::state::App;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /healthz`: the process answers. Says nothing about what it needs: a
/// supervisor that restarts it for a database that is away helps nobody.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// One thing the service needs, and whether it has it.
#[derive(Debug, Serialize)]
struct Need {
    name: &'static str,
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl Need {
    fn new(name: &'static str, missing: Option<&'static str>) -> Self {
        Self {
            name,
            ready: missing.is_none(),
            reason: missing,
        }
    }
}

/// `GET /readyz`: whether it can do its work, and if not, why. The reasons name no
/// cause that only the log should know.
pub async fn ready(State(app): State<App>) -> Response {
    let (counted, crl) = tokio::join!(app.services().count_by_state(), crls_missing(&app));
    let needs = [
        Need::new(
            "database",
            counted.err().map(|_| "the database does not answer"),
        ),
        Need::new("crl", crl),
        Need::new("certificates", expired_service(&app)),
    ];
    let ready = needs.iter().all(|need| need.ready);
    let body = Json(json!({ "ready": ready, "needs": needs }));
    if ready {
        body.into_response()
    } else {
        (Kind::Unavailable.status(), body).into_response()
    }
}

async fn crls_missing(app: &App) -> Option<&'static str> {
    let authority = app.authority();
    for ca in [authority.root(), authority.issuing()] {
        let key = hex::encode(ca.subject_key_identifier().unwrap_or_default());
        match app.register().current_crl(&key).await {
            Ok(Some(crl)) if crl.next_update > app.services().now() => {}
            Ok(_) => return Some("a CRL is missing or has ended: publish it with `absah ca crl`"),
            Err(_) => return Some("the database does not answer"),
        }
    }
    None
}

fn expired_service(app: &App) -> Option<&'static str> {
    let ended = app.authority().ending_within(time::Duration::ZERO);
    (!ended.is_empty()).then_some("a certificate of TSA, OCSP responder or seal has ended")
}

/// `GET /metrics`
pub async fn metrics(State(app): State<App>) -> Response {
    let counts = app.services().count_by_state().await.unwrap_or_default();
    let gauges: Vec<Gauge> = counts.into_iter().map(documents).collect();
    let page = app.metrics().render(&gauges);
    ([(CONTENT_TYPE, TEXT_FORMAT)], page).into_response()
}

fn documents((state, count): (String, u64)) -> Gauge {
    Gauge {
        name: "documents",
        help: "Documents by state.",
        label: Some(("state", state)),
        value: count as f64,
    }
}
