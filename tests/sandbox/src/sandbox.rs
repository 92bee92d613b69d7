//! The running sandbox: the world, and everything that acts on it.

use crate::edit::{Changed, Refusal};
use crate::faults::Faults;
use crate::keys::Keys;
use crate::model::World;
use crate::platform::Platform;
use crate::rights::Principal;
use crate::{app, clock, seed, tokens};
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// REST calls remembered at most.
const REMEMBERED: usize = 5000;

/// Where things are and how they behave.
pub(crate) struct Setup {
    /// The site's origin.
    pub site: String,
    /// The asset host's origin.
    pub assets: String,
    /// Holds one directory for each resource.
    pub dist: PathBuf,
    /// Content-Security-Policy for each resource.
    pub csp: BTreeMap<String, String>,
    /// Atlassian's token CSS, light and dark.
    pub tokens_css: String,
    /// The world is kept here over a restart, if anywhere.
    pub world_file: Option<PathBuf>,
}

/// The running sandbox.
pub(crate) struct Sandbox {
    /// Where things are.
    pub setup: Setup,
    /// Keys.
    pub keys: Keys,
    /// Trouble waiting to strike.
    pub faults: Faults,
    /// What the platform has to tell the app.
    pub platform: Platform,
    /// For calls to the edge.
    pub http: reqwest::Client,
    /// Hand non-2xx answers of a remote to the browser as `success: false`.
    pub refusals_as_errors: AtomicBool,
    /// Reports of the frames' Content-Security-Policy.
    pub violations: Mutex<Vec<Value>>,
    world: Mutex<World>,
    edge: RwLock<String>,
    log: Mutex<VecDeque<Call>>,
    calls: AtomicU64,
    dirty: AtomicBool,
}

/// A REST call as it came in and was answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    /// 1, 2, 3 …
    pub n: u64,
    /// When, ISO 8601.
    pub at: String,
    /// The cloud id.
    pub site: String,
    /// The account it acted as, if the token was good.
    pub account: Option<String>,
    /// `remote`, `bridge`, or `media` for a file itself.
    pub via: &'static str,
    /// The method.
    pub method: String,
    /// The path from `/wiki` on.
    pub path: String,
    /// The query string.
    pub query: String,
    /// The status answered.
    pub status: u16,
    /// The body that came, if it was JSON.
    pub request: Option<Value>,
    /// The body answered.
    pub response: Option<Value>,
}

impl Sandbox {
    /// A sandbox with the world kept, or a new one.
    #[must_use]
    pub(crate) fn new(setup: Setup, keys: Keys, edge: String) -> Arc<Self> {
        let kept = setup.world_file.as_ref().and_then(|file| std::fs::read(file).ok());
        let world = kept.and_then(|bytes| {
            let read = serde_json::from_slice(&bytes);
            read.inspect_err(|why| eprintln!("sandbox: the site kept can't be read ({why}); a new one is made.")).ok()
        });
        let world = world.unwrap_or_else(seed::world);
        Arc::new(Self {
            setup,
            keys,
            faults: Faults::default(),
            platform: Platform::default(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap_or_default(),
            refusals_as_errors: AtomicBool::new(false),
            violations: Mutex::new(Vec::new()),
            world: Mutex::new(world),
            edge: RwLock::new(edge),
            log: Mutex::new(VecDeque::new()),
            calls: AtomicU64::new(0),
            dirty: AtomicBool::new(false),
        })
    }

    /// Looks at the world.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&World) -> T) -> T {
        at(&self.world.lock())
    }

    /// Changes the world.
    pub(crate) fn change<T>(&self, with: impl FnOnce(&mut World) -> T) -> T {
        let made = with(&mut self.world.lock());
        self.dirty.store(true, Ordering::Relaxed);
        made
    }

    /// Changes a site; the event that follows is told to the app unless `quiet`.
    pub(crate) fn act<T>(
        &self,
        site: &str,
        quiet: bool,
        with: impl FnOnce(&mut World) -> Changed<T>,
    ) -> Result<T, Refusal> {
        let (made, event) = self.change(with)?;
        if !quiet {
            self.platform.event(site, event);
        }
        Ok(made)
    }

    /// Everything as it was at the first start; held events, faults and the log are gone too.
    pub(crate) fn reset(&self) {
        clock::set_ahead(0);
        self.change(|world| *world = seed::world());
        self.faults.clear(None);
        self.platform.reset();
        self.log.lock().clear();
        self.violations.lock().clear();
        self.refusals_as_errors.store(false, Ordering::Relaxed);
    }

    /// Writes the world to its file if it changed.
    pub(crate) fn keep(&self) {
        let Some(file) = &self.setup.world_file else { return };
        if !self.dirty.swap(false, Ordering::Relaxed) {
            return;
        }
        let bytes = self.look(|world| serde_json::to_vec(world).unwrap_or_default());
        let beside = file.with_extension("new");
        if let Err(why) = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, file)) {
            eprintln!("sandbox: the site can't be kept in {}: {why}", file.display());
        }
    }

    /// The edge's address.
    #[must_use]
    pub(crate) fn edge(&self) -> String {
        self.edge.read().clone()
    }

    /// Sets the edge's address.
    pub(crate) fn set_edge(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.edge.write());
    }

    /// What REST addresses of a site begin with: `apiBaseUrl`.
    #[must_use]
    pub(crate) fn api(&self, site: &str) -> String {
        format!("{}/ex/confluence/{site}", self.setup.site)
    }

    /// The site's address as the app knows it.
    #[must_use]
    pub(crate) fn site_url(&self, site: &str) -> String {
        if site == app::SITE { self.setup.site.clone() } else { "https://other.example".to_owned() }
    }

    /// An OAuth token for a person or the app.
    #[must_use]
    pub(crate) fn token(&self, site: &str, who: &Principal) -> String {
        let good = if *who == Principal::App { tokens::APP_SECONDS } else { tokens::USER_SECONDS };
        tokens::issue(&self.keys, site, who, clock::seconds() + good)
    }

    /// Remembers a REST call.
    pub(crate) fn remember(&self, call: Call) {
        let n = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let mut log = self.log.lock();
        if log.len() >= REMEMBERED {
            log.pop_front();
        }
        log.push_back(Call { n, ..call });
    }

    /// The REST calls remembered, oldest first.
    #[must_use]
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.log.lock().iter().cloned().collect()
    }

    /// Forgets the REST calls.
    pub(crate) fn forget_calls(&self) {
        self.log.lock().clear();
    }
}
