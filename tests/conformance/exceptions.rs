//! Cases where this system differs from a corpus, with the reason.

use crate::score::Exception;

/// NIST PKITS.
pub const PKITS: &[Exception] = &[
    Exception {
        case: "40105 valid_dsa_parameter_inheritance_test5",
        reason: "OpenSSL does not inherit DSA parameters from the issuer's key; nothing here \
                 is signed with DSA",
    },
    Exception {
        case: "41430 valid_crlissuer_test30",
        reason: "the CRL issuer's certificate is covered by the very CRL that it signs; \
                 OpenSSL refuses to validate a CRL path by way of itself",
    },
];

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
