//! The version that was disclosed, for a frame of our own page.
//!
//! The page's author writes what is in it, and this is the origin passkeys belong to. So (1) it is reduced to tags that are
//! written here (`engine::reduced`), (2) its own policy lets nothing run, load or be sent, but for one style of ours, known by
//! its hash, (3) that policy makes it a document of no origin at all (`sandbox`), whatever the frame around it says, and (4) it
//! is given to a frame of our own page and to nobody else.

use super::visit::Visit;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::d1::Db;
use data_encoding::BASE64;
use engine::reduced::reduced;
use engine::wire::problem::ProblemKind;
use sha2::{Digest, Sha256};
use worker::{Headers, Response};

/// How it looks: read on a screen, light or dark, and printed.
const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{margin:1.5rem;max-width:46rem;overflow-wrap:break-word}\
h1,h2,h3,h4,h5,h6{line-height:1.25}\
table{border-collapse:collapse;max-width:100%}\
td,th{border:1px solid GrayText;padding:.375rem .5rem;text-align:left;vertical-align:top}\
pre{overflow:auto;padding:.75rem;border:1px solid GrayText;white-space:pre-wrap}\
blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:.25rem solid GrayText}\
em.left-out{opacity:.75}";

/// Answers with it. Rules: (1) a frame of our own page asks, as far as the browser says so; (2) the visit stands and the page is
/// what it was: see [`super::visit`]. What stands in the way is said in the frame.
pub(super) async fn answer(cx: &Cx, headers: &web_sys::Headers) -> Result<Response, EdgeError> {
    // (1)
    let header = |name: &str| headers.get(name).ok().flatten();
    if !is_framed_by_us(header("sec-fetch-site").as_deref(), header("sec-fetch-dest").as_deref()) {
        return Err(EdgeError::refuse(ProblemKind::WrongRoute, "Only Countersign's own page can show this."));
    }
    // (2)
    match content(cx, headers).await {
        Ok(body) => written(200, &body),
        Err(error) => {
            error.log("document");
            let problem = error.into_problem();
            let body = format!("<p>{}</p>", escaped(&problem.detail));
            written(problem.status, &body)
        }
    }
}

async fn content(cx: &Cx, headers: &web_sys::Headers) -> Result<String, EdgeError> {
    let db = Db::new(cx.db()?);
    let visit = Visit::of(cx, &db, headers).await?;
    let live = visit.of.live(cx, &db).await?;
    Ok(reduced(&live.reading.page.storage_body).html)
}

fn is_framed_by_us(site: Option<&str>, dest: Option<&str>) -> bool {
    site.is_none_or(|site| site == "same-origin") && dest.is_none_or(|dest| dest == "iframe")
}

fn written(status: u16, body: &str) -> Result<Response, EdgeError> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Document</title><style>{STYLE}</style></head><body>{body}</body></html>"
    );
    let headers = Headers::new();
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", policy().as_str()),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "publickey-credentials-create=(), publickey-credentials-get=()"),
    ] {
        headers.set(name, value)?;
    }
    Ok(Response::builder().with_status(status).with_headers(headers).fixed(html.into_bytes()))
}

/// Nothing but the one style; no origin; in frames of ours alone.
fn policy() -> String {
    let hash = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_may_run_load_or_be_sent() {
        let policy = policy();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        for wanted in ["; sandbox;", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"] {
            assert!(policy.contains(wanted), "{wanted}");
        }
        for never in ["unsafe", "allow-", "script-src", "img-src", "*", "data:", "connect-src"] {
            assert!(!policy.contains(never), "{never}");
        }
    }

    #[test]
    fn only_a_frame_of_our_own_page_is_given_it() {
        assert!(is_framed_by_us(Some("same-origin"), Some("iframe")));
        assert!(is_framed_by_us(None, None), "a browser that says nothing has the cookie and the policy to keep it");
        for site in ["cross-site", "same-site", "none"] {
            assert!(!is_framed_by_us(Some(site), Some("iframe")), "{site}");
        }
        for dest in ["document", "script", "empty", "object", "embed", "frame"] {
            assert!(!is_framed_by_us(Some("same-origin"), Some(dest)), "{dest}");
        }
    }
}
