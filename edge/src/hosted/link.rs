//! Links to our own pages.

use super::over;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::secret::keys::Purpose;
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use engine::ids::Seq;
use engine::time::Timestamp;
use engine::token::challenge::{MacKeys, digest, issue, verify};
use engine::token::link::{Errand, Going, LINK_LIFE, Link};
use engine::wire::passkey::GoTo;
use engine::wire::route;
use engine::wire::status::ViewerKind;

/// What is kept in the place of a stream's name once a link was used: there is no entry.
const NO_STREAM: &str = "link";

/// A link for a person inside Confluence to `about`, which ends at `until` if that comes first.
///
/// # Errors
/// An internal fault if settings or keys are missing.
pub fn make(cx: &Cx, caller: &UiCaller, errand: Errand, about: &str, until: Timestamp) -> Result<GoTo, EdgeError> {
    let expires_at = until.min(cx.now + LINK_LIFE);
    let link = Link(Going {
        site: caller.site.clone(),
        account: caller.person.clone(),
        guest: caller.known_as == ViewerKind::Guest,
        errand,
        about: about.to_owned(),
        nonce: random::id()?,
        expires_at,
    });
    let token = issue(&keys(cx)?, &link).ok_or_else(|| EdgeError::internal("a link could not be made"))?;
    let hosted = cx.hosted()?;
    Ok(GoTo { url: format!("{}{}#{token}", hosted.origin, route::HOSTED), expires_at })
}

/// What a link says, if it is ours and not too old.
///
/// # Errors
/// `link-over`.
pub fn read(cx: &Cx, token: &str) -> Result<Link, EdgeError> {
    verify(&keys(cx)?, token, cx.now).map_err(|_| over())
}

/// Uses a link up. `false`: it was used before.
///
/// # Errors
/// If the database does not answer.
pub async fn use_up(cx: &Cx, db: &Db, link: &Link, token: &str) -> Result<bool, EdgeError> {
    let Link(going) = link;
    let used = Consumed {
        person: going.account.clone(),
        digest: digest(token),
        stream: NO_STREAM.to_owned(),
        seq: Seq(0),
        at: cx.now,
    };
    let commit = Commit::new(&going.site, cx.now).require_nonce_unused(&going.nonce).raw(consumed::put(
        &going.site,
        &going.nonce,
        &used,
        going.expires_at,
    ));
    match commit.run(db).await {
        Ok(()) => Ok(true),
        Err(CommitFault::Failed(Precondition::Nonce)) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    cx.keyring()?.mac_keys(Purpose::Link).ok_or_else(|| EdgeError::internal("there are no keys for links"))
}
