//! The HTTP service: API, public verification, PKI endpoints.
