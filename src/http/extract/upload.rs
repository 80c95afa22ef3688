//! Uploads: multipart bodies (RFC 7578) read as they stream in, given up at the
//! first byte over the limit.

use std::error::Error;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRef, FromRequest, Multipart, Request};
use axum::http::StatusCode;

use crate::http::middleware::body::Stalled;
use crate::http::problem::{Kind, Problem};

/// Metadata of a permit is a few hundred bytes.
const TEXT_LIMIT: usize = 64 * 1024;
/// A request names few parts; more is not one of ours.
const MOST_PARTS: usize = 8;

/// The most bytes an uploaded file may have.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimit(pub usize);

/// A multipart body: one file and the texts beside it.
#[derive(Debug, Default)]
pub struct Upload {
    file: Option<Vec<u8>>,
    texts: Vec<(String, String)>,
}

impl Upload {
    /// The uploaded file.
    ///
    /// # Errors
    /// `invalid-request` when there is none.
    pub fn take_file(&mut self) -> Result<Vec<u8>, Problem> {
        self.file.take().ok_or_else(|| {
            Problem::new(
                Kind::InvalidRequest,
                "Send the PDF as the part `file` of a multipart/form-data body.",
            )
        })
    }

    /// The text of the part `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|(part, _)| part == name)
            .map(|(_, text)| text.as_str())
    }

    async fn read(mut parts: Multipart, limit: usize) -> Result<Self, Problem> {
        let mut upload = Self::default();
        for _ in 0..MOST_PARTS {
            match parts
                .next_field()
                .await
                .map_err(|error| broken(&error, limit))?
            {
                Some(field) => upload.add(field, limit).await?,
                None => return Ok(upload),
            }
        }
        Err(Problem::new(Kind::InvalidRequest, "Too many parts."))
    }

    async fn add(&mut self, field: Field<'_>, limit: usize) -> Result<(), Problem> {
        let name = field.name().unwrap_or_default().to_owned();
        let seen = if name == "file" {
            self.file.is_some()
        } else {
            self.text(&name).is_some()
        };
        if seen {
            let detail = format!("The part `{name}` is there twice.");
            return Err(Problem::new(Kind::InvalidRequest, detail));
        }
        if name == "file" {
            self.file = Some(collect(field, limit).await?);
            return Ok(());
        }
        let text = String::from_utf8(collect(field, TEXT_LIMIT).await?).map_err(|_| {
            Problem::new(
                Kind::InvalidRequest,
                format!("The part `{name}` is not UTF-8 text."),
            )
        })?;
        self.texts.push((name, text));
        Ok(())
    }
}

impl<S> FromRequest<S> for Upload
where
    S: Send + Sync,
    UploadLimit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let limit = UploadLimit::from_ref(state).0;
        let parts = Multipart::from_request(request, state).await.map_err(|_| {
            Problem::new(
                Kind::UnsupportedMediaType,
                "Send a multipart/form-data body with a boundary.",
            )
        })?;
        Self::read(parts, limit).await
    }
}

async fn collect(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error, limit))? {
        if chunk.len() > limit.saturating_sub(bytes.len()) {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        Kind::TooLarge,
        format!("At most {limit} bytes are accepted; nothing was stored."),
    )
    .with("limit", limit)
}

fn broken(error: &MultipartError, limit: usize) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(limit)
    } else if caused_by::<Stalled>(error) {
        Problem::new(
            Kind::TooSlow,
            "The body stopped arriving; nothing was stored.",
        )
    } else {
        Problem::new(
            Kind::InvalidRequest,
            "The multipart body is damaged or broke off; nothing was stored.",
        )
    }
}

/// Whether an error of type `E` is at the bottom of this one.
pub(super) fn caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<E>() {
            return true;
        }
        next = error.source();
    }
    false
}
