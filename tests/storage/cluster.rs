//! A throw-away PostgreSQL cluster, gone with the test process. `new_database` takes one
//! that all tests share; a test that does harm starts its own.
//!
//! PostgreSQL refuses root: as root its programs run as `postgres`. A shell waits on
//! a pipe that this process holds, and stops and removes the cluster when the pipe
//! closes, however this process ends.
#![allow(
    dead_code,
    reason = "two test programs share it, and neither uses all of it"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const INSTALL: &str = "apt-get install postgresql";

pub struct Cluster {
    /// Where the socket is; the data is in a folder there.
    folder: PathBuf,
    _watch: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The URL of a new, empty database.
pub fn new_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = CLUSTER.get_or_init(Cluster::start);
    cluster.database(&format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

impl Cluster {
    pub fn start() -> Self {
        // A socket's path must be short.
        let folder = tempfile::Builder::new()
            .prefix("pg")
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let data = folder.join("data");
        let data_text = data.to_str().unwrap();
        run(&mut program(
            "initdb",
            &[
                "-D",
                data_text,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
        ));
        let watch = watch(&folder, &data);
        let cluster = Self {
            folder,
            _watch: watch,
        };
        cluster.start_again();
        cluster
    }

    /// Where the socket and the data are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the server.
    pub fn start_again(&self) {
        let folder = self.folder.to_str().unwrap();
        let (data, log) = (format!("{folder}/data"), format!("{folder}/log"));
        // Every kill is of processes, not of the machine: the kernel keeps what was written.
        let options =
            format!("-c fsync=off -c listen_addresses= -c unix_socket_directories={folder}");
        let start = ["-D", &data, "-w", "-l", &log, "-o", &options, "start"];
        run(&mut program("pg_ctl", &start));
    }

    /// The URL of a new, empty database.
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.to_str().unwrap();
        run(&mut program(
            "createdb",
            &["-h", socket, "-U", "postgres", name],
        ));
        format!("postgres:///{name}?host={socket}&user=postgres")
    }
}

/// Waits for the end of this process and then clears up.
fn watch(folder: &Path, data: &Path) -> Child {
    let stop = program(
        "pg_ctl",
        &["-D", data.to_str().unwrap(), "-m", "immediate", "stop"],
    );
    let stop: Vec<String> = std::iter::once(stop.get_program())
        .chain(stop.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    let script = format!("cat; {} ; rm -rf '{}'", stop.join(" "), folder.display());
    Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

pub fn program(name: &str, arguments: &[&str]) -> Command {
    let path = folder_of_programs().join(name);
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--",
            ])
            .arg(path);
        command
    } else {
        Command::new(path)
    };
    command.args(arguments).current_dir("/tmp");
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn folder_of_programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql");
    let newest = versions.ok().and_then(|entries| {
        entries
            .filter_map(Result::ok)
            .map(|entry| entry.path().join("bin"))
            .max()
    });
    newest.unwrap_or_else(|| panic!("PostgreSQL is missing: {INSTALL}"))
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; {INSTALL}"));
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
