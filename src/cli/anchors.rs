//! The trust anchors that are built in: the certificates of `certs/anchors`.

use super::outcome::CliError;
use crate::kernel::x509::Certificate;

/// Every `*.pem` of the folder; a test compares the two.
const BUILT_IN: &[(&str, &[u8])] = &[];

/// The anchors that are built in.
///
/// # Errors
/// One of them cannot be read.
pub fn built_in() -> Result<Vec<Certificate>, CliError> {
    let mut anchors = Vec::new();
    for (name, pem) in BUILT_IN {
        let read = Certificate::from_pem_or_der(pem);
        anchors.extend(read.map_err(|error| CliError::usage(format!("anchor {name}: {error}")))?);
    }
    Ok(anchors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_and_the_list_are_the_same() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/certs/anchors");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .expect("certs/anchors")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| name.ends_with(".pem"))
            .collect();
        found.sort();
        let listed: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, listed);
        built_in().expect("readable anchors");
    }
}
