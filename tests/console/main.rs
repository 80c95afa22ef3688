//! The console in a real browser: Chromium with its virtual authenticator, driven by Python
//! (playwright), against `absah serve` as a process of its own.
//!
//! A scenario is a file of `scenarios/` with a function `run(office)`; `office.py` is what it
//! works with. Pictures of pages are left in the build folder (`tmp/console/SCENARIO`): they are
//! looked at by people and are no part of the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::sheet::Sheet;

const ABSAH: &str = env!("CARGO_BIN_EXE_absah");

macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            play(stringify!($name));
        }
    )*};
}

scenarios!(approve, desk, entry, memory);

/// A service that runs, and ends when it is dropped.
struct Service {
    child: Child,
    url: String,
    link: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a service on fresh data; reads its address and the first administrator's link.
fn serve(folder: &Path) -> Service {
    let child = Command::new(ABSAH)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.join("data"))
        .stdout(Stdio::piped())
        .stderr(fs::File::create(folder.join("serve.log")).unwrap())
        .spawn()
        .unwrap();
    let mut service = Service {
        child,
        url: String::new(),
        link: String::new(),
    };
    let said = service.child.stdout.take().unwrap();
    for line in BufReader::new(said).lines() {
        let line = line.unwrap();
        if let Some(at) = line.trim().strip_prefix("console") {
            at.trim()
                .trim_end_matches("/console")
                .clone_into(&mut service.url);
        }
        if line.contains("/console/enrol#") {
            line.trim().clone_into(&mut service.link);
            return service;
        }
    }
    panic!("{}", fs::read_to_string(folder.join("serve.log")).unwrap());
}

fn permit() -> Vec<u8> {
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    sheet.draw(&Default::default()).unwrap().bytes
}

fn pictures(scenario: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("console")
        .join(scenario);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn play(scenario: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("permit.pdf"), permit()).unwrap();
    let service = serve(folder.path());
    let python = std::env::var("ABSAH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console");
    let played = Command::new(&python)
        .arg(here.join("office.py"))
        .arg(scenario)
        .env("ABSAH", ABSAH)
        .env("ABSAH_PID", service.child.id().to_string())
        .env("ABSAH_URL", &service.url)
        .env("ABSAH_FIRST_LINK", &service.link)
        .env("ABSAH_FOLDER", folder.path())
        .env("ABSAH_PICTURES", pictures(scenario))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap_or_else(|error| panic!("{python} is needed by this test: {error}"));
    let said = [played.stdout.as_slice(), &played.stderr].concat();
    let log = fs::read_to_string(folder.path().join("serve.log")).unwrap();
    assert!(
        played.status.success(),
        "{scenario}:\n{}\nthe service said:\n{log}",
        String::from_utf8_lossy(&said),
    );
}
