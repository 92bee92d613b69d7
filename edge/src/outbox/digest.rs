//! The list of what waits for somebody.

use super::carry::Carried;
use super::errand::Errand;
use super::mail::send;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::membership::groups_of;
use crate::confluence::mention::mentions;
use crate::confluence::rights::{self, PageRight};
use crate::confluence::user;
use crate::mail::Reader;
use crate::mail::review_texts::{self as texts, About, Line};
use crate::store::dashboard::Looking;
use crate::store::load::Loading;
use crate::store::queue::Claimed;
use crate::store::{absence, personal, waiting, zone};
use engine::ids::{AccountId, GroupId};
use engine::wire::me::Digest;
use std::collections::BTreeSet;

/// Pages read from the journal's copy.
const MOST_ROWS: u32 = 60;
/// Pages listed: whether the person can see each is asked of Confluence.
const MOST_LISTED: usize = 8;
/// Absent people whose groups are looked up.
const MOST_AWAY: usize = 3;

/// Mails somebody the pages that wait for them, or for people who are away and named them. Nothing waits, nothing is sent.
///
/// # Errors
/// What stood in the way.
pub async fn mail(errand: &Errand<'_>, row: &Claimed, person: &AccountId) -> Result<Carried, Obstacle> {
    let now = clock::now();
    let mut loading = Loading::new();
    let wish = loading.add(personal::digest(errand.site, person));
    let away = loading.add(absence::stands_in(errand.site, person, now));
    let loaded = loading.run(errand.db).await?;
    if loaded.get(&wish)? == Digest::Off {
        return Ok(Carried::Done);
    }
    let app = errand.app().await?;
    let mut seats = Vec::new();
    let absent: Vec<AccountId> = loaded.get(&away)?.into_iter().map(|away| away.person).take(MOST_AWAY).collect();
    for account in core::iter::once(person.clone()).chain(absent) {
        errand.called(1);
        let groups = groups_of(&app, &account).await?;
        seats.push(Looking { account, groups, roles: BTreeSet::new() });
    }
    let groups: BTreeSet<GroupId> = seats.iter().flat_map(|seat| seat.groups.clone()).collect();
    let people = seats.iter().map(|seat| &seat.account);
    let rows = errand.db.ask(waiting::pages(errand.site, people, &groups, MOST_ROWS)).await?;
    let waits: Vec<_> = rows.into_iter().filter(|row| seats.iter().any(|seat| row.waits_for(seat))).collect();
    errand.called(1);
    let found = mentions(&app, waits.iter().map(|row| &row.page)).await?;
    let (mut lines, mut more) = (Vec::new(), false);
    for row in &waits {
        let Some(mention) = found.get(&row.page) else { continue };
        if lines.len() >= MOST_LISTED {
            more = true;
            break;
        }
        errand.called(1);
        if rights::may(&app, person, &row.page, PageRight::Read).await? {
            let about = About { title: mention.title.clone(), link: mention.link.clone() };
            lines.push(Line { about, state: row.state.name.clone(), due: row.next_due });
        }
    }
    if lines.is_empty() {
        return Ok(Carried::Done);
    }
    errand.called(2);
    // Whoever left wants no list any more, and it comes again each day: nothing for admins to mend.
    let Some(to) = user::email(&app, person).await? else { return Ok(Carried::Done) };
    let profile = user::profile(&app, person).await?;
    let zone = zone::of_name(profile.as_ref().and_then(|profile| profile.time_zone.as_deref()));
    let name = profile.map_or_else(|| person.as_str().to_owned(), |profile| profile.name);
    send(errand, &texts::digest(&Reader { to, name, zone, not_me: None }, &lines, more), &row.key).await
}
