//! Who would be asked for what, and why: for an admin about anybody, for everybody about themselves. The same rules answer
//! that judge what is then done.

use super::super::settings::require_admin;
use super::super::site::{self, PolicyHead};
use super::super::{app, page as page_of};
use super::{faulty, in_force};
use crate::confirm::subject::{Asked, subject};
use crate::confirm::subject_of;
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
use engine::token::life::Stage;
use engine::token::mail_code;
use engine::token::policy::check::check;
use engine::token::policy::{Action, External, FactorKind, Policy, Requirement, Subject};
use engine::wire::policy::{AskedFor, WhoIsAskedRequest, WhoIsAskedResponse, WhyRequest, WhyResponse};
use engine::wire::problem::ProblemKind;
use engine::workflow::definition::StepUp;
use std::collections::BTreeSet;

/// What people do on a page.
const ON_A_PAGE: [Action; 6] =
    [Action::Submit, Action::Approve, Action::Reject, Action::Select, Action::Reassign, Action::Publish];

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
    let has = kinds(&factors, |stage| stage.counts(), cx);
    let expired = kinds(&factors, |stage| stage == Stage::Expired, cx).difference(&has).copied().collect::<Vec<_>>();
    let mut told = Told { policy: &policy, has: &has, asked: Vec::new(), external: None };
    for action in Action::ALL {
        let about = Asked {
            site,
            installation: &caller.installation,
            person: &body.person,
            guest: profile.is_guest,
            now: cx.now,
        };
        let subject = subject(about, &policy, action, async || Ok(app.clone())).await?;
        told.tell(&known, &subject, action);
    }
    Ok(WhoIsAskedResponse {
        title: found.title,
        name: profile.name,
        external: told.external,
        asked: told.asked,
        has: has.into_iter().rev().collect(),
        expired: expired.into_iter().rev().collect(),
        lock: loaded.get(&guesses)?.lock(cx.now),
    })
}

/// Anybody about themselves, on the page their token names.
pub(in crate::handlers) async fn why(cx: &Cx, caller: &UiCaller, _: WhyRequest) -> Result<WhyResponse, EdgeError> {
    let page = caller.page()?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    let mut loading = Loading::new();
    let slots = page_of::ask(&mut loading, site, page);
    let factors = loading.add(factor::of_person(site, &caller.person));
    let loaded = loading.run(&db).await?;
    let (known, PolicyHead { policy, .. }) = page_of::read(cx, &db, site, &loaded, &slots).await?;
    let has = kinds(&loaded.get(&factors)?, |stage| stage.counts(), cx);
    let mut told = Told { policy: &policy, has: &has, asked: Vec::new(), external: None };
    for action in ON_A_PAGE {
        let subject = subject_of(cx, &db, caller, &policy, action).await?;
        told.tell(&known, &subject, action);
    }
    let external = told.external.map(|external| format!("You count as external because {}.", external.sentence()));
    Ok(WhyResponse { external, asked: told.asked })
}

/// What is told of one person.
struct Told<'a> {
    policy: &'a Policy,
    has: &'a BTreeSet<FactorKind>,
    asked: Vec<AskedFor>,
    external: Option<External>,
}

impl Told<'_> {
    /// Adds what they are asked for an action: for verdicts on each approval of the page's workflow.
    fn tell(&mut self, known: &Known, subject: &Subject, action: Action) {
        self.external = self.external.or(subject.external);
        let is_verdict = matches!(action, Action::Approve | Action::Reject);
        let running = known.under().filter(|_| is_verdict).map(|(_, running)| running);
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
        let ways = ways(&asked, self.has);
        self.asked.push(AskedFor { action, approval, ways, because, demand: asked.demand });
    }
}

/// Kinds that would do, the strongest first.
fn ways(asked: &Requirement, has: &BTreeSet<FactorKind>) -> Vec<FactorKind> {
    let mut kinds: BTreeSet<FactorKind> = asked.factors().filter(|kind| has.contains(kind)).collect();
    if mail_code::counts(asked, kinds.iter().copied()) {
        kinds.insert(FactorKind::MailCode);
    }
    kinds.into_iter().rev().collect()
}

fn kinds(factors: &[Factor], is: impl Fn(Stage) -> bool, cx: &Cx) -> BTreeSet<FactorKind> {
    factors.iter().filter(|factor| is(factor.stage(cx.now))).map(|factor| factor.kind).collect()
}
