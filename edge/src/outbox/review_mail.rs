//! Mails about one page: who is asked, reminded, late, and that a state has expired.
//!
//! What a mail says is looked up when it is sent. Nobody is mailed who has decided, whose review is over, or who cannot see
//! the page. For whoever is away, the person they named is.

use super::carry::Carried;
use super::errand::Errand;
use super::mail::send;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::Client;
use crate::confluence::mention::{Mention, mentions};
use crate::confluence::rights::{self, PageRight};
use crate::confluence::user::{self, Profile};
use crate::mail::review_texts::{self as texts, About, Asked};
use crate::mail::{Mail, Reader};
use crate::store::load::Loading;
use crate::store::queue::Claimed;
use crate::store::{absence, page as pages, waiting, zone};
use engine::ids::{AccountId, ApprovalId, PageId, Seq};
use engine::page::fold::{ApprovalNow, PageFold, Review};
use engine::timer::{missing, pending};
use std::collections::{BTreeMap, BTreeSet};

/// A reviewer's mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They are asked.
    Asked,
    /// They are reminded.
    Reminder,
    /// The due date has come.
    Overdue,
}

/// A review, as it was when the mail was caused.
#[derive(Clone, Copy, Debug)]
pub struct InReview<'a> {
    /// The page.
    pub page: &'a PageId,
    /// The seq at which the review's state was entered.
    pub state_seq: Seq,
    /// Which approvals; all, if none is named.
    pub approvals: &'a BTreeSet<ApprovalId>,
}

/// Mails a reviewer, if their decision is still missing; of the due date also whoever submitted.
///
/// # Errors
/// What stood in the way.
pub async fn reviewer(
    errand: &Errand<'_>,
    row: &Claimed,
    kind: Kind,
    about: InReview<'_>,
    person: &AccountId,
) -> Result<Carried, Obstacle> {
    let now = clock::now();
    let mut loading = Loading::new();
    let stream = loading.add(pages::stream(errand.site, about.page));
    let away = loading.add(absence::of_person(errand.site, person, now));
    let loaded = loading.run(errand.db).await?;
    let fold = pages::fold(&loaded.get(&stream)?)?;
    let Some(review) = fold.as_ref().and_then(|fold| under_way(fold, about.state_seq)) else {
        return Ok(Carried::Done);
    };
    let late: Vec<&ApprovalNow> = pending(review).filter(|one| about.concerns(one)).collect();
    let own: Vec<&ApprovalNow> =
        late.iter().copied().filter(|one| missing(review, one).any(|account| account == person)).collect();
    let submitter = review.submitted_by.as_ref().map(|by| &by.account);
    let for_submitter = own.is_empty() && kind == Kind::Overdue && submitter == Some(person) && !late.is_empty();
    if own.is_empty() && !for_submitter {
        return Ok(Carried::Done);
    }
    let away = loaded.get(&away)?.filter(|away| away.from_at <= now && !for_submitter);
    // Whoever decides for somebody else may have decided, or be kept from it; then nobody is left to be told.
    let to = away.as_ref().map_or(person, |away| &away.stand_in);
    let names: Vec<AccountId> = [Some(to), Some(person), submitter].into_iter().flatten().cloned().collect();
    let Some(mailing) = Mailing::of(errand, about.page, to, names).await? else { return Ok(Carried::Done) };
    let asked = asked(review, if for_submitter { &late } else { &own }, away.map(|_| mailing.name(person)));
    let (reader, page) = (&mailing.reader, &mailing.about());
    let by = submitter.map(|by| mailing.name(by));
    let mail = match kind {
        Kind::Asked => texts::review_asked(reader, page, by.as_deref(), &asked),
        Kind::Reminder => texts::reminder(reader, page, &asked),
        Kind::Overdue if for_submitter => texts::overdue_submitter(reader, page, &asked),
        Kind::Overdue => texts::overdue(reader, page, &asked),
    };
    send(errand, &mail, &row.key).await
}

