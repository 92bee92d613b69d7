//! Taking over workflows from elsewhere.
//!
//! [`comala`] reads the JSON that Comala Document Management shows in its code editor, as far as its vocabulary is known.
//! Nothing is dropped in silence: every member of the source is carried over or named in the report.
//!
//! * `members`: a source object whose members are taken one by one; what nobody took is reported.
//! * `naming`: ids from names. `values`: texts, flags, lists, durations, colours as Comala writes them.
//! * `context`: what all parts need to know: states, parameters, the report. `people`: who is meant.
//! * `workflow`, `parameter`, `state`, `transition`, `approval`, `trigger`, `action`: the parts of a workflow.
//! * `entry`: reviews that begin without a submit.

mod action;
mod approval;
mod context;
mod entry;
mod members;
mod naming;
mod parameter;
mod people;
mod state;
mod transition;
mod trigger;
mod values;
mod workflow;

use super::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A workflow from elsewhere, as Countersign would have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The document, in Countersign's format.
    pub document: Value,
    /// What is not as it was.
    pub report: Vec<Note>,
    /// What must be mended before the document can be used, apart from parameters that have no value yet.
    pub faults: Vec<Fault>,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// JSON Pointer (RFC 6901) into the source.
    pub at: String,
    /// What stood there.
    pub what: String,
    /// What became of it.
    pub became: String,
}

/// Reads a workflow of Comala Document Management.
#[must_use]
pub fn comala(source: &Value) -> Imported {
    let (document, report) = workflow::read(source);
    let faults = workflow::remaining_faults(&document);
    Imported { document, report, faults }
}
