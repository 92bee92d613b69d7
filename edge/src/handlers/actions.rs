//! What the person may do on this page now, and why not where they may not.

use super::offer;
use super::people::{Asking, Wanted};
use super::seen::Seen;
use super::{app, invitation, page};
use crate::confirm::asked::Asked;
use crate::confirm::ways::Ways;
use crate::confirm::{standing, subject_of};
use crate::confluence::page::Wanted as Part;
use crate::confluence::rights::{self, Clients, PageRight};
use crate::confluence::{Actor, Client, ConfluenceError, Freshness, group, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{absence, installation};
use engine::ids::AccountId;
use engine::page::ROSTER_MAX;
use engine::page::decide::Workflow;
use engine::page::fold::PageFold;
use engine::token::policy::{Action, Policy};
use engine::wire::status::{
    ActionsRequest, ActionsResponse, AssignReviewers, Candidate, FactorState, Offer, Submitting, ViewerKind,
};
use engine::workflow::definition::{Approval, Assigned, CommentRule, State, StepUp};
use std::collections::BTreeMap;

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: ActionsRequest) -> Result<ActionsResponse, EdgeError> {
    let page = caller.page()?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let slots = page::ask(&mut loading, &caller.site, page);
    let owned = standing::ask(&mut loading, &caller.site, &caller.person, cx.now);
    let away = loading.add(absence::stands_in(&caller.site, &caller.person, cx.now));
    let installation = loading.add(installation::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let (known, policy) = page::read(cx, &db, &caller.site, &loaded, &slots).await?;
    if caller.license_active == Some(false) {
        return Ok(ActionsResponse { submit: offer::closed(offer::UNLICENSED), ..nothing() });
    }
    let starting = match known.under() {
        Some(_) => None,
        None => match page::would_start(cx, &db, caller, &known).await {
            Ok(starting) => Some(starting),
            // The status says that no workflow is assigned; there is nothing to do.
            Err(EdgeError::Refused(_)) => return Ok(nothing()),
            Err(error) => return Err(error),
        },
    };
    let running = starting.as_ref().map(|starting| &starting.running).or(known.running.as_ref());
    let Some(running) = running else { return Ok(nothing()) };
    let fold = known.under().map(|(fold, _)| fold);
    let workflow = running.workflow();
    let Ok(state) = workflow.current(fold) else { return Ok(nothing()) };

    let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref());
    let invites = fold.is_some_and(|fold| policy.policy.invitations.allow(&fold.workflow));
    let looking = Looking { cx, caller, app: app.ok(), state, invites };
    let Some(seen) = looking.look(&loaded.get(&away)?).await? else { return Ok(nothing()) };
    let review = fold.and_then(|fold| fold.review.as_ref()).filter(|_| !state.approvals.is_empty());
    let approvals = review.map_or_else(Vec::new, |review| seen.approvals(state, review, &known));
    let decide = match (approvals.iter().find(|one| one.decide == Offer::Open), approvals.first(), review) {
        (Some(_), ..) => Offer::Open,
        (None, Some(first), _) => first.decide.clone(),
        (None, None, Some(review)) => seen.why_not_asked(review),
        (None, None, None) => offer::NOTHING,
    };
    let subject = Subjects { cx, db: &db, caller, policy: &policy.policy };
    let mut asked = Vec::new();
    for one in approvals.iter().filter(|one| one.decide == Offer::Open) {
        let own = state.approval(&one.approval).map_or(StepUp::Policy, |approval| approval.step_up.clone());
        asked.extend(subject.asked(&own).await?);
    }
    asked.retain(|asked| asked.requirement.asks());
    let (factor, lock) = if asked.is_empty() {
        (None, None)
    } else {
        let owned = standing::read(&loaded, &owned)?;
        let can = asked.iter().all(|asked| {
            let ways = Ways::of(asked, &owned, cx.now);
            !ways.needs_factor(asked) || !ways.kinds.is_empty()
        });
        (Some(if can { FactorState::Enrolled } else { FactorState::Missing }), owned.guesses.lock(cx.now))
    };
    let submit = seen.submit(state);
    let submitting = match submit {
        Offer::Open => looking.submitting(&workflow, fold, &seen).await?,
        Offer::Closed { .. } => None,
    };
    let inviting = match fold.zip(review) {
        Some(under) => invitation::offer(cx, caller, &policy.policy, under, seen.person.may_edit).await,
        None => None,
    };
    let selects = seen.selects(state, &workflow);
    Ok(ActionsResponse { submit, submitting, decide, approvals, selects, inviting, factor, lock })
}

fn nothing() -> ActionsResponse {
    ActionsResponse {
        submit: offer::NOTHING,
        submitting: None,
        decide: offer::NOTHING,
        approvals: Vec::new(),
        selects: Vec::new(),
        inviting: None,
        factor: None,
        lock: None,
    }
}

/// Who the person is to the policy, for each verdict.
struct Subjects<'a> {
    cx: &'a Cx,
    db: &'a Db,
    caller: &'a UiCaller,
    policy: &'a Policy,
}

