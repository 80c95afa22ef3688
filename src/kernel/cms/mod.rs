//! Cryptographic Message Syntax (RFC 5652) with the attributes of CAdES (EN 319 122-1).
