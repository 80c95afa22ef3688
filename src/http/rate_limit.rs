//! How often one address may ask the public doors: guessing codes stays hopeless
//! and one flood does not drown the others. A token bucket per address (IPv6: per
//! /64, what one subscriber gets), in memory, of bounded size.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::problem::{Kind, Problem};

/// Addresses remembered at most; those that have been idle longest go first.
const REMEMBERED: usize = 100_000;

/// A budget of requests per address.
#[derive(Debug)]
pub struct RateLimit {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl RateLimit {
    /// `per_minute` requests each minute, up to `per_minute` of them at once.
    #[must_use]
    pub fn per_minute(per_minute: u32) -> Self {
        Self {
            burst: f64::from(per_minute),
            per_second: f64::from(per_minute) / 60.0,
            buckets: Mutex::default(),
        }
    }

    /// Spends one request of `address`.
    ///
    /// # Errors
    /// `rate-limited`, with the time after which it has one again.
    pub fn spend(&self, address: IpAddr) -> Result<(), Problem> {
        self.spend_at(address, Instant::now()).map_err(|wait| {
            Problem::new(
                Kind::RateLimited,
                "Too many requests from this address; Retry-After says when the next is taken.",
            )
            .retry_after(wait + Duration::from_secs(1))
        })
    }

    fn spend_at(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            self.forget_full(&mut buckets, now);
        }
        let bucket = buckets.entry(subscriber(address)).or_insert(Bucket {
            tokens: self.burst,
            filled: now,
        });
        bucket.tokens = self.level(*bucket, now);
        bucket.filled = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64(
            (1.0 - bucket.tokens) / self.per_second.max(f64::MIN_POSITIVE),
        ))
    }

    fn level(&self, bucket: Bucket, now: Instant) -> f64 {
        let waited = now.saturating_duration_since(bucket.filled).as_secs_f64();
        self.per_second
            .mul_add(waited, bucket.tokens)
            .min(self.burst)
    }

    /// A full bucket says nothing; if all are in use, everyone starts anew.
    fn forget_full(&self, buckets: &mut HashMap<IpAddr, Bucket>, now: Instant) {
        buckets.retain(|_, bucket| self.level(*bucket, now) < self.burst);
        if buckets.len() >= REMEMBERED {
            buckets.clear();
        }
    }
}

fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_and_comes_back() {
        let limit = RateLimit::per_minute(60);
        let (address, start) = (IpAddr::from([203, 0, 113, 9]), Instant::now());
        for _ in 0..60 {
            limit.spend_at(address, start).unwrap();
        }
        let wait = limit.spend_at(address, start).unwrap_err();
        assert!(wait <= Duration::from_secs(1));
        limit
            .spend_at(address, start + Duration::from_secs(2))
            .unwrap();
        limit
            .spend_at(IpAddr::from([203, 0, 113, 10]), start)
            .unwrap();
    }

    #[test]
    fn one_subscriber_is_one_address() {
        let limit = RateLimit::per_minute(1);
        let now = Instant::now();
        limit.spend_at("2001:db8::1".parse().unwrap(), now).unwrap();
        assert!(
            limit
                .spend_at("2001:db8::ffff".parse().unwrap(), now)
                .is_err()
        );
        limit
            .spend_at("2001:db8:0:1::1".parse().unwrap(), now)
            .unwrap();
    }
}
