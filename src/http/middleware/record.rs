//! One log line and one measurement for every request: the route's pattern, never
//! the address that was asked for, which carries codes and document ids.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::metrics::Metrics;

/// Logs and counts the request once it is answered.
pub async fn record(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let took = began.elapsed();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let status = response.status().as_u16();
    metrics.request(&method, route, status, took);
    tracing::info!(
        %method,
        route,
        status,
        ms = took.as_millis() as u64,
        "answered"
    );
    response
}
