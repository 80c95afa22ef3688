//! Conformance corpora made by others, run through the code that serves users.
//!
//! The corpora are not part of the repository: the variable `ABSAH_CORPORA` names their
//! folder, and where it is not set the runs say so and check nothing. Figures are printed
//! as passed / run / excepted. A false accept cannot be excepted; an exception whose case
//! passes is stale and fails the run.
#![allow(clippy::unwrap_used)]

mod exceptions;
mod judge;
mod limbo;
mod ocsp;
mod pkits;
mod score;

use std::path::PathBuf;

/// The folder of a corpus, where there is one.
fn corpus(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("ABSAH_CORPORA") else {
        println!("{name}: not run, ABSAH_CORPORA is not set");
        return None;
    };
    let folder = PathBuf::from(folder).join(name);
    assert!(folder.is_dir(), "{}: no such corpus", folder.display());
    Some(folder)
}
