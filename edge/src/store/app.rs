//! Confluence as the app, with the token that platform calls brought and the site keeps.

use super::installation::Installation;
use crate::config::Config;
use crate::confluence::Client;
use crate::http::EdgeError;
use crate::secret::Secret;
use crate::secret::keys::Keyring;
use crate::secret::seal::{self, Binding, SealError};
use engine::ids::SiteId;
use engine::time::Timestamp;

fn binding<'a>(site: &'a SiteId, installation: &'a str) -> Binding<'a> {
    Binding { site, person: None, purpose: "app-token", id: installation }
}

/// Seals the app's token for an installation.
///
/// # Errors
/// An internal fault if there is no randomness.
pub fn seal_token(keyring: &Keyring, site: &SiteId, installation: &str, token: &Secret) -> Result<String, EdgeError> {
    seal::seal(keyring, &binding(site, installation), token.expose().as_bytes())
}

/// Confluence as the app; [`None`] if there is no token, or it ends within a minute.
///
/// # Errors
/// If the token kept does not open: a key is missing, or the row was tampered with.
pub fn client(
    config: &Config,
    keyring: &Keyring,
    site: &SiteId,
    installation: &Installation,
    now: Timestamp,
) -> Result<Option<Client>, SealError> {
    let Some(sealed) = installation.usable_token(now) else { return Ok(None) };
    let token = seal::open(keyring, &binding(site, &installation.installation), sealed)?;
    let token = core::str::from_utf8(&token).map_err(|_| SealError::Malformed)?;
    Ok(Some(Client::as_app(config, &installation.cloud_id, &Secret::new(token.to_owned()))))
}
