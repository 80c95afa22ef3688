//! How request bodies arrive: a stalled one is given up, and what is left of a
//! refused one is read and thrown away, so that a client that is still sending
//! gets to read the refusal instead of a reset connection.
//!
//! How many bytes are kept is the business of the extractors.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// How long the rest of a refused body is read at most.
const LINGER: Duration = Duration::from_secs(30);

/// How long a body may stall.
#[derive(Clone, Copy, Debug)]
pub struct IdleLimit(pub Duration);

/// The body stopped arriving.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body stopped arriving for {0:?}")]
pub struct Stalled(Duration);

/// Puts the request's body behind a task that reads it to its end.
pub async fn receive(State(idle): State<IdleLimit>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    // One frame in flight: a slow reader slows the sender.
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(pump(body, sender, idle.0));
    let request = Request::from_parts(head, Body::new(Received(receiver)));
    next.run(request).await
}

type FrameResult = Result<Bytes, axum::BoxError>;

async fn pump(mut body: Body, sender: mpsc::Sender<FrameResult>, idle: Duration) {
    loop {
        let item = match timeout(idle, body.frame()).await {
            Err(_) => Err(Stalled(idle).into()),
            Ok(None) => return,
            Ok(Some(Err(error))) => Err(error.into()),
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => Ok(data),
                Err(_trailers) => continue,
            },
        };
        let ended = item.is_err();
        if sender.send(item).await.is_err() {
            return linger(body, idle).await;
        }
        if ended {
            return;
        }
    }
}

/// Throws away what a refused client still sends.
async fn linger(mut body: Body, idle: Duration) {
    let until = Instant::now() + LINGER;
    while Instant::now() < until {
        match timeout(idle, body.frame()).await {
            Ok(Some(Ok(_))) => {}
            _ => return,
        }
    }
}

struct Received(mpsc::Receiver<FrameResult>);

impl HttpBody for Received {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        self.0
            .poll_recv(context)
            .map(|item| item.map(|result| result.map(Frame::data)))
    }
}
