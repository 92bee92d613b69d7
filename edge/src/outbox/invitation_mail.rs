//! Mails to people without an account, and about what they answered; and invitations that are taken back because whoever was
//! invited was erased.

use super::carry::Carried;
use super::errand::Errand;
use super::mail::{People, invited, send};
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::mention::mentions;
use crate::confluence::rights::{self, PageRight};
use crate::handlers::site::PolicyHead;
use crate::hosted::invitation::link;
use crate::mail::Reader;
use crate::mail::invitation_texts as texts;
use crate::mail::review_texts::About;
use crate::page::change::{self, Changed, On};
use crate::page::{cast, known, reading};
use crate::store::queue::Claimed;
use crate::store::text;
use engine::audit::entry::Actor;
use engine::ids::{AccountId, InvitationId, PageId, TextId};
use engine::page::command::{Command, RevokeInvitation};
use engine::page::decide::standing_invitation;
use engine::page::event::Signatory;
use engine::page::refusal::Refusal;
use engine::page::view::ERASED;
use engine::wire::invitation::InvitationState;

/// Mails somebody that they are invited, as long as they are: who invites, until when, and the way there. Nothing of the page.
///
/// # Errors
/// What stood in the way.
pub async fn invited_to(
    errand: &Errand<'_>,
    row: &Claimed,
    page: &PageId,
    person: &AccountId,
    invitation: &InvitationId,
) -> Result<Carried, Obstacle> {
    let known = known::load(errand.db, errand.site, page).await?;
    let policy = errand.db.ask(PolicyHead::query(errand.site)).await?;
    let policy = PolicyHead::read(policy.as_ref()).map_err(|_| Obstacle::Database)?.ok_or(Obstacle::Database)?;
    let Some(running) = &known.running else { return Ok(Carried::Done) };
    let workflow = running.workflow();
    let who = (invitation, person);
    let standing = standing_invitation(known.fold.as_ref(), &workflow, &policy.policy, who, clock::now());
    let Ok((_, now)) = standing else { return Ok(Carried::Done) };
    // Whoever was erased meanwhile is mailed nothing.
    let Some(reader) = invited(errand, person).await? else { return Ok(Carried::Done) };
    let by = known.names.get(&now.by.name.text).map_or(ERASED, String::as_str);
    let link = link(errand.cx, errand.site, invitation, person, now.until).map_err(|fault| {
        fault.log("outbox");
        Obstacle::Settings
    })?;
    send(errand, &texts::invitation(&reader, by, now.until, &link), &row.key).await
}

/// Tells whoever invited somebody what they answered, as long as they may see the page.
///
/// # Errors
/// What stood in the way.
pub async fn answered(
    errand: &Errand<'_>,
    row: &Claimed,
    page: &PageId,
    person: &AccountId,
    name: &TextId,
    answer: InvitationState,
) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    errand.called(2);
    if !rights::may(&app, person, page, PageRight::Read).await? {
        return Ok(Carried::Done);
    }
    let Some(mention) = mentions(&app, [page]).await?.remove(page) else { return Ok(Carried::Done) };
    let names = errand.db.ask(text::of_ids(errand.site, core::slice::from_ref(name))).await?;
    let who = names.get(name).map_or(ERASED, String::as_str);
    let reader: Reader = People::ask(errand, [person]).await?.reader(errand, person).await?;
    let about = About { title: mention.title, link: mention.link };
    send(errand, &texts::answered(&reader, &about, who, answer, row.created_at), &row.key).await
}

/// Takes an invitation back. It may have ended by itself meanwhile.
///
/// # Errors
/// What stood in the way.
pub async fn revoke(
    errand: &Errand<'_>,
    page: &PageId,
    invitation: &InvitationId,
    by: &AccountId,
) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    let known = known::load(errand.db, errand.site, page).await?;
    let (Some(fold), Some(running)) = (&known.fold, &known.running) else { return Ok(Carried::Done) };
    errand.called(3);
    let now = reading::read(&app, page).await?;
    let name = People::ask(errand, [by]).await?.name(by);
    let name = cast::erasable(name).map_err(|_| Obstacle::Settings)?;
    let command = Command::RevokeInvitation(Box::new(RevokeInvitation {
        invitation: invitation.clone(),
        may: true,
        page: now.now(&app, Some(fold), &running.definition).await?,
        by: Signatory { account: by.clone(), name: name.reference() },
    }));
    let on = On { db: errand.db, app: &app, site: errand.site, page, actor: &Actor::person(by) };
    match change::carry_out_with(on, Some(known), None, &command, &[&name]).await? {
        Changed::Recorded { fold, .. } => Ok(Carried::Fact(fold.seq)),
        Changed::Nothing { .. } | Changed::Refused(Refusal::InvitationOver) => Ok(Carried::Done),
        Changed::Refused(_) => Err(Obstacle::Workflow),
    }
}
