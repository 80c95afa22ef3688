//! What operators measure, in Prometheus' text format. A registry of our own: a
//! few counters behind one lock, no labels that a caller could choose.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;

/// Upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The counters of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<Requests>,
}

#[derive(Debug, Default)]
struct Requests {
    answered: BTreeMap<(&'static str, String, u16), u64>,
    durations: BTreeMap<String, Histogram>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Histogram {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Histogram {
    fn observe(&mut self, seconds: f64) {
        for (count, bound) in self.buckets.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.seconds += seconds;
    }
}

/// A number read when the page is asked for.
#[derive(Clone, Debug)]
pub struct Gauge {
    /// The metric's name, without the `absah_` in front.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// One label's name and value, where the metric has one.
    pub label: Option<(&'static str, String)>,
    /// The value.
    pub value: f64,
}

impl Metrics {
    /// Counts one answered request.
    pub fn request(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (known(method), route.to_owned(), status);
        *requests.answered.entry(key).or_default() += 1;
        requests
            .durations
            .entry(route.to_owned())
            .or_default()
            .observe(took.as_secs_f64());
    }

    /// The page at `/metrics`; `gauges` of one name stand together.
    #[must_use]
    pub fn render(&self, gauges: &[Gauge]) -> String {
        let mut page = String::new();
        self.render_requests(&mut page);
        let mut last = "";
        for gauge in gauges {
            if gauge.name != last {
                header(&mut page, gauge.name, "gauge", gauge.help);
                last = gauge.name;
            }
            let label = gauge
                .label
                .as_ref()
                .map(|(name, value)| format!("{{{name}=\"{value}\"}}"))
                .unwrap_or_default();
            line(&mut page, &format!("{}{label}", gauge.name), gauge.value);
        }
        page
    }

    fn render_requests(&self, page: &mut String) {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        header(page, "http_requests_total", "counter", "Requests answered.");
        for ((method, route, status), count) in &requests.answered {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            line(page, &format!("http_requests_total{{{labels}}}"), count);
        }
        let name = "http_request_seconds";
        header(
            page,
            name,
            "histogram",
            "Time to the first byte of the answer.",
        );
        for (route, histogram) in &requests.durations {
            for (bound, count) in BUCKETS.iter().zip(histogram.buckets) {
                let labels = format!("route=\"{route}\",le=\"{bound}\"");
                line(page, &format!("{name}_bucket{{{labels}}}"), count);
            }
            let route = format!("route=\"{route}\"");
            let count = histogram.count;
            line(
                page,
                &format!("{name}_bucket{{{route},le=\"+Inf\"}}"),
                count,
            );
            line(page, &format!("{name}_sum{{{route}}}"), histogram.seconds);
            line(page, &format!("{name}_count{{{route}}}"), count);
        }
    }
}

/// Extension methods are the caller's choice, so they are no label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn header(page: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(
        page,
        "# HELP absah_{name} {help}\n# TYPE absah_{name} {kind}"
    );
}

fn line(page: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(page, "absah_{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_and_timed() {
        let metrics = Metrics::default();
        metrics.request(&Method::GET, "/v/{code}", 200, Duration::from_millis(3));
        let strange = Method::from_bytes(b"HACK").unwrap();
        metrics.request(&strange, "/v/{code}", 405, Duration::from_secs(60));
        let page = metrics.render(&[]);
        let lines: Vec<_> = page.lines().collect();
        for expected in [
            "absah_http_requests_total{method=\"GET\",route=\"/v/{code}\",status=\"200\"} 1",
            "absah_http_requests_total{method=\"other\",route=\"/v/{code}\",status=\"405\"} 1",
            "absah_http_request_seconds_bucket{route=\"/v/{code}\",le=\"0.001\"} 0",
            "absah_http_request_seconds_bucket{route=\"/v/{code}\",le=\"0.005\"} 1",
            "absah_http_request_seconds_bucket{route=\"/v/{code}\",le=\"+Inf\"} 2",
            "absah_http_request_seconds_count{route=\"/v/{code}\"} 2",
        ] {
            assert!(lines.contains(&expected), "{expected} in {page}");
        }
        assert!(!page.contains("HACK"));
    }
}
