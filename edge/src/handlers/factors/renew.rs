//! Going on using a factor.

use super::super::enrolment::{alive, entry, policy_of};
use super::super::heal;
use super::super::sensitive::{self, Change};
use super::super::site::{self, PolicyHead};
use super::list::show;
use super::own;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, journal};
use engine::audit::fact::FactorEvent;
use engine::effect::{Effect, OwnerNotice};
use engine::ids::StreamId;
use engine::token::challenge::Act;
use engine::token::life;
use engine::wire::factors::{FactorsResponse, Own, RenewRequest};

/// Rules: (1) one of the caller's own, which is not over, (2) confirmed with this very factor, though it may have expired;
/// then it counts for a whole life from now.
pub(in super::super) async fn renew(
    cx: &Cx,
    caller: &UiCaller,
    body: RenewRequest,
) -> Result<Own<FactorsResponse>, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    site::open(cx, &db, site).await?;
    let stream = StreamId::factors(person);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let policy = loading.add(PolicyHead::query(site));
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    // (1)
    let factors = alive(loaded.get(&factors)?, cx.now);
    let factor = own(&factors, &body.factor)?;
    // (2)
    let change = Change { cx, caller, db: &db, act: Act::RenewFactor };
    let permit = match change
        .stage_about(&body, body.confirm.as_ref(), sensitive::About { page: None, only: Some(&factor.id) })
        .await?
    {
        sensitive::Stage::Ask(confirm) => return Ok(Own::Confirm { confirm: Box::new(confirm) }),
        sensitive::Stage::Made(_) => return Ok(Own::Done { done: show(cx, caller, &db).await? }),
        sensitive::Stage::Make(permit) => permit,
    };
    let until = life::end(&policy_of(loaded.get(&policy)?.as_ref())?.enrolment, cx.now);
    let head = loaded.get(&head)?;
    let event = FactorEvent::FactorRenewed { factor: factor.id.clone(), factor_kind: factor.kind, expires_at: until };
    let notice = OwnerNotice::FactorRenewed { factor_kind: factor.kind, name: factor.name.clone(), until };
    let commit = Commit::new(site, cx.now)
        .require_head(&stream, head)
        .append(&entry(cx, caller, &event)?, head.next())
        .effect(&Effect::MailOwner { person: person.clone(), notice }, &format!("renewed/{}", permit.name()))
        // Last of all: that it could be renewed is asked for before.
        .at_last(factor::set_life(site, person, &factor.id, until));
    change.make(&permit, commit, &stream, head.next()).await?;
    heal::carry_out(cx, site);
    Ok(Own::Done { done: show(cx, caller, &db).await? })
}
