//! What may break a rule, and why. An entry that excuses nothing fails the test.

/// One excused breach.
pub struct Exception {
    /// The rule's name, as a finding prints it.
    pub rule: &'static str,
    /// The place, as a finding prints it.
    pub place: &'static str,
    /// Why it is right here.
    pub reason: &'static str,
}

/// The excused breaches, by place.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        rule: "unsafe",
        place: "src/authority/clock/discipline.rs",
        reason: "no safe crate wraps adjtimex(2), which says whether the clock is disciplined",
    },
    Exception {
        rule: "unsafe",
        place: "src/cli/allocator.rs",
        reason: "no safe crate wraps mallopt(3), which says what the allocator keeps",
    },
    Exception {
        rule: "unsafe",
        place: "src/kernel/x509/ffi.rs",
        reason: "rust-openssl does not wrap the initial policy set",
    },
];
