//! Settings of the Worker: variables and secrets, typed. Errors name the setting; they are for the log only.
//!
//! They are read once a request, not once an isolate: Cloudflare may give an isolate new bindings without restarting it.

use crate::operator::OperatorKey;
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

/// The pages the Worker serves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosted {
    /// `HOSTED_ORIGIN`, as browsers write it: no slash at its end.
    pub origin: String,
    /// Its host name: the WebAuthn RP id of every passkey, so it stays what it is for the deployment's life.
    pub rp_id: String,
}

/// Reads where the Worker's own pages are.
///
/// # Errors
/// If the setting is missing, or no origin passkeys can be used at: `https`, or `http` on `localhost`; a name, no number.
pub fn hosted(settings: &impl Settings) -> Result<Hosted, SettingError> {
    const WRONG: SettingError =
        SettingError::Wrong { name: "HOSTED_ORIGIN", expected: "https://<host name>, or http://localhost:<port>" };
    let origin = required(settings, "HOSTED_ORIGIN")?;
    let (scheme, place) = origin.split_once("://").ok_or(WRONG)?;
    let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
    let is_name = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.')
        && host.split('.').all(|label| !label.is_empty())
        && host.bytes().any(|byte| byte.is_ascii_lowercase());
    // Browsers leave the usual port out.
    let is_port = port.is_none_or(|port| port != "443" && port.parse::<u16>().is_ok_and(|number| number > 0));
    let is_secure = scheme == "https" || (scheme == "http" && host == "localhost");
    if !is_name || !is_port || !is_secure {
        return Err(WRONG);
    }
    Ok(Hosted { rp_id: host.to_owned(), origin })
}

/// Reads the Worker's keys.
///
/// # Errors
/// If they are missing or malformed.
pub fn keyring(settings: &impl Settings) -> Result<Keyring, SettingError> {
    let text = Secret::new(required(settings, "COUNTERSIGN_KEYS")?);
    Ok(Keyring::parse(text.expose())?)
}

/// Reads the operator's key; without the secret nobody is the operator.
///
/// # Errors
/// If it is not 32 bytes of base64.
pub fn operator_key(settings: &impl Settings) -> Result<Option<OperatorKey>, SettingError> {
    const WRONG: SettingError = SettingError::Wrong { name: "OPERATOR_KEY", expected: "32 bytes in base64" };
    let Some(text) = settings.text("OPERATOR_KEY").filter(|text| !text.is_empty()).map(Secret::new) else {
        return Ok(None);
    };
    OperatorKey::parse(text.expose()).map(Some).ok_or(WRONG)
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

pub(crate) fn required(settings: &impl Settings, name: &'static str) -> Result<String, SettingError> {
    settings.text(name).filter(|text| !text.is_empty()).ok_or(SettingError::Missing(name))
}

pub(crate) fn is_http_url(text: &str) -> bool {
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
        assert_eq!(challenge_lifetime(&table()).unwrap(), Duration::from_secs(300));
        assert!(workflow_parameters(&table()).unwrap().is_empty());
    }

    #[test]
    fn passkeys_need_a_name_and_a_secure_place() {
        let read = |text| hosted(&Table(BTreeMap::from([("HOSTED_ORIGIN", text)])));
        for (origin, rp_id) in [
            ("https://countersign.example.workers.dev", "countersign.example.workers.dev"),
            ("https://edge.example:8443", "edge.example"),
            ("http://localhost:8787", "localhost"),
        ] {
            assert_eq!(read(origin), Ok(Hosted { origin: origin.to_owned(), rp_id: rp_id.to_owned() }));
        }
        for wrong in [
            "http://edge.example",
            "https://127.0.0.1:8787",
            "https://edge.example/",
            "https://edge.example/hosted",
            "https://Edge.example",
            "https://edge.example:443",
            "https://edge.example:0",
            "https://user@edge.example",
            "https://",
            "https://edge..example",
            "localhost:8787",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(hosted(&Table(BTreeMap::new())), Err(SettingError::Missing("HOSTED_ORIGIN")));
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
        assert!(operator_key(&settings).unwrap().is_none());
        settings.0.insert("OPERATOR_KEY", "short");
        assert!(operator_key(&settings).unwrap_err().to_string().contains("OPERATOR_KEY"));
        settings.0.insert("COUNTERSIGN_KEYS", "k1:short");
        let said = keyring(&settings).unwrap_err().to_string();
        assert!(said.contains("COUNTERSIGN_KEYS") && !said.contains("short"), "{said}");
    }
}
