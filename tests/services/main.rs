//! The services with the real kernel, the demonstration authority and a database.

mod approve;
mod faults;
mod finish;
mod journey;
mod office;
mod review;
mod submit;
