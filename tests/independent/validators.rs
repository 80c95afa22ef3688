//! Independent validators, each as one function that returns what it says.

use std::path::{Path, PathBuf};

use absah::kernel::x509::Certificate;
use absah::services::clock::SystemClock;
use absah::services::ports::Clock as _;
use serde_json::{Value, json};

use super::keep;
use super::tools::{self, Said};

/// What pyHanko is asked about one file.
pub struct Job<'a> {
    /// The signed file.
    pub file: &'a Path,
    /// The only trust anchor.
    pub root: &'a Path,
    /// Whether revocation data must be in the file.
    pub revocation: bool,
    /// CRLs that are known beside those in the file.
    pub crls: Vec<PathBuf>,
    /// OCSP responses, likewise.
    pub ocsps: Vec<PathBuf>,
    /// Where timestamp tokens, responses and certificates are written.
    pub extract: Option<PathBuf>,
}

impl<'a> Job<'a> {
    /// Now, with revocation data demanded, nothing extracted.
    pub fn new(file: &'a Path, root: &'a Path) -> Self {
        Self {
            file,
            root,
            revocation: true,
            crls: Vec::new(),
            ocsps: Vec::new(),
            extract: None,
        }
    }

    /// For levels that carry no revocation data.
    pub fn without_revocation(self) -> Self {
        Self {
            revocation: false,
            ..self
        }
    }

    /// Writing timestamp tokens, responses and certificates into a folder.
    pub fn extracting(self, folder: &Path) -> Self {
        Self {
            extract: Some(folder.to_owned()),
            ..self
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "file": self.file, "roots": [self.root],
            "revocation": self.revocation, "crls": self.crls, "ocsps": self.ocsps, "extract": self.extract,
        })
    }
}

