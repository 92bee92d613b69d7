//! What a viewer may be made to download.

use crate::command::{command, quietly};
use crate::setup::Ready;
use crate::tally::Found;
use crate::trouble::{Because, Outcome};
use serde::Deserialize;

/// WebAssembly and JavaScript of the macro, gzip -9. The dialog, fetched when first needed, is not in it.
const VIEWER_GZIP: u64 = 110_000;

#[derive(Deserialize)]
struct Sizes {
    files: Vec<File>,
    total: Size,
}

#[derive(Deserialize)]
struct File {
    name: String,
    later: bool,
    #[serde(flatten)]
    size: Size,
}

#[derive(Deserialize)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Measures the built macro.
pub(crate) fn check(ready: &Ready) -> Outcome<Found> {
    let mut node = command(&ready.node);
    node.current_dir(&ready.place.root).args(["tests/conformance/sizes.mjs", "dist/macro"]);
    let text = quietly(&mut node, "measuring the macro")?;
    let sizes: Sizes = serde_json::from_str(&text).because(|| "the sizes are not understood".to_owned())?;
    println!("  {:<44} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
    for file in &sizes.files {
        row(&format!("{}{}", file.name, if file.later { " (later)" } else { "" }), &file.size);
    }
    row("a viewer loads", &sizes.total);
    Ok(Found::faults(faults(&sizes)))
}

fn faults(sizes: &Sizes) -> Vec<String> {
    let mut faults = Vec::new();
    if !sizes.files.iter().any(|file| !file.later && file.name.ends_with(".wasm")) {
        faults.push("dist/macro holds no WebAssembly".to_owned());
    }
    if sizes.total.gzip > VIEWER_GZIP {
        faults.push(format!("a viewer loads {} bytes (gzip); the budget is {VIEWER_GZIP}", sizes.total.gzip));
    }
    faults
}

fn row(name: &str, size: &Size) {
    println!("  {name:<44} {:>9} {:>9} {:>9}", size.raw, size.gzip, size.brotli);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(gzip: u64) -> Sizes {
        let text = format!(
            r#"{{"files": [{{"name": "macro.wasm", "later": false, "raw": 9, "gzip": {gzip}, "brotli": 1}}],
                "total": {{"raw": 9, "gzip": {gzip}, "brotli": 1}}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_budget_is_inclusive() {
        assert!(faults(&sizes(VIEWER_GZIP)).is_empty());
        assert_eq!(faults(&sizes(VIEWER_GZIP + 1)).len(), 1);
    }

    #[test]
    fn nothing_built_is_no_success() {
        let none = Sizes { files: Vec::new(), total: Size { raw: 0, gzip: 0, brotli: 0 } };
        assert_eq!(faults(&none).len(), 1);
    }
}
