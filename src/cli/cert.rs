//! `absah cert verify`: is a certificate valid under RFC 5280 and RFC 6960?

use std::path::PathBuf;

use clap::{Args, Subcommand};
use const_oid::ObjectIdentifier;

use super::evidence::{Evidence, EvidenceArguments};
use super::files;
use super::outcome::{CliError, Outcome};
use super::terminal::{self, Tone, toned};
use crate::domain::language::Language;
use crate::kernel::validation::policy::PathPolicy;
use crate::kernel::validation::{
    Anchors, CertificateInput, PathReport, Policy, Role, Status, validate_certificate,
};
use crate::kernel::x509::Certificate;

/// The largest certificate that is read.
const LIMIT: u64 = 1 << 20;

/// `absah cert`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Builds and validates the path of a certificate
    Verify(Verify),
}

/// `absah cert verify`
#[derive(Debug, Args)]
struct Verify {
    /// The certificate, PEM or DER
    certificate: PathBuf,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Ask that no certificate below the anchor is revoked
    #[arg(long)]
    check_revocation: bool,
    /// Let SHA-1, short keys and the like pass; for conformance runs
    #[arg(long)]
    allow_weak: bool,
    /// An acceptable certificate policy; any, if none is named
    #[arg(long, value_name = "OID", value_parser = parse_oid)]
    policy: Vec<ObjectIdentifier>,
    /// Ask for an acceptable policy along the whole path
    #[arg(long)]
    explicit_policy: bool,
    /// Allow no policy mapping
    #[arg(long)]
    inhibit_mapping: bool,
    /// Let anyPolicy match nothing
    #[arg(long)]
    inhibit_any: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs `absah cert`.
///
/// # Errors
/// A file cannot be read, or is not what it should be.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    match &arguments.act {
        Act::Verify(arguments) => verify(arguments),
    }
}

fn verify(arguments: &Verify) -> Result<Outcome, CliError> {
    let bytes = files::read(&arguments.certificate, LIMIT)?;
    let unreadable = |error: &dyn std::fmt::Display| {
        CliError::usage(format!("{}: {error}", arguments.certificate.display()))
    };
    let read = Certificate::from_pem_or_der(&bytes).map_err(|error| unreadable(&error))?;
    let Some((target, rest)) = read.split_first() else {
        return Err(unreadable(&"no certificate"));
    };
    let mut evidence = arguments.evidence.read(None)?;
    // A file may bring the chain along.
    evidence.untrusted.extend(rest.iter().cloned());
    let report = report(arguments, &evidence, target)?;
    print(arguments.json, &report)?;
    Ok(if report.valid {
        Outcome::Done
    } else {
        Outcome::No
    })
}

fn report(
    arguments: &Verify,
    evidence: &Evidence,
    target: &Certificate,
) -> Result<PathReport, CliError> {
    let mut policy = Policy::strict().map_err(CliError::usage)?;
    policy.path = PathPolicy {
        policies: arguments.policy.clone(),
        explicit_policy: arguments.explicit_policy,
        inhibit_mapping: arguments.inhibit_mapping,
        inhibit_any: arguments.inhibit_any,
    };
    if arguments.allow_weak {
        policy = policy.allowing_weak();
    }
    Ok(validate_certificate(&CertificateInput {
        target,
        role: Role::Any,
        anchors: &Anchors::for_all(evidence.anchors.clone()),
        untrusted: &evidence.untrusted,
        crls: &evidence.crls,
        ocsps: &evidence.ocsps,
        at: evidence.at,
        policy: &policy,
        check_revocation: arguments.check_revocation,
    }))
}

fn print(json: bool, report: &PathReport) -> Result<(), CliError> {
    if json {
        let json = serde_json::to_string_pretty(report).map_err(CliError::world)?;
        return terminal::print(&format!("{json}\n"));
    }
    let english = terminal::language() == Language::English;
    let (word, tone) = match (report.indication, english) {
        (Status::Passed, true) => ("VALID", Tone::Green),
        (Status::Passed, false) => ("SAH", Tone::Green),
        (Status::Failed, true) => ("NOT VALID", Tone::Red),
        (Status::Failed, false) => ("TIDAK SAH", Tone::Red),
        (Status::Indeterminate, true) => ("CANNOT BE DECIDED", Tone::Amber),
        (Status::Indeterminate, false) => ("BELUM DAPAT DIPASTIKAN", Tone::Amber),
    };
    let mut out = format!("{}\n", toned(tone, word));
    for finding in &report.findings {
        let text = if english {
            finding.english()
        } else {
            finding.indonesian()
        };
        out.push_str(&format!("{text}\n"));
    }
    for subject in &report.path {
        out.push_str(&format!("  ↳ {subject}\n"));
    }
    terminal::print(&out)
}

fn parse_oid(text: &str) -> Result<ObjectIdentifier, String> {
    ObjectIdentifier::new(text)
        .map_err(|error| format!("{text} is not an object identifier: {error}"))
}
