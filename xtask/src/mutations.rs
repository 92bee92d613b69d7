//! The list of one-line breaks, each with the test that has to notice.

use crate::trouble::{Because, Outcome, trouble};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    mutation: Vec<Mutation>,
}

/// One break.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mutation {
    /// What is broken, in a few words.
    pub(crate) name: String,
    /// The file, from the checkout's root.
    pub(crate) file: String,
    /// The text that is replaced; it must occur exactly once.
    pub(crate) find: String,
    /// What stands there instead.
    pub(crate) replace: String,
    /// The test that must fail.
    pub(crate) test: Named,
}

impl Mutation {
    /// Whether `part` is in its name, in the file it breaks or in the file of its test.
    fn mentions(&self, part: &str) -> bool {
        let test = match &self.test {
            Named::Engine(name) => name,
            Named::Node { file, .. } => file,
        };
        [&self.name, &self.file, test].iter().any(|text| text.contains(part))
    }
}

/// A test, and what has to be built for it: `engine:<name>`, `edge:<file>:<name>` (needs the Worker and the sandbox) or
/// `all:<file>:<name>` (needs the app as well). `<file>` is from the checkout's root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Named {
    /// A test of the engine, by part of its path.
    Engine(String),
    /// A test in JavaScript.
    Node {
        /// Whether the app is needed too.
        all: bool,
        /// The file it is in.
        file: String,
        /// Part of its name.
        name: String,
    },
}

impl TryFrom<String> for Named {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts: Vec<&str> = text.splitn(3, ':').collect();
        match parts.as_slice() {
            ["engine", name, rest @ ..] if !name.is_empty() => Ok(Self::Engine([&[*name], rest].concat().join(":"))),
            [kind @ ("edge" | "all"), file, name] if file.ends_with(".test.mjs") && !name.is_empty() => {
                Ok(Self::Node { all: *kind == "all", file: (*file).to_owned(), name: (*name).to_owned() })
            }
            _ => Err(format!(
                "{text:?} names no test: write engine:<name>, edge:<file>.test.mjs:<name> or all:<file>.test.mjs:<name>"
            )),
        }
    }
}

/// Reads the list and makes sure that each break can be made.
pub(crate) fn read(root: &Path, only: Option<&str>) -> Outcome<Vec<Mutation>> {
    let path = root.join("tests/mutations.toml");
    let text = fs::read_to_string(&path).because(|| format!("{} could not be read", path.display()))?;
    let list = parse(&text)?;
    let chosen: Vec<Mutation> =
        list.into_iter().filter(|mutation| only.is_none_or(|part| mutation.mentions(part))).collect();
    if chosen.is_empty() {
        return trouble("No mutation has that in its name, its file or its test; tests/mutations.toml lists them.");
    }
    let faults: Vec<String> = chosen.iter().filter_map(|mutation| fault(root, mutation)).collect();
    if faults.is_empty() { Ok(chosen) } else { trouble(faults.join("\n")) }
}

fn parse(text: &str) -> Outcome<Vec<Mutation>> {
    let list: List = toml::from_str(text).because(|| "tests/mutations.toml is not understood".to_owned())?;
    let mut names = BTreeSet::new();
    match list.mutation.iter().find(|mutation| !names.insert(&mutation.name)) {
        Some(twice) => trouble(format!("tests/mutations.toml has {:?} twice", twice.name)),
        None => Ok(list.mutation),
    }
}

fn fault(root: &Path, mutation: &Mutation) -> Option<String> {
    let name = &mutation.name;
    match fs::read_to_string(root.join(&mutation.file)) {
        Err(error) => Some(format!("{name:?}: {} could not be read: {error}", mutation.file)),
        Ok(text) => broken(&text, mutation).err().map(|why| format!("{name:?}: {why}")),
    }
}

/// The text with the break in it.
pub(crate) fn broken(text: &str, mutation: &Mutation) -> Result<String, String> {
    match text.matches(&mutation.find).count() {
        _ if mutation.find == mutation.replace => Err("it replaces the text by itself".to_owned()),
        1 => Ok(text.replacen(&mutation.find, &mutation.replace, 1)),
        found => Err(format!("{:?} occurs {found} times in {}, not once", mutation.find, mutation.file)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
        [[mutation]]
        name = "no limit"
        file = "a.rs"
        find = "< limit"
        replace = "< u32::MAX"
        test = "engine:guessing::"
    "#;

    #[test]
    fn a_list_is_read() {
        let list = parse(LIST).unwrap();
        assert_eq!(list[0].test, Named::Engine("guessing::".to_owned()));
        assert!(parse(&LIST.repeat(2)).unwrap_err().to_string().contains("twice"));
        assert!(parse(&LIST.replace("find", "fnid")).is_err());
    }

    #[test]
    fn some_are_chosen_by_name_file_or_test() {
        let mutation = parse(LIST).unwrap().remove(0);
        assert!(mutation.mentions("no limit") && mutation.mentions("a.rs") && mutation.mentions("guessing"));
        assert!(!mutation.mentions("MAX"));
    }

    #[test]
    fn every_break_of_the_list_can_still_be_made() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert!(read(root, None).unwrap().len() > 100);
    }

    #[test]
    fn a_break_must_fit_one_place() {
        let mutation = parse(LIST).unwrap().remove(0);
        assert_eq!(broken("if n < limit {", &mutation).unwrap(), "if n < u32::MAX {");
        assert!(broken("if n <= limit {", &mutation).is_err());
        assert!(broken("a < limit && b < limit", &mutation).unwrap_err().contains("2 times"));
    }

    #[test]
    fn tests_are_named_with_what_they_need() {
        let named = |text: &str| Named::try_from(text.to_owned());
        let node = |all, file: &str, name: &str| Ok(Named::Node { all, file: file.to_owned(), name: name.to_owned() });
        assert_eq!(named("edge:tests/edge/x.test.mjs:a: b"), node(false, "tests/edge/x.test.mjs", "a: b"));
        assert_eq!(named("all:tests/e2e/x.test.mjs:a"), node(true, "tests/e2e/x.test.mjs", "a"));
        assert_eq!(named("engine:token::guessing::a"), Ok(Named::Engine("token::guessing::a".to_owned())));
        for wrong in
            ["engine:", "edge:tests/edge/x.test.mjs", "edge:tests/edge/x.test.mjs:", "edge:x.rs:a", "app:x", ""]
        {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }
}
