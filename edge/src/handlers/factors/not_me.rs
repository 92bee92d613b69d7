//! Locking oneself, and ending sessions.

use super::super::heal;
use super::list::show;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::hosted;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::{enrolment, guess, pending, session};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::PersonFact;
use engine::effect::{AdminNotice, Effect, OwnerNotice};
use engine::ids::{AccountId, Seq, SiteId, StreamId};
use engine::token::challenge::digest;
use engine::wire::factors::{EndSessionsRequest, FactorsResponse, NotMeRequest};
use engine::wire::not_me::{NotMeDone, NotMeLinkRequest};

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
    match lock(Commit::new(site, cx.now), cx, site, person, false)?.run(&db).await {
        Ok(()) => heal::carry_out(cx, site),
        Err(CommitFault::Failed(Precondition::Held)) => {}
        Err(fault) => return Err(fault.into()),
    }
    show(cx, caller, &db).await
}

/// The same, pressed on our own page by whom a mail's link led there. Rules: (1) the link is ours and not too old: whom it
/// locks comes from it alone; (2) it locks once, so that an old mail locks nobody again whom an admin unlocked; a press that
/// is repeated is told what the first one did; (3) who is locked until an admin acts stays so.
pub(in super::super) async fn not_me_by_mail(cx: &Cx, body: &NotMeLinkRequest) -> Result<NotMeDone, EdgeError> {
    // (1)
    let link = hosted::not_me::read(cx, &body.link)?;
    let (site, person) = (&link.site, &link.account);
    let db = Db::new(cx.db()?);
    let used = Consumed {
        person: person.clone(),
        digest: digest(&body.link),
        stream: StreamId::person_facts(person).to_string(),
        seq: Seq(0),
        at: cx.now,
    };
    let commit = Commit::new(site, cx.now).require_nonce_unused(&link.nonce).raw(consumed::put(
        site,
        &link.nonce,
        &used,
        link.expires_at,
    ));
    match lock(commit, cx, site, person, true)?.run(&db).await {
        Ok(()) => {
            heal::carry_out(cx, site);
            Ok(NotMeDone::Locked)
        }
        // (2)
        Err(CommitFault::Failed(Precondition::Nonce)) => {
            let used = db.ask(consumed::by_nonce(site, &link.nonce)).await?;
            Ok(NotMeDone::Used { at: used.map_or(cx.now, |used| used.at) })
        }
        // (3)
        Err(CommitFault::Failed(Precondition::Held)) => Ok(NotMeDone::LockedBefore),
        Err(fault) => Err(fault.into()),
    }
}

/// Adds to a batch what locks a person because they say that it was not them.
fn lock(commit: Commit, cx: &Cx, site: &SiteId, person: &AccountId, by_mail: bool) -> Result<Commit, EdgeError> {
    let said = Entry {
        v: ENCODING,
        site: site.clone(),
        stream: StreamId::person_facts(person),
        at: cx.now,
        actor: Actor::person(person),
        event: PersonFact::NotMe { by_mail },
    };
    let said = said.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let owner = Effect::MailOwner { person: person.clone(), notice: OwnerNotice::NotMe };
    let admins = Effect::MailAdmins { person: person.clone(), notice: AdminNotice::NotMe };
    Ok(commit
        .require_not_held(person)
        .append_fact(&said)
        .raw(guess::hold(site, person))
        .raw(session::end_all(site, person, cx.now))
        .raw(enrolment::abandon(site, person))
        .raw(pending::end_all(site, person))
        .effect(&owner, &random::id()?)
        .effect(&admins, &random::id()?))
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
