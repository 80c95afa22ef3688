//! Certificate profiles: `certs/profiles.toml` parsed into types and checked.
//!
//! Each role has rules that no file can switch off (`profile_rules`): an office may
//! shorten a validity or forbid a key type, it cannot make a signatory that
//! is a CA or a TSA without its critical purpose. RFC 5280, RFC 3161 section
//! 2.3, RFC 6960 section 4.2.2.2, RFC 9336, EN 319 412-2.

use std::collections::BTreeMap;

use crate::kernel::asn1::oids::{
    ID_KP_DOCUMENT_SIGNING, ID_KP_EMAIL_PROTECTION, ID_KP_OCSP_SIGNING, ID_KP_TIME_STAMPING,
};
use const_oid::ObjectIdentifier;
use serde::Deserialize;
use time::Duration;

use super::profile_rules as rules;
use super::role::Role;
use crate::keys::KeyType;

/// The enterprise number RFC 5612 keeps for examples.
const EXAMPLE_ARC: &str = "1.3.6.1.4.1.32473.";

/// Those compiled in, as text.
pub(super) const BUILT_IN: &str = include_str!("../../certs/profiles.toml");

/// All profiles of an authority.
#[derive(Debug, Clone)]
pub struct Profiles {
    addresses: Addresses,
    policies: BTreeMap<String, ObjectIdentifier>,
    by_role: BTreeMap<Role, Profile>,
}

/// Where relying parties find revocation data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// The OCSP responder.
    pub ocsp: String,
    /// The issuer's certificate.
    pub ca_issuers: String,
    /// The issuer's CRL.
    pub crl: String,
}

/// What one kind of certificate contains.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    key_types: Vec<KeyType>,
    validity_days: u32,
    backdate_minutes: u32,
    key_usage: Vec<KeyUsage>,
    #[serde(default)]
    extended_key_usage: Vec<Purpose>,
    #[serde(default)]
    extended_key_usage_critical: bool,
    path_length: Option<u8>,
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    addresses: Vec<Address>,
    #[serde(default)]
    ocsp_nocheck: bool,
}

/// Key usage bits (RFC 5280 section 4.2.1.3) that profiles may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUsage {
    /// digitalSignature
    DigitalSignature,
    /// contentCommitment, formerly nonRepudiation
    ContentCommitment,
    /// keyCertSign
    KeyCertSign,
    /// cRLSign
    CrlSign,
}

/// Extended key purposes that profiles may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// RFC 9336
    DocumentSigning,
    /// S/MIME
    EmailProtection,
    /// RFC 3161
    TimeStamping,
    /// RFC 6960
    OcspSigning,
}

impl Purpose {
    /// The object identifier.
    #[must_use]
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::DocumentSigning => ID_KP_DOCUMENT_SIGNING,
            Self::EmailProtection => ID_KP_EMAIL_PROTECTION,
            Self::TimeStamping => ID_KP_TIME_STAMPING,
            Self::OcspSigning => ID_KP_OCSP_SIGNING,
        }
    }
}

/// Which addresses a certificate carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// Authority information access: OCSP.
    Ocsp,
    /// Authority information access: the issuer's certificate.
    CaIssuers,
    /// CRL distribution point.
    Crl,
}

/// Why a profile file was refused.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not the TOML expected.
    #[error("the certificate profiles cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A version this program does not know.
    #[error("the certificate profiles have version {0}, this program reads version 1")]
    Version(u32),
    /// Not an object identifier.
    #[error("\"{0}\" is not an object identifier")]
    Oid(String),
    /// A role without profile.
    #[error("there is no profile for {0}")]
    Missing(Role),
    /// A profile that breaks the rules of its role.
    #[error("the profile {role} is refused: {rule}")]
    Rule {
        /// Whose profile.
        role: Role,
        /// Which rule.
        rule: String,
    },
    /// Example policy identifiers in an authority that is not a demonstration.
    #[error("policy \"{0}\" uses the enterprise number for examples (RFC 5612): register your own")]
    ExamplePolicy(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    addresses: Addresses,
    policies: BTreeMap<String, String>,
    profile: BTreeMap<Role, Profile>,
}

impl Profiles {
    /// Those compiled in.
    ///
    /// # Errors
    /// None in a tested build; the type says that they are parsed like any other file.
    pub fn built_in() -> Result<Self, ProfileError> {
        Self::parse(BUILT_IN)
    }

    /// Reads and checks a profile file.
    ///
    /// # Errors
    /// Whatever is missing or breaks a rule, by name.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text)?;
        if file.version != 1 {
            return Err(ProfileError::Version(file.version));
        }
        let mut policies = BTreeMap::new();
        for (name, oid) in file.policies {
            let oid = ObjectIdentifier::new(&oid).map_err(|_| ProfileError::Oid(oid))?;
            policies.insert(name, oid);
        }
        let profiles = Self {
            addresses: file.addresses,
            policies,
            by_role: file.profile,
        };
        for role in Role::ALL {
            profiles.check(role)?;
        }
        Ok(profiles)
    }

    /// The profile of a role.
    ///
    /// # Errors
    /// [`ProfileError::Missing`], which a parsed file never gives.
    pub fn of(&self, role: Role) -> Result<&Profile, ProfileError> {
        self.by_role.get(&role).ok_or(ProfileError::Missing(role))
    }

    /// Refuses what only a demonstration may use.
    ///
    /// # Errors
    /// [`ProfileError::ExamplePolicy`].
    pub fn check_for_production(&self) -> Result<(), ProfileError> {
        match self
            .policies
            .iter()
            .find(|(_, oid)| oid.to_string().starts_with(EXAMPLE_ARC))
        {
            Some((name, _)) => Err(ProfileError::ExamplePolicy(name.clone())),
            None => Ok(()),
        }
    }

    /// The policy identifiers a profile names.
    #[must_use]
    pub fn policies(&self, profile: &Profile) -> Vec<ObjectIdentifier> {
        let named = profile.policies.iter();
        named
            .filter_map(|name| self.policies.get(name).copied())
            .collect()
    }

    /// One address with its placeholders filled.
    #[must_use]
    pub fn address(&self, which: Address, base: &str, issuer_key_id: &[u8]) -> String {
        let template = match which {
            Address::Ocsp => &self.addresses.ocsp,
            Address::CaIssuers => &self.addresses.ca_issuers,
            Address::Crl => &self.addresses.crl,
        };
        template
            .replace("{base}", base.trim_end_matches('/'))
            .replace("{issuer}", &hex::encode(issuer_key_id))
    }

    fn check(&self, role: Role) -> Result<(), ProfileError> {
        let profile = self.of(role)?;
        let rule = |rule: String| ProfileError::Rule { role, rule };
        rules::check(profile, role).map_err(|text| rule(text.to_owned()))?;
        match profile
            .policies
            .iter()
            .find(|name| !self.policies.contains_key(*name))
        {
            Some(unknown) => Err(rule(format!("policy \"{unknown}\" is not defined"))),
            None => Ok(()),
        }
    }
}

