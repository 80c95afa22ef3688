//! The vectors with their manifest, and the table in `docs/attacks.md`.
//!
//! Always: the table lists every case with what it must get. With `ABSAH_TABLE=1` other
//! validators are asked as well and the table is written anew. With `ABSAH_VECTORS=DIR`
//! the files and the manifest stay in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use absah::kernel::validation::report::Modification;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::case::Case;
use super::catalogue::CATALOGUE;
use super::tools;

/// The document, and the lines between which the table stands.
const DOCUMENT: &str = "docs/attacks.md";
const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->";

/// The verdict in a word, and why.
fn ours(case: &Case) -> String {
    let required = &case.required;
    let reason = required.sub_indication.map(|reason| {
        let name = serde_json::to_value(reason).expect("a name");
        name.as_str().unwrap_or_default().to_owned()
    });
    let changed = required.modification == Some(Modification::Illegal);
    match reason {
        _ if changed => format!("{}, changed", required.verdict.name()),
        Some(reason) => format!("{}, {reason}", required.verdict.name()),
        None => required.verdict.name().to_owned(),
    }
}

/// What the manifest says of a case.
fn entry(case: &Case) -> Value {
    let report = case.report();
    let first = report.signatures.get(case.signature);
    let required = &case.required;
    let codes = required.findings.iter().map(|code| code.text().code);
    json!({
        "file": format!("{}.pdf", case.id.replace('/', "-")),
        "anchor": anchor(case),
        "at": case.at.format(&Rfc3339).expect("a time"),
        "twin": case.twin,
        "teaches": case.teaches,
        "catches": case.catches,
        "required": {
            "verdict": required.verdict.name(),
            "signature": case.signature,
            "indication": required.indication,
            "sub_indication": required.sub_indication,
            "crypto_valid": required.crypto_valid,
            "modification": required.modification,
            "findings": codes.collect::<Vec<_>>(),
        },
        "observed": {
            "ours": {
                "verdict": report.verdict.name(),
                "indication": first.map(|one| one.indication),
                "sub_indication": first.and_then(|one| one.sub_indication),
                "findings": report.all_findings().map(|one| one.code().text().code).collect::<Vec<_>>(),
            },
        },
    })
}

fn anchor(case: &Case) -> String {
    let id = case.root.fingerprint().to_string();
    format!("anchor-{}.der", &id[..16])
}

/// Writes every file, its anchor and the manifest.
fn publish(folder: &Path) -> Value {
    fs::create_dir_all(folder).expect("a folder");
    let mut cases = BTreeMap::new();
    for case in &CATALOGUE.cases {
        let told = entry(case);
        fs::write(
            folder.join(told["file"].as_str().expect("a name")),
            &case.file,
        )
        .expect("a vector");
        fs::write(folder.join(anchor(case)), case.root.der()).expect("an anchor");
        cases.insert(case.id.clone(), told);
    }
    let manifest = json!({ "policy": "strict", "cases": cases });
    write_manifest(folder, &manifest);
    manifest
}

fn write_manifest(folder: &Path, manifest: &Value) {
    let text = serde_json::to_string_pretty(manifest).expect("JSON");
    fs::write(folder.join("manifest.json"), text).expect("the manifest");
}

/// Asks pyHanko and pdfsig about all files, and puts what they say into the manifest.
fn observed(folder: &Path, mut manifest: Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/observe.py");
    let said = tools::run(tools::python(), &[script.as_os_str(), folder.as_os_str()]);
    assert!(said.success, "observe.py: {}", said.text);
    let answers = fs::read(folder.join("observed.json")).expect("the answers");
    let answers: BTreeMap<String, Value> = serde_json::from_slice(&answers).expect("JSON");
    for (name, answer) in answers {
        for other in ["pyhanko", "pdfsig"] {
            manifest["cases"][&name]["observed"][other] = answer[other].clone();
        }
    }
    write_manifest(folder, &manifest);
    manifest
}

/// The table's rows, by name.
fn rows(manifest: &Value) -> String {
    let mut text = String::from(
        "| Case | Ours | pyHanko | pdfsig | What it teaches |\n|---|---|---|---|---|\n",
    );
    let mut cases: Vec<&Case> = CATALOGUE.cases.iter().collect();
    cases.sort_by(|one, other| one.id.cmp(&other.id));
    for case in cases {
        let observed = &manifest["cases"][&case.id]["observed"];
        let said = |other: &str| observed[other].as_str().unwrap_or("").to_owned();
        let (pyhanko, pdfsig) = (said("pyhanko"), said("pdfsig"));
        let ours = ours(case);
        text.push_str(&format!(
            "| `{}` | {ours} | {pyhanko} | {pdfsig} | {} |\n",
            case.id, case.teaches
        ));
    }
    text.push_str(&summary(manifest));
    text
}

/// How many attacks each validator called valid, and how many honest files it did not.
fn summary(manifest: &Value) -> String {
    let count = |attack: bool, other: &str, good: bool| {
        let cases = CATALOGUE
            .cases
            .iter()
            .filter(|case| case.is_attack() == attack);
        let valid = |case: &&Case| {
            let said = manifest["cases"][&case.id]["observed"][other].as_str();
            said.is_some_and(|said| said.starts_with("valid")) == good
        };
        cases.filter(valid).count()
    };
    let attacks = CATALOGUE
        .cases
        .iter()
        .filter(|case| case.is_attack())
        .count();
    let honest = CATALOGUE.cases.len() - attacks;
    let line = |name: &str, other: &str| {
        let (missed, alarms) = (count(true, other, true), count(false, other, false));
        format!("| {name} | {missed} | {alarms} |\n")
    };
    format!(
        "\n{attacks} attacks, {honest} honest files.\n\n| | attacks called valid | honest files not called valid |\n|---|---|---|\n| ours | 0 | 0 |\n{}{}",
        line("pyHanko", "pyhanko"),
        line("pdfsig", "pdfsig")
    )
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)
}

#[test]
fn table() {
    let kept = std::env::var_os("ABSAH_VECTORS").map(PathBuf::from);
    let folder = kept.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("attacks"));
    if std::env::var_os("ABSAH_TABLE").is_some() {
        let manifest = observed(&folder, publish(&folder));
        let text = fs::read_to_string(document()).expect("the document");
        let (head, rest) = text.split_once(BEGIN).expect("the table's beginning");
        let (_, tail) = rest.split_once(END).expect("the table's end");
        let rows = rows(&manifest);
        fs::write(document(), format!("{head}{BEGIN}{rows}{END}{tail}")).expect("the document");
    } else if std::env::var_os("ABSAH_VECTORS").is_some() {
        publish(&folder);
    }
    let text = fs::read_to_string(document()).expect("the document");
    let missing = |case: &&Case| !text.contains(&format!("| `{}` | {} |", case.id, ours(case)));
    let missing: Vec<&str> = CATALOGUE
        .cases
        .iter()
        .filter(missing)
        .map(|case| case.id.as_str())
        .collect();
    assert!(
        missing.is_empty(),
        "{DOCUMENT} is out of date (ABSAH_TABLE=1 writes it): {missing:?}"
    );
    let listed = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(
        listed,
        CATALOGUE.cases.len(),
        "the table lists cases that are gone"
    );
}
