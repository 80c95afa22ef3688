//! Our own authority: certificates that end, keys that open, lists that are fresh.

use time::{Duration, OffsetDateTime};

use super::Check;
use crate::authority::{Authority, CrlPolicy, Due, Published, RENEWAL};
use crate::cli::config::Config;
use crate::cli::instance::Instance;
use crate::kernel::x509::Certificate;
use crate::services::clock::SystemClock;
use crate::services::ports::{Certificates as _, Clock as _};

/// A CA is renewed before what it issues would end with it: a signatory's certificate has
/// two years.
const CA_RENEWAL: Duration = Duration::days(731);

/// The certificates in the authority's folder; no key is opened.
pub(super) fn certificates(config: &Config) -> Vec<Check> {
    let folder = config.storage.data.join("authority");
    let published = match Published::read(&folder) {
        Ok(published) => published,
        Err(error) => {
            let mend = "make one with `absah ca init`, or put the folder back from a backup";
            return vec![Check::error("authority", error.to_string(), mend)];
        }
    };
    let mut checks = vec![kind(config, &published)];
    let now = SystemClock.now();
    for ca in [&published.root, &published.issuing] {
        let mend = "plan a ceremony for its successor (certs/README.md)".to_owned();
        checks.push(ending("CA certificate", ca, now, CA_RENEWAL, mend));
    }
    match Published::services(&folder) {
        Ok(services) => checks.extend(services.iter().map(|(role, certificate)| {
            let mend = match published.is_demonstration() {
                true => "keep `absah serve` running: it renews".to_owned(),
                false => format!("absah ca issue --renew {}", role.name()),
            };
            ending("service certificate", certificate, now, RENEWAL, mend)
        })),
        Err(error) => {
            let mend = "put the file back from a backup, or renew the service";
            checks.push(Check::error("service certificate", error.to_string(), mend));
        }
    }
    checks
}

fn kind(config: &Config, published: &Published) -> Check {
    let organization = &published.manifest.organization;
    match (published.is_demonstration(), config.authority.demonstration) {
        (true, false) => Check::error(
            "authority",
            "the folder holds a demonstration, the configuration asks for a real one",
            "use another data folder, or set authority.demonstration",
        ),
        (true, true) => Check::warning(
            "authority",
            "a demonstration: nothing it signs is valid in law",
            "for real permits hold the ceremony of certs/README.md, in another folder",
        ),
        (false, _) => Check::good("authority", format!("of {organization}")),
    }
}

/// When a certificate ends.
pub(super) fn ending(
    name: &'static str,
    certificate: &Certificate,
    now: OffsetDateTime,
    early: Duration,
    mend: String,
) -> Check {
    let (subject, end) = (certificate.subject(), certificate.not_after());
    let who = subject.common_name().unwrap_or_else(|| subject.text());
    let found = format!("{who}: until {}", end.date());
    if end <= now {
        Check::error(name, format!("{who}: ended {}", end.date()), mend)
    } else if end <= now + early {
        Check::warning(name, found, mend)
    } else {
        Check::good(name, found)
    }
}

/// Keys and lists, as the service finds them.
pub(super) async fn at_work(instance: &Instance) -> Vec<Check> {
    let folder = instance.config.storage.data.join("authority");
    if !Authority::exists(&folder) {
        return Vec::new();
    }
    match instance.authority().await {
        Ok(authority) => {
            let mut checks = vec![Check::good("service keys", "they open")];
            let cas = [
                (authority.issuing(), CrlPolicy::ISSUING),
                (authority.root(), CrlPolicy::ROOT),
            ];
            for (ca, policy) in cas {
                checks.push(list(instance, &authority, ca, policy).await);
            }
            checks
        }
        Err(error) => {
            let mend = "check authority.service_passphrase_file and the folder's files";
            vec![Check::error("service keys", error.to_string(), mend)]
        }
    }
}

/// The list of revoked certificates of a CA: what relying parties and our own issue need.
async fn list(
    instance: &Instance,
    authority: &Authority,
    ca: &Certificate,
    policy: CrlPolicy,
) -> Check {
    let mend = match (authority.is_demonstration(), policy == CrlPolicy::ROOT) {
        (true, _) => "keep `absah serve` running: it publishes",
        (false, true) => "absah ca crl --root-folder DIR",
        (false, false) => "absah ca crl",
    };
    let name = ca.subject().common_name().unwrap_or_default();
    let key = hex::encode(ca.subject_key_identifier().unwrap_or_default());
    let current = match instance.database.current_crl(&key).await {
        Ok(Some(current)) => current,
        Ok(None) => return Check::error("CRL", format!("{name}: there is none"), mend),
        Err(error) => return Check::error("CRL", error.to_string(), "check the database"),
    };
    let until = current.next_update.date();
    if current.next_update <= authority.now() {
        return Check::error("CRL", format!("{name}: ended {until}"), mend);
    }
    match authority.publisher().due(ca, policy).await {
        Ok(Due::At(_)) => Check::good("CRL", format!("{name}: until {until}")),
        Ok(Due::Now) => Check::warning("CRL", format!("{name}: the next one is due"), mend),
        Err(error) => Check::error("CRL", format!("{name}: {error}"), mend),
    }
}
