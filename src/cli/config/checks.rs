//! What settings must hold together before anything starts.

use std::net::IpAddr;

use axum::http::Uri;

use super::Config;

/// Settings that are each well formed but cannot stand together.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The public URL is no origin.
    #[error("server.public_url: \"{0}\" is not of the form https://izin.example.go.id")]
    PublicUrl(String),
    /// A real authority on a name that only this machine knows.
    #[error(
        "an authority that is not a demonstration needs a public URL that is https and not \
         loopback, and \"{0}\" is not; set server.public_url"
    )]
    NotPublic(String),
    /// Half of TLS.
    #[error("server.tls_cert and server.tls_key are set together or not at all")]
    HalfTls,
    /// Nobody would believe their tokens.
    #[error(
        "timestamps.urls needs timestamps.anchors: the roots that the authorities' certificates \
         lead to"
    )]
    NoTimestampAnchors,
    /// No limit at all, or none that lets anything through.
    #[error("limits, console, timestamps.patience_seconds: every limit is at least 1")]
    ZeroLimit,
}

impl Config {
    /// Checks what no single setting shows.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), Refused> {
        let public_url = self.public_url();
        let origin =
            Origin::of(&public_url).ok_or_else(|| Refused::PublicUrl(public_url.clone()))?;
        let public = origin.https && !origin.loopback;
        if !(self.authority.demonstration || public) {
            return Err(Refused::NotPublic(public_url));
        }
        if self.server.tls_cert.is_some() != self.server.tls_key.is_some() {
            return Err(Refused::HalfTls);
        }
        if !self.timestamps.urls.is_empty() && self.timestamps.anchors.is_empty() {
            return Err(Refused::NoTimestampAnchors);
        }
        self.check_limits()
    }

    fn check_limits(&self) -> Result<(), Refused> {
        let limits = &self.limits;
        let enough = limits.upload_bytes > 0
            && limits.request_seconds > 0
            && limits.idle_seconds > 0
            && limits.lookups_per_minute > 0
            && limits.uploads_per_minute > 0
            && self.console.idle_minutes > 0
            && self.console.session_hours > 0
            && self.console.proof_minutes > 0
            && self.timestamps.patience_seconds > 0;
        if enough {
            Ok(())
        } else {
            Err(Refused::ZeroLimit)
        }
    }

    /// What QR codes, certificates and links name, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.server.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => {
                let scheme = if self.server.tls_cert.is_some() {
                    "https"
                } else {
                    "http"
                };
                format!("{scheme}://localhost:{}", self.server.listen.port())
            }
        }
    }
}

struct Origin {
    https: bool,
    loopback: bool,
}

impl Origin {
    /// A scheme and an authority, nothing more: paths of the service begin at the root.
    fn of(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let https = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        let bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
        let host = authority.host().trim_matches(['[', ']']);
        let loopback = match host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback() || address.is_unspecified(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        (bare && !host.is_empty()).then_some(Self { https, loopback })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(public_url: &str, demonstration: bool) -> Config {
        let mut config = Config::default();
        config.server.public_url = Some(public_url.to_owned());
        config.authority.demonstration = demonstration;
        config
    }

    #[test]
    fn the_embedded_default_may_start() {
        assert_eq!(Config::default().check(), Ok(()));
        assert_eq!(Config::default().public_url(), "http://localhost:8080");
    }

    #[test]
    fn a_real_authority_needs_a_public_https_name() {
        assert_eq!(with("https://izin.example.go.id/", false).check(), Ok(()));
        for url in [
            "http://izin.example.go.id",
            "https://localhost:8443",
            "https://127.0.0.1",
            "https://[::1]:8443",
            "https://absah.localhost",
        ] {
            assert_eq!(
                with(url, false).check(),
                Err(Refused::NotPublic(url.to_owned()))
            );
            assert_eq!(with(url, true).check(), Ok(()), "{url}");
        }
    }

    #[test]
    fn the_public_url_is_an_origin() {
        for url in [
            "izin.example.go.id",
            "ftp://a",
            "https://a/permits",
            "https://a?b",
            "https://u@a",
            "",
        ] {
            let refused = with(url, true).check();
            assert_eq!(refused, Err(Refused::PublicUrl(url.to_owned())), "{url}");
        }
    }

    #[test]
    fn halves_and_zeros_are_refused() {
        let mut config = Config::default();
        config.server.tls_cert = Some("a.pem".into());
        assert_eq!(config.check(), Err(Refused::HalfTls));
        let mut config = Config::default();
        config.timestamps.urls = vec!["http://tsa.example/".to_owned()];
        assert_eq!(config.check(), Err(Refused::NoTimestampAnchors));
        config.timestamps.anchors = vec!["root.pem".into()];
        assert_eq!(config.check(), Ok(()));
        config.timestamps.patience_seconds = 0;
        assert_eq!(config.check(), Err(Refused::ZeroLimit));
        let mut config = Config::default();
        config.limits.upload_bytes = 0;
        assert_eq!(config.check(), Err(Refused::ZeroLimit));
    }
}
