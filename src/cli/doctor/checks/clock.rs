//! The clock: whether anything keeps it right.

use super::Check;
use crate::authority::clock::{Discipline as _, KernelDiscipline};
use crate::cli::config::Config;

/// The most the clock may be off: what our timestamps declare as their accuracy.
const MOST: time::Duration = time::Duration::SECOND;

const MEND: &str =
    "run chrony or systemd-timesyncd, and wait until `timedatectl` says synchronised";

pub(super) fn check(config: &Config) -> Check {
    // A demonstration stamps also without: nobody relies on its time.
    let bad = match config.authority.demonstration {
        true => Check::warning,
        false => Check::error,
    };
    match KernelDiscipline.state() {
        Ok(state) if state.synchronised && state.largest_error <= MOST => {
            let off = state.largest_error.whole_milliseconds();
            Check::good("clock", format!("synchronised, at most {off} ms off"))
        }
        Ok(state) if state.synchronised => {
            let off = state.largest_error.whole_milliseconds();
            bad("clock", format!("may be {off} ms off"), MEND)
        }
        Ok(_) => bad("clock", "nothing keeps it right".to_owned(), MEND),
        Err(error) => bad("clock", error.to_string(), MEND),
    }
}
