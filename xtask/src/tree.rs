//! A copy of the checkout to break things in. Nothing in the checkout itself is touched.

use crate::command::{command, quietly};
use crate::stamp::entries;
use crate::trouble::{Because, Outcome, trouble};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is built in the copy and outlives a new copying, so that the next build is quick.
const KEPT: [&str; 5] = ["target", "dist", "node_modules", "edge/build", ".wrangler"];

/// Brings `tree` in line with the checkout: every file git knows or would add. Only what differs is written.
pub(crate) fn copy(root: &Path, tree: &Path) -> Outcome {
    let mut git = command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(root);
    let listing = quietly(&mut git, "git ls-files")?;
    let files: BTreeSet<&Path> = listing
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(Path::new)
        .filter(|file| root.join(file).is_file())
        .collect();
    if !files.contains(Path::new("Cargo.toml")) {
        return trouble("git does not list this checkout's files; is it a git checkout?");
    }
    for file in &files {
        copy_file(&root.join(file), &tree.join(file))?;
    }
    remove_others(tree, Path::new(""), &files)?;
    let link = tree.join("node_modules");
    if !link.exists() {
        std::os::unix::fs::symlink(root.join("node_modules"), &link)
            .because(|| format!("{} could not be made", link.display()))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Outcome {
    let what = || format!("{} could not be copied", from.display());
    let bytes = fs::read(from).because(what)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).because(what)?;
    }
    fs::write(to, bytes).because(what)?;
    fs::set_permissions(to, fs::metadata(from).because(what)?.permissions()).because(what)
}

fn remove_others(tree: &Path, folder: &Path, files: &BTreeSet<&Path>) -> Outcome {
    for path in entries(&tree.join(folder))? {
        let name: PathBuf = path.strip_prefix(tree).because(|| "a path left its folder".to_owned())?.to_path_buf();
        if KEPT.iter().any(|kept| name == Path::new(kept)) {
            continue;
        }
        if path.is_dir() {
            remove_others(tree, &name, files)?;
        } else if !files.contains(name.as_path()) {
            fs::remove_file(&path).because(|| format!("{} could not be removed", path.display()))?;
        }
    }
    Ok(())
}
