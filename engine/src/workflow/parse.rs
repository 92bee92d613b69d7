//! From a JSON document to a definition: parameters filled in, everything checked, all faults at once.

use super::definition::{Definition, FORMAT};
use super::fault::{Fault, in_order};
use super::parameter::{self, Filling};
use super::read::{self, Context};
use super::{read::escaped, validate};
use serde_json::Value;
use std::io;

pub use super::parameter::Parameters;

/// The longest document, in bytes of JSON without white space.
pub const DOCUMENT_MAX: usize = 256 * 1024;

/// A definition without fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The definition, parameters filled in.
    pub definition: Definition,
    /// What somebody may not have meant, though it works.
    pub warnings: Vec<Fault>,
}

/// Reads a document.
///
/// # Errors
/// Every fault found, in the document's order.
pub fn parse(document: &Value, values: &Parameters) -> Result<Definition, Vec<Fault>> {
    check(document, values).map(|checked| checked.definition)
}

/// Reads a document and says what in it may not be meant.
///
/// # Errors
/// Every fault found, in the document's order.
pub fn check(document: &Value, values: &Parameters) -> Result<Checked, Vec<Fault>> {
    if let Some(fault) = not_ours(document) {
        return Err(vec![fault]);
    }
    let declarations = Context::raw();
    let found = parameter::read(document, &declarations);
    let filling = Filling::of(found, values, &declarations);
    let context = Context::filled(&filling, declarations.into_findings());
    let definition = read::definition(document, &context);
    let findings = context.into_findings();
    let (mut faults, mut warnings) = match &definition {
        Some(definition) => validate::check(definition, &findings),
        None => (Vec::new(), Vec::new()),
    };
    faults.extend(findings.faults);
    match definition.filter(|_| faults.is_empty()) {
        Some(definition) => {
            warnings.extend(filling.unused());
            Ok(Checked { definition, warnings: in_order(warnings) })
        }
        None => Err(in_order(faults)),
    }
}

/// A reason to look no further.
fn not_ours(document: &Value) -> Option<Fault> {
    let Value::Object(members) = document else {
        return Some(Fault::new("", "A definition is a JSON object.", "Write { \"format\": 1, … }."));
    };
    if let Some(format) = members.get("format").and_then(Value::as_u64).filter(|format| *format != u64::from(FORMAT)) {
        return Some(Fault::new(
            "/format",
            format!("The format {format} is not known."),
            format!("Write a definition of format {FORMAT}."),
        ));
    }
    let mut room = Room(DOCUMENT_MAX);
    if serde_json::to_writer(&mut room, document).is_err() {
        return Some(Fault::new(
            "",
            format!("The document is larger than {} KB.", DOCUMENT_MAX / 1024),
            "Shorten its texts, or split the workflow.",
        ));
    }
    None
}

/// Takes so many bytes and keeps none.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What this version of Countersign can't do yet of what the definition asks for. Such a workflow can be kept, but not put
/// in force.
#[must_use]
pub fn not_carried_out(definition: &Definition) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, trigger) in definition.triggers.iter().enumerate() {
        for (place, action) in trigger.actions.iter().enumerate().filter(|(_, action)| !action.is_carried_out()) {
            faults.push(Fault::new(
                format!("/triggers/{index}/actions/{place}"),
                format!("This version of Countersign can't carry out \"{}\" yet.", action.name()),
                "Remove this action, or the trigger if it has no other, before you put the workflow in force.",
            ));
        }
    }
    faults
}

/// A document that reads back as this definition.
#[must_use]
pub fn document_of(definition: &Definition) -> Value {
    let mut document = serde_json::to_value(definition).unwrap_or_default();
    escape(&mut document);
    document
}

/// A text of the definition is no reference to a parameter.
fn escape(value: &mut Value) {
    match value {
        Value::String(text) => *text = escaped(text),
        Value::Array(items) => items.iter_mut().for_each(escape),
        Value::Object(members) => members.values_mut().for_each(escape),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
