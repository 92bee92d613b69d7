//! Visits: the cookie.

use super::over;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::secret::keys::Purpose;
use engine::token::challenge::{MacKeys, issue, verify};
use engine::token::link::{Going, VISIT_LIFE, Visit};

/// The prefix binds it to this very host, over a secure connection, for all its paths.
const NAME: &str = "__Host-countersign";

/// The header that begins a visit.
///
/// # Errors
/// An internal fault if keys are missing.
pub fn begin(cx: &Cx, visit: &Visit) -> Result<String, EdgeError> {
    let token = issue(&keys(cx)?, visit).ok_or_else(|| EdgeError::internal("a visit could not be made"))?;
    Ok(format!("{NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={}", VISIT_LIFE.as_secs()))
}

/// Whose visit a request belongs to, and what for.
///
/// # Errors
/// `link-over` if there is none, or it is over.
pub fn of(cx: &Cx, headers: &web_sys::Headers) -> Result<Going, EdgeError> {
    let header = headers.get("cookie").ok().flatten().unwrap_or_default();
    let token = token_in(&header).ok_or_else(over)?;
    let Visit(going) = verify(&keys(cx)?, token, cx.now).map_err(|_| over())?;
    Ok(going)
}

/// Our cookie's value in a `Cookie` header. Two of the name are none: somebody else set one of them.
#[must_use]
pub fn token_in(header: &str) -> Option<&str> {
    let mut values = header.split(';').filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == NAME).then_some(value)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    cx.keyring()?.mac_keys(Purpose::Cookie).ok_or_else(|| EdgeError::internal("there are no keys for visits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_cookie_is_found_among_others() {
        assert_eq!(token_in("a=b; __Host-countersign=x.y-z; c=d"), Some("x.y-z"));
        assert_eq!(token_in("countersign=x; host-countersign=y"), None);
        assert_eq!(token_in(""), None);
        assert_eq!(token_in("__Host-countersign=a; __Host-countersign=b"), None);
    }
}
