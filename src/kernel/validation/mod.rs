//! Signature validation (EN 319 102-1).
