//! Counts the ECDSA verifications of this process, whoever asks OpenSSL for them: its path
//! building does so by itself. Keys made after the counter are counted, and take OpenSSL's
//! older way, so that a process that counts measures nothing else.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `ECDSA_do_verify`: every way to verify ends there.
type Verify = extern "C" fn(*const u8, c_int, value: *const c_void, key: *mut c_void) -> c_int;

unsafe extern "C" {
    fn EC_KEY_OpenSSL() -> *const c_void;
    fn EC_KEY_METHOD_new(method: *const c_void) -> *mut c_void;
    fn EC_KEY_METHOD_get_verify(
        method: *const c_void,
        verify: *mut *const c_void,
        verify_sig: *mut Option<Verify>,
    );
    fn EC_KEY_METHOD_set_verify(method: *mut c_void, verify: *const c_void, verify_sig: Verify);
    fn EC_KEY_set_default_method(method: *const c_void);
}

static VERIFIED: AtomicUsize = AtomicUsize::new(0);
static OPENSSL: OnceLock<Verify> = OnceLock::new();

extern "C" fn counting(
    digest: *const u8,
    digest_length: c_int,
    value: *const c_void,
    key: *mut c_void,
) -> c_int {
    VERIFIED.fetch_add(1, Ordering::SeqCst);
    let Some(verify) = OPENSSL.get() else {
        return -1;
    };
    verify(digest, digest_length, value, key)
}

/// Begins to count. Before any key is made.
pub fn begin() {
    let (mut verify, mut verify_sig) = (std::ptr::null(), None);
    // SAFETY: the copy of OpenSSL's own method lives as long as the process; the functions
    // put into it are its own, and one with the same signature that calls it.
    unsafe {
        let method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
        EC_KEY_METHOD_get_verify(method, &raw mut verify, &raw mut verify_sig);
        assert!(OPENSSL.set(verify_sig.unwrap()).is_ok());
        EC_KEY_METHOD_set_verify(method, verify, counting);
        EC_KEY_set_default_method(method);
    }
}

/// How many verifications some work takes.
pub fn of(work: impl FnOnce()) -> usize {
    let before = VERIFIED.load(Ordering::SeqCst);
    work();
    VERIFIED.load(Ordering::SeqCst) - before
}
