//! Runs other people's programs: what they say, and clear words when one is missing.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of this test binary, kept between runs.
pub fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("independent")
        .join(name);
    fs::create_dir_all(&folder).expect("a folder under target");
    folder
}

/// The script `name` beside this file.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/independent")
        .join(name)
}

/// The Python that `deploy/test` prepares.
pub fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("ABSAH_PYTHON") {
        return named.into();
    }
    let cache = std::env::var_os("ABSAH_CACHE")
        .map(PathBuf::from)
        .or_else(|| {
            let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
            base.or(home).map(|base| base.join("absah"))
        });
    let python = cache
        .expect("HOME, to find the cache")
        .join("python/bin/python");
    assert!(
        python.exists(),
        "{} does not exist: deploy/test --prepare makes it",
        python.display()
    );
    python
}

/// What a program said.
pub struct Said {
    /// Whether its exit status was 0.
    pub success: bool,
    /// Both outputs.
    pub text: String,
    /// The standard output as bytes.
    pub stdout: Vec<u8>,
}

/// Runs `program` with `arguments` to its end.
pub fn run<S: AsRef<std::ffi::OsStr>>(program: impl AsRef<Path>, arguments: &[S]) -> Said {
    run_with_input(program, arguments, &[])
}

/// The same, with bytes on the standard input.
pub fn run_with_input<S: AsRef<std::ffi::OsStr>>(
    program: impl AsRef<Path>,
    arguments: &[S],
    input: &[u8],
) -> Said {
    let program = program.as_ref();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| {
            panic!(
                "{}: {e}; deploy/test --prepare installs it",
                program.display()
            )
        });
    // A program that does not read its input closes the pipe: no error of ours.
    let _ = child.stdin.take().expect("a piped stdin").write_all(input);
    let output = child.wait_with_output().expect("the program's end");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Said {
        success: output.status.success(),
        text,
        stdout: output.stdout,
    }
}

/// Fills `folder` once, whichever of the parallel test processes comes first, and
/// again when `recipe` (the text that decides its content) changes.
pub fn once(folder: &Path, recipe: &str, fill: impl FnOnce(&Path)) {
    let lock = File::create(folder.with_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let mark = folder.join(".made-by");
    if fs::read_to_string(&mark).is_ok_and(|made_by| made_by == recipe) {
        return;
    }
    if folder.exists() {
        fs::remove_dir_all(folder).expect("an old folder removed");
    }
    fs::create_dir_all(folder).expect("a new folder");
    fill(folder);
    fs::write(mark, recipe).expect("the mark");
}
