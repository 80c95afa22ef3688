//! The validator: what it accepts, and the negative twins of each case.

mod difference;
