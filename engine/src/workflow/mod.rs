//! Workflow definitions: states, transitions, approvals, as data.
//!
//! * [`definition`]: the types of a definition, which cannot express most nonsense.
//! * [`parse`]: from a JSON document to a definition, parameters filled in, all faults at once.
//! * [`fault`]: what is wrong, where, and how to mend it.
//! * [`builtin`]: the workflow Countersign comes with.

pub mod builtin;
pub mod definition;
pub mod fault;
pub mod parse;
mod validate;
