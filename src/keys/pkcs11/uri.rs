//! PKCS#11 URIs (RFC 7512): which module, token and object, and where its PIN is.
//!
//! Read: path attributes `token`, `manufacturer`, `model`, `serial`, `slot-id`,
//! `object`, `id`, `type`; query attributes `module-path`, `pin-source`,
//! `pin-value`. Section 2.3: an unknown attribute in the path or a repeated one is refused (a
//! selector that is ignored would select another key); `module-name` and vendor
//! query attributes are refused for the same reason.

use zeroize::Zeroizing;

/// A parsed URI. `Debug` and `Display` never show the PIN.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pkcs11Uri {
    /// Label of the token.
    pub token: Option<String>,
    /// Manufacturer of the token.
    pub manufacturer: Option<String>,
    /// Model of the token.
    pub model: Option<String>,
    /// Serial number of the token.
    pub serial: Option<String>,
    /// Slot number.
    pub slot_id: Option<u64>,
    /// Label of the key (CKA_LABEL).
    pub object: Option<String>,
    /// Identifier of the key (CKA_ID).
    pub id: Option<Vec<u8>>,
    /// The library to load.
    pub module_path: Option<String>,
    /// Where the PIN is.
    pub pin: Option<PinSource>,
}

/// Where the PIN comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum PinSource {
    /// In the URI itself.
    Value(Zeroizing<String>),
    /// The first line of a file.
    File(String),
}

/// Why a URI was not read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UriError {
    /// It does not begin with `pkcs11:`.
    #[error("a PKCS#11 URI begins with pkcs11:")]
    NotPkcs11,
    /// A part without `=`.
    #[error("the PKCS#11 URI has a part without a value")]
    NoValue,
    /// Broken percent encoding, or bytes that are not UTF-8.
    #[error("the PKCS#11 URI attribute {0} is not well encoded")]
    Encoding(String),
    /// An attribute this program does not know.
    #[error("the PKCS#11 URI attribute {0} is not supported")]
    Unknown(String),
    /// The same attribute twice.
    #[error("the PKCS#11 URI gives {0} twice")]
    Repeated(String),
    /// `type` other than `private`.
    #[error("the PKCS#11 URI names an object that is not a private key")]
    NotAPrivateKey,
    /// Both `pin-source` and `pin-value` (section 2.4 forbids it).
    #[error("the PKCS#11 URI gives both pin-source and pin-value")]
    TwoPins,
    /// `pin-source` that is not a file.
    #[error("only files are read as pin-source")]
    PinSourceNotAFile,
}

impl std::str::FromStr for Pkcs11Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let rest = text
            .get(..7)
            .filter(|scheme| scheme.eq_ignore_ascii_case("pkcs11:"))
            .and_then(|_| text.get(7..))
            .ok_or(UriError::NotPkcs11)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        let mut seen = Vec::new();
        for (name, value) in attributes(path, ';', &mut seen)? {
            uri.take_path(name, value)?;
        }
        for (name, value) in attributes(query, '&', &mut seen)? {
            uri.take_query(name, value)?;
        }
        Ok(uri)
    }
}

impl Pkcs11Uri {
    fn take_path(&mut self, name: &str, value: &str) -> Result<(), UriError> {
        match name {
            "token" => self.token = Some(text_of(name, value)?),
            "manufacturer" => self.manufacturer = Some(text_of(name, value)?),
            "model" => self.model = Some(text_of(name, value)?),
            "serial" => self.serial = Some(text_of(name, value)?),
            "slot-id" => {
                let number = value.parse().map_err(|_| UriError::Encoding(name.into()))?;
                self.slot_id = Some(number);
            }
            "object" => self.object = Some(text_of(name, value)?),
            "id" => self.id = Some(percent_decode(name, value)?),
            "type" if value == "private" => {}
            "type" => return Err(UriError::NotAPrivateKey),
            other => return Err(UriError::Unknown(other.into())),
        }
        Ok(())
    }

