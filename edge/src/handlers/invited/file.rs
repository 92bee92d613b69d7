//! Attachments that were named in the invitation, to be saved and never shown here: any of them may be a page of its own.

use super::visit::Visit;
use crate::confluence::file;
use crate::cx::Cx;
use crate::hosted::invitation::over;
use crate::http::EdgeError;
use crate::store::d1::Db;
use engine::wire::invitation::ATTACHMENT_BYTES_MAX;
use engine::wire::problem::ProblemKind;
use worker::{Headers, Response};

/// The longest name it is given.
const NAME_MAX: usize = 120;

/// Answers with one. Rules: (1) our own page asks, as far as the browser says so, and nothing that would show it; (2) the
/// visit stands and the page is what it was, so that every attachment of it is; (3) it was named; (4) it is not too long.
pub(super) async fn answer(cx: &Cx, headers: &web_sys::Headers, id: &str) -> Result<Response, EdgeError> {
    // (1)
    let header = |name: &str| headers.get(name).ok().flatten();
    if !is_saved_by_us(header("sec-fetch-site").as_deref(), header("sec-fetch-dest").as_deref()) {
        return Err(EdgeError::refuse(ProblemKind::WrongRoute, "Only Countersign's own page can ask for this."));
    }
    let db = Db::new(cx.db()?);
    let visit = Visit::of(cx, &db, headers).await?;
    let of = &visit.of;
    // (2)
    let live = of.live(cx, &db).await?;
    // (3)
    let named = live.invited.attachments.iter().find(|one| one.id == id).ok_or_else(not_named)?;
    // (4)
    let most = usize::try_from(ATTACHMENT_BYTES_MAX).unwrap_or(usize::MAX);
    let asked = file::Asked { page: &of.row.page, attachment: &named.id, version: named.version, most };
    let bytes = match file::get(&live.app, &cx.config, asked).await {
        Err(file::Fault::TooLong) => {
            return Err(EdgeError::refuse(
                ProblemKind::TooLarge,
                "This attachment is too large to be handed on from here: at most 25 MB. Ask whoever invited you to send it another way.",
            ));
        }
        Err(file::Fault::Confluence(crate::confluence::ConfluenceError::NotFound(_))) => return Err(over()),
        Err(file::Fault::Confluence(error)) => return Err(error.into()),
        Ok(bytes) => bytes,
    };
    let name = disposition(&of.text(&named.title.text));
    let headers = Headers::new();
    for (key, value) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", name.as_str()),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.set(key, value)?;
    }
    Ok(Response::builder().with_headers(headers).fixed(bytes))
}

fn not_named() -> EdgeError {
    EdgeError::refuse(ProblemKind::NotFound, "There is no such attachment in this invitation.")
}

/// A link that is followed or saved, or a request; nothing that would be run, drawn or framed.
fn is_saved_by_us(site: Option<&str>, dest: Option<&str>) -> bool {
    site.is_none_or(|site| site == "same-origin") && dest.is_none_or(|dest| matches!(dest, "document" | "empty"))
}

/// The file's name, as a header may hold it (RFC 6266): letters that are safe, and all of it besides, escaped.
fn disposition(title: &str) -> String {
    let title: String = title.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    let title = if title.trim().is_empty() { "attachment".to_owned() } else { title };
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let plain: String = title.chars().map(safe).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", crate::confluence::escape(&title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_out_of_no_header() {
        assert_eq!(disposition("Annex 1.pdf"), "attachment; filename=\"Annex 1.pdf\"; filename*=UTF-8''Annex%201.pdf");
        let evil = disposition("a\"; filename=x.html\r\nset-cookie: a=b\u{2028}é.pdf");
        assert!(!evil.contains(['\r', '\n', '\u{2028}']), "{evil}");
        assert_eq!(evil.matches('"').count(), 2, "{evil}");
        assert_eq!(disposition("\u{0}"), "attachment; filename=\"attachment\"; filename*=UTF-8''attachment");
        assert!(disposition(&"x".repeat(9_000)).len() < 400);
    }

    #[test]
    fn nothing_is_given_that_would_be_run_or_framed() {
        for dest in ["document", "empty"] {
            assert!(is_saved_by_us(Some("same-origin"), Some(dest)), "{dest}");
        }
        for dest in ["iframe", "frame", "script", "style", "image", "object", "embed", "worker"] {
            assert!(!is_saved_by_us(Some("same-origin"), Some(dest)), "{dest}");
        }
        for site in ["cross-site", "same-site", "none"] {
            assert!(!is_saved_by_us(Some(site), Some("document")), "{site}");
        }
    }
}
