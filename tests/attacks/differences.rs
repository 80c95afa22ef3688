//! Every PDF that the tests make before pyHanko as well: where one of the two calls a
//! file valid and the other does not, the difference falls in a class with a reason.
//!
//! `deploy/test --differences` keeps the files of all tests (`ABSAH_PDFS`), asks, and writes
//! `docs/differences.md`. Otherwise the honest files of the catalogue and one of each
//! class of attacks are asked about.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use absah::kernel::pdf::Limits;
use absah::kernel::validation::{Anchors, Policy, Report, ValidationInput, validate};
use absah::kernel::x509::Certificate;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::catalogue::CATALOGUE;
use super::explanations::{self, Class};
use super::tools;
use super::world::keep;

const DOCUMENT: &str = "docs/differences.md";
const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->";
/// The tests named as examples of a class.
const EXAMPLES: usize = 3;

/// A file and what was said of it.
pub struct Asked {
    /// The test that made it, or the case of the catalogue.
    pub test: String,
    pub ours: Report,
    /// pyHanko's word.
    pub theirs: String,
}

impl Asked {
    fn agreed(&self) -> bool {
        self.ours.verdict.is_good() == (self.theirs == "valid")
    }
}

/// Judges all files of a folder and asks pyHanko about them.
fn asked(folder: &Path) -> Vec<Asked> {
    let kept = cases(folder);
    let manifest = json!({ "cases": kept });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("the manifest");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/observe.py");
    let arguments = [script.as_os_str(), folder.as_os_str(), "pyhanko".as_ref()];
    let said = tools::run(tools::python(), &arguments);
    assert!(said.success, "observe.py: {}", said.text);
    let answers = fs::read(folder.join("observed.json")).expect("the answers");
    let answers: BTreeMap<String, Value> = serde_json::from_slice(&answers).expect("JSON");
    let asked = kept.into_iter().map(|(name, case)| Asked {
        test: text(&case, "test").to_owned(),
        ours: judged(folder, &case),
        theirs: text(&answers[&name], "pyhanko").to_owned(),
    });
    asked.collect()
}

/// The kept cases, by name.
fn cases(folder: &Path) -> BTreeMap<String, Value> {
    let entries = fs::read_dir(folder).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let cases = paths.filter(|path| path.extension().is_some_and(|kind| kind == "case"));
    let read = cases.map(|path| {
        let case = fs::read(&path).expect("a case");
        let mut case: Value = serde_json::from_slice(&case).expect("JSON");
        let at = time(&case).format(&Rfc3339).expect("a time");
        case["seconds"] = case["at"].take();
        case["at"] = json!(at);
        let name = path.file_stem().expect("a name").to_string_lossy();
        (name.into_owned(), case)
    });
    read.collect()
}

fn time(case: &Value) -> OffsetDateTime {
    let seconds = case["at"].as_i64().or(case["seconds"].as_i64());
    OffsetDateTime::from_unix_timestamp(seconds.expect("a time")).expect("a time")
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key}: {case}"))
}

fn judged(folder: &Path, case: &Value) -> Report {
    let read =
        |name: &Value| fs::read(folder.join(name.as_str().expect("a name"))).expect("a file");
    let lists = |key: &str| -> Vec<Vec<u8>> {
        let names = case[key].as_array().expect("a list");
        names.iter().map(read).collect()
    };
    let anchors = Certificate::from_pem_or_der(&read(&case["anchor"])).expect("anchors");
    let input = ValidationInput {
        anchors: &Anchors::for_all(anchors),
        untrusted: &[],
        crls: &lists("crls"),
        ocsps: &lists("ocsps"),
        at: time(case),
        policy: &Policy::strict().expect("the policy"),
        limits: Limits::default(),
    };
    validate(&read(&case["file"]), &input)
}

