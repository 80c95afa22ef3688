//! The console: who gets in, how, and who does not.

mod desk;
mod entry;
mod guests;
mod office;
pub mod visitor;
