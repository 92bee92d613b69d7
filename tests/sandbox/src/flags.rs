//! What can be said on the command line.

use crate::sandbox::Setup;
use clap::Parser;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The themes of Atlassian's design tokens the site offers.
const THEMES: [&str; 5] =
    ["atlassian-light", "atlassian-dark", "atlassian-spacing", "atlassian-typography", "atlassian-shape"];

/// A stand-in for Confluence Cloud and Forge on one machine.
#[derive(Parser)]
#[command(name = "sandbox")]
pub(crate) struct Flags {
    /// Port of the site; 0 takes a free one.
    #[arg(long, default_value_t = 8788)]
    pub site_port: u16,
    /// Port of the asset host; 0 takes a free one.
    #[arg(long, default_value_t = 8789)]
    pub asset_port: u16,
    /// Where the Worker listens.
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    pub edge: String,
    /// Directory with the built resources `macro` and `settings`.
    #[arg(long)]
    pub dist: PathBuf,
    /// JSON file with the Content-Security-Policy of each resource: {"macro": "…", "settings": "…"}. `{site}` and
    /// `{assets}` in it stand for the two origins.
    #[arg(long)]
    pub csp: PathBuf,
    /// Directory the signing key is kept in, so that tokens stay good over a restart.
    #[arg(long)]
    pub state: Option<PathBuf>,
    /// Keep the site's pages, mails and ledger in the state directory too.
    #[arg(long, requires = "state")]
    pub keep: bool,
    /// The npm packages (for Atlassian's design tokens).
    #[arg(long)]
    pub node_modules: PathBuf,
    /// Fire the Worker's clock every minute, as Cloudflare does.
    #[arg(long)]
    pub minute_clock: bool,
}

impl Flags {
    /// Reads the files named. Both addresses are known by now.
    pub(crate) fn setup(&self, site: String, assets: String) -> Result<Setup, String> {
        let csp = read(&self.csp, "--csp")?;
        let mut csp: BTreeMap<String, String> = serde_json::from_str(&csp).map_err(|why| {
            format!("{} must be JSON like {{\"macro\": \"…\", \"settings\": \"…\"}}: {why}", self.csp.display())
        })?;
        for resource in ["macro", "settings"] {
            if !csp.contains_key(resource) {
                return Err(format!("{} has no policy for \"{resource}\".", self.csp.display()));
            }
        }
        for policy in csp.values_mut() {
            *policy = policy.replace("{site}", &site).replace("{assets}", &assets);
        }
        let world_file = self.state.as_ref().filter(|_| self.keep).map(|dir| dir.join("site.json"));
        let tokens_css = tokens_css(&self.node_modules)?;
        Ok(Setup { site, assets, dist: self.dist.clone(), csp, tokens_css, world_file })
    }
}

fn tokens_css(node_modules: &Path) -> Result<String, String> {
    let mut css = String::new();
    for theme in THEMES {
        let file = node_modules.join(format!("@atlaskit/tokens/dist/esm/artifacts/themes/{theme}.js"));
        let module = read(&file, "--node-modules")?;
        // Each theme is a module whose default export is one string literal.
        let literal = module.rsplit_once("export default ").map(|(_, rest)| rest.trim().trim_end_matches(';'));
        let text: Option<String> = literal.and_then(|literal| serde_json::from_str(literal).ok());
        css.push_str(&text.ok_or_else(|| format!("{} has another shape than expected.", file.display()))?);
    }
    Ok(css)
}

fn read(file: &Path, flag: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|why| format!("{} ({flag}) can't be read: {why}", file.display()))
}
