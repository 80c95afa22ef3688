//! TLS for the service's own listener, by OpenSSL. Where a proxy ends TLS this is
//! not used.

use std::path::Path;
use std::pin::Pin;

use openssl::error::ErrorStack;
use openssl::ssl::{AlpnError, Ssl, SslAcceptor, SslFiletype, SslMethod, select_next_proto};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

/// The protocols offered, best first, in ALPN's wire format (RFC 7301).
const PROTOCOLS: &[u8] = b"\x02h2\x08http/1.1";

/// A certificate chain and its key, ready for handshakes.
#[derive(Clone)]
pub struct Tls(SslAcceptor);

/// Why TLS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The chain cannot be read.
    #[error("tls_cert cannot be used: {0}")]
    Certificate(ErrorStack),
    /// The key cannot be read.
    #[error("tls_key cannot be used: {0}")]
    Key(ErrorStack),
    /// The key is not that of the certificate.
    #[error("tls_key does not belong to tls_cert: {0}")]
    Mismatch(ErrorStack),
    /// OpenSSL refuses the settings.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] ErrorStack),
}

impl Tls {
    /// Reads the chain (leaf first) and its private key, both PEM.
    ///
    /// # Errors
    /// Either file is unreadable, or they do not belong together.
    pub fn from_files(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        // Mozilla's intermediate profile: TLS 1.2 with forward secrecy, and 1.3.
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
        acceptor
            .set_certificate_chain_file(certificates)
            .map_err(TlsError::Certificate)?;
        acceptor
            .set_private_key_file(key, SslFiletype::PEM)
            .map_err(TlsError::Key)?;
        acceptor.check_private_key().map_err(TlsError::Mismatch)?;
        acceptor.set_alpn_select_callback(|_, offered| {
            select_next_proto(PROTOCOLS, offered).ok_or(AlpnError::NOACK)
        });
        Ok(Self(acceptor.build()))
    }

    /// Shakes hands on a fresh connection.
    pub(super) async fn accept(
        &self,
        stream: TcpStream,
    ) -> Result<SslStream<TcpStream>, openssl::ssl::Error> {
        let mut stream = SslStream::new(Ssl::new(self.0.context())?, stream)?;
        Pin::new(&mut stream).accept().await?;
        Ok(stream)
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}
