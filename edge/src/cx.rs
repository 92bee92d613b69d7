//! What every handler is given.

use crate::config::Config;
use crate::http::EdgeError;
use crate::mail::{self, Mailer};
use crate::secret::keys::Keyring;
use crate::{clock, config};
use engine::time::Timestamp;
use engine::token::challenge::MacKeys;
use std::cell::OnceCell;
use std::future::Future;
use std::rc::Rc;
use worker::{Context, D1Database, Env, KvStore, ScheduleContext};

/// One invocation: settings, bindings, the time it began. Cheap to clone, for work that goes on after the answer.
#[derive(Clone)]
pub struct Cx {
    /// Bindings.
    pub env: Env,
    /// The settings every request needs. Those only some need are read on first use: see the methods.
    pub config: Rc<Config>,
    /// When this invocation began. One request is one moment.
    pub now: Timestamp,
    lifeline: Rc<Lifeline>,
    keyring: Rc<OnceCell<Keyring>>,
}

/// What keeps the Worker alive after the answer.
pub enum Lifeline {
    /// A request's context.
    Request(Context),
    /// A scheduled invocation's context.
    Clock(ScheduleContext),
}

impl Cx {
    /// Reads the settings every request needs.
    ///
    /// # Errors
    /// Names, in the log, the setting that is missing or wrong.
    pub fn new(env: Env, lifeline: Lifeline) -> Result<Self, EdgeError> {
        let config = Config::read(&env)?;
        Ok(Self {
            env,
            config: Rc::new(config),
            now: clock::now(),
            lifeline: Rc::new(lifeline),
            keyring: Rc::new(OnceCell::new()),
        })
    }

    /// Lets `work` go on after the answer.
    pub fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        match &*self.lifeline {
            Lifeline::Request(context) => context.wait_until(work),
            Lifeline::Clock(context) => context.wait_until(work),
        }
    }

    /// The journal.
    ///
    /// # Errors
    /// An internal fault if the binding is missing.
    pub fn db(&self) -> Result<D1Database, EdgeError> {
        Ok(self.env.d1("DB")?)
    }

    /// The copy viewers read.
    ///
    /// # Errors
    /// An internal fault if the binding is missing.
    pub fn kv(&self) -> Result<KvStore, EdgeError> {
        Ok(self.env.kv("STATUS")?)
    }

    /// The Worker's keys, from `COUNTERSIGN_KEYS`.
    ///
    /// # Errors
    /// An internal fault if they are missing or malformed.
    pub fn keyring(&self) -> Result<&Keyring, EdgeError> {
        if let Some(keyring) = self.keyring.get() {
            return Ok(keyring);
        }
        let keyring = config::keyring(&self.env)?;
        Ok(self.keyring.get_or_init(|| keyring))
    }

    /// The keys challenges are made and checked with.
    ///
    /// # Errors
    /// As [`Cx::keyring`].
    pub fn challenge_keys(&self) -> Result<MacKeys, EdgeError> {
        self.keyring()?.challenge_keys().ok_or_else(|| EdgeError::internal("there are no keys for challenges"))
    }

    /// The mail provider.
    ///
    /// # Errors
    /// An internal fault if its settings or its binding are missing.
    pub fn mail(&self) -> Result<Mailer, EdgeError> {
        Ok(Mailer::of(mail::settings::read(&self.env)?, &self.env)?)
    }

    /// Where the Worker's own pages are (`HOSTED_ORIGIN`).
    ///
    /// # Errors
    /// An internal fault if the setting is missing or wrong.
    pub fn hosted(&self) -> Result<config::Hosted, EdgeError> {
        Ok(config::hosted(&self.env)?)
    }

    /// Values for the built-in workflow's parameters (`WORKFLOW_PARAMETERS`).
    ///
    /// # Errors
    /// An internal fault if the setting is no JSON object.
    pub fn workflow_parameters(&self) -> Result<serde_json::Map<String, serde_json::Value>, EdgeError> {
        Ok(config::workflow_parameters(&self.env)?)
    }

    /// How long a challenge is good (`CHALLENGE_SECONDS`).
    ///
    /// # Errors
    /// An internal fault if the setting is no number between 30 and 3600.
    pub fn challenge_lifetime(&self) -> Result<core::time::Duration, EdgeError> {
        Ok(config::challenge_lifetime(&self.env)?)
    }
}
