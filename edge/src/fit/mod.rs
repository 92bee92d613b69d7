//! Who is calling: Forge Invocation Tokens.
//!
//! Path, body and headers are the browser's to choose; the token is not. Nothing else says which site, which person and
//! which page a request is about.
//!
//! * [`bearer`], [`jwt`]: from the header to the parts of a compact JWS.
//! * [`jwks`]: the keys.
//! * [`claims`]: what a token says, as far as we read it.
//! * [`checks`]: what it must say: a pure function.
//! * [`verify`]: all of it, in order.
//! * [`modules`]: which module keys are a person's: the one table.
//! * [`caller`]: what handlers are told of the caller.

pub mod bearer;
pub mod caller;
pub mod checks;
pub mod claims;
pub mod jwks;
pub mod jwt;
pub mod modules;
mod verify;

pub use verify::{Verified, verify};
