//! What somebody without an account sees and does, who was invited by mail to decide on a version.
//!
//! ```text
//! link ──▶ door: nothing is shown. A code goes to the address that was invited, by a press; link and code begin a visit
//!            └─▶ visit: each request of it asks again whether the invitation stands and the page is what it is about
//!                  ├─▶ shown: title, attachments that were named, the document in a frame without any right
//!                  ├─▶ sign, abstain: the answer
//!                  └─▶ factors: an authenticator of one's own
//! ```
//!
//! Confluence is asked about the page, as the app; about the person it is never asked anything. Their right is the invitation,
//! which is in the page's journal.

mod abstain;
mod document;
mod door;
mod factors;
mod file;
mod shown;
mod sign;
mod visit;

use crate::cx::Cx;
use crate::http::{EdgeError, answer, body};
use engine::wire::invited::{InvitedFactorsRequest, InvitedRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use worker::Response;

/// Whether an address of our own page is one of these.
#[must_use]
pub(super) fn takes(path: &str) -> bool {
    path.strip_prefix(route::INVITED).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A request of our own page: it was sent by it, that much is known.
pub(super) async fn answer(
    cx: &Cx,
    headers: &web_sys::Headers,
    path: &str,
    sent: &[u8],
) -> Result<Response, EdgeError> {
    macro_rules! call {
        ($handler:path) => {
            answer::json(&$handler(cx, headers, body::json(sent)?).await?)
        };
    }
    match path {
        route::INVITED_OPEN => call!(door::open),
        route::INVITED_CODE => call!(door::code),
        route::INVITED_ENTER => door::enter(cx, headers, body::json(sent)?).await,
        route::INVITED => {
            let InvitedRequest {} = body::json(sent)?;
            answer::json(&shown::again(cx, headers).await?)
        }
        route::INVITED_CHALLENGE => call!(sign::challenge),
        route::INVITED_SIGN_CODE => call!(sign::code),
        route::INVITED_DECISION => call!(sign::decide),
        route::INVITED_ABSTAIN => call!(abstain::handle),
        route::INVITED_FACTORS => {
            let InvitedFactorsRequest {} = body::json(sent)?;
            answer::json(&factors::list(cx, headers).await?)
        }
        route::INVITED_FACTOR_BEGIN => call!(factors::begin),
        route::INVITED_FACTOR_CONFIRM => call!(factors::confirm),
        _ => Err(EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address.")),
    }
}

/// What is fetched in a visit: the document, or an attachment.
pub(crate) async fn fetched(cx: &Cx, headers: &web_sys::Headers, path: &str) -> Result<Response, EdgeError> {
    if path == route::INVITED_DOCUMENT {
        return document::answer(cx, headers).await;
    }
    let id = path.strip_prefix(route::INVITED_ATTACHMENT).unwrap_or_default();
    file::answer(cx, headers, id).await
}
