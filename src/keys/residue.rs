//! What a computation leaves on the stack: wiped where a secret was worked with. Values that are
//! wiped when they are dropped may have been moved before, and a move leaves a copy.

use zeroize::Zeroize as _;

/// Deeper than anything that handles a secret here goes below its caller.
const DEPTH: usize = 96 * 1024;

/// Runs some work, then overwrites the stack that it used.
pub fn without_residue<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    overwrite();
    done
}

/// In a frame of its own, below which everything happens.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite() {
    let mut stack = [0xa5_u8; DEPTH];
    stack.zeroize();
    std::hint::black_box(&stack);
}
