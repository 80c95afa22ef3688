//! Services of others: foreign time-stamping authorities.
