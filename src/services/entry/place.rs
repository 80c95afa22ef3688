//! Where the console is: what browsers bind passkeys and requests to.

use crate::kernel::webauthn::RelyingParty;

/// Origin and host of the public URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The office, as authenticators show it.
    pub office: String,
    /// The public URL, without a slash at the end.
    pub url: String,
    origin: String,
    host: String,
}

impl Place {
    /// The place of a public URL; none where it is no origin.
    #[must_use]
    pub fn of(office: &str, url: &str) -> Option<Self> {
        let origin = origin_of(url)?;
        let (_, authority) = origin.split_once("://")?;
        // An address in brackets is no RP ID; what follows the last colon is a port.
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        Some(Self {
            office: office.to_owned(),
            url: url.trim_end_matches('/').to_owned(),
            host: host.to_owned(),
            origin,
        })
    }

    /// The origin of our own pages.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Who relies on passkeys: the host is the RP ID.
    #[must_use]
    pub fn relying_party(&self) -> RelyingParty<'_> {
        RelyingParty {
            id: &self.host,
            origin: &self.origin,
        }
    }
}

/// The origin (RFC 6454) that browsers name for a URL: scheme, host and port, the scheme's
/// own port left out.
#[must_use]
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    (!authority.is_empty()).then(|| format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_browsers_send() {
        for (url, origin) in [
            (
                "https://Izin.example.go.id:443/",
                "https://izin.example.go.id",
            ),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(origin_of(url).as_deref(), Some(origin));
        }
        assert_eq!(origin_of("ftp://a"), None);
        assert_eq!(origin_of("localhost"), None);
    }

    #[test]
    fn the_host_is_the_relying_party() {
        let id = |url: &str| {
            let place = Place::of("Kantor", url).unwrap();
            place.relying_party().id.to_owned()
        };
        assert_eq!(id("https://izin.example.go.id:8443/"), "izin.example.go.id");
        assert_eq!(id("http://localhost:8080"), "localhost");
        assert_eq!(id("https://izin.example.go.id"), "izin.example.go.id");
    }
}
