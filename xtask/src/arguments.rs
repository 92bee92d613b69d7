//! The words after `cargo xtask <command>`.

use crate::trouble::{Because, Outcome, trouble};
use std::path::PathBuf;
use std::str::FromStr;

/// What is left to be understood.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    /// All of them.
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// Whether `name` was given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// The value after `name` (or behind its `=`), if it was given.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Outcome<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        let is_it = |word: &String| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        let Some(at) = self.0.iter().position(is_it) else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        let value = match word.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None if at < self.0.len() => self.0.remove(at),
            None => return trouble(format!("{name} needs a value.")),
        };
        value.parse().map(Some).because(|| format!("{name} can't be {value:?}"))
    }

    /// A path.
    pub(crate) fn path(&mut self, name: &str) -> Outcome<Option<PathBuf>> {
        self.value(name)
    }

    /// One word that is no option, if there is one.
    pub(crate) fn word(&mut self) -> Option<String> {
        let at = self.0.iter().position(|word| !word.starts_with('-'))?;
        Some(self.0.remove(at))
    }

    /// Everything else, for another program to understand.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0
    }

    /// Everything must have been understood.
    pub(crate) fn done(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(word) => trouble(format!("{word:?} is not understood here. `cargo xtask help` lists what is.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn arguments(text: &str) -> Arguments {
        Arguments::new(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_taken_wherever_they_stand() {
        let mut given = arguments("one --keep --edge-port 9000 --site-port=9001");
        assert!(given.flag("--keep"));
        assert!(!given.flag("--keep"));
        assert_eq!(given.value::<u16>("--edge-port").unwrap(), Some(9000));
        assert_eq!(given.value::<u16>("--site-port").unwrap(), Some(9001));
        assert_eq!(given.value::<u16>("--asset-port").unwrap(), None);
        assert_eq!(given.word().as_deref(), Some("one"));
        given.done().unwrap();
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(arguments("--edge-port").value::<u16>("--edge-port").is_err());
        assert!(arguments("--edge-port 70000").value::<u16>("--edge-port").is_err());
        assert!(arguments("--kepe").done().is_err());
    }
}
