//! The local Worker's secrets: made once for this checkout, readable by nobody else, worth nothing elsewhere.

use crate::trouble::{Because, Outcome};
use data_encoding::BASE64;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes them as a file of `NAME=value` lines, unless it is there.
pub(crate) fn keep(file: &Path) -> Outcome {
    if file.exists() {
        return Ok(());
    }
    let text = format!("COUNTERSIGN_KEYS=local:{}\nMAIL_API_KEY={}\n", random()?, random()?);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).because(|| format!("{} could not be made", folder.display()))?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .because(|| format!("{} could not be written", file.display()))
}

fn random() -> Outcome<String> {
    Ok(BASE64.encode(&random_bytes()?))
}

/// 32 bytes from the system's generator.
pub(crate) fn random_bytes() -> Outcome<[u8; 32]> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .because(|| "the system's source of randomness could not be read".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once() {
        let file = std::env::temp_dir().join(format!("countersign-secrets-{}", std::process::id()));
        keep(&file).unwrap();
        let first = fs::read_to_string(&file).unwrap();
        keep(&file).unwrap();
        assert_eq!(first, fs::read_to_string(&file).unwrap());
        let key = first.lines().next().unwrap().strip_prefix("COUNTERSIGN_KEYS=local:").unwrap();
        assert_eq!(BASE64.decode(key.as_bytes()).unwrap().len(), 32);
        fs::remove_file(file).unwrap();
    }
}
