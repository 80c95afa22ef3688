//! Originals verified again: what was issued holds, and a policy that no longer accepts
//! it is noticed, by the service and by the command.

use std::path::Path;
use std::process::{Command, Output};

use absah::kernel::validation::{Policy, policy};
use absah::services::replay::Replayed;

use crate::office::Office;

/// Elliptic curves are no longer strong enough, and never were in these years.
fn without_ecdsa() -> String {
    let text = policy::DEFAULT.replace(
        "{ bits = 256, until = \"\",",
        "{ bits = 256, until = \"2012-08-01\",",
    );
    assert_ne!(text, policy::DEFAULT);
    text
}

async fn replayed(office: &Office, policy: &Policy) -> Vec<Replayed> {
    let (mut all, mut before) = (Vec::new(), None);
    // One at a time: each call goes on where the last one ended.
    loop {
        let (some, last) = office.services.replay(before, 1, policy).await.unwrap();
        all.extend(some);
        match last {
            Some(last) => before = Some(last),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_refuses_what_was_issued_is_noticed() {
    let office = Office::new().await;
    office.issue("1").await;
    office.issue("2").await;
    office.submit("SIPB", "3").await;
    let strict = replayed(&office, &Policy::strict().unwrap()).await;
    assert_eq!(strict.len(), 2);
    assert_eq!(office.services.count_originals().await.unwrap(), 2);
    for one in &strict {
        assert!(!one.changed(), "{one:?}");
        assert_eq!(one.at_issue.verdict, "unknown_valid");
        assert_eq!(one.at_issue.level.as_deref(), Some("B-LTA"));
    }
    let other = Policy::parse(&without_ecdsa()).unwrap();
    for one in replayed(&office, &other).await {
        assert!(one.changed(), "{one:?}");
        assert_eq!(one.now.verdict, "indeterminate");
        assert!(one.now.reason.unwrap().contains("algorithm-weak"));
    }
}

fn doctor(folder: &Path, extra: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_absah"))
        .args(["doctor", "--replay", "--data"])
        .arg(folder)
        .args(extra)
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_what_changed_and_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let office = Office::open(&data).await;
    let issued = office.issue("1").await;
    drop(office);
    let good = doctor(&data, &[]);
    let text = String::from_utf8_lossy(&good.stdout).into_owned();
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    assert!(text.contains("1 originals verified, 0 no longer"), "{text}");
    let errors = String::from_utf8_lossy(&good.stderr).into_owned();
    assert!(errors.contains("1 of 1 originals verified"), "{errors}");

    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, without_ecdsa()).unwrap();
    let policy = policy.to_str().unwrap();
    let changed = doctor(&data, &["--policy", policy, "--json"]);
    assert_eq!(changed.status.code(), Some(1), "{changed:?}");
    let report: serde_json::Value = serde_json::from_slice(&changed.stdout).unwrap();
    assert_eq!(report["checked"], 1);
    assert_eq!(report["changed"][0]["code"], issued.code.to_string());
    assert_eq!(report["changed"][0]["at_issue"]["verdict"], "unknown_valid");
    assert_eq!(report["changed"][0]["now"]["verdict"], "indeterminate");
    assert!(!data.join("replay.json").exists(), "the run has ended");

    // A run that was ended after its first step goes on, and keeps what it found.
    let mut noted = serde_json::json!({
        "program": env!("CARGO_PKG_VERSION"),
        "policy": absah::kernel::hash::Sha256::of(without_ecdsa().as_bytes()),
        "before": issued.id,
        "checked": 1,
        "changed": report["changed"],
    });
    std::fs::write(data.join("replay.json"), noted.to_string()).unwrap();
    let resumed = doctor(&data, &["--policy", policy, "--json"]);
    assert_eq!(resumed.status.code(), Some(1));
    let again: serde_json::Value = serde_json::from_slice(&resumed.stdout).unwrap();
    assert_eq!(again, report);
    assert!(String::from_utf8_lossy(&resumed.stderr).contains("going on after 1"));
    // Under another policy it starts afresh.
    noted["policy"] = "00".repeat(32).into();
    std::fs::write(data.join("replay.json"), noted.to_string()).unwrap();
    assert_eq!(doctor(&data, &[]).status.code(), Some(0));

    // A stored file that was damaged is named, and is no error of the command.
    let files = walk(&data.join("files"));
    let bytes = |path: &Path| std::fs::read(path).unwrap();
    let spoil = files.iter().filter(|path| bytes(path).starts_with(b"%PDF"));
    for path in spoil {
        let mut damaged = bytes(path);
        damaged[100] ^= 1;
        // Stored files are read-only.
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, damaged).unwrap();
    }
    let damaged = doctor(&data, &["--json"]);
    assert_eq!(damaged.status.code(), Some(1), "{damaged:?}");
    let report: serde_json::Value = serde_json::from_slice(&damaged.stdout).unwrap();
    assert_eq!(report["changed"][0]["now"]["verdict"], "unreadable");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}
