//! The published JSON Schema of a definition's document, for editors that complete and check while one types.
//!
//! It knows shapes and words. What makes sense only [`parse`](super::parse) knows.

/// The schema (draft 2020-12), as JSON.
pub const SCHEMA: &str = include_str!("schema.json");
