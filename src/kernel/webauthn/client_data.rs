//! The client data (WebAuthn 5.8.1): what the browser says it did, as the JSON that is hashed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::{RelyingParty, WebAuthnError};

/// Browsers write some hundred octets.
const LONGEST: usize = 4 * 1024;

/// Which kind of ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A credential is made.
    Create,
    /// A credential is used.
    Get,
}

#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<serde::de::IgnoredAny>,
}

/// Checks what the browser says (7.1 steps 5 to 11, 7.2 steps 8 to 14).
pub(super) fn check(
    json: &[u8],
    kind: Kind,
    party: RelyingParty<'_>,
    challenge: &[u8],
) -> Result<(), WebAuthnError> {
    if json.len() > LONGEST {
        return Err(WebAuthnError::ClientData);
    }
    let data: ClientData = serde_json::from_slice(json).map_err(|_| WebAuthnError::ClientData)?;
    let wanted = match kind {
        Kind::Create => "webauthn.create",
        Kind::Get => "webauthn.get",
    };
    if data.r#type != wanted {
        return Err(WebAuthnError::Type);
    }
    if data.challenge != URL_SAFE_NO_PAD.encode(challenge) {
        return Err(WebAuthnError::Challenge);
    }
    if data.origin != party.origin {
        return Err(WebAuthnError::Origin);
    }
    if data.cross_origin || data.top_origin.is_some() {
        return Err(WebAuthnError::CrossOrigin);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTY: RelyingParty<'_> = RelyingParty {
        id: "izin.example.go.id",
        origin: "https://izin.example.go.id",
    };

    fn checked(json: &str) -> Result<(), WebAuthnError> {
        check(json.as_bytes(), Kind::Get, PARTY, &[1; 32])
    }

    #[test]
    fn a_browsers_words_are_believed_with_more_members_than_are_known() {
        let json = r#"{"type":"webauthn.get","challenge":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
            "origin":"https://izin.example.go.id","crossOrigin":false,"other_keys_can_be_added_here":"x"}"#;
        assert_eq!(checked(json), Ok(()));
    }

    #[test]
    fn each_difference_has_its_name() {
        use WebAuthnError as E;
        let challenge = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
        let written = |kind: &str, challenge: &str, origin: &str, more: &str| {
            format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#)
        };
        let ours = "https://izin.example.go.id";
        let get = "webauthn.get";
        for (json, error) in [
            (written("webauthn.create", challenge, ours, ""), E::Type),
            (written("WebAuthn.get", challenge, ours, ""), E::Type),
            (written(get, "AQEB", ours, ""), E::Challenge),
            (
                written(get, &format!("{challenge}="), ours, ""),
                E::Challenge,
            ),
            (
                written(get, challenge, "https://izin.example.go.id.evil", ""),
                E::Origin,
            ),
            (
                written(get, challenge, "http://izin.example.go.id", ""),
                E::Origin,
            ),
            (
                written(get, challenge, "https://izin.example.go.id:8443", ""),
                E::Origin,
            ),
            (
                written(get, challenge, ours, r#","crossOrigin":true"#),
                E::CrossOrigin,
            ),
            (
                written(get, challenge, ours, r#","topOrigin":"https://evil""#),
                E::CrossOrigin,
            ),
            (
                written(get, challenge, ours, r#","type":"webauthn.get""#),
                E::ClientData,
            ),
            ("[]".to_owned(), E::ClientData),
            (" ".repeat(LONGEST + 1), E::ClientData),
            ("{\"type\":\"\u{0}".to_owned(), E::ClientData),
        ] {
            assert_eq!(checked(&json), Err(error), "{json}");
        }
        assert_eq!(
            check(&[0xff], Kind::Get, PARTY, &[1; 32]),
            Err(E::ClientData)
        );
    }
}
