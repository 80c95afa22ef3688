//! One HTTP exchange with a host that a certificate names.

use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode, Url};

use super::address::Pinned;
use super::{Asking, HostPolicy};

/// OCSP responses with a responder's certificate have some two kilobytes.
const LONGEST_OCSP: usize = 64 * 1024;
/// CRLs of large authorities have a few megabytes.
pub(super) const LONGEST_CRL: usize = 16 * 1024 * 1024;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The policy does not allow the address.
    #[error("the address is not allowed")]
    NotAllowed,
    /// Another status than 200.
    #[error("HTTP status {0}")]
    Status(StatusCode),
    /// An endless answer.
    #[error("the answer is longer than {0} octets")]
    TooLong(usize),
    /// The exchange failed.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

pub(super) struct Fetcher {
    http: reqwest::Client,
    policy: HostPolicy,
}

impl Fetcher {
    pub(super) fn new(asking: Asking) -> Result<Self, FetchError> {
        let Asking {
            hosts: policy,
            patience,
            lookup,
            ..
        } = asking;
        let pinned = Pinned {
            policy: policy.clone(),
            lookup,
        };
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            // A proxy would resolve names itself.
            .no_proxy()
            .dns_resolver(Arc::new(pinned))
            .timeout(patience)
            .user_agent(concat!("absah/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, policy })
    }

    /// The answer to an OCSP request (RFC 6960 A.1).
    pub(super) async fn ask_ocsp(&self, url: &str, request: Vec<u8>) -> Option<Vec<u8>> {
        let exchange = |url| {
            self.http
                .post(url)
                .header(CONTENT_TYPE, "application/ocsp-request")
                .header(ACCEPT, "application/ocsp-response")
                .body(request)
        };
        self.exchange(url, exchange, LONGEST_OCSP).await
    }

    /// A file.
    pub(super) async fn get(&self, url: &str, longest: usize) -> Option<Vec<u8>> {
        self.exchange(url, |url| self.http.get(url), longest).await
    }

    /// The answer, or nothing: the callers' error is one and the same, the log has the reason.
    async fn exchange(
        &self,
        url: &str,
        request: impl FnOnce(Url) -> RequestBuilder,
        longest: usize,
    ) -> Option<Vec<u8>> {
        match self.try_exchange(url, request, longest).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                tracing::warn!(url, %error, "revocation data was not fetched");
                None
            }
        }
    }

    async fn try_exchange(
        &self,
        url: &str,
        request: impl FnOnce(Url) -> RequestBuilder,
        longest: usize,
    ) -> Result<Vec<u8>, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::NotAllowed)?;
        if !self.policy.permits(&url) {
            return Err(FetchError::NotAllowed);
        }
        let mut response = request(url).send().await?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len().saturating_add(chunk.len()) > longest {
                return Err(FetchError::TooLong(longest));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
