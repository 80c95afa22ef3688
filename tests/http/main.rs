//! The service over real HTTP: the whole stack on a free port, with SQLite in a
//! temporary folder and a demonstration authority. The modules mirror the routes.
#![allow(clippy::unwrap_used)]

mod administration;
mod api;
mod app;
mod frame;
mod office;
mod pages;
#[path = "../support/picture.rs"]
mod picture;
mod pki;
mod tls;
