//! The evidence bundle: all that a court, or anyone else, needs to see how a
//! document came to be signed, in one zip file that opens without this system.
//!
//! `evidence.json` is a table of claims; what is missing is a row like the others.
//! Log proofs are missing as long as the log publishes no checkpoints; every leaf is
//! there with its salt and payload.

mod claims;
mod readme;

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use super::administration::Caller;
use super::error::ServiceError;
use super::office::Services;
use super::ports::LoggedEvent;
use crate::domain::approval::Approval;
use crate::domain::document::{Document, DocumentState};
use crate::domain::ids::DocumentId;
use crate::domain::signing::{Intent, StoredSignature};
use crate::kernel::x509::pem;
use claims::Claim;

/// One signature with what led to it.
struct Signing {
    signature: StoredSignature,
    intent: Intent,
    approval: Approval,
    /// The signatory's certificate and those above it, DER.
    certificates: Vec<Vec<u8>>,
}

/// All that goes into the bundle.
struct Evidence {
    document: Document,
    original: Vec<u8>,
    signings: Vec<Signing>,
    events: Vec<LoggedEvent>,
    public_url: String,
}

impl Services {
    /// The evidence bundle of an issued document.
    ///
    /// # Errors
    /// When there is no such document, or it is not issued.
    pub async fn evidence(
        &self,
        caller: &Caller,
        id: &DocumentId,
    ) -> Result<Vec<u8>, ServiceError> {
        let document = self.visible(caller, id).await?;
        let DocumentState::Issued(_) = &document.state else {
            return Err(ServiceError::Exists(
                "the document is not issued yet".to_owned(),
            ));
        };
        let evidence = Evidence {
            original: self.file(caller, id).await?,
            signings: self.signings(id).await?,
            events: self.store().events_of(id).await?,
            public_url: self.policy().public_url.clone(),
            document,
        };
        let packed = tokio::task::spawn_blocking(move || evidence.pack()).await;
        packed
            .map_err(|error| ServiceError::Internal(error.to_string()))?
            .map_err(|error| ServiceError::Internal(error.to_string()))
    }

    async fn signings(&self, id: &DocumentId) -> Result<Vec<Signing>, ServiceError> {
        let missing = |what: &str| ServiceError::Internal(format!("{what} of a signature is gone"));
        let mut signings = Vec::new();
        for signature in self.store().signatures(id).await? {
            let intent = self.store().intent(&signature.intent).await?;
            let intent = intent.ok_or_else(|| missing("the intent"))?;
            // The same bytes may have been approved again after a key's reply was lost.
            let attempts = self.store().attempts(&intent.id).await?;
            let attempt = attempts.iter().find(|one| one.id == signature.attempt);
            let approval = attempt
                .and_then(|one| one.approval)
                .unwrap_or(intent.approval);
            let approval = self.store().approval(&approval).await?;
            let approval = approval.ok_or_else(|| missing("the approval"))?;
            let key = self.store().key_of_certificate(&intent.certificate).await?;
            let key = key.ok_or_else(|| missing("the certificate"))?;
            let mut certificates = vec![key.certificate];
            certificates.extend(key.chain);
            signings.push(Signing {
                signature,
                intent,
                approval,
                certificates,
            });
        }
        Ok(signings)
    }
}

impl Evidence {
    fn pack(&self) -> Result<Vec<u8>, ZipError> {
        let mut zip = Bundle(ZipWriter::new(Cursor::new(Vec::new())));
        zip.file("README.md", readme::readme(self).as_bytes())?;
        zip.file("VERIFY.md", readme::verify(self).as_bytes())?;
        zip.file("document.pdf", &self.original)?;
        zip.json("evidence.json", &Claim::table(self))?;
        zip.json("document.json", &self.document)?;
        for (place, signing) in (1..).zip(&self.signings) {
            zip.signing(place, signing)?;
        }
        zip.json("log/leaves.json", &self.leaves())?;
        let Bundle(writer) = zip;
        Ok(writer.finish()?.into_inner())
    }

    fn leaves(&self) -> Vec<serde_json::Value> {
        let leaf = |event: &LoggedEvent| {
            serde_json::json!({
                "index": event.index,
                "commitment": event.commitment.as_sha256(),
                "leaf_hash": event.commitment.leaf_hash().as_sha256(),
                "salt": event.opening.as_ref().map(|(salt, _)| hex::encode(salt.as_bytes())),
                "payload": event.opening.as_ref().map(|(_, payload)| String::from_utf8_lossy(payload)),
            })
        };
        self.events.iter().map(leaf).collect()
    }
}

struct Bundle(ZipWriter<Cursor<Vec<u8>>>);

impl Bundle {
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), ZipError> {
        self.0.start_file(name, SimpleFileOptions::default())?;
        Ok(self.0.write_all(bytes)?)
    }

    fn json<T: serde::Serialize>(&mut self, name: &str, value: &T) -> Result<(), ZipError> {
        let bytes = serde_json::to_vec_pretty(value).map_err(std::io::Error::other)?;
        self.file(name, &bytes)
    }

    fn signing(&mut self, place: usize, signing: &Signing) -> Result<(), ZipError> {
        let folder = format!("signature-{place}");
        self.json(&format!("{folder}/approval.json"), &signing.approval)?;
        let challenge = signing.approval.challenge().to_string();
        self.file(&format!("{folder}/challenge.txt"), challenge.as_bytes())?;
        self.json(&format!("{folder}/intent.json"), &signing.intent)?;
        if let Some(mandate) = signing.intent.right.mandate() {
            self.json(&format!("{folder}/mandate.json"), mandate)?;
        }
        self.file(
            &format!("{folder}/signed-attributes.der"),
            &signing.intent.signed_attributes,
        )?;
        self.file(&format!("{folder}/value.bin"), &signing.signature.value)?;
        let pem: String = signing
            .certificates
            .iter()
            .map(|der| pem::encode("CERTIFICATE", der))
            .collect();
        self.file(&format!("{folder}/certificates.pem"), pem.as_bytes())
    }
}
