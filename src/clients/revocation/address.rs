//! Which hosts and addresses may be asked.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Which hosts may be asked for what certificates name.
#[derive(Debug, Clone, Default)]
pub struct HostPolicy {
    /// The only hosts asked; empty: any host with a public address.
    pub allowed: Vec<String>,
    /// Hosts that may have a private address, under any port.
    pub private: Vec<String>,
}

impl HostPolicy {
    /// Whether the address may be asked, as far as its text tells.
    pub(super) fn permits(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let listed =
            self.is_private(host) || self.allowed.is_empty() || contains(&self.allowed, host);
        let bare = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https") && bare;
        web && listed && (self.is_private(host) || is_public_web(url, host))
    }

    fn is_private(&self, host: &str) -> bool {
        contains(&self.private, host)
    }
}

fn contains(hosts: &[String], host: &str) -> bool {
    hosts.iter().any(|listed| listed.eq_ignore_ascii_case(host))
}

/// The scheme's own port, and an address in digits only where it is public: no resolver
/// sees those.
fn is_public_web(url: &Url, host: &str) -> bool {
    let digits = host.trim_start_matches('[').trim_end_matches(']');
    let address: Option<IpAddr> = digits.parse().ok();
    url.port().is_none() && address.is_none_or(is_public)
}

/// Who knows the addresses of a name.
#[async_trait]
pub trait Lookup: fmt::Debug + Send + Sync {
    /// The addresses; of those with port 0 the port is the scheme's.
    ///
    /// # Errors
    /// There are none, or nobody answers.
    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Resolves names to the addresses that may be connected to, and only those: the client
/// connects to what it is given here, so no second look-up can differ.
#[derive(Debug)]
pub(super) struct Pinned {
    pub policy: HostPolicy,
    pub lookup: Arc<dyn Lookup>,
}

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.policy.is_private(name.as_str());
        let lookup = Arc::clone(&self.lookup);
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await?.into_iter();
            let allowed: Vec<SocketAddr> = found
                .filter(|address| private || is_public(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err("no public address".into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public internet (IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // this network, 10/8, loopback, multicast and reserved
        [0 | 10 | 127 | 224..=255, ..] => true,
        // carrier-grade NAT (RFC 6598)
        [100, 64..=127, ..] => true,
        [169, 254, ..] | [192, 168, ..] => true,
        [172, 16..=31, ..] => true,
        // protocol assignments, documentation, 6to4 relays, benchmarks
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

/// Global unicast (2000::/3) without what embeds IPv4 addresses or is for documents.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = (0x2000..=0x3fff).contains(&first);
    let special = match (first, second) {
        // protocol assignments with Teredo, documentation
        (0x2001, 0..=0x01ff | 0x0db8) => true,
        // 6to4, documentation (RFC 9637)
        (0x2002, _) | (0x3fff, 0..=0x0fff) => true,
        _ => false,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "8.8.8.8",
            "103.28.12.1",
            "172.32.0.1",
            "100.128.0.1",
            "2400:cb00::1",
            "2606:4700::1111",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "203.0.113.9",
            "::1",
            "::",
            "::ffff:8.8.8.8",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:a00:1::",
            "64:ff9b::a00:1",
            "2001::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn addresses_are_judged_by_scheme_host_and_port() {
        let any = HostPolicy::default();
        let listed = HostPolicy {
            allowed: vec!["ocsp.bsre.example".to_owned()],
            private: vec!["pki.intra".to_owned()],
        };
        let permits = |policy: &HostPolicy, url: &str| policy.permits(&Url::parse(url).unwrap());
        assert!(permits(&any, "http://ocsp.example.id/x") && permits(&any, "https://8.8.8.8/"));
        assert!(
            permits(&listed, "http://OCSP.bsre.example/")
                && permits(&listed, "http://pki.intra:8080/")
        );
        assert!(!permits(&listed, "http://other.example/"));
        for url in [
            "ftp://a.example/",
            "file:///etc/passwd",
            "ldap://a.example/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://user@a.example/",
            "http://a.example:22/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(!permits(&any, url), "{url}");
        }
    }
}
