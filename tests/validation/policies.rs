//! `absah verify --policy FILE`: each table changes the answer, and its twin does not.

use std::path::PathBuf;
use std::process::{Command, Output};

use absah::kernel::validation::policy::DEFAULT;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::document::document;
use super::world::{Profile, SIGNED, World, issued};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

struct Case {
    world: World,
    folder: tempfile::TempDir,
}

impl Case {
    fn new(world: World) -> Self {
        let case = Self {
            folder: tempfile::tempdir().expect("a folder"),
            world,
        };
        case.put("root.der", case.world.root.certificate.der());
        case.put("signed.pdf", &case.world.b_lta(&document(), SIGNED));
        case
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn run(&self, policy: &str, at: OffsetDateTime) -> Output {
        let policy = self.put("policy.toml", policy.as_bytes());
        let at = at
            .format(&time::format_description::well_known::Rfc3339)
            .expect("a time");
        Command::new(env!("CARGO_BIN_EXE_absah"))
            .args(["verify", "--json", "--offline", "--at", &at, "--policy"])
            .arg(policy)
            .arg("--trust")
            .arg(self.folder.path().join("root.der"))
            .arg(self.folder.path().join("signed.pdf"))
            .output()
            .expect("the command runs")
    }

    /// The sub-indication of the signature; null where it passes.
    fn said(&self, policy: &str, at: OffsetDateTime) -> Value {
        let output = self.run(policy, at);
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let signature = &report["signatures"][0];
        assert_eq!(
            signature["indication"] == "TOTAL_PASSED",
            output.status.code() == Some(0),
            "{report:#}"
        );
        signature["sub_indication"].clone()
    }
}

#[track_caller]
fn with(from: &str, to: &str) -> String {
    assert!(DEFAULT.contains(from), "{from}");
    DEFAULT.replace(from, to)
}

#[test]
fn an_algorithm_ends_on_its_day() {
    let case = Case::new(World::new());
    let p256 = |until: &str| {
        with(
            "{ bits = 256, until = \"\"",
            &format!("{{ bits = 256, until = \"{until}\""),
        )
    };
    assert_eq!(case.said(DEFAULT, LATER), Value::Null);
    assert_eq!(case.said(&p256("2026-11-23"), LATER), Value::Null);
    let ended = case.said(&p256("2026-11-22"), LATER);
    assert_eq!(ended, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    // No proof of existence could be early enough.
    assert_eq!(
        case.said(&p256("never"), LATER),
        "CRYPTO_CONSTRAINTS_FAILURE"
    );
    let sha256 = with(
        "\"SHA-256\" = { until = \"\"",
        "\"SHA-256\" = { until = \"2026-11-22\"",
    );
    assert_eq!(case.said(&sha256, LATER), ended);
    let other = with(
        "\"SHA-384\" = { until = \"\"",
        "\"SHA-384\" = { until = \"2026-11-22\"",
    );
    assert_eq!(case.said(&other, LATER), Value::Null);
}

#[test]
fn fresh_means_what_the_policy_says() {
    let case = Case::new(World::new());
    let days_later = SIGNED + Duration::days(3);
    let aged = |hours: u32| with("# max_age_hours = 24", &format!("max_age_hours = {hours}"));
    // The proof of existence is of the day of signing: what was fresh then stays so.
    assert_eq!(case.said(DEFAULT, days_later), "TRY_LATER");
    assert_eq!(case.said(&aged(24 * 7), days_later), Value::Null);
    // And not from the future, by more than clocks differ: a second there.
    let early = SIGNED - Duration::seconds(50);
    assert_eq!(case.said(DEFAULT, early), Value::Null);
    let strict = with(
        "clock_tolerance_seconds = 60",
        "clock_tolerance_seconds = 1",
    );
    assert_ne!(case.said(&strict, early), Value::Null);
    assert_eq!(case.said(&aged(24), days_later), "TRY_LATER");
}

/// EN 319 102-1, 5.5.4, step 5.
#[test]
fn a_time_stamp_may_be_asked_to_be_near_the_claimed_time() {
    let case = Case::new(World::new());
    let within = |hours: u32| {
        let told = format!("max_delay_hours = {hours}");
        with("# max_delay_hours = 24", &told)
    };
    let put = |file: &[u8]| drop(case.put("signed.pdf", file));
    let stamped = |delay: Duration| {
        let file = case.world.b_t(&document(), SIGNED + delay);
        let data = case.world.validation_data(SIGNED + Duration::hours(2));
        case.world.with_data(&file, data)
    };
    let at = SIGNED + Duration::hours(3);
    // /M claims SIGNED.
    put(&stamped(Duration::HOUR - Duration::SECOND));
    assert_eq!(case.said(&within(1), at), Value::Null);
    put(&stamped(Duration::HOUR));
    assert_eq!(case.said(DEFAULT, at), Value::Null);
    assert_eq!(case.said(&within(2), at), Value::Null);
    assert_eq!(case.said(&within(1), at), "SIG_CONSTRAINTS_FAILURE");
    // Who is not time-stamped is not late.
    let unstamped = case.world.b_b(&document());
    let data = case.world.validation_data(SIGNED + Duration::hours(2));
    put(&case.world.with_data(&unstamped, data));
    assert_eq!(case.said(&within(1), at), Value::Null);
}

#[test]
fn each_role_has_its_anchors() {
    let (world, other) = (World::new(), World::new());
    let mut mixed = World::new();
    mixed.root = world.root;
    mixed.ca = world.ca;
    mixed.signer = world.signer;
    mixed.responder = world.responder;
    mixed.tsa = issued(&Profile::tsa(), 11, Some(&other.ca));
    let case = Case::new(mixed);
    let put = |name, der: &[u8]| drop(case.put(name, der));
    put("other.der", other.root.certificate.der());
    put("stranger.der", World::new().root.certificate.der());
    let roles = |signer: &str, tsa: &str| {
        let signer = with("signer = []", &format!("signer = {signer}"));
        signer.replace("tsa = []", &format!("tsa = {tsa}"))
    };
    let said = |policy: &str| case.said(policy, LATER);
    // The other authority's CRLs are not in the file: only whether a chain is found counts.
    let chain = "NO_CERTIFICATE_CHAIN_FOUND";
    assert_eq!(said(&roles("['stranger.der']", "['other.der']")), chain);
    assert_eq!(said(&roles("['other.der']", "['root.der']")), chain);
    assert_ne!(said(&roles("['root.der']", "['other.der']")), chain);
    assert_ne!(said(&roles("[]", "[]")), chain);
    let missing = case.run(&roles("['nowhere.der']", "[]"), LATER);
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
}

#[test]
fn the_signer_must_be_as_asked() {
    let case = Case::new(World::new());
    let usage = with(
        "key_usage = [\"digital_signature\", \"non_repudiation\"]",
        "key_usage = [\"non_repudiation\"]",
    );
    assert_eq!(case.said(&usage, LATER), Value::Null);
    let purpose = |oid: &str| {
        with(
            "# extended_key_usage = [\"1.3.6.1.5.5.7.3.36\"]",
            &format!("extended_key_usage = [\"{oid}\"]"),
        )
    };
    let mail = Profile {
        extended: Some((false, "emailProtection")),
        ..Profile::signer()
    };
    let mail = Case::new(World::with(&mail, &Profile::tsa()));
    assert_eq!(mail.said(&purpose("1.3.6.1.5.5.7.3.4"), LATER), Value::Null);
    assert_eq!(
        mail.said(&purpose("1.3.6.1.5.5.7.3.36"), LATER),
        "CHAIN_CONSTRAINTS_FAILURE"
    );
    // Without the extension every purpose is allowed.
    assert_eq!(
        case.said(&purpose("1.3.6.1.5.5.7.3.36"), LATER),
        Value::Null
    );
}

#[test]
fn a_certificate_policy_that_is_asked_for_must_be_there() {
    let case = Case::new(World::new());
    let explicit = with("explicit_policy = false", "explicit_policy = true");
    let refused = case.said(&explicit, LATER);
    assert_eq!(refused, "CERTIFICATE_CHAIN_GENERAL_FAILURE");
    let named = with("policies = []", "policies = ['1.2.3.4']");
    // Nobody asked for it explicitly (RFC 5280, 6.1.1 (f)).
    assert_eq!(case.said(&named, LATER), Value::Null);
}

#[test]
fn a_policy_that_cannot_be_read_is_wrong_use() {
    let case = Case::new(World::new());
    for broken in [
        "name = 'empty'".to_owned(),
        with("required = true", "required = 'yes'"),
        with("[network]", "[netwrok]"),
        format!("{DEFAULT}\nallows_weak = true\n"),
    ] {
        let output = case.run(&broken, LATER);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
    }
}
