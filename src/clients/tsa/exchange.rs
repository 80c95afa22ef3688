//! One HTTP exchange with a TSA: no redirects, a time limit, a cap on the answer.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;

/// Tokens have a few kilobytes; with a long chain, some ten.
const LONGEST_RESPONSE: usize = 64 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Connection(String),
    /// Another status than 200.
    #[error("HTTP status {0}")]
    Status(u16),
    /// An endless answer.
    #[error("the answer is longer than {LONGEST_RESPONSE} octets")]
    TooLong,
    /// A failure on our side.
    #[error("{0}")]
    Local(String),
}

pub(super) fn client(patience: Duration) -> Result<reqwest::Client, ExchangeError> {
    reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(patience.min(Duration::from_secs(5)))
        .timeout(patience)
        .user_agent(concat!("absah/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| ExchangeError::Local(error.to_string()))
}

pub(super) async fn post(
    http: &reqwest::Client,
    url: &reqwest::Url,
    request: Vec<u8>,
) -> Result<Vec<u8>, ExchangeError> {
    let sent = http
        .post(url.clone())
        .header(CONTENT_TYPE, "application/timestamp-query")
        .header(ACCEPT, "application/timestamp-reply")
        .body(request)
        .send();
    let mut response = sent.await.map_err(failed)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(ExchangeError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_RESPONSE {
            return Err(ExchangeError::TooLong);
        }
    }
    Ok(body)
}

fn failed(error: reqwest::Error) -> ExchangeError {
    if error.is_timeout() {
        return ExchangeError::Timeout;
    }
    // The URL may carry a password; the causes say what happened.
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    ExchangeError::Connection(text)
}
