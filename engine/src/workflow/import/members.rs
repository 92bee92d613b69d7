//! A source object whose members are taken one by one, so that what nobody took can be reported.

use crate::workflow::import::Note;
use serde_json::Value;

/// What stood in the source and is not carried over.
pub(super) const NOT_CARRIED: &str = "It is not carried over.";

/// What is not as it was, in the order it was met.
#[derive(Default)]
pub(super) struct Report(pub(super) Vec<Note>);

impl Report {
    pub(super) fn note(&mut self, at: &str, what: impl Into<String>, became: impl Into<String>) {
        self.0.push(Note { at: at.to_owned(), what: what.into(), became: became.into() });
    }
}

/// A value and its place in the source.
#[derive(Clone, Debug)]
pub(super) struct Taken<'a> {
    pub(super) at: String,
    pub(super) value: &'a Value,
}

impl<'a> Taken<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { at: String::new(), value }
    }

    /// The items, if it is a list; itself, if it is anything else.
    pub(super) fn items(&self) -> Vec<Self> {
        match self.value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, value)| Self { at: format!("{}/{index}", self.at), value })
                .collect(),
            _ => vec![self.clone()],
        }
    }
}

/// The members of an object that nobody took yet.
pub(super) struct Members<'a> {
    pub(super) at: String,
    left: Vec<(&'a str, &'a Value)>,
}

impl<'a> Members<'a> {
    /// The members, if it is an object.
    pub(super) fn of(taken: &Taken<'a>) -> Option<Self> {
        let members = taken.value.as_object()?;
        let left = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
        Some(Self { at: taken.at.clone(), left })
    }

    /// The first member of one of these names, however it is capitalised or joined. A `null` is as good as nothing.
    pub(super) fn take(&mut self, names: &[&str]) -> Option<Taken<'a>> {
        loop {
            let found = self.left.iter().position(|(name, _)| names.contains(&fold(name).as_str()))?;
            let (name, value) = self.left.remove(found);
            if !value.is_null() {
                return Some(Taken { at: format!("{}/{}", self.at, escape(name)), value });
            }
        }
    }

    /// Takes a member for which there is nothing here, and says so. A `false` asks for nothing.
    pub(super) fn refuse(&mut self, names: &[&str], what: &str, became: &str, report: &mut Report) {
        while let Some(taken) = self.take(names) {
            if !matches!(taken.value, Value::Bool(false)) {
                report.note(&taken.at, what, became);
            }
        }
    }

    /// Whether everything was taken.
    pub(super) fn is_done(&self) -> bool {
        self.left.iter().all(|(_, value)| value.is_null())
    }

    /// Reports what nobody took.
    pub(super) fn finish(self, report: &mut Report) {
        for (name, value) in self.left {
            if !value.is_null() {
                let at = format!("{}/{}", self.at, escape(name));
                report.note(&at, format!("\u{201c}{name}\u{201d} is not known here."), NOT_CARRIED);
            }
        }
    }
}

/// A name without capitals and joints: `dueDate`, `duedate` and `due-date` are one.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|sign| !matches!(sign, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
