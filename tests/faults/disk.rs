//! A full disk: a small tmpfs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::invariants;
use crate::service::{Caller, Service, problem};
use crate::site::Site;

/// A file system of its own size.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Self {
        let options = format!("size={size},mode=0700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(at)
            .output()
            .expect("mount is missing: apt-get install mount");
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "run the tests as root: {said}");
        Self(at.to_owned())
    }

    /// Leaves about so many octets.
    fn leave(&self, free: usize) {
        self.free();
        let room = rustix::fs::statvfs(&self.0).unwrap();
        let room = (room.f_bavail * room.f_frsize) as usize;
        let ballast = vec![0x5a; room.saturating_sub(free)];
        fs::write(self.0.join("ballast"), ballast).unwrap();
    }

    fn free(&self) {
        match fs::remove_file(self.0.join("ballast")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
            _ => {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(std::thread::panicking() || unmounted.unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn is_a_problem_and_no_more() {
    let mut disk = None;
    let site = Site::changed(|config, _| {
        disk = Some(SmallDisk::mount(&config.storage.data, "24m"));
    })
    .await;
    let disk = disk.unwrap();
    let mut service = Service::start(&site).await;
    let caller = Caller::new(&site);
    caller.carry_through("before").await;
    caller.submit("ready").await.unwrap();

    disk.leave(0);
    let refused = caller.submit("full").await.unwrap();
    problem(&refused, 507, "storage-full");
    let refused = caller.approve("ready").await.unwrap();
    problem(&refused, 507, "storage-full");
    // Reads go on.
    assert_eq!(caller.document("before").await["state"], "issued");
    assert_eq!(caller.document("ready").await["state"], "ready");
    let listed = caller.get("/api/v1/documents?number=full").await.unwrap();
    assert_eq!(listed.body["documents"].as_array().unwrap().len(), 0);
    let temporary = fs::read_dir(site.data().join("files/tmp")).unwrap();
    assert_eq!(temporary.count(), 0, "half a file");
    assert!(service.is_alive());

    disk.free();
    // At once, under the same keys.
    assert_eq!(caller.submit("full").await.unwrap().status, 201);
    assert_eq!(caller.approve("ready").await.unwrap().status, 202);
    caller.carry_through("full").await;
    caller.issued("ready").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
    drop(disk);
}

/// Whatever room is left, each call is done or refused, and what was taken is issued
/// once there is room.
#[tokio::test(flavor = "multi_thread")]
async fn may_come_at_any_moment() {
    let mut disk = None;
    let site = Site::changed(|config, _| {
        disk = Some(SmallDisk::mount(&config.storage.data, "32m"));
    })
    .await;
    let disk = disk.unwrap();
    let mut service = Service::start(&site).await;
    let caller = Caller::new(&site);
    let steps = if std::env::var_os("ABSAH_FULL").is_some() {
        100
    } else {
        12
    };
    let (mut refused, mut taken) = (0, 0);
    for step in 0..steps {
        let number = step.to_string();
        disk.leave(step * 480 / steps * 1024);
        let submitted = caller.submit(&number).await.unwrap();
        let approved = match submitted.status {
            201 => caller.approve(&number).await.unwrap(),
            _ => submitted,
        };
        match approved.status {
            202 => taken += 1,
            _ => {
                problem(&approved, 507, "storage-full");
                refused += 1;
            }
        }
        assert!(service.is_alive(), "{}", service.said());
    }
    println!("{taken} taken, {refused} refused for want of room");
    assert!(refused > 0);
    disk.free();
    for step in 0..steps {
        caller.carry_through(&step.to_string()).await;
    }
    service.kill().await;
    invariants::check(&site, &caller).await;
    drop(disk);
}
