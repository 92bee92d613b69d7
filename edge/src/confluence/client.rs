//! One request to Confluence, as a person or as the app.

use super::error::ConfluenceError;
use crate::config::Config;
use crate::fit::caller::UiCaller;
use crate::http::outbound::{Incoming, Outgoing, send};
use crate::secret::Secret;
use core::fmt;
use core::time::Duration;
use serde::de::DeserializeOwned;

/// A person waits no longer than 25 s for all of a request; one call may take this much of it.
const PATIENCE: Duration = Duration::from_secs(10);
/// When Confluence says "too many" but not for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// As whom Confluence is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// With a person's token: what Confluence shows, that person may see.
    Person,
    /// With the app's token: it says nothing about any person's rights.
    App,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person => "the person",
            Self::App => "the app",
        })
    }
}

/// Confluence, on one site, as one actor.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    authorisation: Secret,
    actor: Actor,
}

impl Client {
    /// Asks as the caller, on the caller's site.
    ///
    /// # Errors
    /// If Forge sent no token along: guests have none.
    pub fn as_person(config: &Config, caller: &UiCaller) -> Result<Self, ConfluenceError> {
        let token = caller.user_token.as_ref().ok_or(ConfluenceError::NoToken(Actor::Person))?;
        Ok(Self::new(config, &caller.cloud_id, token, Actor::Person))
    }

    /// Asks as the app. `token` comes from a platform call, never from a browser.
    #[must_use]
    pub fn as_app(config: &Config, cloud_id: &str, token: &Secret) -> Self {
        Self::new(config, cloud_id, token, Actor::App)
    }

    fn new(config: &Config, cloud_id: &str, token: &Secret, actor: Actor) -> Self {
        Self {
            base: format!("{}/ex/confluence/{cloud_id}", config.api_origin),
            authorisation: Secret::new(format!("Bearer {}", token.expose())),
            actor,
        }
    }

    /// As whom.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// `GET`. Asks a second time if Confluence fails.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, what: &'static str) -> Result<T, ConfluenceError> {
        let first = self.call("GET", path, None).await;
        let answer = match first {
            Err(
                ConfluenceError::Failed { .. }
                | ConfluenceError::NoAnswer(crate::http::outbound::NoAnswer::NotConnected),
            ) => self.call("GET", path, None).await?,
            other => other?,
        };
        read(&answer, what)
    }

    /// `POST`. Asks once.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
        what: &'static str,
    ) -> Result<T, ConfluenceError> {
        read(&self.call("POST", path, Some(body.to_string())).await?, what)
    }

    /// `PUT`. Asks once.
    pub(super) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
        what: &'static str,
    ) -> Result<T, ConfluenceError> {
        read(&self.call("PUT", path, Some(body.to_string())).await?, what)
    }

    /// Where a `GET` sends us: Confluence's word, to be judged before anything is asked there.
    pub(super) async fn location(&self, path: &str) -> Result<String, ConfluenceError> {
        let answer = self.ask("GET", path, None).await?;
        match answer.status {
            302 | 303 | 307 => answer.header("location").ok_or(ConfluenceError::Unreadable("address to go to")),
            200..=299 => Err(ConfluenceError::Unreadable("address to go to")),
            _ => self.good(answer).and(Err(ConfluenceError::Unreadable("address to go to"))),
        }
    }

    async fn call(&self, method: &'static str, path: &str, body: Option<String>) -> Result<Incoming, ConfluenceError> {
        let answer = self.ask(method, path, body).await?;
        self.good(answer)
    }

    async fn ask(&self, method: &'static str, path: &str, body: Option<String>) -> Result<Incoming, ConfluenceError> {
        let url = format!("{}{path}", self.base);
        let headers = vec![("accept", "application/json"), ("authorization", self.authorisation.expose())];
        Ok(send(Outgoing { method, url: &url, headers, body, patience: PATIENCE }).await?)
    }

    fn good(&self, answer: Incoming) -> Result<Incoming, ConfluenceError> {
        match answer.status {
            200..=299 => Ok(answer),
            401 => Err(ConfluenceError::Unauthorised(self.actor)),
            403 => Err(ConfluenceError::Forbidden(self.actor)),
            404 | 410 => Err(ConfluenceError::NotFound(self.actor)),
            409 => Err(ConfluenceError::Conflict),
            429 => Err(ConfluenceError::RateLimited { retry_after: pause(answer.header("retry-after").as_deref()) }),
            status @ 500..=599 => Err(ConfluenceError::Failed { status }),
            status => Err(ConfluenceError::Refused { status }),
        }
    }
}

fn read<T: DeserializeOwned>(answer: &Incoming, what: &'static str) -> Result<T, ConfluenceError> {
    serde_json::from_slice(&answer.body).map_err(|_| ConfluenceError::Unreadable(what))
}

/// `Retry-After` in seconds; a date, or nothing, counts as half a minute.
fn pause(retry_after: Option<&str>) -> Duration {
    let seconds = retry_after.and_then(|text| text.trim().parse().ok());
    seconds.map_or(DEFAULT_PAUSE, Duration::from_secs).min(LONGEST_PAUSE)
}

/// A text as part of a query (RFC 3986, 2.3: everything but unreserved characters is escaped).
pub(crate) fn escape(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.extend(HEX.get(usize::from(nibble)).map(|digit| char::from(*digit)));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_an_id_can_change_the_address() {
        assert_eq!(escape("712020:author"), "712020%3Aauthor");
        assert_eq!(escape("a&b=c#d/../é"), "a%26b%3Dc%23d%2F..%2F%C3%A9");
    }

    #[test]
    fn retry_after_is_obeyed_within_reason() {
        assert_eq!(pause(Some("7")), Duration::from_secs(7));
        assert_eq!(pause(Some("999999")), LONGEST_PAUSE);
        assert_eq!(pause(Some("Wed, 21 Oct 2026 07:28:00 GMT")), DEFAULT_PAUSE);
        assert_eq!(pause(None), DEFAULT_PAUSE);
    }

    #[test]
    fn a_client_prints_no_token() {
        let config = Config::read(&crate::config::tests::table()).unwrap();
        let client = Client::as_app(&config, "cloud", &Secret::new("hush".to_owned()));
        assert_eq!(client.base, "https://api.atlassian.com/ex/confluence/cloud");
        assert!(!format!("{client:?}").contains("hush"));
    }
}
