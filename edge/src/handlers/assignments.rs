//! Which pages come under which workflow: for Confluence admins, and for space admins where the site lets them.

use super::sensitive::{Change, Stage, changed_meanwhile};
use super::settings::require_admin;
use super::{app, site, workflows};
use crate::confluence::page::{self, Wanted};
use crate::confluence::rights::is_space_admin;
use crate::confluence::{Client, Freshness, label, tree};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::fit::modules::Module;
use crate::http::EdgeError;
use crate::store::assignment::{self, List, Lists};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{bulk, workflow};
use engine::assignment::{Level, PageFacts, Rules, check, explain, needs};
use engine::audit::entry::Actor;
use engine::ids::{Seq, SpaceId, StreamId, WorkflowId};
use engine::token::challenge::Act;
use engine::wire::assignments::{
    AssignRequest, Assigned, AssignmentsRequest, AssignmentsResponse, Choice, WhatIfRequest, WhatIfResponse,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::status::ViewerKind;
use engine::wire::workflows::{Answer, Defined, ValuesRequest};
use engine::workflow::parameter;
use engine::workflow::version::{Standing, WorkflowVersion};
use std::collections::{BTreeMap, BTreeSet};

/// Workflows looked at.
const MOST: u32 = 500;

/// Whose list the caller may look at or set: a Confluence admin any, a space admin the one of the token's space, if the site
/// lets them set it.
async fn whose(
    cx: &Cx,
    caller: &UiCaller,
    db: &Db,
    asked: Option<SpaceId>,
    freshness: Freshness,
) -> Result<Option<SpaceId>, EdgeError> {
    if caller.module != Module::Space {
        require_admin(cx, caller, freshness).await?;
        return Ok(asked);
    }
    let space = caller.space.clone().ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "This view belongs to a space. Open it from a space's sidebar.")
    })?;
    let is_admin = caller.kind == ViewerKind::Licensed && {
        let person = Client::as_person(&cx.config, caller)?;
        is_space_admin(&person, caller, &space, freshness, cx.now).await?
    };
    if !is_admin {
        return Err(EdgeError::refuse(ProblemKind::NotAllowed, "Only admins of this space can use this."));
    }
    if !db.ask(assignment::lists(&caller.site, None)).await?.site.space_admins {
        return Err(EdgeError::refuse(
            ProblemKind::NotAllowed,
            "On this site only Confluence admins assign workflows. One of them can let space admins do it, in Countersign's settings.",
        ));
    }
    Ok(Some(space))
}

pub(super) async fn get(
    cx: &Cx,
    caller: &UiCaller,
    body: AssignmentsRequest,
) -> Result<AssignmentsResponse, EdgeError> {
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    let space = whose(cx, caller, &db, body.space, Freshness::Cached).await?;
    site::open(cx, &db, site).await?;
    let mut loading = Loading::new();
    let lists = loading.add(assignment::lists(site, space.as_ref()));
    let all = loading.add(workflow::all(site, MOST));
    let everywhere = loading.add(assignment::everywhere(site));
    let loaded = loading.run(&db).await?;
    let Lists { site: of_site, space: of_space } = loaded.get(&lists)?;
    let all = loaded.get(&all)?;
    let standings = standings(&all);
    let space_admins = of_site.space_admins;
    let (level, list, higher) = match &space {
        None => (Level::Site, of_site, Rules::default()),
        Some(_) => (Level::Space, of_space, of_site.rules),
    };
    let mut spaces = BTreeSet::new();
    if space.is_none() {
        spaces = loaded.get(&everywhere)?.into_iter().filter_map(|(space, _)| space).collect();
    }
    let mut choices = Vec::new();
    for one in all.into_iter().filter(|one| one.standing == Standing::Active) {
        let mut choice = Choice {
            workflow: one.id,
            name: one.name,
            version: one.version,
            parameters: Vec::new(),
            values: BTreeMap::new(),
        };
        if let Some(space) = &space {
            // Few workflows are in force at once, and each is one row.
            if let Some(stored) = db.ask(workflow::newest(site, &choice.workflow)).await? {
                let (says, _) = stored.content()?;
                choice.parameters = parameter::declared(&says.document).unwrap_or_default();
                choice.values = says.values.spaces.get(space).cloned().unwrap_or_default();
            }
        }
        choices.push(choice);
    }
    Ok(AssignmentsResponse {
        checked: check(level, &list.rules, &higher, &standings),
        space,
        version: list.version,
        rules: list.rules,
        higher,
        space_admins,
        spaces,
        workflows: choices,
    })
}

fn standings(all: &[workflow::Listed]) -> BTreeMap<WorkflowId, Standing> {
    all.iter().map(|one| (one.id.clone(), one.standing)).collect()
}

