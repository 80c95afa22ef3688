//! Service certificates that end soon: a demonstration renews them while it serves.

use std::sync::Arc;
use std::time::Duration as Patience;

use absah::authority::Role;
use absah::cli::config::Config;
use absah::cli::serve::Running;
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::x509::Certificate;
use absah::services::clock::SystemClock;
use absah::services::ports::Clock;
use time::{Duration, OffsetDateTime};

/// The system's time, and something.
struct Later(Duration);

impl Clock for Later {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + self.0
    }
}

async fn serve(folder: &tempfile::TempDir, later: Duration) -> Running {
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.storage.data = folder.path().join("data");
    Running::start_at(config, Arc::new(Later(later)))
        .await
        .unwrap()
}

fn certificates(running: &Running) -> Vec<Certificate> {
    let services = running.parts().authority.services();
    services
        .into_iter()
        .map(|(_, certificate)| certificate)
        .collect()
}

/// What is in use once the caretaker has been there.
async fn after_a_round(running: &Running, before: &[Certificate]) -> Vec<Certificate> {
    for _ in 0..40 {
        let now = certificates(running);
        if now != before {
            return now;
        }
        tokio::time::sleep(Patience::from_millis(50)).await;
    }
    certificates(running)
}

#[tokio::test]
async fn a_demonstration_renews_what_ends_within_a_month_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&folder, Duration::ZERO).await;
    let first = certificates(&running);
    running.end().await;

    let running = serve(&folder, Duration::days(59)).await;
    assert_eq!(
        after_a_round(&running, &first).await,
        first,
        "31 days are left"
    );
    running.end().await;

    let running = serve(&folder, Duration::days(61)).await;
    let second = after_a_round(&running, &first).await;
    let authority = running.parts().authority.clone();
    assert_eq!(
        (&second[0], &second[2]),
        (&first[0], &first[2]),
        "TSA and seal have years"
    );
    assert_ne!(second[1], first[1]);
    assert_eq!(authority.ending_within(Duration::days(89)), []);
    let chain = authority.chain_of(&second[0]);
    let evidence = authority
        .revocation_data()
        .collect(&chain, authority.now())
        .await
        .unwrap();
    let answers = evidence.ocsps.concat();
    let carried = |one: &Certificate| {
        let der = one.der();
        answers.windows(der.len()).any(|window| window == der)
    };
    assert!(
        carried(&second[1]) && !carried(&first[1]),
        "the new one answers"
    );
    running.end().await;

    let running = serve(&folder, Duration::days(61)).await;
    assert_eq!(
        certificates(&running),
        second,
        "and still does after a restart"
    );
    running.end().await;
}

#[tokio::test]
async fn what_another_process_renewed_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&folder, Duration::ZERO).await;
    let authority = running.parts().authority.clone();
    let first = certificates(&running);
    let other = running.instance().authority().await.unwrap();
    let ca = other.open_demonstration_issuing().unwrap();
    let tsa = other.renew_service(Role::Tsa, &ca).await.unwrap();
    assert_eq!(certificates(&running), first);
    assert_eq!(authority.take_up_renewed().unwrap(), [Role::Tsa]);
    assert_eq!(authority.take_up_renewed().unwrap(), []);
    assert_eq!(authority.tsa().certificate(), &tsa);
    let source = authority.timestamps();
    let token = source
        .timestamp(HashAlgorithm::Sha256, &[7; 32])
        .await
        .unwrap();
    let der = tsa.der();
    assert!(token.windows(der.len()).any(|window| window == der));
    running.end().await;
}
