//! What the C library's allocator keeps of the pieces that are given back to it.
#![allow(unsafe_code)]

/// From this size on, a piece is mapped by itself. Files, their revisions and drawn pages are
/// larger, everything else is smaller.
const MAPPED_FROM: libc::c_int = 1 << 20;

/// Has every large piece of memory go back to the system when it is dropped.
///
/// Left alone, glibc raises this threshold to the largest piece that was given back, up to
/// 32 MiB, and then keeps the pieces of a file in an arena that is held open by the small ones
/// beside them: the peak of a finish was twice what it had in use (docs/benchmarks.md).
pub fn give_back_large_pieces() {
    // Of another C library nothing is known that needs mending.
    #[cfg(target_env = "gnu")]
    // SAFETY: mallopt changes a parameter of the allocator under the allocator's own lock; it
    // takes no pointers.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_FROM);
    }
}
