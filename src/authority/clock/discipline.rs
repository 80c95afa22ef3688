//! What the kernel knows about its clock: adjtimex(2), which every NTP daemon feeds.
#![allow(unsafe_code)]

use time::Duration;

use crate::services::ports::ClockUnsure;

/// Whoever knows whether the clock follows a reference.
pub trait Discipline: Send + Sync {
    /// What it knows now.
    ///
    /// # Errors
    /// [`ClockUnsure::Unreadable`].
    fn state(&self) -> Result<Synchronisation, ClockUnsure>;
}

/// Whether and how well the clock follows a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Synchronisation {
    /// Whether a daemon keeps it.
    pub synchronised: bool,
    /// The kernel's bound on the error.
    pub largest_error: Duration,
}

/// The Linux kernel.
#[derive(Debug, Clone, Copy, Default)]
pub struct KernelDiscipline;

impl Discipline for KernelDiscipline {
    fn state(&self) -> Result<Synchronisation, ClockUnsure> {
        // SAFETY: `timex` is plain integers, for which zero is a value; with `modes` 0
        // adjtimex changes nothing and writes into the structure it is given, which lives
        // through the call.
        let (state, read) = unsafe {
            let mut read: libc::timex = std::mem::zeroed();
            let state = libc::adjtimex(&raw mut read);
            (state, read)
        };
        if state < 0 {
            let error = std::io::Error::last_os_error();
            return Err(ClockUnsure::Unreadable(error.to_string()));
        }
        Ok(Synchronisation {
            synchronised: state != libc::TIME_ERROR && read.status & libc::STA_UNSYNC == 0,
            largest_error: Duration::microseconds(read.maxerror),
        })
    }
}
