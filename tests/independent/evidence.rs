//! What a signed file carries for later: timestamp tokens, OCSP responses and
//! certificates, written out by `validate.py` and put before openssl.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::validators::{self, Job};

/// The evidence of one file.
pub struct Evidence {
    folder: PathBuf,
    root: PathBuf,
    extracted: Value,
}

impl Evidence {
    /// What `validate.py` wrote into `folder` for its `answer`, to be judged under `root`.
    pub fn extracted(answer: &Value, folder: &Path, root: &Path) -> Self {
        assert_eq!(answer["error"], Value::Null, "{answer:#}");
        Self {
            folder: folder.to_owned(),
            root: root.to_owned(),
            extracted: answer["extracted"].clone(),
        }
    }

    /// The evidence of `file`, extracted into `folder`.
    pub fn of(file: &Path, folder: &Path, root: &Path) -> Self {
        let job = Job::new(file, root).extracting(folder);
        Self::extracted(&validators::pyhanko(&[job])[0], folder, root)
    }

    /// The files of the timestamp tokens, signature timestamps first.
    pub fn tokens(&self) -> Vec<PathBuf> {
        list(&self.extracted, "tokens")
            .iter()
            .map(|token| path(token, "token"))
            .collect()
    }

    /// Whether `openssl ts` accepts each token over what it covers.
    pub fn tokens_hold(&self) -> bool {
        let bundle: String = list(&self.extracted, "certificates")
            .iter()
            .map(|c| fs::read_to_string(path(c, "path")).expect("a certificate"))
            .collect();
        let certificates = self.folder.join("all.pem");
        fs::write(&certificates, bundle).expect("the bundle");
        list(&self.extracted, "tokens").iter().all(|token| {
            let (token, data) = (path(token, "token"), path(token, "data"));
            validators::openssl_ts(&token, &data, &self.root, &certificates)
        })
    }

    /// What `openssl ocsp` says of each response: subject and state.
    pub fn ocsp_states(&self) -> Vec<(String, String)> {
        let certificates = list(&self.extracted, "certificates");
        let judged = list(&self.extracted, "ocsps")
            .iter()
            .filter_map(|response| {
                let subject = certificates
                    .iter()
                    .find(|c| c["serial"] == response["serial"])?;
                let issuer = certificates
                    .iter()
                    .find(|c| c["subject_hash"] == subject["issuer_hash"])
                    .expect("the issuer's certificate is in the file");
                let (response, subject_path) = (path(response, "response"), path(subject, "path"));
                let state = validators::openssl_ocsp(
                    &response,
                    &subject_path,
                    &path(issuer, "path"),
                    &self.root,
                );
                let name = subject["subject"].as_str().expect("a name").to_owned();
                Some((
                    name,
                    state.unwrap_or_else(|said| format!("not accepted: {said}")),
                ))
            });
        judged.collect()
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key]
        .as_array()
        .unwrap_or_else(|| panic!("no list {key} in {value:#}"))
}

fn path(value: &Value, key: &str) -> PathBuf {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value:#}"))
        .into()
}
