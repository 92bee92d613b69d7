//! An attachment's bytes. Confluence sends whoever asks to another service, at an address that is good by itself: no
//! credential goes there.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use crate::config::Config;
use crate::http::outbound::{NoAnswer, Outgoing, send_up_to};
use core::time::Duration;
use engine::ids::PageId;

/// How long the bytes may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Which attachment.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The page it hangs on.
    pub page: &'a PageId,
    /// Which.
    pub attachment: &'a str,
    /// Its version.
    pub version: u32,
    /// The most bytes to take.
    pub most: usize,
}

/// Why there are no bytes.
#[derive(Debug)]
pub enum Fault {
    /// There are too many.
    TooLong,
    /// Confluence, or the service it sent us to, did not give them.
    Confluence(ConfluenceError),
}

impl From<ConfluenceError> for Fault {
    fn from(error: ConfluenceError) -> Self {
        Self::Confluence(error)
    }
}

/// The bytes.
///
/// # Errors
/// [`Fault`].
pub async fn get(client: &Client, config: &Config, asked: Asked<'_>) -> Result<Vec<u8>, Fault> {
    let (page, attachment) = (escape(asked.page.as_str()), escape(asked.attachment));
    let path =
        format!("/wiki/rest/api/content/{page}/child/attachment/{attachment}/download?version={}", asked.version);
    let address = client.location(&path).await?;
    if !may_be_asked(&address, &config.api_origin) {
        return Err(ConfluenceError::Unreadable("address of an attachment").into());
    }
    let outgoing = Outgoing { headers: Vec::new(), ..Outgoing::get(&address, PATIENCE) };
    let answer = match send_up_to(outgoing, asked.most).await {
        Err(NoAnswer::TooLong) => return Err(Fault::TooLong),
        other => other.map_err(ConfluenceError::from)?,
    };
    match answer.status {
        200 if answer.body.len() > asked.most => Err(Fault::TooLong),
        200 => Ok(answer.body),
        status => Err(ConfluenceError::Failed { status }.into()),
    }
}

/// Over a secure connection; without one only where Confluence itself is asked without, on a developer's machine.
fn may_be_asked(address: &str, api_origin: &str) -> bool {
    address.starts_with("https://") || (address.starts_with("http://") && api_origin.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_over_secure_connections() {
        const CLOUD: &str = "https://api.atlassian.com";
        assert!(may_be_asked("https://api.media.atlassian.com/file/x/binary?token=y", CLOUD));
        for never in ["http://api.media.atlassian.com/x", "//evil.example/x", "file:///etc/passwd", "/wiki/x", ""] {
            assert!(!may_be_asked(never, CLOUD), "{never}");
        }
        assert!(may_be_asked("http://127.0.0.1:1/x", "http://127.0.0.1:1"));
    }
}
