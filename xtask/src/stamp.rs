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

/// A fingerprint of what goes in.
pub(crate) struct Inputs(u64);

impl Stamp {
    /// `inputs` and `outputs` are files or folders; `salt` is whatever else decides the result, such as flags.
    pub(crate) fn new(file: PathBuf, inputs: Vec<PathBuf>, outputs: Vec<PathBuf>, salt: impl Into<String>) -> Self {
        Self { file, inputs, outputs, salt: salt.into() }
    }

    /// What goes in, as it is now. To be taken before anything is made: somebody may save a file meanwhile.
    pub(crate) fn inputs(&self) -> Outcome<Inputs> {
        self.fingerprint(&self.inputs).map(Inputs)
    }

    /// Whether the outputs are there and made from these very inputs.
    pub(crate) fn is_fresh(&self, inputs: &Inputs) -> Outcome<bool> {
        if self.outputs.iter().any(|path| !path.exists()) {
            return Ok(false);
        }
        let now = self.line(inputs)?;
        Ok(fs::read_to_string(&self.file).is_ok_and(|kept| kept == now))
    }

    /// To be called when the outputs have been made from `inputs`.
    pub(crate) fn keep(&self, inputs: &Inputs) -> Outcome {
        let line = self.line(inputs)?;
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).because(|| format!("{} could not be made", folder.display()))?;
        }
        fs::write(&self.file, line).because(|| format!("{} could not be written", self.file.display()))
    }

    fn line(&self, inputs: &Inputs) -> Outcome<String> {
        Ok(format!("{:016x} {:016x}\n", inputs.0, self.fingerprint(&self.outputs)?))
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

        let is_fresh = |salt: &str| stamp(salt).is_fresh(&stamp(salt).inputs().unwrap()).unwrap();

        assert!(!is_fresh("x"), "nothing made yet");
        fs::write(&made, "one").unwrap();
        assert!(!is_fresh("x"), "made, but not known from what");
        let before = stamp("x").inputs().unwrap();
        stamp("x").keep(&before).unwrap();
        assert!(is_fresh("x"));
        assert!(!is_fresh("y"), "other flags");
        fs::write(source.join("b"), "2").unwrap();
        assert!(!is_fresh("x"), "a new input");
        stamp("x").keep(&before).unwrap();
        assert!(!is_fresh("x"), "the input came while it was made");
        stamp("x").keep(&stamp("x").inputs().unwrap()).unwrap();
        fs::write(&made, "two").unwrap();
        assert!(!is_fresh("x"), "somebody touched the output");
        fs::remove_dir_all(&folder).unwrap();
    }
}
