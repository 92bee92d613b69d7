//! Locking oneself, and ending sessions.

use super::super::enrolment::fact;
use super::super::heal;
use super::list::show;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::{enrolment, guess, pending, session};
use engine::audit::fact::PersonFact;
use engine::effect::{AdminNotice, Effect, OwnerNotice};
use engine::wire::factors::{EndSessionsRequest, FactorsResponse, NotMeRequest};

/// "This wasn't me": locks the caller's own codes, ends what was begun with them, and tells the admins and the caller. Nobody
/// can say it for somebody else: whom it locks comes from the token alone. No code is asked for, since whoever says it may
/// have lost theirs; what a thief of the session could do with it is to lock, which its owner is told of at once. Saying it
/// again changes nothing; only an admin's unlock ends it.
pub(in super::super) async fn not_me(
    cx: &Cx,
    caller: &UiCaller,
    _: NotMeRequest,
) -> Result<FactorsResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    let owner = Effect::MailOwner { person: person.clone(), notice: OwnerNotice::NotMe };
    let admins = Effect::MailAdmins { person: person.clone(), notice: AdminNotice::NotMe };
    let commit = Commit::new(site, cx.now)
        .require_not_held(person)
        .append_fact(&fact(cx, caller, &PersonFact::NotMe)?)
        .raw(guess::hold(site, person))
        .raw(session::end_all(site, person, cx.now))
        .raw(enrolment::abandon(site, person))
        .raw(pending::end_all(site, person))
        .effect(&owner, &random::id()?)
        .effect(&admins, &random::id()?);
    match commit.run(&db).await {
        Ok(()) => heal::carry_out(cx, site),
        Err(CommitFault::Failed(Precondition::Held)) => {}
        Err(fault) => return Err(fault.into()),
    }
    show(cx, caller, &db).await
}

/// From now on the caller is asked again, each time.
pub(in super::super) async fn end_sessions(
    cx: &Cx,
    caller: &UiCaller,
    _: EndSessionsRequest,
) -> Result<FactorsResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    Commit::new(site, cx.now).raw(session::end_all(site, person, cx.now)).run(&db).await?;
    show(cx, caller, &db).await
}
