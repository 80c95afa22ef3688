//! The self-check before release: the stored bytes, read again, must be what we say
//! they are. Anchors and the file itself are all it uses; no network, no register.

use super::Unfinished;
use crate::domain::document::Document;
use crate::kernel::hash::Sha256;
use crate::kernel::pades::Level;
use crate::kernel::pdf::intake::inspect;
use crate::kernel::pdf::render;
use crate::kernel::validation::report::SignatureKind;
use crate::kernel::validation::{Indication, Report, ValidationInput, validate};
use crate::services::error::ServiceError;
use crate::services::layout::{Block, Layout};
use crate::services::office::Services;
use crate::services::replay::Outcome;

/// What the file is held against.
struct Expected {
    services: Services,
    submitted: Sha256,
    submitted_size: u64,
    url: String,
    block: Option<Block>,
}

impl Services {
    /// Checks a stored file and tells its size, and what it is released as.
    pub(super) async fn check(
        &self,
        document: &Document,
        layout: &Layout,
        sha256: Sha256,
    ) -> Result<(u64, Outcome), Unfinished> {
        let bytes = self.blobs().read(&sha256).await?;
        let expected = Expected {
            services: self.clone(),
            submitted: document.submitted.sha256,
            submitted_size: document.submitted.size,
            url: self.code_url(document.code),
            block: layout.block.clone(),
        };
        let checked = tokio::task::spawn_blocking(move || {
            let size = bytes.len() as u64;
            Ok((size, expected.check(bytes)?))
        });
        let checked = checked
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        checked.map_err(Unfinished::SelfCheck)
    }
}

impl Expected {
    fn check(&self, bytes: Vec<u8>) -> Result<Outcome, String> {
        let submitted = self.submitted_part(&bytes)?;
        let outcome = self.check_signatures(&bytes)?;
        self.check_structure(submitted, &bytes)?;
        // The last: what draws keeps the file.
        self.check_code(bytes)?;
        Ok(outcome)
    }

    /// Incremental always: what was submitted is still there, octet for octet.
    fn submitted_part<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], String> {
        let size = usize::try_from(self.submitted_size).unwrap_or(usize::MAX);
        let part = bytes
            .get(..size)
            .filter(|part| Sha256::of(part) == self.submitted);
        part.ok_or_else(|| "the submitted bytes were changed".to_owned())
    }

    /// The newest signature is ours: it holds at B-LTA, and no other fails.
    fn check_signatures(&self, bytes: &[u8]) -> Result<Outcome, String> {
        let policy = self.services.policy();
        let report = validate(
            bytes,
            &ValidationInput {
                anchors: &policy.anchors,
                untrusted: &[],
                crls: &[],
                ocsps: &[],
                at: self.services.now(),
                policy: &policy.validation,
                limits: policy.limits,
            },
        );
        let ours = report
            .signatures
            .iter()
            .rev()
            .find(|one| one.kind == SignatureKind::Signature);
        let holds = ours.is_some_and(|ours| {
            ours.indication == Indication::TotalPassed && ours.level == Some(Level::BLta)
        });
        let failed = report
            .signatures
            .iter()
            .any(|one| one.indication == Indication::TotalFailed);
        if holds && !failed {
            Ok(Outcome::of(&report))
        } else {
            Err(in_words(&report))
        }
    }

    /// The code in the rendered block leads to this document.
    fn check_code(&self, bytes: Vec<u8>) -> Result<(), String> {
        let Some(block) = &self.block else {
            return Ok(());
        };
        let payload = render::Pages::open(bytes)
            .and_then(|pages| pages.decode_qr(block.page, Some(block.rect)))
            .map_err(|error| format!("the QR code in the signature block: {error}"))?;
        if payload == self.url.as_bytes() {
            Ok(())
        } else {
            Err("the QR code in the signature block says something else".to_owned())
        }
    }

    /// What was PDF/A still is, and the file would be admitted again.
    fn check_structure(&self, submitted: &[u8], bytes: &[u8]) -> Result<(), String> {
        let limits = self.services.policy().limits;
        let before = inspect(submitted, &limits)
            .map_err(|refusal| refusal.to_string())?
            .pdf_a;
        let after = inspect(bytes, &limits)
            .map_err(|refusal| refusal.to_string())?
            .pdf_a;
        if before == after {
            Ok(())
        } else {
            Err("the file's PDF/A claim was lost".to_owned())
        }
    }
}

fn in_words(report: &Report) -> String {
    let signature = report
        .signatures
        .iter()
        .rev()
        .find(|one| one.kind == SignatureKind::Signature);
    let state = signature.map_or_else(
        || "no signature".to_owned(),
        |one| {
            format!(
                "{:?} {:?} at {:?}",
                one.indication, one.sub_indication, one.level
            )
        },
    );
    let findings: Vec<String> = report
        .all_findings()
        .map(|finding| format!("{:?}", finding.code()))
        .collect();
    format!(
        "the signature does not hold: {state}; {}",
        findings.join(", ")
    )
}
