//! Whose request it is, for rate limits: the peer, or, where the peer is a proxy
//! we trust, the last address in `X-Forwarded-For` that such a proxy added.
//!
//! The address is used and forgotten: it is never logged nor stored.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::http::problem::Problem;
use crate::http::server::Peer;
use crate::http::state::App;

/// The networks whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Arc<[IpNet]>);

/// The address a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress
where
    TrustedProxies: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let peer = parts
            .extensions
            .get::<Peer>()
            .ok_or_else(|| Problem::internal("a request without a peer address"))?;
        let trusted = TrustedProxies::from_ref(state);
        Ok(Self(trusted.origin(peer.0.ip(), &parts.headers)))
    }
}

/// Proof that the client's address may upload once more. Asked before the body is
/// read: a flood is turned away at its first bytes.
#[derive(Clone, Copy, Debug)]
pub struct UploadBudget;

impl FromRequestParts<App> for UploadBudget {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        app.uploads().spend(address)?;
        Ok(Self)
    }
}

impl TrustedProxies {
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut origin = peer.to_canonical();
        let mut hops: Vec<_> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        while self.trusts(origin) {
            match hops.pop().and_then(|hop| hop.trim().parse::<IpAddr>().ok()) {
                Some(hop) => origin = hop.to_canonical(),
                None => break,
            }
        }
        origin
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn origin(peer: &str, forwarded: &'static str) -> String {
        let trusted = TrustedProxies(Arc::from(["10.0.0.0/8".parse().unwrap()]));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        trusted.origin(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(origin("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(origin("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(origin("::ffff:10.0.0.1", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn what_the_client_itself_claims_is_not_reached() {
        assert_eq!(
            origin("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9"),
            "198.51.100.1"
        );
        assert_eq!(origin("10.0.0.1", "1.2.3.4, nonsense"), "10.0.0.1");
        assert_eq!(origin("10.0.0.1", ""), "10.0.0.1");
    }
}
