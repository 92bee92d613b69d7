//! Who would be asked for what, and why: for an admin, about anybody. The same rules answer that judge what is then done.

use super::super::app;
use super::super::settings::require_admin;
use super::super::site;
use super::{faulty, in_force};
use crate::confirm::subject::{Asked, subject};
use crate::confluence::page::{self, Wanted};
use crate::confluence::{Client, Freshness, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, known};
use crate::store::d1::Db;
use crate::store::factor::{self, Factor};
use crate::store::guess;
use crate::store::load::Loading;
use engine::time::Timestamp;
use engine::token::life::Stage;
use engine::token::mail_code;
use engine::token::policy::check::check;
use engine::token::policy::{Action, External, FactorKind, Policy, Requirement, Subject};
use engine::wire::policy::{AskedFor, WhoIsAskedRequest, WhoIsAskedResponse};
use engine::wire::problem::ProblemKind;
use engine::workflow::definition::StepUp;
use std::collections::BTreeSet;

/// Rules: (1) a Confluence admin, (2) who sees the page, (3) an account there is.
pub(in crate::handlers) async fn what_if(
    cx: &Cx,
    caller: &UiCaller,
    body: WhoIsAskedRequest,
) -> Result<WhoIsAskedResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    // (2)
    let as_admin = Client::as_person(&cx.config, caller)?;
    let found = page::get(&as_admin, &body.page, Wanted { version: None, body: false }).await?;
    // (3)
    let app = app::client_for(cx, &db, site).await?;
    let profile = user::profile(&app, &body.person).await?.filter(|profile| !profile.is_app).ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "Confluence knows no such person. Choose one from the list.")
    })?;
    let policy = match body.draft {
        None => in_force(&db, caller).await?.policy,
        Some(draft) => check(draft).map_err(faulty)?.draft.into_policy(0),
    };
    let mut loading = Loading::new();
    let slots = known::ask(&mut loading, site, &body.page);
    let factors = loading.add(factor::of_person(site, &body.person));
    let guesses = loading.add(guess::of_person(site, &body.person));
    let loaded = loading.run(&db).await?;
    let known = known::read(&db, site, &loaded, &slots).await?;
    let factors = loaded.get(&factors)?;
    let has = Has::of(&factors, cx.now);
    let mut told = Told::by(&policy, &has);
    for action in Action::ALL {
        let about = Asked {
            site,
            installation: &caller.installation,
            person: &body.person,
            guest: profile.is_guest,
            now: cx.now,
        };
        let subject = subject(about, &policy, action, async || Ok(app.clone())).await?;
        told.tell(Some(&known), &subject, action);
    }
    Ok(WhoIsAskedResponse {
        title: found.title,
        name: profile.name,
        external: told.external,
        asked: told.asked,
        has: has.now(),
        expired: has.expired(),
        lock: loaded.get(&guesses)?.lock(cx.now),
    })
}

/// What is told of one person.
pub(super) struct Told<'a> {
    policy: &'a Policy,
    has: &'a Has,
    pub(super) asked: Vec<AskedFor>,
    pub(super) external: Option<External>,
}

/// What somebody has.
pub(super) struct Has {
    /// What counts.
    now: BTreeSet<FactorKind>,
    /// That, and what has to be renewed.
    held: BTreeSet<FactorKind>,
}

impl Has {
    pub(super) fn of(factors: &[Factor], now: Timestamp) -> Self {
        let kinds = |is: fn(Stage) -> bool| {
            factors.iter().filter(|factor| is(factor.stage(now))).map(|factor| factor.kind).collect()
        };
        Self { now: kinds(Stage::counts), held: kinds(Stage::is_held) }
    }

    /// What counts now, the strongest first.
    pub(super) fn now(&self) -> Vec<FactorKind> {
        self.now.iter().rev().copied().collect()
    }

    /// Kinds of which none counts now, and that can be renewed.
    pub(super) fn expired(&self) -> Vec<FactorKind> {
        (&self.held - &self.now).into_iter().rev().collect()
    }
}

impl<'a> Told<'a> {
    pub(super) fn by(policy: &'a Policy, has: &'a Has) -> Self {
        Self { policy, has, asked: Vec::new(), external: None }
    }

    /// Adds what they are asked for an action: for verdicts on each approval of the page's workflow.
    pub(super) fn tell(&mut self, known: Option<&Known>, subject: &Subject, action: Action) {
        self.external = self.external.or(subject.external);
        let is_verdict = matches!(action, Action::Approve | Action::Reject);
        let running = known.and_then(Known::under).filter(|_| is_verdict).map(|(_, running)| running);
        let approvals = running.into_iter().flat_map(|running| &running.definition.states);
        let approvals: Vec<_> = approvals.flat_map(|state| &state.approvals).collect();
        if approvals.is_empty() {
            self.add(None, &StepUp::Policy, subject, action);
        }
        for approval in approvals {
            self.add(Some(approval.name.clone()), &approval.step_up, subject, action);
        }
    }

    fn add(&mut self, approval: Option<String>, own: &StepUp, subject: &Subject, action: Action) {
        let asked = self.policy.requirement(own, subject, action);
        let because = asked.why(subject);
        let ways = self.ways(&asked);
        self.asked.push(AskedFor { action, approval, ways, because, demand: asked.demand });
    }

    /// Kinds that would do, the strongest first.
    fn ways(&self, asked: &Requirement) -> Vec<FactorKind> {
        let mut kinds: BTreeSet<FactorKind> = asked.factors().filter(|kind| self.has.now.contains(kind)).collect();
        if mail_code::counts(asked, self.has.held.iter().copied()) {
            kinds.insert(FactorKind::MailCode);
        }
        kinds.into_iter().rev().collect()
    }
}
