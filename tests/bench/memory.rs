//! `cargo bench --bench memory`: the most memory that a process had (VmHWM) beside the
//! size of the file it worked on: `absah sign`, `absah verify`, and the services from
//! submission to issue, each a process of its own.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod document;
#[path = "../services/office.rs"]
#[expect(dead_code, reason = "the tests of the services use all of it")]
mod office;
mod serving;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use office::Office;

/// Arguments of runs of this program by itself.
const WRITE: &str = "--write";
const SERVE: &str = "--serve";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        [WRITE, path, size] => std::fs::write(path, document::pdf(size.parse().unwrap())).unwrap(),
        [SERVE, file] => serve(Path::new(file)),
        ref others => measure(!others.contains(&"--bench")),
    }
}

fn measure(quick: bool) {
    let size: usize = if quick { 1 << 20 } else { 50 << 20 };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (input, output, data) = (at("in.pdf"), at("out.pdf"), at("data"));
    // In a process of its own, so that this one stays small.
    run(itself().args([WRITE, &at("small.pdf"), "1000"]));
    run(itself().args([WRITE, &input, &size.to_string()]));
    // Makes the authority.
    run(absah().args([
        "sign",
        &at("small.pdf"),
        "-o",
        &at("s.pdf"),
        "--data",
        &data,
    ]));
    println!("\ninput: {size} bytes, signed B-LTA with a visible block");
    println!(
        "{:<42} {:>12} {:>10}   of the file",
        "", "peak MiB", "ratio"
    );
    let look = ["--rect", "300,100,200,100", "--qr", "HTTP://LOCALHOST/V/0"];
    let told = |name: &str, peak: usize| tell(name, peak, size);
    told(
        "absah sign, a file of 1 KB",
        run(absah().args([
            "sign",
            &at("small.pdf"),
            "-o",
            &at("s.pdf"),
            "--data",
            &data,
        ])),
    );
    let sign = ["sign", &input, "-o", &output, "--data", &data];
    told("absah sign", run(absah().args(sign).args(look)));
    told(
        "absah verify",
        run(absah().args(["verify", &output, "--data", &data])),
    );
    // Tells for itself.
    run(itself().args([SERVE, &input]).stdout(Stdio::inherit()));
}

fn tell(name: &str, peak: usize, size: usize) {
    let ratio = peak as f64 / size as f64;
    let peak = peak as f64 / f64::from(1 << 20);
    println!("{name:<42} {peak:>12.1} {ratio:>10.2}");
}

/// Takes one permit from submission to issue, in a process that is set up as `absah serve` is.
fn serve(file: &Path) {
    absah::cli::allocator::give_back_large_pieces();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let office = Office::open(folder.path()).await;
        let services = serving::services(&office, folder.path(), Duration::ZERO);
        let metadata = office::metadata("PLAIN", "1", 1);
        let bytes = std::fs::read(file).unwrap();
        let size = bytes.len();
        peak_since();
        let submitted = services.submit(&office.client, bytes, metadata, None).await;
        let ids = [submitted.unwrap().value.id];
        tell("the services, submission", peak_since(), size);
        let secret = office::secret(office::PASSPHRASE);
        let approved = services.approve(&office.head, &ids, &secret, "bench", None);
        approved.await.unwrap();
        tell("the services, approval", peak_since(), size);
        services.finish_due().await.unwrap();
        tell("the services, finish with self-check", peak_since(), size);
        assert_eq!(office.state(&ids[0]).await, "issued");
    });
}

fn absah() -> Command {
    quiet(Command::new(env!("CARGO_BIN_EXE_absah")))
}

fn itself() -> Command {
    quiet(Command::new(std::env::current_exe().unwrap()))
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null());
    command
}

/// The most memory since the last call of this, in this process.
fn peak_since() -> usize {
    let peak = high_water(&std::fs::read_to_string("/proc/self/status").unwrap());
    // "5" begins a new high-water mark (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak
}

/// Runs a program and gives its high-water mark, looked at every other millisecond: it is
/// gone with the process.
fn run(command: &mut Command) -> usize {
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(high_water(
            &std::fs::read_to_string(&status).unwrap_or_default(),
        ));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{command:?}: {ended}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn high_water(status: &str) -> usize {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}
