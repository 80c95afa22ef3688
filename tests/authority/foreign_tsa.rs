//! Foreign TSAs: a hostile one in this process, and what is never taken from it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use absah::authority::Role;
use absah::clients::tsa::{ForeignTimestamps, TsaAddress};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::tsp::{self, Grant, PkiFailureInfo, TimeStampReq, TimeStampToken};
use absah::keys::KeyType;
use absah::services::ports::{Clock as _, TimestampError, Timestamps as _};

use crate::world::{Identity, TestEntropy, World};

/// How long the client waits; the machine that runs this may be busy.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the TSA behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Honest,
    Refuses,
    Hangs,
    ClosesAtOnce,
    Status500,
    Redirects,
    Garbage,
    Endless,
    OtherImprint,
    OtherNonce,
    NoNonce,
    OtherPolicy,
    SignsAsSignatory,
    SendsNoCertificate,
    HourAhead,
    HourBehind,
    ForeignCertificate,
}

struct Hostile {
    world: World,
    tsa: Identity,
    signatory: Identity,
    stranger: Identity,
}

struct Stub {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Hostile {
    async fn new() -> Arc<Self> {
        let world = World::new().await;
        let tsa = world.issue(Role::Tsa, "tsa", KeyType::P256).await;
        let signatory = world
            .issue(Role::Signatory, "signatory", KeyType::P256)
            .await;
        let stranger = World::new()
            .await
            .issue(Role::Tsa, "stranger", KeyType::P256)
            .await;
        Arc::new(Self {
            world,
            tsa,
            signatory,
            stranger,
        })
    }

    fn serve(self: &Arc<Self>, mood: Mood) -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://user:rahasia@{}/tsa", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let (seen, hostile) = (asked.clone(), self.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                seen.fetch_add(1, Ordering::Relaxed);
                let hostile = hostile.clone();
                std::thread::spawn(move || hostile.answer(stream.unwrap(), mood));
            }
        });
        Stub { url, asked }
    }

    fn answer(&self, mut stream: TcpStream, mood: Mood) {
        if mood == Mood::ClosesAtOnce {
            return;
        }
        let request = body(&mut stream);
        match mood {
            Mood::Hangs => std::thread::sleep(Duration::from_secs(20)),
            Mood::Status500 => send(&mut stream, "500 Broken", "", b""),
            Mood::Redirects => send(
                &mut stream,
                "307 Elsewhere",
                "Location: http://127.0.0.1:1/\r\n",
                b"",
            ),
            Mood::Endless => endless(&mut stream),
            _ => send(&mut stream, "200 OK", "", &self.reply(&request, mood)),
        }
    }

    fn reply(&self, request: &[u8], mood: Mood) -> Vec<u8> {
        let mut request = TimeStampReq::parse(request).unwrap();
        let mut signer = &self.tsa;
        let mut chain = vec![self.world.issuing.certificate.clone()];
        let mut grant = Grant {
            policy: request.policy.unwrap_or("1.2.3.4".parse().unwrap()),
            serial: &[7],
            gen_time: self.world.clock.now(),
            accuracy: None,
        };
        match mood {
            Mood::Refuses => return tsp::rejection(PkiFailureInfo::SystemFailure, "hari libur"),
            Mood::Garbage => return b"<html>proxy</html>".to_vec(),
            Mood::OtherImprint => request.imprint.digest[0] ^= 1,
            Mood::OtherNonce => request.nonce = Some(vec![1, 2, 3]),
            Mood::NoNonce => request.nonce = None,
            Mood::OtherPolicy => grant.policy = "1.2.3.5".parse().unwrap(),
            Mood::SignsAsSignatory => signer = &self.signatory,
            Mood::SendsNoCertificate => request.cert_req = false,
            Mood::HourAhead => grant.gen_time += time::Duration::HOUR,
            Mood::HourBehind => grant.gen_time -= time::Duration::HOUR,
            Mood::ForeignCertificate => chain.push(self.stranger.certificate.clone()),
            _ => {}
        }
        tsp::issue(&request, &grant, &signer.certificate, &chain, &signer.key).unwrap()
    }

    fn client(&self, stubs: &[&Stub]) -> ForeignTimestamps {
        let addresses = stubs.iter().map(|stub| TsaAddress {
            url: stub.url.parse().unwrap(),
            policy: Some("1.2.3.4".parse().unwrap()),
        });
        let patience = PATIENCE;
        let clock = self.world.clock.clone();
        ForeignTimestamps::new(addresses.collect(), patience, clock, Arc::new(TestEntropy)).unwrap()
    }
}

