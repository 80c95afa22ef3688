//! Oversight: what was signed on a day, what the log says, who may sign now, and what it
//! would mean to suspend a signatory's key.

mod audit;
mod daily;
mod mandates;
mod suspension;

pub use audit::{AuditLine, AuditPage, AuditQuery};
pub use daily::{SignedLine, bounds as day_bounds};
pub use mandates::{MayNow, MaySign};
pub use suspension::{Consequences, KeyStanding};
