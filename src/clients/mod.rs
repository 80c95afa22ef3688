//! Services of others: foreign time-stamping authorities.

pub mod tsa;
