//! Certificates, CRLs, OCSP and certification paths (RFC 5280, RFC 6960).
