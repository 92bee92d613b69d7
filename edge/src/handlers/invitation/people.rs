//! The admins' list of people without an account who were invited.

use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::settings::require_admin;
use crate::http::EdgeError;
use crate::secret::invited::Kept;
use crate::store::d1::Db;
use crate::store::invited::{self, Line};
use engine::ids::AccountId;
use engine::wire::invitation::{InvitedPerson, InvitedRequest, InvitedResponse};

/// People in one answer.
const MOST: u32 = 100;

/// Rules: (1) a Confluence admin.
pub(in crate::handlers) async fn handle(
    cx: &Cx,
    caller: &UiCaller,
    body: InvitedRequest,
) -> Result<InvitedResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, keyring) = (&caller.site, cx.keyring()?);
    let lines = Db::new(cx.db()?).ask(invited::list(site, body.after.as_ref(), MOST.saturating_add(1))).await?;
    let shown = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = lines.len() > shown;
    let person = |line: Line| {
        // An address whose key is missing is not shown; the log says which key.
        let kept = Kept::open(keyring, site, &line.id, &line.address_sealed).ok();
        InvitedPerson {
            person: AccountId::invited(&line.id),
            lock: line.lock(cx.now).filter(|_| line.erased_at.is_none()),
            name: line.name,
            address: kept.filter(|_| line.erased_at.is_none()).map(|kept| kept.address().to_owned()),
            invited_at: line.invited_at,
            invitations: line.invitations,
            open: line.open,
            factor: line.factor,
            erased_at: line.erased_at,
        }
    };
    Ok(InvitedResponse { people: lines.into_iter().take(shown).map(person).collect(), more })
}
