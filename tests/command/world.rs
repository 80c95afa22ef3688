//! A folder to work in, a service that runs as a process, a provider that openssl plays,
//! a token of SoftHSM.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::sheet::Sheet;
use serde_json::Value;

use crate::support::tools::must;

pub const ABSAH: &str = env!("CARGO_BIN_EXE_absah");
pub const PASSPHRASE: &str = "kata sandi untuk uji saja";

/// A folder, and variables for every command that is run in it.
pub struct Folder {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a command answered.
pub struct Answer {
    pub status: i32,
    pub out: String,
    pub error: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The answer must have this exit status, and name this.
    #[track_caller]
    pub fn expect(self, status: i32, text: &str) -> Self {
        assert_eq!(self.status, status, "{self}");
        let said = self.out.contains(text) || self.error.contains(text);
        assert!(said, "nothing of \"{text}\" in {self}");
        self
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {} {}", self.status, self.out, self.error)
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Folder {
    /// An empty folder with a permit, `in.pdf`, and a passphrase, `pass`.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("in.pdf"), permit()).unwrap();
        fs::write(folder.path().join("pass"), PASSPHRASE).unwrap();
        fs::write(folder.path().join("wrong"), "kata sandi yang salah").unwrap();
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// The same with a variable for every command.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn at(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.at().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ABSAH);
        command
            .args(arguments)
            .current_dir(self.at())
            .env("LANG", "id_ID.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .envs(self.variables.iter().cloned());
        command
    }

    /// Runs `absah` here.
    pub fn absah(&self, arguments: &[&str]) -> Answer {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs `absah` with the instance in `data`.
    pub fn office(&self, arguments: &[&str]) -> Answer {
        let (command, rest) = arguments.split_first().unwrap();
        self.absah(&[&[*command, "--data", "data"], rest].concat())
    }

    /// The same, answered in JSON.
    pub fn office_json(&self, arguments: &[&str]) -> Value {
        let (command, rest) = arguments.split_first().unwrap();
        let answer = self.absah(&[&[*command, "--data", "data", "--json"], rest].concat());
        assert_eq!(answer.status, 0, "{answer}");
        answer.json()
    }

    pub fn openssl(&self, arguments: &str) -> String {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        must(self.at(), "openssl", &arguments)
    }

    /// Starts a service on the instance in `data`.
    pub fn serve(&self) -> Service {
        let mut child = self
            .command(&["serve", "--data", "data", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(fs::File::create(self.path("serve.log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            line.trim()
                .strip_prefix("listening on")
                .map(|rest| rest.trim().to_owned())
        });
        let log = || fs::read_to_string(self.path("serve.log")).unwrap();
        let address = address.unwrap_or_else(|| panic!("the service did not start: {}", log()));
        let port = address.rsplit(':').next().unwrap();
        Service {
            child,
            url: format!("http://localhost:{port}"),
        }
    }
}

/// A running service; it ends when this is dropped.
pub struct Service {
    child: Child,
    pub url: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub async fn get(&self, path: &str, key: &str) -> Value {
        let request = client().get(format!("{}{path}", self.url)).bearer_auth(key);
        let bytes = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    pub async fn bytes(&self, path: &str, key: &str) -> Vec<u8> {
        let request = client().get(format!("{}{path}", self.url)).bearer_auth(key);
        request
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .to_vec()
    }

    pub async fn post(&self, path: &str, key: &str, body: Value) -> (u16, Value) {
        let request = client()
            .post(format!("{}{path}", self.url))
            .bearer_auth(key)
            .header("content-type", "application/json")
            .body(body.to_string());
        answer(request).await
    }

    /// The public verdict on a file.
    pub async fn verify(&self, file: &[u8]) -> Value {
        let request = client()
            .post(format!("{}/api/v1/verifications", self.url))
            .header("content-type", "multipart/form-data; boundary=absah7f3a")
            .body(multipart(file, "{}"));
        answer(request).await.1
    }

    pub async fn submit(&self, key: &str, number: &str) -> String {
        let metadata = serde_json::json!({
            "permit_type": "SIPB", "number": number,
            "holder": {"name": "Melati Contoh Pertiwi", "kind": "person"},
        });
        let request = client()
            .post(format!("{}/api/v1/documents", self.url))
            .bearer_auth(key)
            .header("content-type", "multipart/form-data; boundary=absah7f3a")
            .body(multipart(&permit(), &metadata.to_string()));
        let (status, document) = answer(request).await;
        assert_eq!(status, 201, "{document}");
        format!("/api/v1/documents/{}", document["id"].as_str().unwrap())
    }

    /// The document, once it is issued or says what it waits for.
    pub async fn settled(&self, path: &str, key: &str) -> Value {
        for _ in 0..1200 {
            let document = self.get(path, key).await;
            // "finish": nobody tried yet.
            let waits = document["waiting_for"].as_str();
            if document["state"] == "issued" || waits.is_some_and(|why| why != "finish") {
                return document;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} neither issued nor waiting");
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn multipart(file: &[u8], metadata: &str) -> Vec<u8> {
    let part = |name: &str, content: &[u8]| {
        let head = format!("--absah7f3a\r\nContent-Disposition: form-data; name=\"{name}\"");
        let file = if name == "file" {
            "; filename=\"a.pdf\""
        } else {
            ""
        };
        [
            head.as_bytes(),
            file.as_bytes(),
            b"\r\n\r\n",
            content,
            b"\r\n",
        ]
        .concat()
    };
    let parts = [part("metadata", metadata.as_bytes()), part("file", file)];
    [&parts.concat()[..], b"--absah7f3a--\r\n"].concat()
}

/// The sample permit.
pub fn permit() -> Vec<u8> {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    sheet.draw(&Default::default()).unwrap().bytes
}

/// A permit type `SIPB` that one person signs, with nobody before him.
pub const PERMIT_TYPE: &str = r#"
code = "SIPB"
name = "Surat Izin Praktik Bidan"
service_class = "three_hours"

[[signature]]
field = "Signature1"
office = "Kepala Dinas"
signatories = ["Ahmad Teladan"]
placement = { page = 1, rect = [288.0, 90.0, 246.0, 122.0] }
"#;

/// A certification provider of openssl's in a folder, which publishes its CRL anew whenever it is
/// asked for, over loopback.
pub struct Psre {
    honest: Arc<AtomicBool>,
}

const AUTHORITY: &str = "\
[req]\ndistinguished_name=dn\n[dn]\n\
[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
[person]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n\
extendedKeyUsage=emailProtection,1.3.6.1.5.5.7.3.36\nsubjectKeyIdentifier=hash\n\
authorityKeyIdentifier=keyid\ncrlDistributionPoints=URI:BASE/psre.crl\n\
[ca]\ndefault_ca=main\n[main]\ndatabase=index\ncrlnumber=crlnumber\ndefault_md=sha256\n\
default_crl_days=1\nprivate_key=psre.key\ncertificate=psre.pem\ncrl_extensions=crl\n\
[crl]\nauthorityKeyIdentifier=keyid\n";

impl Psre {
    pub fn new(folder: &Folder) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        fs::write(folder.path("psre.cnf"), AUTHORITY.replace("BASE", &base)).unwrap();
        fs::write(folder.path("index"), "").unwrap();
        fs::write(folder.path("crlnumber"), "01\n").unwrap();
        folder.openssl("ecparam -name prime256v1 -genkey -noout -out psre.key");
        folder.openssl("req -x509 -new -key psre.key -subj /CN=PSrE_Contoh/O=PSrE -days 3650 -config psre.cnf -extensions root -out psre.pem");
        let honest = Arc::new(AtomicBool::new(true));
        let (at, answers) = (folder.at().to_owned(), honest.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if answers.load(Ordering::Relaxed) {
                    publish(&at, stream.unwrap());
                }
            }
        });
        Self { honest }
    }

    /// Certifies the key of a request.
    pub fn certify(&self, folder: &Folder, request: &str, certificate: &str, days: u32) {
        folder.openssl(&format!("x509 -req -in {request} -CA psre.pem -CAkey psre.key -CAcreateserial -days {days} -extfile psre.cnf -extensions person -out {certificate}"));
    }

    pub fn revoke(&self, folder: &Folder, certificate: &str) {
        folder.openssl(&format!(
            "ca -config psre.cnf -revoke {certificate} -crl_reason keyCompromise"
        ));
    }

    /// From now on no connection is answered.
    pub fn fall_silent(&self) {
        self.honest.store(false, Ordering::Relaxed);
    }
}

fn publish(at: &Path, mut stream: TcpStream) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request);
    must(
        at,
        "openssl",
        &["ca", "-config", "psre.cnf", "-gencrl", "-out", "crl.pem"],
    );
    must(
        at,
        "openssl",
        &[
            "crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der",
        ],
    );
    let crl = fs::read(at.join("crl.der")).unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        crl.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &crl].concat());
}

/// A token of SoftHSM with a P-256 key `ec` and an RSA key `rsa`; its PIN is in the file `pin`.
pub fn token(folder: Folder) -> Folder {
    fs::create_dir(folder.path("tokens")).unwrap();
    let at = folder.at().display().to_string();
    let conf = format!("directories.tokendir = {at}/tokens\nlog.level = ERROR\n");
    fs::write(folder.path("softhsm.conf"), conf).unwrap();
    fs::write(folder.path("pin"), "4321\n").unwrap();
    fs::write(folder.path("badpin"), "1234\n").unwrap();
    let folder = folder.with("SOFTHSM2_CONF", &format!("{at}/softhsm.conf"));
    let conf = format!("SOFTHSM2_CONF={at}/softhsm.conf");
    let tool = |program: &str, arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        must(
            folder.at(),
            "env",
            &[&[conf.as_str(), program], &arguments[..]].concat(),
        );
    };
    tool(
        "softhsm2-util",
        "--init-token --free --label absah --so-pin 12345678 --pin 4321",
    );
    let login = format!(
        "--module {} --login --pin 4321 --token-label absah",
        softhsm()
    );
    tool(
        "pkcs11-tool",
        &format!("{login} --keypairgen --key-type EC:prime256v1 --label ec --id 01"),
    );
    tool(
        "pkcs11-tool",
        &format!("{login} --keypairgen --key-type rsa:2048 --label rsa --id 02"),
    );
    tool(
        "pkcs11-tool",
        &format!("{login} --read-object --type pubkey --id 01 -o ec.pub"),
    );
    folder
}

fn softhsm() -> &'static str {
    let known = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    ];
    let found = known.into_iter().find(|path| Path::new(path).exists());
    found.expect("softhsm2 is needed by this test")
}

/// A key of the token, without its PIN.
pub fn token_uri(object: &str) -> String {
    format!(
        "pkcs11:token=absah;object={object}?module-path={}",
        softhsm()
    )
}
