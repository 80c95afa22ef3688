//! The validator: what it accepts, and the negative twins of each case.

mod certificates;
mod command;
mod difference;
mod document;
mod forgeries;
mod levels;
mod longterm;
mod world;
