//! Absah: a signing and verification authority for permit offices.
//!
//! The rooms, inner to outer; a room uses only the rooms above it:
//! [`kernel`] (pure formats and validation), [`domain`] (documents, reviews,
//! mandates, approvals), [`services`] (what the system does, through ports),
//! [`storage`], [`keys`], [`authority`], [`clients`], [`http`], [`cli`].

pub mod kernel;

pub mod domain;

pub mod services;

pub mod storage;

pub mod keys;

pub mod authority;

pub mod clients;

pub mod http;

pub mod cli;
