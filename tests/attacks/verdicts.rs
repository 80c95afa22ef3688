//! Every case through the library: the verdict that it must get, in bounded time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::catalogue::CATALOGUE;

/// What a debug build on a busy machine may take for one file.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_case_gets_its_verdict() {
    let mut complaints = Vec::new();
    for case in &CATALOGUE.cases {
        let start = Instant::now();
        let report = case.report();
        complaints.extend(case.complaint(&report));
        let spent = start.elapsed();
        if spent > PATIENCE {
            complaints.push(format!("{}: {spent:?}", case.id));
        }
    }
    let count = complaints.len();
    assert!(
        complaints.is_empty(),
        "{count} cases:\n{}",
        complaints.join("\n")
    );
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
