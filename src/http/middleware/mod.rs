//! What every request passes, outermost first: request id and log line,
//! security headers, time limit, the task of its own, the way bodies arrive.

pub mod body;
pub mod headers;
pub mod record;
pub mod request_id;
pub mod time_limit;
pub mod to_the_end;
