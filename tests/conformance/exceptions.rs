//! Cases where this system differs from a corpus, with the reason.

use crate::score::Exception;

/// NIST PKITS.
pub const PKITS: &[Exception] = &[Exception {
    case: "40105 valid_dsa_parameter_inheritance_test5",
    reason: "OpenSSL does not inherit DSA parameters from the issuer's key; nothing here \
                 is signed with DSA",
}];

/// The OCSP responses of OpenSSL's test suite.
pub const OCSP: &[Exception] = &[
    Exception {
        case: "delegated_with_intermediate_success",
        reason: "the case gives nothing on the intermediate certificate; here every \
                 certificate below the anchor needs its proof",
    },
    Exception {
        case: "delegated_success",
        reason: "the responder's certificate has no id-pkix-ocsp-nocheck and names no way to \
                 check it; RFC 6960 4.2.2.2.1 leaves that to local policy, and ours refuses",
    },
];

/// x509-limbo, RFC 5280: refused here.
pub const LIMBO: &[Exception] = &[
    Exception {
        case: "crl::issuer-no-keyusage-extension",
        reason: "RFC 5280 4.2.1.3: an authority's certificate must have a key usage; the case leaves \
             it out of a root that is the anchor, where OpenSSL's strict flag asks for it too",
    },
    Exception {
        case: "cve::cve-2024-0567",
        reason: "its anchor was issued by another root and has no authority key identifier, as in \
                 rfc5280::aki::cross-signed-root-missing-aki, which must be refused; both cannot be",
    },
];

/// x509-limbo: what fails by an input that the validation of documents has not.
pub const LIMBO_NOT_ASKED: &[Exception] = &[
    Exception {
        case: "pathlen::max-chain-depth-0-exhausted",
        reason: "the caller's own limit on the depth of a path; ours is 16",
    },
    Exception {
        case: "pathlen::max-chain-depth-1-exhausted",
        reason: "the caller's own limit on the depth of a path; ours is 16",
    },
    Exception {
        case: "rfc5280::eku::ee-wrong-eku",
        reason: "server authentication is asked for; signers' purposes are checked for signatures \
                 (tests/validation/levels.rs)",
    },
    Exception {
        case: "rfc5280::ca-as-leaf-wrong-san",
        reason: "the name of a server is asked for; the path itself is valid",
    },
];
