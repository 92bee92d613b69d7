//! The page and its files, out of the assets that are deployed with the Worker.
//!
//! The page's own policy is as narrow as it can be: files and requests of this very origin, WebAssembly, nothing inline,
//! in nobody's frame, and no address of ours in anybody's log.

use crate::cx::Cx;
use crate::http::EdgeError;
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use worker::{Response, ResponseBody};

/// `data:` is for the icons in our own style sheet; the frame is for the document somebody invited decides on.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
    frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Everything a page could ask of the machine, but for passkeys, is refused.
const PERMISSIONS: &str = "publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(), \
    microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), clipboard-read=()";
/// The longest name of a file.
const NAME_MAX: usize = 80;

/// The file an address of ours means; [`None`] if there can be none.
#[must_use]
pub fn file(path: &str) -> Option<&str> {
    if path == route::HOSTED {
        return Some("index.html");
    }
    let name = path.strip_prefix(route::HOSTED)?.strip_prefix('/')?;
    let is_name = (1..=NAME_MAX).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    is_name.then_some(name).filter(|name| kind(name).is_some())
}

/// By its ending: nothing else is served.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

/// The answer to a `GET` or `HEAD`.
///
/// # Errors
/// `no-such-route` if there is no such file; an internal fault if there are no assets.
pub async fn answer(cx: &Cx, path: &str) -> Result<Response, EdgeError> {
    let nothing = || EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address.");
    let name = file(path).ok_or_else(nothing)?;
    let kind = kind(name).ok_or_else(nothing)?;
    // The host does not matter: the binding only looks at the path.
    let mut found = cx.env.assets("ASSETS")?.fetch(format!("https://assets.invalid/{name}"), None).await?;
    if found.status_code() != 200 {
        return Err(nothing());
    }
    let bytes = found.bytes().await?;
    let headers = worker::Headers::new();
    for (name, value) in [
        ("content-type", kind),
        ("content-security-policy", POLICY),
        ("permissions-policy", PERMISSIONS),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.set(name, value)?;
    }
    Ok(Response::builder().with_headers(headers).body(ResponseBody::Body(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_page_can_be_asked_for() {
        assert_eq!(file("/hosted"), Some("index.html"));
        assert_eq!(file("/hosted/hosted_bg.wasm"), Some("hosted_bg.wasm"));
        assert_eq!(file("/hosted/base-12ab.css"), Some("base-12ab.css"));
        for path in [
            "/",
            "/hosted/",
            "/hostedx.js",
            "/hosted/../index.html",
            "/hosted/a/b.js",
            "/hosted/.env",
            "/hosted/x.map",
            "/hosted/%2e%2e.js",
            "/hosted/_headers",
            "/hosted/a",
        ] {
            assert_eq!(file(path), None, "{path}");
        }
    }

    #[test]
    fn nothing_inline_and_in_nobodys_frame() {
        assert!(POLICY.starts_with("default-src 'none'; "));
        assert!(POLICY.contains("frame-ancestors 'none'"));
        assert!(!POLICY.contains("unsafe-inline") && !POLICY.contains("'unsafe-eval'") && !POLICY.contains('*'));
    }
}
