//! The function of OpenSSL's path building that rust-openssl does not wrap. The only
//! file of the kernel with `unsafe`, each block with its reason.
#![allow(unsafe_code)]

use std::ffi::c_int;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::asn1::Asn1Object;
use openssl::error::ErrorStack;
use openssl::x509::verify::X509VerifyParamRef;
use openssl_sys::{ASN1_OBJECT, X509_VERIFY_PARAM};

unsafe extern "C" {
    fn X509_VERIFY_PARAM_add0_policy(
        parameters: *mut X509_VERIFY_PARAM,
        policy: *mut ASN1_OBJECT,
    ) -> c_int;
}

/// Adds a policy to the user's initial policy set (RFC 5280 6.1.1 (c)).
pub(super) fn add_policy(
    parameters: &mut X509VerifyParamRef,
    policy: Asn1Object,
) -> Result<(), ErrorStack> {
    // SAFETY: both pointers are of live objects. "add0" takes the object over where it
    // succeeds, and only then: it is forgotten here in that case and dropped otherwise.
    let added = unsafe { X509_VERIFY_PARAM_add0_policy(parameters.as_ptr(), policy.as_ptr()) };
    if added == 1 {
        std::mem::forget(policy);
        Ok(())
    } else {
        Err(ErrorStack::get())
    }
}
