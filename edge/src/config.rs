//! Settings of the Worker: variables and secrets, typed. Errors name the setting; they are for the log only.
//!
//! They are read once a request, not once an isolate: Cloudflare may give an isolate new bindings without restarting it.

use crate::secret::Secret;
use crate::secret::keys::{Keyring, KeyringError};
use core::time::Duration;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

/// Where settings come from.
pub trait Settings {
    /// The text of a variable or secret; [`None`] if there is none, or it is no text.
    fn text(&self, name: &str) -> Option<String>;
}

impl Settings for worker::Env {
    fn text(&self, name: &str) -> Option<String> {
        js_sys::Reflect::get(self, &JsValue::from_str(name)).ok()?.as_string()
    }
}

/// A setting that is missing or wrong. Says which and what is expected, never what it holds.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// Not there.
    #[error("the setting {0} is missing")]
    Missing(&'static str),
    /// There, but not usable.
    #[error("the setting {name} is wrong: {expected}")]
    Wrong {
        /// Which.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// `COUNTERSIGN_KEYS` is not usable.
    #[error("the secret COUNTERSIGN_KEYS is wrong: {0}")]
    Keys(#[from] KeyringError),
}

/// What every request needs: whose tokens are accepted, and where Confluence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `FORGE_APP_ID`: the only audience accepted.
    pub app_id: String,
    /// `FORGE_ENVIRONMENT_ID`: the environment's uuid, pinned.
    pub environment_id: String,
    /// `FORGE_JWKS_URL`: keys of invocation tokens.
    pub jwks_url: String,
    /// `CONFLUENCE_API_ORIGIN`, without a slash at its end.
    pub api_origin: String,
}

/// What every app id begins with; the app's uuid follows.
pub const APP_ARI: &str = "ari:cloud:ecosystem::app/";

impl Config {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// Names the first setting that is missing or wrong.
    pub fn read(settings: &impl Settings) -> Result<Self, SettingError> {
        let app_id = required(settings, "FORGE_APP_ID")?;
        if app_id.strip_prefix(APP_ARI).is_none_or(|uuid| !is_uuid(uuid)) {
            return Err(SettingError::Wrong { name: "FORGE_APP_ID", expected: "ari:cloud:ecosystem::app/<uuid>" });
        }
        let environment_id = required(settings, "FORGE_ENVIRONMENT_ID")?;
        if !is_uuid(&environment_id) {
            return Err(SettingError::Wrong { name: "FORGE_ENVIRONMENT_ID", expected: "the environment's uuid" });
        }
        let jwks_url = required(settings, "FORGE_JWKS_URL")?;
        if !is_http_url(&jwks_url) {
            return Err(SettingError::Wrong { name: "FORGE_JWKS_URL", expected: "an http(s) address" });
        }
        let mut api_origin = required(settings, "CONFLUENCE_API_ORIGIN")?;
        if !is_http_url(&api_origin) {
            return Err(SettingError::Wrong { name: "CONFLUENCE_API_ORIGIN", expected: "an http(s) origin" });
        }
        api_origin.truncate(api_origin.trim_end_matches('/').len());
        Ok(Self { app_id, environment_id, jwks_url, api_origin })
    }

    /// The app's uuid.
    #[must_use]
    pub fn app_uuid(&self) -> &str {
        self.app_id.strip_prefix(APP_ARI).unwrap_or(&self.app_id)
    }
}

/// Settings of the mail provider.
pub struct MailSettings {
    /// `MAIL_API_URL`, without a slash at its end.
    pub url: String,
    /// `MAIL_FROM`: the sender.
    pub from: String,
    /// `MAIL_API_KEY`.
    pub key: Secret,
}

/// Reads the mail provider's settings.
///
/// # Errors
/// Names the first setting that is missing or wrong.
pub fn mail(settings: &impl Settings) -> Result<MailSettings, SettingError> {
    let mut url = required(settings, "MAIL_API_URL")?;
    if !is_http_url(&url) {
        return Err(SettingError::Wrong { name: "MAIL_API_URL", expected: "an http(s) address" });
    }
    url.truncate(url.trim_end_matches('/').len());
    let from = required(settings, "MAIL_FROM")?;
    let key = Secret::new(required(settings, "MAIL_API_KEY")?);
    Ok(MailSettings { url, from, key })
}

/// Reads the Worker's keys.
///
/// # Errors
/// If they are missing or malformed.
pub fn keyring(settings: &impl Settings) -> Result<Keyring, SettingError> {
    let text = Secret::new(required(settings, "COUNTERSIGN_KEYS")?);
    Ok(Keyring::parse(text.expose())?)
}

/// Reads the built-in workflow's parameters; none if the setting is missing.
///
/// # Errors
/// If the setting is no JSON object.
pub fn workflow_parameters(settings: &impl Settings) -> Result<Map<String, Value>, SettingError> {
    match settings.text("WORKFLOW_PARAMETERS") {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(&text)
            .map_err(|_| SettingError::Wrong { name: "WORKFLOW_PARAMETERS", expected: "a JSON object" }),
    }
}

/// Reads how long a challenge is good; five minutes if the setting is missing.
///
/// # Errors
/// If the setting is no number of seconds between 30 and 3600.
pub fn challenge_lifetime(settings: &impl Settings) -> Result<Duration, SettingError> {
    const WRONG: SettingError =
        SettingError::Wrong { name: "CHALLENGE_SECONDS", expected: "a number of seconds between 30 and 3600" };
    match settings.text("CHALLENGE_SECONDS") {
        None => Ok(Duration::from_secs(300)),
        Some(text) => match text.parse() {
            Ok(seconds @ 30..=3600) => Ok(Duration::from_secs(seconds)),
            _ => Err(WRONG),
        },
    }
}

fn required(settings: &impl Settings, name: &'static str) -> Result<String, SettingError> {
    settings.text(name).filter(|text| !text.is_empty()).ok_or(SettingError::Missing(name))
}

fn is_http_url(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && host.bytes().all(|b| b.is_ascii_graphic()))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeMap;

    pub(crate) struct Table(pub(crate) BTreeMap<&'static str, &'static str>);

    impl Settings for Table {
        fn text(&self, name: &str) -> Option<String> {
            self.0.get(name).map(|text| (*text).to_owned())
        }
    }

    pub(crate) fn table() -> Table {
        Table(BTreeMap::from([
            ("FORGE_APP_ID", "ari:cloud:ecosystem::app/7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41"),
            ("FORGE_ENVIRONMENT_ID", "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20"),
            ("FORGE_JWKS_URL", "https://keys.example/jwks.json"),
            ("CONFLUENCE_API_ORIGIN", "https://api.atlassian.com/"),
            ("MAIL_API_URL", "https://mail.example/"),
            ("MAIL_FROM", "Countersign <no-reply@example.com>"),
            ("MAIL_API_KEY", "secret"),
        ]))
    }

    #[test]
    fn good_settings_are_read() {
        let config = Config::read(&table()).unwrap();
        assert_eq!(config.api_origin, "https://api.atlassian.com");
        assert_eq!(config.app_uuid(), "7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41");
        assert_eq!(mail(&table()).unwrap().url, "https://mail.example");
        assert_eq!(challenge_lifetime(&table()).unwrap(), Duration::from_secs(300));
        assert!(workflow_parameters(&table()).unwrap().is_empty());
    }

    #[test]
    fn every_missing_or_wrong_setting_is_named() {
        for name in ["FORGE_APP_ID", "FORGE_ENVIRONMENT_ID", "FORGE_JWKS_URL", "CONFLUENCE_API_ORIGIN"] {
            let mut settings = table();
            settings.0.insert(name, "nonsense");
            assert!(Config::read(&settings).unwrap_err().to_string().contains(name), "{name}");
            settings.0.remove(name);
            assert_eq!(Config::read(&settings), Err(SettingError::Missing(name)));
        }
        let mut settings = table();
        settings.0.insert("CHALLENGE_SECONDS", "5");
        assert!(challenge_lifetime(&settings).is_err());
        settings.0.insert("WORKFLOW_PARAMETERS", "[1]");
        assert!(workflow_parameters(&settings).is_err());
        settings.0.insert("COUNTERSIGN_KEYS", "k1:short");
        let said = keyring(&settings).unwrap_err().to_string();
        assert!(said.contains("COUNTERSIGN_KEYS") && !said.contains("short"), "{said}");
    }
}
