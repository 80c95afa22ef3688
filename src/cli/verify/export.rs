//! `absah verify --evidence DIR`: what the verdict rests on, as files, with an index
//! and the commands by which OpenSSL checks each of them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::cli::files;
use crate::cli::outcome::CliError;
use crate::kernel::hash::Sha256;
use crate::kernel::validation::Report;
use crate::kernel::validation::report::{Covered, EvidenceKind, EvidenceObject};
use crate::kernel::x509::{ocsp, pem};

/// Writes the evidence of a report on `file` into a new folder.
///
/// # Errors
/// The folder holds something already, or the disk refuses.
pub(super) fn write(folder: &Path, file: &[u8], report: &Report) -> Result<(), CliError> {
    prepare(folder)?;
    let names = names(&report.evidence);
    let set = Set {
        folder,
        file,
        report,
        names,
    };
    let mut index = Vec::new();
    for object in &report.evidence {
        index.push(set.put(object)?);
    }
    let index = json!({
        "file_sha256": report.sha256,
        "verdict": report.verdict,
        "validation_time": set.stamp(report.validation_time),
        "objects": index,
    });
    let text = serde_json::to_string_pretty(&index).map_err(CliError::world)?;
    files::write(&folder.join("index.json"), text.as_bytes())?;
    files::write(&folder.join("check.sh"), set.script().as_bytes())
}

fn prepare(folder: &Path) -> Result<(), CliError> {
    let failed = |error| CliError::world(format!("cannot make {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    if fs::read_dir(folder).map_err(failed)?.next().is_some() {
        let what = format!("{} is not empty", folder.display());
        return Err(CliError::usage(what).mend("name a new folder for the evidence"));
    }
    Ok(())
}

/// A name for each object: its kind and its number among those of the kind.
fn names(evidence: &[EvidenceObject]) -> HashMap<Sha256, String> {
    let mut counts: HashMap<EvidenceKind, usize> = HashMap::new();
    let named = evidence.iter().map(|object| {
        let count = counts.entry(object.kind).or_default();
        *count += 1;
        (object.id, format!("{}-{count}", word(object.kind)))
    });
    named.collect()
}

const fn word(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Certificate => "certificate",
        EvidenceKind::Crl => "crl",
        EvidenceKind::Ocsp => "ocsp",
        EvidenceKind::Timestamp => "timestamp",
        EvidenceKind::Signature => "signature",
    }
}

struct Set<'s> {
    folder: &'s Path,
    file: &'s [u8],
    report: &'s Report,
    names: HashMap<Sha256, String>,
}

