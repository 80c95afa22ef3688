//! Counts what a corpus run gave, against what was expected and what is excepted.

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
    run: usize,
    passed: usize,
    excepted: usize,
    faults: Vec<String>,
}

impl<'a> Score<'a> {
    pub fn new(corpus: &'a str, exceptions: &'a [Exception]) -> Self {
        Self {
            corpus,
            exceptions,
            run: 0,
            passed: 0,
            excepted: 0,
            faults: Vec::new(),
        }
    }

    /// Counts one case: whether it should have been accepted, and what was said.
    pub fn count(&mut self, case: &str, expected: bool, said: &Result<(), String>) {
        self.run += 1;
        let exception = self.exceptions.iter().find(|one| one.case == case);
        let as_expected = said.is_ok() == expected;
        match (as_expected, exception) {
            (true, None) => self.passed += 1,
            (true, Some(_)) => self.faults.push(format!("{case}: stale exception")),
            (false, _) if !expected => self.faults.push(format!("{case}: FALSE ACCEPT")),
            (false, Some(exception)) => {
                assert!(!exception.reason.is_empty());
                self.excepted += 1;
            }
            (false, None) => self.faults.push(format!("{case}: refused, {said:?}")),
        }
    }

    /// Prints the figures and fails where something is unexplained.
    pub fn finish(self) {
        let Self {
            corpus,
            run,
            passed,
            excepted,
            ..
        } = self;
        println!("{corpus}: passed {passed} / run {run} / excepted {excepted}");
        assert!(
            self.faults.is_empty(),
            "{corpus}:\n{}",
            self.faults.join("\n")
        );
    }
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
        score.finish();
    }

    #[test]
    #[should_panic(expected = "a: stale exception")]
    fn a_stale_exception_fails() {
        let mut score = Score::new("test", EXCEPTIONS);
        score.count("a", true, &Ok(()));
        score.finish();
    }

    #[test]
    #[should_panic(expected = "a: FALSE ACCEPT")]
    fn a_false_accept_fails_even_when_excepted() {
        let mut score = Score::new("test", EXCEPTIONS);
        score.count("a", false, &Ok(()));
        score.finish();
    }
}
