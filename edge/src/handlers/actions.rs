//! What the person may do on this page now, and why not where they may not.

use super::{app, page, people};
use crate::confluence::page::Wanted;
use crate::confluence::rights::{self, Clients, PageRight};
use crate::confluence::{Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, guess, installation};
use engine::page::decide::{self, Refusal, under_review};
use engine::page::fold::Review;
use engine::token::policy::Action;
use engine::wire::status::{ActionsRequest, ActionsResponse, FactorState, Offer, ViewerKind};

const NOTHING: Offer = Offer::Closed { why: None };

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: ActionsRequest) -> Result<ActionsResponse, EdgeError> {
    let page = caller.page()?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let slots = page::ask(&mut loading, &caller.site, page);
    let factors = loading.add(factor::of_person(&caller.site, &caller.person));
    let guesses = loading.add(guess::of_person(&caller.site, &caller.person));
    let installation = loading.add(installation::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let known = page::read(cx, &db, &caller.site, &loaded, &slots).await?;
    if caller.license_active == Some(false) {
        let why = "Countersign's licence on this site is not active: pages can be read, nothing can be decided.";
        return Ok(ActionsResponse { submit: closed(why), decide: NOTHING, factor: None, lock: None });
    }

    let workflow = known.workflow()?;
    let state = match &known.fold {
        Some(fold) => workflow.definition.state(&fold.state.id),
        None => workflow.definition.initial(),
    };
    let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref());
    let submit = match state.and_then(|state| state.transitions.submit.as_ref()) {
        Some(_) if may_edit(cx, caller, app.as_ref().ok()).await? => Offer::Open,
        Some(_) | None => NOTHING,
    };
    let decide = match under_review(known.fold.as_ref(), &workflow) {
        Err(_) => NOTHING,
        Ok((_, state, review)) => {
            let app = app?;
            let reviewer = people::reviewer(cx, caller, &app, state, Freshness::Cached).await?;
            match decide::approval_for(state, review, &reviewer) {
                Ok(_) => Offer::Open,
                Err(refusal) => why_not(&refusal, review, caller),
            }
        }
    };
    let needs_token = decide == Offer::Open
        && [Action::Approve, Action::Reject].into_iter().any(|action| known.policy.policy.asks_for_token(action));
    let factor = if needs_token {
        let usable = loaded.get(&factors)?.iter().any(|factor| known.policy.policy.factors.contains(&factor.kind));
        Some(if usable { FactorState::Enrolled } else { FactorState::Missing })
    } else {
        None
    };
    let lock = if needs_token { loaded.get(&guesses)?.lock(cx.now) } else { None };
    Ok(ActionsResponse { submit, decide, factor, lock })
}

async fn may_edit(cx: &Cx, caller: &UiCaller, app: Option<&Client>) -> Result<bool, EdgeError> {
    let page = caller.page()?;
    Ok(match caller.kind {
        ViewerKind::Licensed => {
            let person = Client::as_person(&cx.config, caller)?;
            let clients = Clients { person: Some(&person), app: None };
            rights::page_as_caller(clients, caller, page, Wanted::default(), Freshness::Cached, cx.now).await?.may_edit
        }
        ViewerKind::Guest => match app {
            Some(app) => rights::guest_may(app, caller, page, PageRight::Edit, Freshness::Cached, cx.now).await?,
            None => false,
        },
    })
}

fn why_not(refusal: &Refusal, review: &Review, caller: &UiCaller) -> Offer {
    match refusal {
        // Not asked at all: only those who worked on it wonder why.
        Refusal::NotReviewer if review.author == caller.person => {
            closed("You wrote this version; the reviewers decide on it.")
        }
        Refusal::NotReviewer if review.submitted_by.account == caller.person => {
            closed("You submitted this version; the reviewers decide on it.")
        }
        Refusal::Excluded(excluded) => closed(&format!("Somebody else has to decide: {excluded}.")),
        Refusal::AlreadyDecided => closed("Your decision is recorded. Others still have to decide."),
        _ => NOTHING,
    }
}

fn closed(why: &str) -> Offer {
    Offer::Closed { why: Some(why.to_owned()) }
}
