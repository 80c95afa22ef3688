//! Authorities of others: anchors that can be read, time-stamping authorities that answer with
//! what a document needs.

use std::time::Duration;

use time::OffsetDateTime;

use super::Check;
use super::authority::ending;
use crate::cli::config::Config;
use crate::cli::instance::{Others, foreign_timestamps};
use crate::cli::outcome::CliError;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::tsp::TimeStampToken;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, Purpose};
use crate::services::clock::{SystemClock, SystemEntropy};
use crate::services::ports::{Clock, Entropy, Timestamps as _};

/// A root that ends sooner takes its certificates with it.
const EARLY: time::Duration = time::Duration::days(365);

/// The anchors that the configuration names.
pub(super) fn anchors(others: &Result<Others, CliError>) -> Vec<Check> {
    let others = match others {
        Ok(others) => others,
        Err(error) => {
            let mend = "mend timestamps.anchors, timestamps.intermediates, psre.anchors or psre.intermediates";
            return vec![Check::error("trust anchors", error.to_string(), mend)];
        }
    };
    let mut all: Vec<&Certificate> = Vec::new();
    for anchor in others.tsa.anchors.iter().chain(&others.signer.anchors) {
        if !all.contains(&anchor) {
            all.push(anchor);
        }
    }
    let now = SystemClock.now();
    let mut checks = Vec::new();
    for anchor in all {
        if anchor.is_ca() {
            let mend = "ask its owner for the successor".to_owned();
            checks.push(ending("trust anchor", anchor, now, EARLY, mend));
        } else {
            let found = format!("{} is no certification authority", anchor.subject());
            let mend = "name the root's certificate, not one below it";
            checks.push(Check::error("trust anchor", found, mend));
        }
    }
    checks
}

/// Each time-stamping authority of the list, asked for a timestamp.
pub(super) async fn authorities(config: &Config, others: &Others) -> Vec<Check> {
    let mut checks = Vec::new();
    for url in &config.timestamps.urls {
        checks.push(match ask(config, others, url).await {
            Ok(found) => Check::good("timestamps", format!("{}: {found}", host(url))),
            Err((found, mend)) => {
                Check::error("timestamps", format!("{}: {found}", host(url)), mend)
            }
        });
    }
    checks
}

/// An address may carry a password: its host alone is printed.
fn host(url: &str) -> String {
    let parsed: Option<reqwest::Url> = url.parse().ok();
    let host = parsed.and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "an address that is none".to_owned())
}

type Failure = (String, &'static str);

async fn ask(config: &Config, others: &Others, url: &str) -> Result<String, Failure> {
    let answers =
        "check the address and the network; with others in timestamps.urls the service goes on";
    let failed = |error: &dyn std::fmt::Display| (error.to_string(), answers);
    let clock: std::sync::Arc<dyn Clock> = std::sync::Arc::new(SystemClock);
    let entropy: std::sync::Arc<dyn Entropy> = std::sync::Arc::new(SystemEntropy);
    let patience = Duration::from_secs(config.timestamps.patience_seconds.max(1));
    let urls = [url.to_owned()];
    let source = foreign_timestamps(&urls, "timestamps.urls:", patience, &clock, &entropy)
        .map_err(|error| failed(&error))?;
    let tsa = &others.tsa;
    let source = source.trusting(tsa.anchors.clone(), tsa.intermediates.clone());
    let hash = HashAlgorithm::Sha256;
    let began = std::time::Instant::now();
    let token = source
        .timestamp(hash, &hash.digest(&[b"absah doctor"]))
        .await;
    let token = token.map_err(|error| failed(&error))?;
    let took = began.elapsed().as_millis();
    let token = TimeStampToken::parse(&token).map_err(|error| failed(&error))?;
    let proof = proof(others, &token, &clock).await.map_err(|error| {
        let mend = "check timestamps.revocation_hosts and timestamps.private_hosts, and that this machine reaches the addresses its certificates name";
        (error, mend)
    })?;
    Ok(format!("answers in {took} ms; {proof}"))
}

/// Revocation data as for a document.
async fn proof(
    others: &Others,
    token: &TimeStampToken,
    clock: &std::sync::Arc<dyn Clock>,
) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let carried = &token.signed_data.certificates;
    let known = [carried.as_slice(), &others.tsa.intermediates].concat();
    let certificate = token
        .find_certificate(&known)
        .ok_or("its certificate is missing")?;
    let (anchors, at) = (&others.tsa.anchors, token.tst.gen_time);
    let path = paths::build(certificate, &known, anchors, at, Purpose::Tsa);
    let path = path.map_err(|error| told(&error))?;
    let source = others
        .revocation(None, clock)
        .map_err(|error| told(&error))?;
    let collected = source
        .collect(path.certificates(), OffsetDateTime::UNIX_EPOCH)
        .await;
    let evidence = collected.map_err(|error| told(&error))?;
    let (ocsps, crls) = (evidence.ocsps.len(), evidence.crls.len());
    Ok(format!(
        "{ocsps} OCSP responses and {crls} CRLs prove its chain"
    ))
}
