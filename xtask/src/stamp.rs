//! Skipping what is done already: a fingerprint of everything that goes in and of everything that came out.

use crate::trouble::{Because, Outcome};
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Remembers, in one small file, from what something was made.
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
    salt: String,
}

impl Stamp {
    /// `inputs` and `outputs` are files or folders; `salt` is whatever else decides the result, such as flags.
    pub(crate) fn new(file: PathBuf, inputs: Vec<PathBuf>, outputs: Vec<PathBuf>, salt: impl Into<String>) -> Self {
        Self { file, inputs, outputs, salt: salt.into() }
    }

    /// Whether the outputs are there and made from these very inputs.
    pub(crate) fn is_fresh(&self) -> Outcome<bool> {
        if self.outputs.iter().any(|path| !path.exists()) {
            return Ok(false);
        }
        Ok(fs::read_to_string(&self.file).is_ok_and(|kept| self.now().is_ok_and(|now| kept == now)))
    }

    /// To be called when the outputs have been made.
    pub(crate) fn keep(&self) -> Outcome {
        let now = self.now()?;
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).because(|| format!("{} could not be made", folder.display()))?;
        }
        fs::write(&self.file, now).because(|| format!("{} could not be written", self.file.display()))
    }

    fn now(&self) -> Outcome<String> {
        Ok(format!("{:016x} {:016x}\n", self.fingerprint(&self.inputs)?, self.fingerprint(&self.outputs)?))
    }

    fn fingerprint(&self, paths: &[PathBuf]) -> Outcome<u64> {
        let mut hasher = DefaultHasher::new();
        self.salt.hash(&mut hasher);
        for file in files_below(paths)? {
            file.hash(&mut hasher);
            fs::read(&file).because(|| format!("{} could not be read", file.display()))?.hash(&mut hasher);
        }
        Ok(hasher.finish())
    }
}

/// Every file at or below `paths`, sorted; a path that does not exist counts as no file.
pub(crate) fn files_below(paths: &[PathBuf]) -> Outcome<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut left = paths.to_vec();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(entries(&path)?);
        } else if path.is_file() {
            found.insert(path);
        }
    }
    Ok(found)
}

/// What a folder holds, sorted.
pub(crate) fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let what = || format!("{} could not be read", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).because(what)? {
        paths.push(entry.because(what)?.path());
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_on_either_side_makes_it_stale() {
        let folder = std::env::temp_dir().join(format!("countersign-stamp-{}", std::process::id()));
        let (source, made) = (folder.join("in"), folder.join("out"));
        fs::create_dir_all(&source).unwrap();
        fs::write(source.join("a"), "1").unwrap();
        let stamp = |salt: &str| Stamp::new(folder.join("stamp"), vec![source.clone()], vec![made.clone()], salt);

        assert!(!stamp("x").is_fresh().unwrap(), "nothing made yet");
        fs::write(&made, "one").unwrap();
        assert!(!stamp("x").is_fresh().unwrap(), "made, but not known from what");
        stamp("x").keep().unwrap();
        assert!(stamp("x").is_fresh().unwrap());
        assert!(!stamp("y").is_fresh().unwrap(), "other flags");
        fs::write(source.join("b"), "2").unwrap();
        assert!(!stamp("x").is_fresh().unwrap(), "a new input");
        stamp("x").keep().unwrap();
        fs::write(&made, "two").unwrap();
        assert!(!stamp("x").is_fresh().unwrap(), "somebody touched the output");
        fs::remove_dir_all(&folder).unwrap();
    }
}
