//! Every case through the library: the verdict that it must get, in bounded time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::catalogue::CATALOGUE;

/// What a debug build on a busy machine may take for one file.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_case_gets_its_verdict() {
    let mut complaints = Vec::new();
    let mut classes: BTreeMap<&str, Class> = BTreeMap::new();
    for case in &CATALOGUE.cases {
        let start = Instant::now();
        let report = case.report();
        let mut complaint = case.complaint(&report);
        let spent = start.elapsed();
        if spent > PATIENCE {
            complaint = complaint.or(Some(format!("{}: {spent:?}", case.id)));
        }
        let class = classes.entry(case.class()).or_default();
        class.count(case.is_attack(), complaint.is_none());
        complaints.extend(complaint);
    }
    publish(&classes);
    let count = complaints.len();
    assert!(
        complaints.is_empty(),
        "{count} cases:\n{}",
        complaints.join("\n")
    );
}

/// How the cases of a class went: attacks, honest files, those as required.
#[derive(Default)]
struct Class {
    attacks: usize,
    honest: usize,
    passed: usize,
}

impl Class {
    fn count(&mut self, attack: bool, passed: bool) {
        self.attacks += usize::from(attack);
        self.honest += usize::from(!attack);
        self.passed += usize::from(passed);
    }

    fn line(&self, name: &str) -> String {
        let run = self.attacks + self.honest;
        let (attacks, honest) = (self.attacks, self.honest);
        format!(
            "{name:<15} passed {} / run {run} ({attacks} attacks, {honest} honest)\n",
            self.passed
        )
    }
}

/// Adds the figures to the file that `ABSAH_SCORES` names.
fn publish(classes: &BTreeMap<&str, Class>) {
    let Some(file) = std::env::var_os("ABSAH_SCORES") else {
        return;
    };
    let lines = classes.iter().map(|(name, class)| class.line(name));
    let mut text: String = lines.collect();
    let all = classes.values().fold(Class::default(), |mut all, one| {
        all.attacks += one.attacks;
        all.honest += one.honest;
        all.passed += one.passed;
        all
    });
    text.push_str(&all.line("all"));
    std::fs::write(file, text).expect("the figures");
}

#[test]
fn every_attack_has_an_honest_twin() {
    for case in &CATALOGUE.cases {
        let Some(twin) = case.twin else { continue };
        let twin = CATALOGUE
            .named(twin)
            .unwrap_or_else(|| panic!("{}: no {twin}", case.id));
        assert!(
            !twin.is_attack() && twin.required.verdict.is_good(),
            "{}",
            case.id
        );
        assert_ne!(twin.file, case.file, "{} is its twin", case.id);
    }
}

#[test]
fn the_catalogue_is_as_large_as_promised() {
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for case in CATALOGUE.cases.iter().filter(|case| case.is_attack()) {
        *classes.entry(case.class()).or_default() += 1;
    }
    let attacks: usize = classes.values().sum();
    let honest = CATALOGUE.cases.len() - attacks;
    println!("{attacks} attacks, {honest} honest: {classes:?}");
    assert!(
        attacks >= 150 && honest >= 40,
        "{attacks} attacks, {honest} honest"
    );
}
