//! The signatories' certificates: in time, and under an anchor that the service believes.

use time::Duration;

use super::Check;
use super::authority::ending;
use crate::authority::Published;
use crate::cli::instance::{Instance, Others};
use crate::domain::accounts::{Person, Role};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, Purpose};
use crate::services::ports::KeyRecords as _;

/// What it takes to get another certificate, at an office or a PSrE.
const RENEWAL: Duration = Duration::days(60);

pub(super) async fn check(instance: &Instance, others: &Others) -> Vec<Check> {
    let people = match instance.administration().people().await {
        Ok(people) => people,
        Err(error) => {
            return vec![Check::error(
                "signatories",
                error.to_string(),
                "check the database",
            )];
        }
    };
    let mut checks = Vec::new();
    for person in people.iter().filter(|one| one.is(Role::Signatory)) {
        checks.extend(signatory(instance, others, person).await);
    }
    checks
}

async fn signatory(instance: &Instance, others: &Others, person: &Person) -> Vec<Check> {
    let name = &person.name;
    let enrol = format!("absah user enrol \"{name}\", or `absah ca request` for a PSrE's");
    let key = match instance.database.key_in_use(&person.id).await {
        Ok(Some(key)) => key,
        Ok(None) => {
            let found = format!("{name} has no key: he cannot approve");
            return vec![Check::warning("signatory", found, enrol)];
        }
        Err(error) => {
            return vec![Check::error(
                "signatory",
                error.to_string(),
                "check the database",
            )];
        }
    };
    let parse = |der: &Vec<u8>| Certificate::parse(der).ok();
    let Some(certificate) = parse(&key.certificate) else {
        return vec![Check::error(
            "signatory",
            format!("{name}: a damaged certificate"),
            enrol,
        )];
    };
    let now = instance.clock.now();
    let mut checks = vec![ending("signatory", &certificate, now, RENEWAL, enrol)];
    let folder = instance.config.storage.data.join("authority");
    let own = Published::read(&folder).ok();
    let anchors = others.anchors(own.as_ref()).signer;
    let chain: Vec<_> = key.chain.iter().filter_map(parse).collect();
    let trusted = paths::build(&certificate, &chain, &anchors, now, Purpose::Signer).is_ok();
    if !trusted && certificate.is_valid_at(now) {
        let found = format!("{name}: the service does not believe his certificate's issuer");
        let mend = "name the PSrE's root in psre.anchors";
        checks.push(Check::error("signatory", found, mend));
    }
    checks
}
