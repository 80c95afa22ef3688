//! The service over real HTTP: the whole stack on a free port, with SQLite in a
//! temporary folder and a demonstration authority. The modules mirror the routes.
#![allow(clippy::unwrap_used)]

mod administration;
mod api;
mod app;
mod console;
mod frame;
#[path = "../support/keep.rs"]
mod keep;
mod office;
mod pages;
mod pki;
#[path = "../support/mod.rs"]
mod support;
mod tls;
