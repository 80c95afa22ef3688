//! What is done to PostgreSQL: its processes are stopped, resumed and killed.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cluster::{Cluster, program};

/// A server that is stopped until this is dropped: also by a test that fails, since it
/// could not be ended otherwise.
pub struct Stopped<'a>(&'a Cluster);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        self.0.signal(Signal::CONT);
    }
}

impl Cluster {
    /// SIGSTOP to all of its processes, until the answer is dropped.
    pub fn stopped(&self) -> Stopped<'_> {
        self.signal(Signal::STOP);
        Stopped(self)
    }

    /// SIGKILL, as the kernel does when memory is short.
    pub fn kill(&self) {
        let all = self.processes();
        for process in &all {
            // It may have ended by itself.
            let _ = kill_process(*process, Signal::KILL);
        }
        let until = Instant::now() + Duration::from_secs(10);
        let is_there = |process: &Pid| {
            let state = state_and_parent(process.as_raw_nonzero().get());
            state.is_some_and(|(state, _)| state != 'Z')
        };
        while all.iter().any(is_there) {
            assert!(Instant::now() < until, "it does not die");
            std::thread::sleep(Duration::from_millis(10));
        }
        // Where nobody has buried the server yet, its successor would take it for alive.
        for lock in ["data/postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"] {
            fs::remove_file(self.folder().join(lock)).unwrap();
        }
    }

    /// Runs a statement, with the answer as plain text.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let socket = self.folder().to_str().unwrap();
        let arguments = ["-h", socket, "-U", "postgres", "-Atqc", statement, database];
        let output = program("psql", &arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn signal(&self, signal: Signal) {
        for process in self.processes() {
            // It may have ended by itself.
            let _ = kill_process(process, signal);
        }
    }

    /// The server, then its children: it must not start another after they ended.
    fn processes(&self) -> Vec<Pid> {
        let file = self.folder().join("data/postmaster.pid");
        let text = fs::read_to_string(file).unwrap_or_default();
        let server = text.lines().next().map(str::parse::<i32>);
        let Some(Ok(server)) = server else {
            return Vec::new();
        };
        let mut found: Vec<i32> = Vec::new();
        for entry in fs::read_dir("/proc").unwrap() {
            let name = entry.unwrap().file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse::<i32>().ok()) else {
                continue;
            };
            match state_and_parent(id) {
                Some(('Z', _)) | None => {}
                Some((_, parent)) if id == server || parent == server => found.push(id),
                Some(_) => {}
            }
        }
        found.sort_by_key(|id| *id != server);
        found.into_iter().filter_map(Pid::from_raw).collect()
    }
}

fn state_and_parent(id: i32) -> Option<(char, i32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before stands in parentheses and may hold anything.
    let mut words = stat.rsplit(") ").next()?.split(' ');
    let state = words.next()?.chars().next()?;
    Some((state, words.next()?.parse().ok()?))
}
