//! Workflow definitions: states, transitions, approvals, as data.
//!
//! * [`definition`], [`approval`], [`transition`], [`people`], [`trigger`]: the types of a definition, which cannot express
//!   most nonsense.
//! * [`parse`]: from a JSON document to a definition, parameters filled in, all faults at once.
//! * [`parameter`]: what a definition leaves open, and the values that fill it.
//! * [`schema`]: the JSON Schema of a document.
//! * [`fault`]: what is wrong, where, and how to mend it.
//! * [`builtin`]: the workflow Countersign comes with. [`template`]: more to begin with. [`import`]: workflows from elsewhere.

pub mod approval;
pub mod builtin;
pub mod definition;
pub mod fault;
pub mod import;
mod nearest;
pub mod parameter;
pub mod parse;
pub mod people;
pub(crate) mod read;
pub mod schema;
pub mod template;
pub mod transition;
pub mod trigger;
mod validate;
pub mod version;
