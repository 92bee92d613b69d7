//! Where things are.

use crate::trouble::{Outcome, trouble};
use std::env;
use std::path::{Path, PathBuf};

/// The checkout and the cache outside of it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The checkout: where the workspace's `Cargo.toml` is.
    pub(crate) root: PathBuf,
    /// What is shared by all checkouts: tools that took minutes to build.
    pub(crate) cache: PathBuf,
}

impl Place {
    /// The checkout this program was built from; `COUNTERSIGN_CACHE` moves the cache.
    pub(crate) fn find() -> Outcome<Self> {
        let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent().filter(|root| root.join("Cargo.lock").exists())
        else {
            return trouble("The checkout this program was built from is gone. Run `cargo xtask` inside the checkout.");
        };
        let cache = match (env::var_os("COUNTERSIGN_CACHE"), env::home_dir()) {
            (Some(path), _) if !path.is_empty() => PathBuf::from(path),
            (_, Some(home)) => home.join(".cache").join("countersign"),
            _ => {
                return trouble(
                    "There is no home directory to keep built tools in. Set COUNTERSIGN_CACHE to a directory.",
                );
            }
        };
        Ok(Self { root: root.to_path_buf(), cache })
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// What the sandbox and the local Worker keep.
    pub(crate) fn sandbox_state(&self) -> PathBuf {
        self.target().join("sandbox")
    }

    /// The built sandbox.
    pub(crate) fn sandbox_program(&self) -> PathBuf {
        self.target().join("debug/sandbox")
    }

    /// The Worker as it is deployed.
    pub(crate) fn edge_build(&self) -> PathBuf {
        self.root.join("edge/build")
    }

    /// The Worker built quickly.
    pub(crate) fn quick_edge_build(&self) -> PathBuf {
        self.target().join("quick/edge")
    }

    /// A program that came with an npm package.
    pub(crate) fn npm_program(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }
}
