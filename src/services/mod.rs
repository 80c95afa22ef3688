//! What the system does: submit, review, approve, sign, verify, cancel; talks to the
//! world through [`ports`].

mod access;
pub mod administration;
mod approve;
mod change;
pub mod clock;
pub mod desk;
pub mod entry;
mod error;
mod evidence;
pub mod fault;
mod finish;
mod garbage;
mod layout;
pub mod levels;
mod office;
mod once;
pub mod oversight;
pub mod ports;
pub mod replay;
mod review;
mod status;
mod submit;
pub mod verify;
mod view;

pub use approve::{Approved, Question};
pub use error::ServiceError;
pub use office::{Policy, Ports, Services};
pub use once::{Done, Once};
pub use review::ReviewRequest;
pub use status::StatusChange;
pub use view::View;
