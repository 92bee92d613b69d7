//! The workflow Countersign comes with, in the same format as any other.

use super::definition::Definition;
use super::fault::Fault;
use super::parse::{Parameters, parse};
use serde_json::Value;

const DOCUMENT: &str = include_str!("builtin.json");

/// The document, parameters not filled in.
#[must_use]
pub fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap_or_default()
}

/// The definition with these parameters.
///
/// # Errors
/// Faults in the parameters; the document itself has none.
pub fn definition(parameters: &Parameters) -> Result<Definition, Vec<Fault>> {
    parse(&document(), parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_no_fault() {
        let definition = definition(&Parameters::new()).unwrap();
        assert_eq!(definition.id.as_str(), "page-approval");
        assert_eq!(definition.states.len(), 3);
    }

    #[test]
    fn what_is_stored_reads_back() {
        let definition = definition(&Parameters::new()).unwrap();
        let stored = serde_json::to_value(&definition).unwrap();
        assert_eq!(parse(&stored, &Parameters::new()).unwrap(), definition);
    }
}