impl Subjects<'_> {
    /// What is asked of them for approving and for rejecting, where the approval says `own`.
    async fn asked(&self, own: &StepUp) -> Result<[Asked; 2], EdgeError> {
        let of = async |action| {
            let subject = subject_of(self.cx, self.db, self.caller, self.policy, action).await?;
            Ok::<_, EdgeError>(Asked::of_policy(self.policy, own, &subject, action))
        };
        Ok([of(Action::Approve).await?, of(Action::Reject).await?])
    }
}

/// A person looking at a page in a state.
struct Looking<'a> {
    cx: &'a Cx,
    caller: &'a UiCaller,
    /// As the app, where there is a token: much can be told without.
    app: Option<Client>,
    state: &'a State,
    /// Whether somebody without an account may be invited, by whoever may edit the page.
    invites: bool,
}

impl Looking<'_> {
    fn app(&self) -> Result<&Client, ConfluenceError> {
        self.app.as_ref().ok_or(ConfluenceError::NoToken(Actor::App))
    }

    /// Asks Confluence; [`None`] where the state offers nothing to anybody.
    async fn look(&self, away: &[absence::Absent]) -> Result<Option<Seen>, EdgeError> {
        let (cx, caller, transitions) = (self.cx, self.caller, &self.state.transitions);
        if transitions.submit.is_none() && transitions.select.is_empty() && self.state.approvals.is_empty() {
            return Ok(None);
        }
        let person = match caller.kind {
            ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
            ViewerKind::Guest | ViewerKind::Invited => None,
        };
        let id = caller.page()?;
        let clients = Clients { person: person.as_ref(), app: self.app.as_ref() };
        let part = Part::default();
        let page = rights::page_as_caller(clients, caller, id, part, Freshness::Cached, cx.now).await?;
        let by_right = self.invites
            || transitions.submit.iter().any(|submit| submit.who.is_empty())
            || transitions.select.iter().any(|select| select.who.is_empty());
        let may_edit = match caller.kind {
            ViewerKind::Licensed => Some(page.may_edit),
            ViewerKind::Guest if by_right => {
                let (right, cached) = (PageRight::Edit, Freshness::Cached);
                Some(rights::guest_may(self.app()?, caller, id, right, cached, cx.now).await?)
            }
            ViewerKind::Guest | ViewerKind::Invited => None,
        };
        let who = transitions.submit.iter().map(|submit| &submit.who);
        let who = who.chain(transitions.select.iter().map(|select| &select.who));
        let wanted = who.fold(Wanted::to_decide(self.state), Wanted::and);
        let asking = Asking {
            cx,
            caller,
            app: self.app.as_ref(),
            person: person.as_ref(),
            space: &page.space,
            may_edit,
            away: if self.state.approvals.is_empty() { &[] } else { away },
            freshness: Freshness::Cached,
        };
        let person = asking.person(id, &wanted).await?;
        Ok(Some(Seen { page, person }))
    }

    /// What submitting asks for.
    async fn submitting(
        &self,
        workflow: &Workflow<'_>,
        fold: Option<&PageFold>,
        seen: &Seen,
    ) -> Result<Option<Submitting>, EdgeError> {
        let Some(submit) = &self.state.transitions.submit else { return Ok(None) };
        let target = workflow.definition.state(&submit.to);
        let mut assign = Vec::new();
        for approval in target.iter().flat_map(|target| &target.approvals) {
            if let Some(assigned) = &approval.reviewers.assigned {
                assign.push(AssignReviewers {
                    approval: approval.id.clone(),
                    name: approval.name.clone(),
                    at_least: assigned.at_least,
                    candidates: self.candidates(approval, assigned, fold, seen).await?,
                });
            }
        }
        Ok(Some(Submitting { comment_required: submit.comment == CommentRule::Required, assign }))
    }

    /// Members of the groups reviewers must come from, without those who are kept from reviewing, by name.
    async fn candidates(
        &self,
        approval: &Approval,
        assigned: &Assigned,
        fold: Option<&PageFold>,
        seen: &Seen,
    ) -> Result<Vec<Candidate>, EdgeError> {
        let mut found: BTreeMap<AccountId, String> = BTreeMap::new();
        for group in &assigned.from {
            let members = group::members(self.app()?, group, ROSTER_MAX).await?;
            found.extend(members.people.into_iter().map(|one| (one.account, one.name)));
        }
        let kept = seen.kept_from(approval, fold);
        found.retain(|account, _| !kept.contains(account));
        let accounts: Vec<AccountId> = found.keys().cloned().collect();
        if !accounts.is_empty() {
            for gone in user::departed(self.app()?, &accounts).await? {
                found.remove(&gone);
            }
        }
        let mut candidates: Vec<Candidate> =
            found.into_iter().map(|(account, name)| Candidate { account, name }).collect();
        candidates.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.account.cmp(&b.account)));
        Ok(candidates)
    }
}
