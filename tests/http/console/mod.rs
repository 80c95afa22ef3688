//! The console: who gets in, how, and who does not.

mod entry;
mod guests;
pub mod visitor;
