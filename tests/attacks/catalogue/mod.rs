//! The classes of attacks, a file each, and the honest files.

mod active;
mod byte_range;
mod certification;
mod chains;
mod cms;
mod gap;
mod honest;
mod hostile;
mod later;
mod locks;
mod parser;
mod revocation;
mod roles;
mod security_store;
mod shadow;
mod status;
mod tags;
mod timestamps;
mod wrapping;

use std::sync::LazyLock;

use super::case::Catalogue;

/// All of them, made once.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut all = Catalogue::default();
    for fill in [
        honest::cases,
        byte_range::cases,
        gap::cases,
        wrapping::cases,
        shadow::cases,
        roles::cases,
        tags::cases,
        certification::cases,
        locks::cases,
        security_store::cases,
        cms::cases,
        timestamps::cases,
        status::cases,
        revocation::cases,
        later::cases,
        chains::cases,
        parser::cases,
        active::cases,
        hostile::cases,
    ] {
        fill(&mut all);
    }
    all
});
