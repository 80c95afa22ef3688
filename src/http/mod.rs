//! The HTTP service: API, public verification, PKI endpoints.

pub mod api;
pub mod console;
pub mod extract;
mod failures;
pub mod metrics;
pub mod middleware;
pub mod operations;
pub mod pages;
pub mod pki;
pub mod problem;
pub mod rate_limit;
pub mod router;
pub mod server;
pub mod state;
pub mod tls;
