//! The signature block, its placement, QR codes, sheets and pictures of pages,
//! each looked at through independent programs.

#![allow(clippy::unwrap_used)]

mod blocks;
mod placements;
mod sheets;
mod support;
