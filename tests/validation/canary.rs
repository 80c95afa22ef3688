//! A canary that listens where certificates point, counts who comes, and answers as it is
//! told; and the office whose certificates point there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use absah::kernel::validation::policy::DEFAULT;
use absah::kernel::x509::ocsp::CertStatus;
use time::Duration;

use super::document::document;
use super::world::{Profile, SIGNED, World, issued};

/// Listens, counts, and answers as it is told.
pub struct Canary {
    port: u16,
    asked: Arc<AtomicUsize>,
    answers: Arc<Mutex<Vec<Answer>>>,
}

/// What paths that begin so get: the rest of the status line, with headers, and a body.
#[derive(Clone)]
struct Answer {
    path: &'static str,
    status: String,
    body: Vec<u8>,
    slowly: bool,
}

impl Canary {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let canary = Self {
            port: listener.local_addr().expect("an address").port(),
            asked: Arc::default(),
            answers: Arc::default(),
        };
        let (asked, answers) = (canary.asked.clone(), canary.answers.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                asked.fetch_add(1, Ordering::SeqCst);
                let answers = answers.clone();
                let mut stream = stream.expect("a connection");
                std::thread::spawn(move || answer(&mut stream, &answers));
            }
        });
        canary
    }

    pub fn base(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    pub fn serve(&self, path: &'static str, status: &str, body: Vec<u8>) {
        self.add(path, status, body, false);
    }

    /// The answer comes by drops and never ends.
    pub fn drip(&self, path: &'static str) {
        self.add(path, "200 OK", vec![0x30; 4096], true);
    }

    fn add(&self, path: &'static str, status: &str, body: Vec<u8>, slowly: bool) {
        let mut answers = self.answers.lock().expect("answers");
        answers.push(Answer {
            path,
            status: status.to_owned(),
            body,
            slowly,
        });
    }

    /// How often somebody came since this was last asked.
    pub fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

fn answer(stream: &mut TcpStream, answers: &Mutex<Vec<Answer>>) {
    let mut request = [0; 4096];
    let read = stream.read(&mut request).unwrap_or(0);
    let head = String::from_utf8_lossy(&request[..read]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let found = answers.lock().expect("answers");
    let found = found.iter().find(|one| path.starts_with(one.path)).cloned();
    let found = found.unwrap_or(Answer {
        path: "",
        status: "404 Not Found".to_owned(),
        body: Vec::new(),
        slowly: false,
    });
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        found.status,
        found.body.len()
    );
    if !found.slowly {
        let _ = stream.write_all(&[head.as_bytes(), &found.body].concat());
        return;
    }
    let _ = stream.write_all(head.as_bytes());
    for octet in found.body {
        std::thread::sleep(std::time::Duration::from_millis(100));
        if stream.write_all(&[octet]).is_err() {
            return;
        }
    }
}

/// An authority whose certificates name a host, a file that one of them signed, and what
/// `absah verify` is given.
pub struct Office {
    pub world: World,
    pub folder: tempfile::TempDir,
}

impl Office {
    /// Certificates that name these addresses for everything.
    pub fn naming(base: &str) -> Self {
        let online = |profile: Profile| Profile {
            online: Some(base.to_owned()),
            ..profile
        };
        let mut world = World::new();
        world.ca = issued(
            &online(Profile::authority("Issuing CA")),
            2,
            Some(&world.root),
        );
        world.signer = issued(&online(Profile::signer()), 10, Some(&world.ca));
        world.responder = issued(&Profile::responder(), 12, Some(&world.ca));
        let office = Self {
            folder: tempfile::tempdir().expect("a folder"),
            world,
        };
        office.put("root.der", office.world.root.certificate.der());
        office.put("signed.pdf", &office.world.b_b(&document()));
        office
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// A policy that lists hosts.
    pub fn policy(&self, allowed: &str, private: &str) -> PathBuf {
        let text = DEFAULT
            .replace("allowed_hosts = []", &format!("allowed_hosts = {allowed}"))
            .replace("private_hosts = []", &format!("private_hosts = {private}"))
            .replace("timeout_seconds = 3", "timeout_seconds = 2");
        self.put("policy.toml", text.as_bytes())
    }

    /// The root's certificate, as a file.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.der")
    }

    /// What a signer of the office signed, without any revocation data.
    pub fn signed(&self) -> PathBuf {
        self.folder.path().join("signed.pdf")
    }

    /// The answers of an honest source.
    pub fn serve_honestly(&self, canary: &Canary) {
        let good = self.world.ocsp(
            &self.world.signer.certificate,
            CertStatus::Good,
            SIGNED + Duration::MINUTE,
        );
        canary.serve("/ocsp", "200 OK", good);
        let list = self.world.crl(&self.world.root, &[], SIGNED);
        canary.serve("/crl", "200 OK", list);
    }
}

pub fn plain(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}
