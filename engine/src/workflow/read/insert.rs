//! Parameters within texts.

use super::Context;
use crate::workflow::fault::quoted;
use crate::workflow::nearest::nearest;
use crate::workflow::parameter::{Filled, Kind, Lookup};
use serde_json::Value;

/// What a text of the document says.
pub(super) enum Said<'a> {
    /// Itself.
    Plain,
    /// The value of a parameter.
    Parameter(&'a str, &'a Filled),
    /// A text with values in it.
    Text(String),
    /// Nothing: why not is noted.
    Broken,
}

enum Piece<'a> {
    Text(&'a str),
    Parameter(&'a str),
}

impl<'a> Context<'a> {
    /// A text of the document with its references followed.
    pub(super) fn said(&'a self, text: &'a str, at: &str) -> Said<'a> {
        if self.filling.is_none() || !text.contains("${") {
            return Said::Plain;
        }
        let Some(pieces) = pieces(text) else {
            self.fault(
                at,
                "A reference to a parameter begins here with “${” and does not end.",
                "Write \"${name}\", or \"$${\" for the two characters themselves.",
            );
            return Said::Broken;
        };
        if let [Piece::Parameter(name)] = pieces.as_slice() {
            return self.look_up(name, at).map_or(Said::Broken, |filled| Said::Parameter(name, filled));
        }
        let mut whole = Some(String::new());
        for piece in pieces {
            let part = match piece {
                Piece::Text(text) => Some(text.to_owned()),
                Piece::Parameter(name) => self.look_up(name, at).and_then(|filled| self.as_text(name, filled, at)),
            };
            whole = whole.zip(part).map(|(whole, part)| whole + &part);
        }
        whole.map_or(Said::Broken, Said::Text)
    }

    fn look_up(&'a self, name: &str, at: &str) -> Option<&'a Filled> {
        let filling = self.filling?;
        match filling.look_up(name) {
            Lookup::Found(filled) => return Some(filled),
            Lookup::Unread => self.break_at(at.to_owned()),
            Lookup::Unknown => {
                let mend = match nearest(name, filling.names()) {
                    Some(near) => format!("Did you mean \"${{{near}}}\"?"),
                    None => "Declare it under “parameters”, or correct the name.".to_owned(),
                };
                self.fault(at, format!("There is no parameter {}.", quoted(name)), mend);
            }
        }
        None
    }

    fn as_text(&self, name: &str, filled: &Filled, at: &str) -> Option<String> {
        match (&filled.value, filled.kind) {
            (Value::String(text), Kind::String | Kind::User | Kind::Duration) => Some(text.clone()),
            (Value::Number(number), _) => Some(number.to_string()),
            _ => {
                let what = format!(
                    "The parameter {} is {} and can't be part of a longer text.",
                    quoted(name),
                    filled.kind.phrase()
                );
                self.fault(at, what, "Use a text, number, user or duration here.");
                None
            }
        }
    }
}

/// [`None`] if a reference does not end.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        let Some(before) = before.strip_suffix('$') else {
            pieces.push(Piece::Text(before));
            let (name, after) = from.strip_prefix("${")?.split_once('}')?;
            pieces.push(Piece::Parameter(name));
            rest = after;
            continue;
        };
        pieces.push(Piece::Text(before));
        let (escaped, after) = from.split_at_checked(2)?;
        pieces.push(Piece::Text(escaped));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| !matches!(piece, Piece::Text("")));
    Some(pieces)
}

/// A text that reads back as itself.
pub(in crate::workflow) fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}
