//! What admins see of everybody's factors: who can confirm, who can't, who is locked; and reminders.
//!
//! The list comes in portions, in the order of account ids. Each looks at [`PORTION`] people and asks a bounded number of
//! times, however many people there are.

mod candidates;
mod lines;
mod outside;

use self::candidates::{Candidates, Sources};
use self::lines::Parts;
use self::outside::{Groups, Told};
use super::settings::require_admin;
use super::site::{self, PolicyHead};
use super::{app, heal};
use crate::confluence::{Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::d1::Db;
use crate::store::insight;
use crate::store::load::Loading;
use engine::ids::{AccountId, SiteId};
use engine::token::policy::Policy;
use engine::wire::insights::{
    InsightsRequest, InsightsResponse, PORTION, PersonLine, PersonRequest, PersonResponse, RemindRequest,
    RemindResponse, Reminded, ReminderOutcome,
};
use engine::wire::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Whom the list is made of, and with what Confluence is asked about them.
struct Census<'a> {
    cx: &'a Cx,
    db: &'a Db,
    site: &'a SiteId,
    /// [`None`]: it can't be asked now.
    app: Option<Client>,
    policy: Policy,
    groups: Groups,
    candidates: Candidates,
}

/// Some people of the list.
struct Looked {
    people: Vec<PersonLine>,
    departed: usize,
    /// Whether Confluence told who they are.
    told: bool,
}

impl<'a> Census<'a> {
    async fn take(cx: &'a Cx, db: &'a Db, site: &'a SiteId) -> Result<Self, EdgeError> {
        site::open(cx, db, site).await?;
        let policy = db.ask(PolicyHead::query(site)).await?;
        let lost = || EdgeError::internal("an opened site has no policy");
        let policy = PolicyHead::read(policy.as_ref())?.ok_or_else(lost)?.policy;
        let sources = Sources::load(db, site, &policy, cx.now).await?;
        // Who is locked has to be seen whatever becomes of Confluence.
        let app = app::client_for(cx, db, site).await.ok();
        let wanted = sources.groups();
        let asked = match &app {
            Some(app) => outside::groups(app, site, &wanted, cx.now).await.ok(),
            None => None,
        };
        let app = app.filter(|_| asked.is_some());
        let groups = asked.unwrap_or_else(|| Groups { cut: wanted, ..Groups::default() });
        let candidates = sources.candidates(&groups.members, cx.now);
        Ok(Self { cx, db, site, app, policy, groups, candidates })
    }

    /// Looks at these people, in the order given. Deactivated accounts are left out.
    async fn look(&self, accounts: &[AccountId]) -> Result<Looked, EdgeError> {
        let asked = match &self.app {
            Some(app) => Told::of(app, self.site, accounts, &self.policy.people, self.cx.now).await.ok(),
            None => None,
        };
        let is_told = asked.is_some();
        let told = asked.unwrap_or_default();
        let mut loading = Loading::new();
        let factors = loading.add(insight::factors(self.site, accounts));
        let known = loading.add(insight::people(self.site, accounts, self.cx.now));
        let loaded = loading.run(self.db).await?;
        let parts = Parts {
            policy: &self.policy,
            candidates: &self.candidates,
            members: &self.groups.members,
            told: &told,
            factors: loaded.get(&factors)?,
            known: loaded.get(&known)?,
            now: self.cx.now,
        };
        let here = accounts.iter().filter(|account| !told.is_gone(account));
        let people: Vec<PersonLine> = here.map(|account| parts.line(account)).collect();
        Ok(Looked { departed: accounts.len().saturating_sub(people.len()), people, told: is_told })
    }
}

/// A portion of the list.
pub(super) async fn list(cx: &Cx, caller: &UiCaller, body: InsightsRequest) -> Result<InsightsResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let db = Db::new(cx.db()?);
    let census = Census::take(cx, &db, &caller.site).await?;
    let from = body.after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = census.candidates.range((from, Bound::Unbounded)).map(|(account, _)| account.clone());
    let accounts: Vec<AccountId> = rest.by_ref().take(PORTION).collect();
    let more = rest.next().is_some();
    let looked = census.look(&accounts).await?;
    Ok(InsightsResponse {
        people: looked.people.into_iter().filter(|person| body.filter.keeps(person)).collect(),
        looked_at: count(accounts.len()),
        total: count(census.candidates.len()),
        departed: count(looked.departed),
        next: accounts.last().filter(|_| more).cloned(),
        life_days: census.policy.enrolment.life_days,
        cut: census.groups.cut,
        told: looked.told,
        now: cx.now,
    })
}

/// One person of it, as they are now.
pub(super) async fn person(cx: &Cx, caller: &UiCaller, body: PersonRequest) -> Result<PersonResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let db = Db::new(cx.db()?);
    let census = Census::take(cx, &db, &caller.site).await?;
    let listed = census.candidates.contains_key(&body.account);
    let accounts = if listed { vec![body.account] } else { Vec::new() };
    Ok(PersonResponse { person: census.look(&accounts).await?.people.into_iter().next() })
}

/// Mails reminders. Rules: (1) an admin, asked afresh, (2) a portion of people at most, each once, (3) only active approvers
/// whose accounts are in use and who have nothing that counts for long, (4) each at most once in a day, whoever asks.
pub(super) async fn remind(cx: &Cx, caller: &UiCaller, body: RemindRequest) -> Result<RemindResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    // (2)
    let accounts: BTreeSet<AccountId> = body.people.iter().cloned().collect();
    if accounts.len() > PORTION || accounts.len() != body.people.len() {
        let detail = format!("Name each person once, and at most {PORTION} at a time.");
        return Err(Problem::new(ProblemKind::BadField, detail).at("people").into());
    }
    let (db, site) = (Db::new(cx.db()?), &caller.site);
    let census = Census::take(cx, &db, site).await?;
    let listed: Vec<AccountId> =
        accounts.into_iter().filter(|account| census.candidates.contains_key(account)).collect();
    let looked = census.look(&listed).await?;
    if !looked.told {
        let detail =
            "Confluence can't be asked now whose accounts are in use, so nobody was reminded. Try again later.";
        return Err(EdgeError::refuse(ProblemKind::ConfluenceUnavailable, detail));
    }
    let looked: BTreeMap<AccountId, PersonLine> =
        looked.people.into_iter().map(|person| (person.account.clone(), person)).collect();
    // (3)
    let wanted: Vec<AccountId> =
        looked.values().filter(|person| person.can_be_reminded(cx.now)).map(|person| person.account.clone()).collect();
    // (4)
    let mailed = db.ask(insight::remind(site, &wanted, &caller.person, &random::id()?, cx.now)).await?;
    if !mailed.is_empty() {
        heal::carry_out(cx, site);
    }
    let outcome = |account: &AccountId| match looked.get(account).filter(|person| person.is_approver()) {
        None => ReminderOutcome::NotAsked,
        Some(_) if mailed.contains(account) => ReminderOutcome::Mailed,
        Some(person) if !person.standing.can_be_reminded() => ReminderOutcome::NotNeeded,
        Some(_) => ReminderOutcome::OfLate,
    };
    let people = body.people.into_iter().map(|account| Reminded { outcome: outcome(&account), account });
    Ok(RemindResponse { people: people.collect() })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
