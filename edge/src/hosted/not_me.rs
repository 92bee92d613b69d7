//! The link behind "this wasn't me" in mails about factors. It goes by mail, so scanners and gateways see it: opening it asks
//! the Worker for the page's files and nothing else, and locking takes a press.

use crate::cx::Cx;
use crate::http::EdgeError;
use crate::secret::keys::Purpose;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::token::challenge::{MacKeys, issue, verify};
use engine::token::not_me::NotMeLink;
use engine::wire::not_me::LINK_PREFIX;
use engine::wire::problem::ProblemKind;
use engine::wire::route;

/// The address for a mail to `person` that was asked for at `at` under the key `mail`.
///
/// # Errors
/// An internal fault if settings or keys are missing.
pub fn link(cx: &Cx, site: &SiteId, person: &AccountId, mail: &str, at: Timestamp) -> Result<String, EdgeError> {
    let token = issue(&keys(cx)?, &NotMeLink::of_mail(site, person, mail, at))
        .ok_or_else(|| EdgeError::internal("a link could not be made"))?;
    Ok(format!("{}{}#{LINK_PREFIX}{token}", cx.hosted()?.origin, route::HOSTED))
}

/// What a link says, if it is ours and not too old.
///
/// # Errors
/// `link-over`.
pub fn read(cx: &Cx, token: &str) -> Result<NotMeLink, EdgeError> {
    verify(&keys(cx)?, token, cx.now).map_err(|_| {
        EdgeError::refuse(
            ProblemKind::LinkOver,
            "This link is not complete, or older than seven days, so it locks nothing. Open any page with Countersign's panel in Confluence, choose \u{201c}How I confirm\u{201d}, then \u{201c}This wasn't me\u{201d}; or tell your Confluence admin.",
        )
    })
}

fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    cx.keyring()?.mac_keys(Purpose::Link).ok_or_else(|| EdgeError::internal("there are no keys for links"))
}