fn body(stream: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
            assert!(
                text.contains("content-type: application/timestamp-query"),
                "{text}"
            );
            let length = text.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
            if read.len() >= head + 4 + length {
                return read[head + 4..].to_vec();
            }
        }
        let count = stream.read(&mut chunk).unwrap();
        read.extend_from_slice(&chunk[..count]);
    }
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

fn endless(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while stream.write_all(&[0x30; 4096]).is_ok() {}
}

async fn ask(client: &ForeignTimestamps) -> Result<Vec<u8>, TimestampError> {
    let digest = HashAlgorithm::Sha256.digest(&[b"izin"]);
    client.timestamp(HashAlgorithm::Sha256, &digest).await
}

#[tokio::test]
async fn an_honest_tsa_is_taken() {
    let hostile = Hostile::new().await;
    let client = hostile.client(&[&hostile.serve(Mood::Honest)]);
    let token = TimeStampToken::parse(&ask(&client).await.unwrap()).unwrap();
    assert_eq!(token.tst.gen_time, hostile.world.clock.now());
}

#[tokio::test]
async fn every_lie_and_failure_is_refused_by_name() {
    let hostile = Hostile::new().await;
    for (mood, reason) in [
        (Mood::Refuses, "hari libur"),
        (Mood::Hangs, "no answer in time"),
        (Mood::ClosesAtOnce, "no connection"),
        (Mood::Status500, "HTTP status 500"),
        (Mood::Redirects, "HTTP status 307"),
        (Mood::Garbage, "malformed"),
        (Mood::Endless, "longer than"),
        (Mood::OtherImprint, "another imprint"),
        (Mood::OtherNonce, "another nonce"),
        (Mood::NoNonce, "another nonce"),
        (Mood::OtherPolicy, "under policy 1.2.3.5"),
        (Mood::SignsAsSignatory, "extended key usage"),
        (
            Mood::SendsNoCertificate,
            "does not carry its signer's certificate",
        ),
        (Mood::HourAhead, "is not between"),
        (Mood::HourBehind, "is not between"),
        (Mood::ForeignCertificate, "outside its signer's chain"),
    ] {
        let client = hostile.client(&[&hostile.serve(mood)]);
        let Err(TimestampError::NoneAnswered(failures)) = ask(&client).await else {
            panic!("{mood:?} was taken")
        };
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0].contains("127.0.0.1") && failures[0].contains(reason),
            "{mood:?}: {failures:?}"
        );
        assert!(
            !failures[0].contains("rahasia"),
            "an address may carry a password: {failures:?}"
        );
    }
}

#[tokio::test]
async fn the_next_in_the_list_answers() {
    let hostile = Hostile::new().await;
    let (lying, refusing, honest) = (
        hostile.serve(Mood::OtherNonce),
        hostile.serve(Mood::Refuses),
        hostile.serve(Mood::Honest),
    );
    let client = hostile.client(&[&lying, &refusing, &honest]);
    assert!(ask(&client).await.is_ok());
    assert!(ask(&client).await.is_ok());
    let asked = [&lying, &refusing, &honest].map(|stub| stub.asked.load(Ordering::Relaxed));
    assert_eq!(asked, [1, 1, 2], "those that failed rest");
}

#[tokio::test]
async fn a_dead_tsa_costs_one_timeout_and_not_one_a_document() {
    let hostile = Hostile::new().await;
    let (dead, honest) = (hostile.serve(Mood::Hangs), hostile.serve(Mood::Honest));
    let client = hostile.client(&[&dead, &honest]);
    let start = Instant::now();
    for _ in 0..30 {
        assert!(ask(&client).await.is_ok());
    }
    assert!(start.elapsed() < PATIENCE * 2, "{:?}", start.elapsed());
    assert_eq!(dead.asked.load(Ordering::Relaxed), 1);
    let alone = hostile.client(&[&hostile.serve(Mood::Hangs)]);
    assert!(ask(&alone).await.is_err());
    let start = Instant::now();
    let Err(TimestampError::NoneAnswered(failures)) = ask(&alone).await else {
        panic!("a dead TSA answered")
    };
    assert!(start.elapsed() < Duration::from_millis(500) && failures[0].contains("resting"));
}

#[tokio::test]
async fn a_token_too_long_for_the_hole_is_refused() {
    let hostile = Hostile::new().await;
    let client = hostile
        .client(&[&hostile.serve(Mood::Honest)])
        .with_longest_token(500);
    let Err(TimestampError::NoneAnswered(failures)) = ask(&client).await else {
        panic!("it would not fit")
    };
    assert!(failures[0].contains("at most 500 fit"), "{failures:?}");
}
