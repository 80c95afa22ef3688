//! What the system does: submit, review, approve, sign, verify, cancel; talks to the
//! world through [`ports`].

pub mod administration;
pub mod clock;
pub mod fault;
pub mod levels;
pub mod ports;