/// Mails a page's creator, and whoever submitted it last, that its state has expired.
///
/// # Errors
/// What stood in the way.
pub async fn expired(
    errand: &Errand<'_>,
    row: &Claimed,
    page: &PageId,
    state: &str,
    seq: Seq,
) -> Result<Carried, Obstacle> {
    let mut loading = Loading::new();
    let stream = loading.add(pages::stream(errand.site, page));
    let submitter = loading.add(waiting::last_submitter(errand.site, page));
    let loaded = loading.run(errand.db).await?;
    let Some(fold) = pages::fold(&loaded.get(&stream)?)? else { return Ok(Carried::Done) };
    if fold.ended || fold.seq < seq {
        return Ok(Carried::Done);
    }
    let app = errand.app().await?;
    errand.called(1);
    let Some(mention) = mentions(&app, [page]).await?.remove(page) else { return Ok(Carried::Done) };
    let people: BTreeSet<AccountId> = loaded.get(&submitter)?.into_iter().chain(mention.created_by.clone()).collect();
    let people: Vec<AccountId> = people.into_iter().collect();
    errand.called(1);
    let profiles = user::profiles(&app, &people).await?;
    for person in &people {
        let Some(reader) = reader(errand, &app, page, person, &profiles).await? else { continue };
        let about = About { title: mention.title.clone(), link: mention.link.clone() };
        let mail: Mail = texts::expired(&reader, &about, state, &fold.state.name, row.created_at);
        send(errand, &mail, &format!("{}/{person}", row.key)).await?;
    }
    Ok(Carried::Done)
}

impl InReview<'_> {
    fn concerns(&self, now: &ApprovalNow) -> bool {
        self.approvals.is_empty() || self.approvals.contains(&now.asked.id)
    }
}

fn under_way(fold: &PageFold, state_seq: Seq) -> Option<&Review> {
    fold.review.as_ref().filter(|_| !fold.ended && fold.state_seq == state_seq)
}

fn asked(review: &Review, approvals: &[&ApprovalNow], away: Option<String>) -> Asked {
    let approvals = approvals.iter().map(|now| (now.asked.name.clone(), now.due_at)).collect();
    Asked { version: review.version, approvals, away }
}

/// One mail about one page to one person, all asked of Confluence.
struct Mailing {
    reader: Reader,
    mention: Mention,
    profiles: BTreeMap<AccountId, Profile>,
}

impl Mailing {
    /// [`None`] if the page is gone, or the person may not see it.
    async fn of(
        errand: &Errand<'_>,
        page: &PageId,
        to: &AccountId,
        mut names: Vec<AccountId>,
    ) -> Result<Option<Self>, Obstacle> {
        let app = errand.app().await?;
        errand.called(1);
        let Some(mention) = mentions(&app, [page]).await?.remove(page) else { return Ok(None) };
        names.sort_unstable();
        names.dedup();
        errand.called(1);
        let profiles = user::profiles(&app, &names).await?;
        let reader = reader(errand, &app, page, to, &profiles).await?;
        Ok(reader.map(|reader| Self { reader, mention, profiles }))
    }

    fn about(&self) -> About {
        About { title: self.mention.title.clone(), link: self.mention.link.clone() }
    }

    fn name(&self, account: &AccountId) -> String {
        name(&self.profiles, account)
    }
}

fn name(profiles: &BTreeMap<AccountId, Profile>, account: &AccountId) -> String {
    profiles.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
}

/// Somebody who can be mailed about the page: [`None`] if they may not see it, or have no address.
async fn reader(
    errand: &Errand<'_>,
    app: &Client,
    page: &PageId,
    person: &AccountId,
    profiles: &BTreeMap<AccountId, Profile>,
) -> Result<Option<Reader>, Obstacle> {
    errand.called(1);
    if !rights::may(app, person, page, PageRight::Read).await? {
        return Ok(None);
    }
    errand.called(1);
    let Some(to) = user::email(app, person).await? else { return Ok(None) };
    let zone = zone::of_name(profiles.get(person).and_then(|profile| profile.time_zone.as_deref()));
    Ok(Some(Reader { to, name: name(profiles, person), zone, not_me: None }))
}
