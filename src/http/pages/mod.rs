//! Pages for everyone: plain HTML, no script, the answer first.

pub mod assets;
pub mod shell;
pub mod view;
pub mod words;
