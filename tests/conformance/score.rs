//! Counts what a corpus run gave, against what was expected and what is excepted.

use std::io::Write as _;

/// One case that is not as expected, and why that is right.
pub struct Exception {
    /// The case.
    pub case: &'static str,
    /// Why ours differs.
    pub reason: &'static str,
}

/// The result of a run.
pub struct Score<'a> {
    corpus: &'a str,
    exceptions: &'a [Exception],
    not_asked: &'a [Exception],
    run: usize,
    passed: usize,
    excepted: usize,
    /// The exceptions whose cases were run.
    met: Vec<&'static str>,
    /// The exceptions that were used.
    used: Vec<&'static str>,
    faults: Vec<String>,
}

impl<'a> Score<'a> {
    pub fn new(corpus: &'a str, exceptions: &'a [Exception]) -> Self {
        Self {
            corpus,
            exceptions,
            not_asked: &[],
            run: 0,
            passed: 0,
            excepted: 0,
            met: Vec::new(),
            used: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Cases whose only fault lies in an input that is never asked for here (the name of a
    /// server, say): to accept them is right. Not for anything that a path is judged by.
    #[must_use]
    pub fn not_asked(mut self, cases: &'a [Exception]) -> Self {
        self.not_asked = cases;
        self
    }

    /// Counts one case: whether it should have been accepted, and what was said.
    pub fn count(&mut self, case: &str, expected: bool, said: &Result<(), String>) {
        self.run += 1;
        let list = if expected {
            self.exceptions
        } else {
            self.not_asked
        };
        let exception = list.iter().find(|one| one.case == case);
        self.met.extend(exception.map(|one| one.case));
        let as_expected = said.is_ok() == expected;
        match (as_expected, exception) {
            (true, None) => self.passed += 1,
            (true, Some(_)) => self.faults.push(format!("{case}: stale exception")),
            (false, None) if !expected => self.faults.push(format!("{case}: FALSE ACCEPT")),
            (false, Some(exception)) => {
                assert!(!exception.reason.is_empty());
                self.excepted += 1;
                self.used.push(exception.case);
            }
            (false, None) => self.faults.push(format!("{case}: refused, {said:?}")),
        }
    }

    /// Prints the figures and fails where something is unexplained.
    pub fn finish(mut self) {
        for one in self.exceptions.iter().chain(self.not_asked) {
            if !self.met.contains(&one.case) {
                let fault = format!("{}: an exception for no such case", one.case);
                self.faults.push(fault);
            }
        }
        publish(&self.told());
        let Self { corpus, faults, .. } = self;
        assert!(faults.is_empty(), "{corpus}:\n{}", faults.join("\n"));
    }

    /// The figures, and each exception with its reason.
    fn told(&self) -> String {
        let Self {
            corpus,
            run,
            passed,
            excepted,
            faults,
            ..
        } = self;
        let mut text = format!("{corpus:<13} passed {passed} / run {run} / excepted {excepted}");
        if !faults.is_empty() {
            text.push_str(&format!(" / FAULTS {}", faults.len()));
        }
        text.push('\n');
        let listed = self.exceptions.iter().chain(self.not_asked);
        for one in listed.filter(|one| self.used.contains(&one.case)) {
            text.push_str(&format!("    {}\n        {}\n", one.case, one.reason));
        }
        text
    }
}

/// Prints the figures; and adds them to the file that `ABSAH_SCORES` names, whose reader
/// does not want the words of the test runner between them.
fn publish(text: &str) {
    print!("{text}");
    let Some(file) = std::env::var_os("ABSAH_SCORES") else {
        return;
    };
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(file);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXCEPTIONS: &[Exception] = &[Exception {
        case: "a",
        reason: "because",
    }];

    #[test]
    fn an_exception_excuses_a_refusal() {
        let mut score = Score::new("test", EXCEPTIONS);
        score.count("a", true, &Err("no".to_owned()));
        score.count("b", false, &Err("no".to_owned()));
        assert_eq!((score.passed, score.run, score.excepted), (1, 2, 1));
        let told = score.told();
        let figures = "test          passed 1 / run 2 / excepted 1\n";
        assert_eq!(told, format!("{figures}    a\n        because\n"));
    }

    #[test]
    #[should_panic(expected = "a: stale exception")]
    fn a_stale_exception_fails() {
        let mut score = Score::new("test", EXCEPTIONS);
        score.count("a", true, &Ok(()));
        score.finish();
    }

    #[test]
    #[should_panic(expected = "b: an exception for no such case")]
    fn an_exception_for_a_case_that_is_gone_fails() {
        const GONE: &[Exception] = &[Exception {
            case: "b",
            reason: "because",
        }];
        Score::new("test", GONE).finish();
    }

    #[test]
    fn what_is_not_asked_may_be_accepted() {
        let mut score = Score::new("test", &[]).not_asked(EXCEPTIONS);
        score.count("a", false, &Ok(()));
        assert_eq!((score.passed, score.run, score.excepted), (0, 1, 1));
    }

    #[test]
    #[should_panic(expected = "a: FALSE ACCEPT")]
    fn a_false_accept_fails_even_when_excepted() {
        let mut score = Score::new("test", EXCEPTIONS);
        score.count("a", false, &Ok(()));
        score.finish();
    }
}