/// pyHanko's API: one answer per job, offline. See `validate.py` for its shape.
pub fn pyhanko(jobs: &[Job<'_>]) -> Vec<Value> {
    jobs.iter().for_each(keep);
    let input = Value::from_iter(jobs.iter().map(Job::to_json)).to_string();
    let script = tools::script("validate.py");
    let said = tools::run_with_input(tools::python(), &[script], input.as_bytes());
    assert!(said.success, "validate.py: {}", said.text);
    match serde_json::from_slice(&said.stdout) {
        Ok(Value::Array(answers)) => answers,
        other => panic!("validate.py: {other:?}: {}", said.text),
    }
}

/// Keeps the file of a job, with what is given beside it.
fn keep(job: &Job<'_>) {
    if std::env::var_os("ABSAH_PDFS").is_none() {
        return;
    }
    let read = |path: &Path| std::fs::read(path).expect("a file");
    let all = |paths: &[PathBuf]| -> Vec<Vec<u8>> { paths.iter().map(|path| read(path)).collect() };
    let root = Certificate::from_pem_or_der(&read(job.root)).expect("a root");
    let (ocsps, crls) = (all(&job.ocsps), all(&job.crls));
    let now = SystemClock.now().unix_timestamp();
    keep::pdf(&read(job.file), root[0].der(), now, &ocsps, &crls);
}

/// The `pyhanko` command's own verdict, without network: true when all is valid.
/// Strict syntax would refuse every hybrid file, and with it what Office writes.
pub fn pyhanko_adesverify(file: &Path, root: &Path) -> bool {
    let file = file.to_str().expect("a UTF-8 path");
    let root = root.to_str().expect("a UTF-8 path");
    let said = tools::run(
        tools::python(),
        &[
            "-m",
            "pyhanko",
            "sign",
            "adesverify",
            "--executive-summary",
            "--no-revocation-check",
            "--no-strict-syntax",
            "--trust",
            root,
            "--trust-replace",
            file,
        ],
    );
    said.success
}

/// poppler's verdict per signature: (signature, certificate), in its words. What it
/// trusts is an NSS database, made once beside the root.
pub fn pdfsig(file: &Path, root: &Path) -> Vec<(String, String)> {
    let database = root.with_extension("nss");
    tools::once(&database, "1", |folder| {
        let folder = format!("sql:{}", folder.display());
        let made = tools::run("certutil", &["-N", "-d", &folder, "--empty-password"]);
        assert!(made.success, "certutil: {}", made.text);
        let root = root.to_str().expect("a UTF-8 path");
        let arguments = [
            "-A", "-d", &folder, "-n", "root", "-t", "CT,C,C", "-i", root,
        ];
        let trusted = tools::run("certutil", &arguments);
        assert!(trusted.success, "certutil: {}", trusted.text);
    });
    let folder = format!("sql:{}", database.display());
    let file = file.to_str().expect("a UTF-8 path");
    let said = tools::run("pdfsig", &["-nssdir", &folder, "-no-ocsp", file]);
    said.text
        .split("Signature #")
        .skip(1)
        .map(|part| {
            let after = |mark| part.lines().find_map(|line| line.trim().strip_prefix(mark));
            let words = |mark| after(mark).unwrap_or_default().trim().to_owned();
            (
                words("- Signature Validation:"),
                words("- Certificate Validation:"),
            )
        })
        .collect()
}

/// `qpdf --check`: the file's syntax.
pub fn qpdf_check(file: &Path) -> Said {
    tools::run("qpdf", &["--check".as_ref(), file.as_os_str()])
}

/// MuPDF on every signature. It has no anchors: only the digest's part counts.
pub fn mutool_finds_digests_intact(file: &Path) -> bool {
    let said = tools::run(
        "mutool",
        &["sign".as_ref(), "-v".as_ref(), file.as_os_str()],
    );
    let holds =
        said.text.contains("unchanged since signing") || said.text.contains("signature is valid");
    said.success && holds && !said.text.contains("Digest error")
}

/// `openssl ts -verify` on an extracted token over what it covers.
pub fn openssl_ts(token: &Path, data: &Path, root: &Path, certificates: &Path) -> bool {
    let said = tools::run(
        "openssl",
        &[
            "ts".as_ref(),
            "-verify".as_ref(),
            "-token_in".as_ref(),
            "-in".as_ref(),
            token.as_os_str(),
            "-data".as_ref(),
            data.as_os_str(),
            "-CAfile".as_ref(),
            root.as_os_str(),
            "-untrusted".as_ref(),
            certificates.as_os_str(),
        ],
    );
    said.success && said.text.contains("Verification: OK")
}

/// `openssl ocsp` on an extracted response: its word for the certificate's state,
/// or why the response itself does not hold.
pub fn openssl_ocsp(
    response: &Path,
    certificate: &Path,
    issuer: &Path,
    root: &Path,
) -> Result<String, String> {
    let said = tools::run(
        "openssl",
        &[
            "ocsp".as_ref(),
            "-respin".as_ref(),
            response.as_os_str(),
            "-issuer".as_ref(),
            issuer.as_os_str(),
            "-cert".as_ref(),
            certificate.as_os_str(),
            "-CAfile".as_ref(),
            root.as_os_str(),
            "-verify_other".as_ref(),
            issuer.as_os_str(),
            "-no_nonce".as_ref(),
        ],
    );
    if !said.text.contains("Response verify OK") {
        return Err(said.text);
    }
    let name = certificate.to_str().expect("a UTF-8 path");
    let state = said
        .text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    state.map(str::to_owned).ok_or(said.text)
}

/// What zbarimg reads on `page`, rendered by poppler at 150 dpi.
pub fn qr_codes_on_page(file: &Path, page: u32) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let picture = folder.path().join("page");
    let page = page.to_string();
    let said = tools::run(
        "pdftoppm",
        &[
            "-r".as_ref(),
            "150".as_ref(),
            "-png".as_ref(),
            "-singlefile".as_ref(),
            "-f".as_ref(),
            page.as_ref(),
            file.as_os_str(),
            picture.as_os_str(),
        ],
    );
    assert!(said.success, "pdftoppm: {}", said.text);
    let picture = picture.with_extension("png");
    let said = tools::run(
        "zbarimg",
        &["-q".as_ref(), "--raw".as_ref(), picture.as_os_str()],
    );
    String::from_utf8_lossy(&said.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}