/// Rules: (1) whoever may, asked afresh, (2) the list was made from the one in force, (3) it has no fault, (4) confirmed,
/// (5) one batch.
pub(super) async fn assign(cx: &Cx, caller: &UiCaller, body: AssignRequest) -> Result<Answer<Assigned>, EdgeError> {
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    // (1)
    let space = whose(cx, caller, &db, body.space.clone(), Freshness::Fresh).await?;
    site::open(cx, &db, site).await?;
    if space.is_some() && body.space_admins.is_some() {
        let detail = "Whether space admins may assign workflows belongs to the site's list.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("space_admins").into());
    }
    // The space of a space admin's request is the token's: it is confirmed with the rest.
    let body = AssignRequest { space: space.clone(), ..body };
    let change = Change { cx, caller, db: &db, act: Act::Assign };
    if let Some(before) = change.before(&body, body.confirm.as_ref()).await? {
        return Ok(assigned(before.seq));
    }
    let mut loading = Loading::new();
    let lists = loading.add(assignment::lists(site, space.as_ref()));
    let all = loading.add(workflow::all(site, MOST));
    let loaded = loading.run(&db).await?;
    let lists = loaded.get(&lists)?;
    let (level, before, higher) = match &space {
        None => (Level::Site, &lists.site, Rules::NONE),
        Some(_) => (Level::Space, &lists.space, &lists.site.rules),
    };
    // (2)
    if before.version != body.based_on {
        return Err(changed_meanwhile());
    }
    // (3)
    let checked = check(level, &body.rules, higher, &standings(&loaded.get(&all)?));
    if !checked.faults.is_empty() {
        let detail = "Some rules have to be corrected before they can be used. Each fault says where and how.";
        let mut problem = Problem::new(ProblemKind::BadDefinition, detail).at("rules");
        problem.faults = checked.faults;
        return Err(problem.into());
    }
    // (4)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return Ok(assigned(before.seq)),
        Stage::Make(permit) => permit,
    };
    // (5)
    let list = List {
        version: body.based_on.saturating_add(1),
        space_admins: space.is_none() && body.space_admins.unwrap_or(before.space_admins),
        rules: body.rules,
    };
    let actor = Actor::person(&caller.person);
    let mut commit = Commit::new(site, cx.now);
    if space.is_some() {
        // It was checked against the site's list as it was read.
        commit = commit.require_head(&StreamId::assignment(None), Seq(u64::from(lists.site.version)));
    }
    let commit = assignment::set(commit, site, space.as_ref(), &list, &actor, cx.now)
        .map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let seq = Seq(u64::from(list.version));
    change.make(&permit, commit, &StreamId::assignment(space.as_ref()), seq).await?;
    Ok(assigned(seq))
}

fn assigned(seq: Seq) -> Answer<Assigned> {
    Answer::Done(Assigned { version: u32::try_from(seq.0).unwrap_or(u32::MAX) })
}

pub(super) async fn what_if(cx: &Cx, caller: &UiCaller, body: WhatIfRequest) -> Result<WhatIfResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    // With the admin's own token: what they may not see, titles included, is not there.
    let person = Client::as_person(&cx.config, caller)?;
    let found = page::get(&person, &body.page, Wanted { version: None, body: false }).await?;
    let mut loading = Loading::new();
    let lists = loading.add(assignment::lists(site, Some(&found.space)));
    let begun = loading.add(bulk::begun(site, core::slice::from_ref(&body.page)));
    let loaded = loading.run(&db).await?;
    let Lists { site: mut of_site, space: mut of_space } = loaded.get(&lists)?;
    if let Some(rules) = body.rules {
        if body.for_space { of_space.rules = rules } else { of_site.rules = rules }
    }
    let wanted = needs([&of_site.rules, &of_space.rules]);
    let app = app::client_for(cx, &db, site).await;
    let (mut labels, mut ancestors) = (BTreeSet::new(), Vec::new());
    if wanted.labels {
        labels = label::labels(app.as_ref().unwrap_or(&person), &body.page).await?;
    }
    if wanted.ancestors {
        ancestors = tree::ancestors(app.as_ref().unwrap_or(&person), &body.page).await?;
    }
    let facts =
        PageFacts { page: body.page.clone(), labels: labels.clone(), ancestors: ancestors.iter().cloned().collect() };
    let runs_on = loaded.get(&begun)?.remove(&body.page).filter(|one| !one.ended).and_then(|one| one.workflow);
    Ok(WhatIfResponse {
        page: body.page,
        title: found.title,
        space: found.space,
        labels,
        ancestors,
        explanation: explain(&of_site.rules, &of_space.rules, &facts),
        runs_on,
    })
}

/// One space's values of a workflow's parameters, by its admins. Rules: as for [`assign`].
pub(super) async fn values(cx: &Cx, caller: &UiCaller, body: ValuesRequest) -> Result<Answer<Defined>, EdgeError> {
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    let space = whose(cx, caller, &db, None, Freshness::Fresh).await?;
    let space = space.ok_or_else(|| EdgeError::internal("a space's values without a space"))?;
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::SetValues };
    // The space is the token's: it is confirmed with the rest.
    let request = (&space, &body.workflow, body.based_on, &body.values);
    if let Some(before) = change.before(&request, body.confirm.as_ref()).await? {
        return workflows::made(&change, &body.workflow, before.seq).await;
    }
    let stored = workflows::newest_is(&change, &body.workflow, body.based_on).await?;
    let (mut says, _): (WorkflowVersion, Actor) = match stored {
        Some(stored) => stored.content()?,
        None => return Err(EdgeError::refuse(ProblemKind::NotFound, "There is no such workflow. Reload the list.")),
    };
    if says.standing != Standing::Active {
        return Err(EdgeError::refuse(ProblemKind::NotFound, "This workflow is not in use. Reload the list."));
    }
    if body.values.is_empty() {
        says.values.spaces.remove(&space);
    } else {
        says.values.spaces.insert(space.clone(), body.values.clone());
    }
    if let Err(faults) = says.definition(&space) {
        let detail = "The workflow does not work with these values. Each fault says where and how to mend it.";
        let mut problem = Problem::new(ProblemKind::BadDefinition, detail).at("values");
        problem.faults = faults;
        return Err(problem.into());
    }
    let permit = match change.stage(&request, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return workflows::made(&change, &body.workflow, before.seq).await,
        Stage::Make(permit) => permit,
    };
    let commit = Commit::new(site, cx.now);
    let (commit, stream, seq) = workflows::next(&change, commit, &body.workflow, body.based_on, &says)?;
    change.make(&permit, commit, &stream, seq).await?;
    workflows::made(&change, &body.workflow, seq).await
}
