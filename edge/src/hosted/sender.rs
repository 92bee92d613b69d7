//! Whether a request was sent by our own page.
//!
//! The cookie travels with same-site requests only. That is not enough: another page on a neighbouring host is "same
//! site" too. So the browser has to say that the request comes from our origin, and it has to be JSON, which no form and
//! no "simple" request of another origin can be without asking first; nobody is ever given leave.

use crate::cx::Cx;
use crate::http::EdgeError;
use engine::wire::problem::ProblemKind;

/// Lets a request pass if our own page sent it.
///
/// # Errors
/// `wrong-route`.
pub fn check(cx: &Cx, headers: &web_sys::Headers) -> Result<(), EdgeError> {
    let header = |name| headers.get(name).ok().flatten();
    let ours = cx.hosted()?.origin;
    if is_own(
        &ours,
        header("origin").as_deref(),
        header("sec-fetch-site").as_deref(),
        header("content-type").as_deref(),
    ) {
        Ok(())
    } else {
        Err(EdgeError::refuse(ProblemKind::WrongRoute, "Only Countersign's own page can ask this."))
    }
}

/// Whether a request with these headers (`Origin`, `Sec-Fetch-Site`, `Content-Type`) comes from the page at `ours`.
#[must_use]
pub fn is_own(ours: &str, origin: Option<&str>, site: Option<&str>, kind: Option<&str>) -> bool {
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    origin == Some(ours)
        && site.is_none_or(|site| site == "same-origin")
        && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_from_our_own_origin() {
        const OURS: &str = "https://edge.example";
        let json = Some("application/json");
        assert!(is_own(OURS, Some(OURS), Some("same-origin"), json));
        assert!(is_own(OURS, Some(OURS), None, Some("Application/JSON; charset=utf-8")));
        for origin in [
            None,
            Some("null"),
            Some("https://edge.example.evil"),
            Some("http://edge.example"),
            Some("https://edge.example/"),
        ] {
            assert!(!is_own(OURS, origin, None, json), "{origin:?}");
        }
        for site in ["same-site", "cross-site", "none"] {
            assert!(!is_own(OURS, Some(OURS), Some(site), json), "{site}");
        }
        for kind in
            [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("text/plain; application/json")]
        {
            assert!(!is_own(OURS, Some(OURS), None, kind), "{kind:?}");
        }
    }
}
