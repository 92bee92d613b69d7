//! Random workflows, and what happens to pages under them.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::expect_used)]

mod act;
pub mod confluence;
pub mod count;
pub mod documents;
pub mod ledger;
pub mod life;
pub mod progress;
pub mod seen;
pub mod steps;
pub mod token;