    fn take_query(&mut self, name: &str, value: &str) -> Result<(), UriError> {
        match name {
            "module-path" => self.module_path = Some(text_of(name, value)?),
            "pin-value" | "pin-source" if self.pin.is_some() => return Err(UriError::TwoPins),
            "pin-value" => {
                self.pin = Some(PinSource::Value(Zeroizing::new(text_of(name, value)?)));
            }
            "pin-source" => {
                let source = text_of(name, value)?;
                let path = source.strip_prefix("file:").unwrap_or(&source);
                let path = path.strip_prefix("//").unwrap_or(path);
                if source.starts_with('|') || !path.starts_with('/') {
                    return Err(UriError::PinSourceNotAFile);
                }
                self.pin = Some(PinSource::File(path.to_owned()));
            }
            other => return Err(UriError::Unknown(other.into())),
        }
        Ok(())
    }
}

fn attributes<'a>(
    part: &'a str,
    separator: char,
    seen: &mut Vec<&'a str>,
) -> Result<Vec<(&'a str, &'a str)>, UriError> {
    let mut found = Vec::new();
    for item in part.split(separator).filter(|item| !item.is_empty()) {
        let (name, value) = item.split_once('=').ok_or(UriError::NoValue)?;
        if seen.contains(&name) {
            return Err(UriError::Repeated(name.into()));
        }
        seen.push(name);
        found.push((name, value));
    }
    Ok(found)
}

fn text_of(name: &str, value: &str) -> Result<String, UriError> {
    String::from_utf8(percent_decode(name, value)?).map_err(|_| UriError::Encoding(name.into()))
}

fn percent_decode(name: &str, value: &str) -> Result<Vec<u8>, UriError> {
    let broken = || UriError::Encoding(name.to_owned());
    let mut decoded = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else {
            return Err(broken());
        };
        let mut one = [0];
        hex::decode_to_slice([high, low], &mut one).map_err(|_| broken())?;
        decoded.extend_from_slice(&one);
    }
    Ok(decoded)
}

impl std::fmt::Display for Pkcs11Uri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("pkcs11:")?;
        let named = [("token", &self.token), ("object", &self.object)];
        for (name, value) in named {
            if let Some(value) = value {
                write!(f, "{name}={value};")?;
            }
        }
        match &self.id {
            Some(id) => write!(f, "id={}", hex::encode(id)),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Pkcs11Uri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_example_of_the_rfc() {
        let uri: Pkcs11Uri = "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;\
            model=1.0;object=my-certificate;type=private;id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin&module-path=/usr/lib/softhsm/libsofthsm2.so"
            .parse()
            .unwrap();
        assert_eq!(uri.token.as_deref(), Some("The Software PKCS#11 Softtoken"));
        assert_eq!(uri.object.as_deref(), Some("my-certificate"));
        assert_eq!(
            uri.id.as_deref(),
            Some(&hex::decode("69953e5cf4bdec91").unwrap()[..])
        );
        assert_eq!(
            uri.module_path.as_deref(),
            Some("/usr/lib/softhsm/libsofthsm2.so")
        );
        assert!(uri.pin == Some(PinSource::File("/etc/token_pin".into())));
    }

    #[test]
    fn refuses_what_it_would_have_to_ignore() {
        let refused = [
            ("http://example", UriError::NotPkcs11),
            ("pkcs11:token", UriError::NoValue),
            ("pkcs11:token=a;token=b", UriError::Repeated("token".into())),
            ("pkcs11:id=%1", UriError::Encoding("id".into())),
            ("pkcs11:token=%FF", UriError::Encoding("token".into())),
            ("pkcs11:x-vendor=1", UriError::Unknown("x-vendor".into())),
            (
                "pkcs11:object=a?module-name=p11",
                UriError::Unknown("module-name".into()),
            ),
            ("pkcs11:type=cert", UriError::NotAPrivateKey),
            (
                "pkcs11:object=a?pin-value=1&pin-source=/p",
                UriError::TwoPins,
            ),
            (
                "pkcs11:object=a?pin-source=|/bin/prog",
                UriError::PinSourceNotAFile,
            ),
        ];
        for (text, error) in refused {
            assert_eq!(text.parse::<Pkcs11Uri>(), Err(error), "{text}");
        }
    }

    #[test]
    fn never_prints_the_pin() {
        let uri: Pkcs11Uri = "pkcs11:token=t;object=k?pin-value=1234".parse().unwrap();
        assert!(!format!("{uri:?} {uri}").contains("1234"));
    }
}
