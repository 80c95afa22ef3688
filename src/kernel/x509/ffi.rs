//! The functions of OpenSSL's path building that rust-openssl does not wrap. The only
//! file of the kernel with `unsafe`, each block with its reason.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::marker::PhantomData;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::asn1::Asn1Object;
use openssl::error::ErrorStack;
use openssl::x509::verify::X509VerifyParamRef;
use openssl::x509::{X509Crl, X509StoreContextRef};
use openssl_sys::{
    ASN1_OBJECT, OPENSSL_STACK, OPENSSL_sk_free, OPENSSL_sk_new_null, OPENSSL_sk_push,
    X509_STORE_CTX, X509_VERIFY_PARAM, stack_st_X509_CRL,
};

unsafe extern "C" {
    fn X509_STORE_CTX_set0_crls(context: *mut X509_STORE_CTX, crls: *mut stack_st_X509_CRL);
    fn X509_VERIFY_PARAM_add0_policy(
        parameters: *mut X509_VERIFY_PARAM,
        policy: *mut ASN1_OBJECT,
    ) -> c_int;
}

/// CRLs in the form that a context takes: a stack of pointers to borrowed CRLs.
pub(super) struct CrlStack<'a> {
    pointers: *mut OPENSSL_STACK,
    _crls: PhantomData<&'a X509Crl>,
}

impl<'a> CrlStack<'a> {
    /// A stack of these CRLs.
    pub(super) fn new(crls: impl Iterator<Item = &'a X509Crl>) -> Result<Self, ErrorStack> {
        // SAFETY: takes nothing; a null result is handled below.
        let pointers = unsafe { OPENSSL_sk_new_null() };
        if pointers.is_null() {
            return Err(ErrorStack::get());
        }
        for crl in crls {
            // SAFETY: the stack is live, and stores the pointer without following it.
            if unsafe { OPENSSL_sk_push(pointers, crl.as_ptr().cast()) } <= 0 {
                // SAFETY: frees the stack made above, which nobody else has, and no CRL.
                unsafe { OPENSSL_sk_free(pointers) };
                return Err(ErrorStack::get());
            }
        }
        Ok(Self {
            pointers,
            _crls: PhantomData,
        })
    }

    /// Runs `verify` with these CRLs in the context, beside those of its store.
    ///
    /// CRLs given this way met more of PKITS than those added to the store: the store
    /// finds one per issuer, the context looks through all.
    pub(super) fn lend<T>(
        &self,
        context: &mut X509StoreContextRef,
        verify: impl FnOnce(&mut X509StoreContextRef) -> T,
    ) -> T {
        // SAFETY: both pointers are live. "set0" borrows: the context neither frees the
        // stack nor reads it outside of `X509_verify_cert`. Only `verify` can call that
        // before the stack is taken out again; were `verify` to panic, the context would
        // merely be cleaned up, which does not touch the stack.
        unsafe { X509_STORE_CTX_set0_crls(context.as_ptr(), self.pointers.cast()) };
        let result = verify(context);
        // SAFETY: the context is live; without CRLs is how it began.
        unsafe { X509_STORE_CTX_set0_crls(context.as_ptr(), std::ptr::null_mut()) };
        result
    }
}

impl Drop for CrlStack<'_> {
    fn drop(&mut self) {
        // SAFETY: the stack was made by `new` and is freed once; the CRLs are not its own.
        unsafe { OPENSSL_sk_free(self.pointers) };
    }
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
