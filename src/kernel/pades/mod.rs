//! PAdES baseline signatures (EN 319 142-1): B-B, B-T, B-LT, B-LTA as types that consume each other.
