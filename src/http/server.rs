//! From a socket to the router: connections, TLS, time limits on what a client
//! sends first, and an orderly end that lets running requests finish.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use super::tls::Tls;

/// A client that has not sent its request's head by then has gone.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// A TLS handshake is two round trips.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// What running requests get to finish once the end is asked for.
const GRACE: Duration = Duration::from_secs(30);
/// Connections served at once; more wait in the listener's queue.
const CONNECTIONS: usize = 4096;
/// A pause when the system has no file handles left, instead of a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The address of the client at the other end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves `router` until `end`, then finishes what is running.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    end: CancellationToken,
) {
    let server = Arc::new(Server {
        protocol: protocol(),
        tls,
        router,
    });
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            () = end.cancelled() => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let Some((stream, peer, slot)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (server, watcher) = (Arc::clone(&server), graceful.watcher());
        tokio::spawn(async move {
            server.connection(stream, peer, watcher).await;
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still running when the time was over");
    }
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and complete: waiting for more to send only delays them.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, slot))
        }
        Err(error) if is_of_one_connection(&error) => None,
        Err(error) => {
            tracing::error!(%error, "cannot accept connections");
            None
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

fn protocol() -> auto::Builder<TokioExecutor> {
    let mut protocol = auto::Builder::new(TokioExecutor::new());
    protocol
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT);
    protocol
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_LIMIT)
        .max_concurrent_streams(64);
    protocol
}

struct Server {
    protocol: auto::Builder<TokioExecutor>,
    tls: Option<Tls>,
    router: Router,
}

impl Server {
    async fn connection(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        let Some(tls) = &self.tls else {
            return self.exchange(stream, peer, watcher).await;
        };
        match tokio::time::timeout(HANDSHAKE_LIMIT, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.exchange(stream, peer, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake too slow"),
        }
    }

    async fn exchange<I>(&self, stream: I, peer: SocketAddr, watcher: Watcher)
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = self.router.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().call(request)
        });
        let connection = self
            .protocol
            .serve_connection_with_upgrades(TokioIo::new(stream), service)
            .into_owned();
        // Resets and half-sent requests are the network's daily life.
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(error = error.to_string(), "connection ended");
        }
    }
}
