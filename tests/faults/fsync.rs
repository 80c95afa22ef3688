//! An fsync that fails, injected by strace into a running service.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use absah::kernel::hash::Sha256;

use crate::invariants;
use crate::service::{Caller, Service};
use crate::site::{Site, permit};

const MISSING: &str = "strace is missing: apt-get install strace";

/// strace, attached to a service: the nth fsync of this file, in each thread, fails.
struct Strace {
    child: Child,
    log: PathBuf,
}

impl Strace {
    fn attach(site: &Site, service: &Service, file: &Path, nth: u32) -> Self {
        let log = site.beside("strace");
        let mut command = Command::new("strace");
        command.args(["-f", "-o", log.to_str().unwrap()]);
        command.args(["-P", file.to_str().unwrap(), "-e", "trace=fsync,fdatasync"]);
        command.args([
            "-e",
            &format!("inject=fsync,fdatasync:error=EIO:when={nth}"),
        ]);
        command.args(["-p", &service.child.id().to_string()]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect(MISSING);
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains(" attached") {
            let read = errors.read_line(&mut said).unwrap();
            assert!(read > 0, "strace does not attach: {said}");
        }
        // It must not be held up by a full pipe.
        std::thread::spawn(move || errors.lines().for_each(drop));
        Self { child, log }
    }

    /// The fsyncs after the one that failed: of this file, in any thread.
    fn after_the_failure(mut self) -> Vec<String> {
        self.child.wait().unwrap();
        let log = std::fs::read_to_string(&self.log).unwrap();
        let mut lines = log.lines().skip_while(|line| !line.contains("(INJECTED)"));
        assert!(lines.next().is_some(), "nothing was injected: {log}");
        let fsyncs = lines.filter(|line| line.contains("sync("));
        fsyncs.map(str::to_owned).collect()
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Calls until the service stops, starts it again, and repeats what was not acknowledged.
async fn stops_and_goes_on(file: impl Fn(&Site, &Service) -> PathBuf, nth: u32) {
    let site = Site::new().await;
    let mut service = Service::start(&site).await;
    let caller = Caller::new(&site);
    caller.carry_through("before").await;
    let strace = Strace::attach(&site, &service, &file(&site, &service), nth);
    for round in 0..20 {
        let number = round.to_string();
        let Some(submitted) = caller.submit(&number).await else {
            break;
        };
        assert_eq!(submitted.status, 201, "{submitted:?}");
        match caller.approve(&number).await {
            Some(approved) => assert_eq!(approved.status, 202, "{approved:?}"),
            None => break,
        }
    }
    service.stopped_itself().await;
    assert_eq!(
        strace.after_the_failure(),
        Vec::<String>::new(),
        "it was tried again"
    );
    drop(service);
    invariants::check(&site, &caller).await;

    let service = Service::start(&site).await;
    for round in 0..3 {
        caller.carry_through(&round.to_string()).await;
    }
    caller.issued("before").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
}

fn log_of_database(site: &Site, _: &Service) -> PathBuf {
    site.data().join("absah.db-wal")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_databases_log() {
    stops_and_goes_on(log_of_database, 1).await;
    stops_and_goes_on(log_of_database, 4).await;
    if std::env::var_os("ABSAH_FULL").is_some() {
        for nth in [2, 3, 5, 6, 7, 8, 9, 10, 12, 15, 20] {
            stops_and_goes_on(log_of_database, nth).await;
        }
    }
}

/// The next temporary file is known: process and number. "before" took the first three.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_files_content() {
    let file = |site: &Site, service: &Service| {
        let name = format!("files/tmp/{}-3", service.child.id());
        site.data().join(name)
    };
    stops_and_goes_on(file, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_files_name() {
    let shelf = |site: &Site, _: &Service| {
        let name = Sha256::of(&permit("0")).to_string();
        let shelf = site.data().join("files").join(&name[..2]);
        // If it is there already, so that its own name needs no fsync.
        std::fs::create_dir_all(&shelf).unwrap();
        shelf
    };
    stops_and_goes_on(shelf, 1).await;
}

/// What a killed process wrote and did not fsync is made durable before it is believed;
/// where that fails nothing is served.
#[tokio::test(flavor = "multi_thread")]
async fn of_what_a_killed_process_left() {
    let site = Site::new().await;
    let service = Service::start(&site).await;
    let caller = Caller::new(&site);
    assert_eq!(caller.submit("1").await.unwrap().status, 201);
    service.kill().await;
    let log = site.data().join("absah.db-wal");
    assert!(log.metadata().unwrap().len() > 0);

    let mut command = Command::new("strace");
    command.args(["-f", "-o", site.beside("strace").to_str().unwrap()]);
    command.args(["-P", log.to_str().unwrap(), "-e", "trace=fsync,fdatasync"]);
    command.args(["-e", "inject=fsync,fdatasync:error=EIO:when=1", "--"]);
    command.arg(env!("CARGO_BIN_EXE_absah"));
    let mut service = Service::spawn(&site, command);
    service.stopped_itself().await;
    assert!(caller.get("/healthz").await.is_none());

    let service = Service::start(&site).await;
    caller.carry_through("1").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
}

/// After a crash the database is read through before anyone is served from it.
#[tokio::test(flavor = "multi_thread")]
async fn leaves_a_database_that_is_checked_before_it_is_served() {
    let site = Site::new().await;
    let service = Service::start(&site).await;
    let caller = Caller::new(&site);
    caller.carry_through("1").await;
    service.kill().await;
    // Everything into the database file; then a page in it is damaged that opening does
    // not read, and a log is left as after a crash.
    site.open().await.database.close().await;
    let path = site.data().join("absah.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let last_page = bytes.len() - 4_096;
    bytes[last_page..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    std::fs::write(site.data().join("absah.db-wal"), [0; 32]).unwrap();

    let mut service = Service::spawn(&site, Command::new(env!("CARGO_BIN_EXE_absah")));
    let status = service.ended().await;
    assert_eq!(status.code(), Some(3), "{}", service.said());
    assert!(service.said().contains("backup"), "{}", service.said());
}