impl Profile {
    /// True if the profile certifies such keys.
    #[must_use]
    pub fn allows(&self, key: KeyType) -> bool {
        self.key_types.contains(&key)
    }

    /// The kinds of key it certifies, the preferred one first.
    #[must_use]
    pub fn key_types(&self) -> &[KeyType] {
        &self.key_types
    }

    /// How long a certificate lives.
    #[must_use]
    pub fn validity(&self) -> Duration {
        Duration::days(i64::from(self.validity_days))
    }

    /// How long before the moment of issue it begins, for clocks that are behind.
    #[must_use]
    pub fn backdate(&self) -> Duration {
        Duration::minutes(i64::from(self.backdate_minutes))
    }

    /// Key usage bits.
    #[must_use]
    pub fn key_usage(&self) -> &[KeyUsage] {
        &self.key_usage
    }

    /// Extended purposes.
    #[must_use]
    pub fn extended_key_usage(&self) -> &[Purpose] {
        &self.extended_key_usage
    }

    /// True if the extended purposes are critical.
    #[must_use]
    pub fn extended_key_usage_critical(&self) -> bool {
        self.extended_key_usage_critical
    }

    /// How many CAs may follow below.
    #[must_use]
    pub fn path_length(&self) -> Option<u8> {
        self.path_length
    }

    /// True if it carries no address at all.
    #[must_use]
    pub fn carries_nothing(&self) -> bool {
        self.addresses.is_empty()
    }

    /// True if it carries that address.
    #[must_use]
    pub fn carries(&self, address: Address) -> bool {
        self.addresses.contains(&address)
    }

    /// True if it carries id-pkix-ocsp-nocheck.
    #[must_use]
    pub fn ocsp_nocheck(&self) -> bool {
        self.ocsp_nocheck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(from: &str, to: &str) -> Result<Profiles, ProfileError> {
        assert!(BUILT_IN.contains(from), "{from}");
        Profiles::parse(&BUILT_IN.replace(from, to))
    }

    #[test]
    fn those_compiled_in_are_sound() {
        let profiles = Profiles::built_in().unwrap();
        assert!(
            profiles
                .of(Role::Tsa)
                .unwrap()
                .extended_key_usage_critical()
        );
        assert_eq!(
            profiles.address(Address::Crl, "https://izin.example.go.id/", &[0xab, 1]),
            "https://izin.example.go.id/crl/ab01.crl"
        );
    }

    #[test]
    fn rules_of_the_roles_cannot_be_switched_off() {
        let broken = [
            (
                "extended_key_usage_critical = true",
                "extended_key_usage_critical = false",
            ),
            (
                "[\"time_stamping\"]",
                "[\"time_stamping\", \"ocsp_signing\"]",
            ),
            ("ocsp_nocheck = true", "ocsp_nocheck = false"),
            ("path_length = 0", "path_length = 1"),
            (
                "key_usage = [\"content_commitment\"]",
                "key_usage = [\"key_cert_sign\"]",
            ),
            (
                "[\"document_signing\", \"email_protection\"]",
                "[\"email_protection\"]",
            ),
            (
                "[\"document_signing\", \"email_protection\"]",
                "[\"document_signing\", \"time_stamping\"]",
            ),
            ("policies = [\"seal\"]", "policies = [\"unheard_of\"]"),
            ("validity_days = 90", "validity_days = 900"),
            ("backdate_minutes = 5", "backdate_minutes = 600"),
        ];
        for (from, to) in broken {
            assert!(
                matches!(changed(from, to), Err(ProfileError::Rule { .. })),
                "{to}"
            );
        }
        assert!(matches!(
            changed("version = 1", "version = 2"),
            Err(ProfileError::Version(2))
        ));
        assert!(matches!(
            changed("[profile.seal]", "[profile.stamp]"),
            Err(ProfileError::Toml(_))
        ));
        assert!(matches!(
            changed("rsa-2048", "rsa-1024"),
            Err(ProfileError::Toml(_))
        ));
    }

    #[test]
    fn example_policies_are_for_demonstrations() {
        let profiles = Profiles::built_in().unwrap();
        assert!(matches!(
            profiles.check_for_production(),
            Err(ProfileError::ExamplePolicy(_))
        ));
        let own = changed("1.3.6.1.4.1.32473.", "1.3.6.1.4.1.99999.").unwrap();
        assert!(own.check_for_production().is_ok());
    }
}
