//! Our own certification authority, time-stamping authority, OCSP responder and CRL publisher.