impl Set<'_> {
    /// Writes one object and what goes with it; the answer is its line in the index.
    fn put(&self, object: &EvidenceObject) -> Result<Value, CliError> {
        let name = self.name(&object.id);
        let encoded = match object.kind {
            EvidenceKind::Ocsp => ocsp::successful(&object.der),
            _ => object.der.clone(),
        };
        let file = format!("{name}.der");
        // Of a large list the examining process tells the name alone.
        let here = !object.der.is_empty();
        if here {
            self.save(&file, &encoded)?;
        }
        if object.kind == EvidenceKind::Certificate {
            let pem = pem::encode("CERTIFICATE", &object.der);
            self.save(&format!("{name}.pem"), pem.as_bytes())?;
        }
        if matches!(
            object.kind,
            EvidenceKind::Signature | EvidenceKind::Timestamp
        ) {
            let chain = self.chain(object);
            self.save(&format!("{name}.chain.pem"), chain.as_bytes())?;
        }
        let covered = self.covered(object);
        if let Some(covered) = &covered {
            self.save(&format!("{name}.covered"), covered)?;
        }
        let about: Vec<&str> = object.about.iter().map(|id| self.name(id)).collect();
        Ok(json!({
            "file": here.then_some(file),
            "kind": object.kind,
            "id": object.id.to_string(),
            "sha256": here.then(|| Sha256::of(&encoded).to_string()),
            "name": object.name,
            "about": about,
            "covered": covered.map(|_| format!("{name}.covered")),
            "proven_since": object.proven.map(|at| self.stamp(at)),
        }))
    }

    fn save(&self, name: &str, bytes: &[u8]) -> Result<(), CliError> {
        files::write(&self.folder.join(name), bytes)
    }

    fn name(&self, id: &Sha256) -> &str {
        self.names.get(id).map_or("unknown", String::as_str)
    }

    fn stamp(&self, at: OffsetDateTime) -> String {
        let format = &time::format_description::well_known::Rfc3339;
        at.format(format).unwrap_or_default()
    }

    /// What a signature or time-stamp is over.
    fn covered(&self, object: &EvidenceObject) -> Option<Vec<u8>> {
        match &object.covered {
            Covered::Itself => None,
            Covered::Bytes(bytes) => Some(bytes.clone()),
            Covered::File(ranges) => {
                let parts = ranges
                    .iter()
                    .filter_map(|range| self.file.get(range.clone()));
                Some(parts.flatten().copied().collect())
            }
        }
    }

    /// The certificates between a signer and the anchor, signer included.
    fn chain(&self, object: &EvidenceObject) -> String {
        let below = object.about.len().saturating_sub(1).max(1);
        let ids = object.about.iter().take(below);
        ids.filter_map(|id| self.report.evidence.iter().find(|one| one.id == *id))
            .map(|one| pem::encode("CERTIFICATE", &one.der))
            .collect()
    }

    /// Every check as a command; the script stops at the first that fails.
    fn script(&self) -> String {
        let mut script = HEAD.to_owned();
        for object in &self.report.evidence {
            let name = self.name(&object.id);
            for command in self.commands(object, name) {
                script.push_str(&command);
                script.push('\n');
            }
        }
        script
    }

    fn commands(&self, object: &EvidenceObject, name: &str) -> Vec<String> {
        let at = object.proven.unwrap_or(self.report.validation_time);
        let at = at.unix_timestamp();
        let anchor = object.about.last().map_or("unknown", |id| self.name(id));
        let trust = format!("-attime {at} -CAfile {anchor}.pem");
        // A chain that ends at no anchor is nothing that can be checked.
        let rooted = object.about.len() > 1;
        match object.kind {
            EvidenceKind::Signature if rooted => vec![format!(
                "openssl cms -verify -cades -binary -inform DER -in {name}.der \
                 -content {name}.covered -certfile {name}.chain.pem -purpose any \
                 {trust} -out /dev/null"
            )],
            EvidenceKind::Timestamp if rooted => vec![format!(
                "openssl ts -verify -token_in -in {name}.der -data {name}.covered \
                 -untrusted {name}.chain.pem {trust}"
            )],
            EvidenceKind::Ocsp => self.about(object, |of, issuer| {
                format!(
                    "openssl ocsp -respin {name}.der -no_nonce -issuer {issuer}.pem \
                     -cert {of}.pem -partial_chain -CAfile {issuer}.pem -attime {at}"
                )
            }),
            EvidenceKind::Crl if !object.der.is_empty() => self.about(object, |_, issuer| {
                format!("openssl crl -inform DER -in {name}.der -noout -CAfile {issuer}.pem")
            }),
            _ => Vec::new(),
        }
    }

    /// A command for each certificate that a status is about.
    fn about(
        &self,
        object: &EvidenceObject,
        command: impl Fn(&str, &str) -> String,
    ) -> Vec<String> {
        let mut commands: Vec<String> = object
            .about
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [of, issuer] => Some(command(self.name(of), self.name(issuer))),
                _ => None,
            })
            .collect();
        commands.dedup();
        commands
    }
}

const HEAD: &str = "#!/bin/sh
# Memeriksa bukti di folder ini dengan OpenSSL saja. Cocokkan dahulu sidik sertifikat
# jangkar (anchor) dengan sumber yang Anda percayai.
# Checks the evidence in this folder with OpenSSL alone. First compare the anchor's
# fingerprint with a source that you trust.
set -e
cd \"$(dirname \"$0\")\"
";