/// The classes in which the differences fall, and the differences that fall in none.
fn classified(asked: &[Asked]) -> (Vec<(&'static Class, Vec<&Asked>)>, Vec<&Asked>) {
    let mut classes: Vec<(&'static Class, Vec<&Asked>)> = explanations::CLASSES
        .iter()
        .map(|class| (class, Vec::new()))
        .collect();
    let mut unexplained = Vec::new();
    for one in asked.iter().filter(|one| !one.agreed()) {
        match classes.iter_mut().find(|(class, _)| class.holds(one)) {
            Some((_, found)) => found.push(one),
            None => unexplained.push(one),
        }
    }
    (classes, unexplained)
}

fn told(one: &Asked) -> String {
    let reason = one.ours.reason().map(|finding| finding.english());
    let verdict = one.ours.verdict.name();
    format!(
        "{}: ours {verdict} ({reason:?}), pyHanko {}",
        one.test, one.theirs
    )
}

/// The counts and the classes, as they stand in the document.
fn tables(asked: &[Asked], classes: &[(&Class, Vec<&Asked>)]) -> String {
    let mut text = String::from(
        "| Tests | Files | Both valid | Neither valid | Ours alone valid | pyHanko alone valid |\n\
         |---|---|---|---|---|---|\n",
    );
    let suites: Vec<&str> = asked
        .iter()
        .map(suite)
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let mut suites = suites;
    suites.sort_unstable();
    for name in suites {
        let own: Vec<&Asked> = asked.iter().filter(|one| suite(one) == name).collect();
        text.push_str(&counts(&format!("`tests/{name}`"), &own));
    }
    text.push_str(&counts("all", &asked.iter().collect::<Vec<_>>()));
    text.push_str("\n| Files | Ours | pyHanko | Why | For example |\n|---|---|---|---|---|\n");
    for (class, found) in classes.iter().filter(|(_, found)| !found.is_empty()) {
        let mut tests: Vec<&str> = found.iter().map(|one| one.test.as_str()).collect();
        tests.sort_unstable();
        tests.dedup();
        let examples: Vec<String> = tests
            .iter()
            .take(EXAMPLES)
            .map(|one| format!("`{one}`"))
            .collect();
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            found.len(),
            class.ours_in_words(),
            class.theirs_in_words(),
            class.why,
            examples.join(", "),
        ));
    }
    text
}

fn suite(one: &Asked) -> &str {
    one.test.split("::").next().unwrap_or_default()
}

fn counts(name: &str, asked: &[&Asked]) -> String {
    let count = |ours: bool, theirs: bool| {
        let both = asked
            .iter()
            .filter(|one| one.ours.verdict.is_good() == ours && (one.theirs == "valid") == theirs);
        both.count()
    };
    let counted = [(true, true), (false, false), (true, false), (false, true)];
    let counted = counted.map(|(ours, theirs)| count(ours, theirs).to_string());
    format!("| {name} | {} | {} |\n", asked.len(), counted.join(" | "))
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)
}

/// The cases that are asked about without the files of the other tests.
fn sample(folder: &Path) {
    let mut classes = HashSet::new();
    let some = CATALOGUE
        .cases
        .iter()
        .filter(|case| !case.is_attack() || classes.insert(case.class()));
    for case in some {
        let at = case.at.unix_timestamp();
        let name = format!("attacks::{}", case.id);
        keep::case(folder, &name, &case.file, case.root.der(), at, &[], &[]);
    }
}

#[test]
fn every_difference_is_explained() {
    let own = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("ABSAH_DIFFERENCES").map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| {
        sample(own.path());
        own.path().to_owned()
    });
    let asked = asked(&folder);
    let (classes, unexplained) = classified(&asked);
    if kept.is_some() {
        let text = fs::read_to_string(document()).expect("the document");
        let (head, rest) = text.split_once(BEGIN).expect("the table's beginning");
        let (_, tail) = rest.split_once(END).expect("the table's end");
        let tables = tables(&asked, &classes);
        fs::write(document(), format!("{head}{BEGIN}{tables}{END}{tail}")).expect("the document");
    }
    let unexplained: Vec<String> = unexplained.into_iter().map(told).collect();
    let all = unexplained.join("\n");
    assert!(
        unexplained.is_empty(),
        "{} of {} without a reason:\n{all}",
        unexplained.len(),
        asked.len()
    );
}
