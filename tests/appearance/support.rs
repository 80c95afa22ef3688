//! Files to draw on and the programs that look at them.

use std::path::Path;
use std::process::Command;

use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::sheet::{Drawn, Sheet};

/// The demonstration's permit.
pub fn sample_permit() -> Drawn {
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    sheet.draw(&Default::default()).unwrap()
}

/// Writes `bytes` where the programs find them.
pub fn file(folder: &Path, bytes: &[u8]) -> String {
    let path = folder.join("file.pdf");
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What a program prints; it must succeed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// Keeps a file for a person to look at, where `ABSAH_LOOK` names a folder.
pub fn keep(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("ABSAH_LOOK") {
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

/// The payloads zbarimg reads from the pages as pdftoppm draws them.
pub fn read_with_zbar(pdf: &str, dpi: u32) -> Vec<String> {
    let root = Path::new(pdf).with_extension("");
    let root = root.to_str().unwrap();
    run(
        "pdftoppm",
        &["-r", &dpi.to_string(), "-png", "-singlefile", pdf, root],
    );
    let picture = format!("{root}.png");
    let output = Command::new("zbarimg")
        .args(["-q", "--raw", &picture])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}
