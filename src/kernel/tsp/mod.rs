//! Time-Stamp Protocol (RFC 3161, RFC 5816).
