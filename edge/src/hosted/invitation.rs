//! Links in invitations' mails. They go through mailboxes, gateways and scanners, so whoever holds one has proved nothing:
//! it opens a door at which a code can be asked for, and the code goes to the address that was invited.

use crate::cx::Cx;
use crate::http::EdgeError;
use crate::secret::keys::Purpose;
use engine::ids::{AccountId, InvitationId, SiteId};
use engine::time::Timestamp;
use engine::token::challenge::{MacKeys, issue, verify};
use engine::token::link::Invitation;
use engine::wire::invited::LINK_PREFIX;
use engine::wire::problem::ProblemKind;
use engine::wire::route;

/// The address that is mailed for an invitation, which ends at `until`.
///
/// # Errors
/// An internal fault if settings or keys are missing.
pub fn link(
    cx: &Cx,
    site: &SiteId,
    invitation: &InvitationId,
    account: &AccountId,
    until: Timestamp,
) -> Result<String, EdgeError> {
    let record =
        Invitation { site: site.clone(), invitation: invitation.as_str().to_owned(), account: account.clone(), until };
    let token = issue(&keys(cx)?, &record).ok_or_else(|| EdgeError::internal("an invitation has no link"))?;
    Ok(format!("{}{}#{LINK_PREFIX}{token}", cx.hosted()?.origin, route::HOSTED))
}

/// What a link says, if it is ours and its time is not over.
///
/// # Errors
/// `invitation-over`.
pub fn read(cx: &Cx, token: &str) -> Result<Invitation, EdgeError> {
    verify(&keys(cx)?, token, cx.now).map_err(|_| over())
}

/// The one answer to whatever is no open invitation, or shows nothing any more: it says nothing of why, and nothing of the
/// page.
#[must_use]
pub fn over() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::InvitationOver,
        "This invitation can't be opened: it was answered, taken back, took too long, or the page has changed since. If you are still needed, whoever invited you can invite you again.",
    )
}

/// A visit to an invitation that has ended: the code has to be entered anew.
#[must_use]
pub fn visit_over() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::LinkOver,
        "Your visit is over: it took longer than half an hour, or the invitation was opened again elsewhere. Open the link in your mail again, and ask for a new code.",
    )
}

fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    cx.keyring()?.mac_keys(Purpose::Link).ok_or_else(|| EdgeError::internal("there are no keys for links"))
}
