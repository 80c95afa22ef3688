//! A clock that jumps under a running service, made by libfaketime: our own authority
//! gives no time that it is not sure of, documents wait and say so, and go on when the
//! clock is right again, whichever way it jumped.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::invariants;
use crate::service::{Caller, Service};
use crate::site::Site;

/// Debian puts it into the folder of the machine's libraries.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let paths = folders.map(|entry| entry.unwrap().path().join("faketime/libfaketime.so.1"));
    let mut found = paths.filter(|path| path.exists());
    found
        .next()
        .expect("libfaketime is missing: apt-get install faketime")
}

struct Hands(PathBuf);

impl Hands {
    fn set(&self, offset: &str) {
        // Whole at once: it is read all the time.
        let new = self.0.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).unwrap();
        std::fs::rename(new, &self.0).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_absah"));
        command
            .env("LD_PRELOAD", library())
            .env("FAKETIME_TIMESTAMP_FILE", &self.0)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    }
}

fn hands(at: &Path) -> Hands {
    let hands = Hands(at.to_owned());
    hands.set("+1d");
    hands
}

#[tokio::test(flavor = "multi_thread")]
async fn that_jumps_stops_the_timestamps_and_nothing_else() {
    let site = Site::new().await;
    // A day ahead of the certificates, so that an hour back is still within them.
    let hands = hands(&site.beside("clock"));
    let service = Service::start_under(&site, hands.command()).await;
    let caller = Caller::new(&site);
    caller.carry_through("before").await;
    for (jump, name) in [("+25h", "ahead"), ("+23h", "behind")] {
        hands.set(jump);
        assert_eq!(caller.submit(name).await.unwrap().status, 201);
        assert_eq!(caller.approve(name).await.unwrap().status, 202);
        let why = caller.waits_for(name, "timestamp: ").await;
        println!("{name}: {why}");
        assert!(why.contains("timeNotAvailable"), "{why}");
        // What was put off by a clock that was ahead is not put off for an hour.
        hands.set("+1d");
        caller.issued(name).await;
    }
    service.kill().await;
    invariants::check(&site, &caller).await;
}

/// Started anew, the service has nothing to compare its clock with. Its marks still
/// keep it from giving a time before one that it has given.
#[tokio::test(flavor = "multi_thread")]
async fn that_went_back_over_a_restart_gives_no_earlier_time() {
    let site = Site::new().await;
    let hands = hands(&site.beside("clock"));
    let service = Service::start_under(&site, hands.command()).await;
    let caller = Caller::new(&site);
    caller.carry_through("before").await;
    service.kill().await;
    hands.set("+23h");
    let service = Service::start_under(&site, hands.command()).await;
    assert_eq!(caller.submit("behind").await.unwrap().status, 201);
    assert_eq!(caller.approve("behind").await.unwrap().status, 202);
    println!("{}", caller.waits_for("behind", "timestamp: ").await);
    service.kill().await;
    hands.set("+1d");
    let service = Service::start_under(&site, hands.command()).await;
    caller.issued("behind").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
}
