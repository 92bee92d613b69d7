//! How an event becomes a journal entry.
//!
//! * [`canonical`]: one JSON value, one byte string.
//! * [`entry`]: the entry and its leaf hash.
//! * [`commitment`]: personal text stays outside of the entry; the entry holds a salted commitment of it.
//! * [`fact`]: events of streams other than a page's.

pub mod canonical;
pub mod commitment;
pub mod entry;
pub mod fact;
