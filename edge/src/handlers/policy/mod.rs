//! The step-up policy, for Confluence admins.
//!
//! * [`get`], [`check`], [`set`]: it is shown, checked, changed.
//! * [`what_if`](self::what_if()), [`why`]: who would be asked for what, and why.

mod asked;
mod why;

pub(super) use asked::what_if;
pub(super) use why::why;

use super::app;
use super::sensitive::{Change, Stage, changed_meanwhile};
use super::settings::require_admin;
use super::site::{self, PolicyHead};
use crate::confirm::subject_of;
use crate::confluence::{Freshness, group, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::{factor, journal, workflow};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::PolicyEvent;
use engine::ids::{AccountId, GroupId, Seq, StreamId};
use engine::token::challenge::Act;
use engine::token::policy::change::changes;
use engine::token::policy::check::{self as checking, Checked, Draft};
use engine::token::policy::{Action, FactorKind, Policy, Who};
use engine::wire::policy::{
    CheckPolicyRequest, CheckPolicyResponse, PolicyLine, PolicyRequest, PolicyResponse, PolicySet, SetPolicyRequest,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::Answer;
use engine::workflow::fault::Fault;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

/// Versions listed at most.
const MOST_VERSIONS: u32 = 50;
/// Names of groups asked for at most: one request each.
const MOST_GROUPS: usize = 20;
/// Names of people asked for at most.
const MOST_PEOPLE: usize = 200;
/// Workflows looked through at most.
const MOST_WORKFLOWS: u32 = 1000;

pub(super) async fn get(cx: &Cx, caller: &UiCaller, body: PolicyRequest) -> Result<PolicyResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let rows = db.ask(journal::latest(site, &StreamId::policy(), MOST_VERSIONS)).await?;
    let entries: Vec<Entry<PolicyEvent>> = rows
        .iter()
        .map(|row| serde_json::from_str(row.entry.as_deref().unwrap_or_default()))
        .collect::<Result<_, _>>()
        .map_err(|fault| EdgeError::internal(format!("a version of the policy can't be read: {fault}")))?;
    let version_of = |entry: &Entry<PolicyEvent>| {
        let PolicyEvent::PolicySet { policy } = &entry.event;
        policy.version
    };
    let newest = entries.first().map(version_of).ok_or_else(lost)?;
    let wanted = body.version.unwrap_or(newest);
    let shown = entries.iter().find(|entry| version_of(entry) == wanted).ok_or_else(no_version)?;
    let PolicyEvent::PolicySet { policy } = &shown.event;
    let draft = Draft::of(policy);
    let by = |entry: &Entry<PolicyEvent>| match &entry.actor {
        Actor::Person { account } => Some(account.clone()),
        Actor::System | Actor::Operator => None,
    };
    let authors = entries.iter().filter_map(by);
    let (groups, people) = names(cx, &db, caller, &draft, authors.collect()).await;
    let line = |entry: &Entry<PolicyEvent>| PolicyLine {
        version: version_of(entry),
        at: entry.at,
        by: by(entry),
        by_name: by(entry).and_then(|by| people.get(&by).cloned()),
    };
    Ok(PolicyResponse {
        version: wanted,
        newest,
        warnings: checking::check(draft.clone()).map(|checked| checked.warnings).unwrap_or_default(),
        history: entries.iter().map(line).collect(),
        draft,
        groups,
        people,
    })
}

/// Names of the groups and people a policy is about; what Confluence does not tell now is left out.
async fn names(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    draft: &Draft,
    authors: BTreeSet<AccountId>,
) -> (BTreeMap<GroupId, String>, BTreeMap<AccountId, String>) {
    let Ok(app) = app::client_for(cx, db, &caller.site).await else { return Default::default() };
    let groups: BTreeSet<&GroupId> = draft
        .rules
        .iter()
        .filter_map(|rule| if let Who::Group { group } = &rule.who { Some(group) } else { None })
        .collect();
    let groups = groups.into_iter().take(MOST_GROUPS).map(|id| group::named(&app, id));
    let groups = join_all(groups).await.into_iter().filter_map(Result::ok).flatten();
    let listed = draft.people.external.iter().chain(&draft.people.internal).cloned();
    let people: BTreeSet<AccountId> = authors.into_iter().chain(listed).collect();
    let people: Vec<AccountId> = people.into_iter().take(MOST_PEOPLE).collect();
    let profiles =
        if people.is_empty() { BTreeMap::new() } else { user::profiles(&app, &people).await.unwrap_or_default() };
    (
        groups.map(|group| (group.id, group.name)).collect(),
        profiles.into_iter().map(|(account, profile)| (account, profile.name)).collect(),
    )
}

pub(super) async fn check(
    cx: &Cx,
    caller: &UiCaller,
    body: CheckPolicyRequest,
) -> Result<CheckPolicyResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let now = in_force(&db, caller).await?.policy;
    let unknown = unknown_workflows(&db, caller, &body.draft).await?;
    Ok(match all_right(checking::check(body.draft), unknown) {
        Err(faults) => CheckPolicyResponse { faults, warnings: Vec::new(), locks_out: None, changes: Vec::new() },
        Ok(Checked { draft, warnings }) => CheckPolicyResponse {
            faults: Vec::new(),
            warnings,
            changes: changes(&Draft::of(&now), &draft),
            locks_out: locks_out(cx, &db, caller, &draft.into_policy(now.version.saturating_add(1))).await?,
        },
    })
}

/// Rules: (1) a Confluence admin, asked afresh, (2) the draft has no fault, and the admin could change it again, (3) it was
/// made from the version in force, (4) confirmed as that version asks, which must still be in force when (5) one batch is
/// written.
pub(super) async fn set(cx: &Cx, caller: &UiCaller, body: SetPolicyRequest) -> Result<Answer<PolicySet>, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::SetPolicy };
    let done = |seq: Seq| Answer::Done(PolicySet { version: u32::try_from(seq.0).unwrap_or(u32::MAX) });
    if let Some(before) = change.before(&body, body.confirm.as_ref()).await? {
        return Ok(done(before.seq));
    }
    // (2)
    let unknown = unknown_workflows(&db, caller, &body.draft).await?;
    let draft = all_right(checking::check(body.draft.clone()), unknown).map_err(faulty)?.draft;
    let policy = draft.into_policy(body.based_on.saturating_add(1));
    if let Some(why) = locks_out(cx, &db, caller, &policy).await? {
        return Err(Problem::new(ProblemKind::BadPolicy, why).at("draft").into());
    }
    // (3)
    let now = in_force(&db, caller).await?;
    if now.policy.version != body.based_on {
        return Err(changed_meanwhile());
    }
    // (4)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return Ok(done(before.seq)),
        Stage::Make(permit) => permit,
    };
    // (5)
    let (stream, seq) = (StreamId::policy(), now.head.next());
    let (actor, event) = (Actor::person(&caller.person), PolicyEvent::PolicySet { policy });
    let entry = Entry { v: ENCODING, site: site.clone(), stream: stream.clone(), at: cx.now, actor, event };
    let entry = entry.seal().map_err(|fault| {
        Problem::new(ProblemKind::BadField, format!("This can't be recorded: {fault}.")).at("draft")
    })?;
    // Last: what belongs to the confirmation asks for the policy it was judged by.
    let commit = Commit::new(site, cx.now).at_last(journal::append(site, &entry, seq));
    change.make(&permit, commit, &stream, seq).await?;
    Ok(done(seq))
}

/// Workflows of which invitations speak, and that the site has not.
async fn unknown_workflows(db: &Db, caller: &UiCaller, draft: &Draft) -> Result<Vec<Fault>, EdgeError> {
    if draft.invitations.workflows.is_empty() {
        return Ok(Vec::new());
    }
    let all = db.ask(workflow::all(&caller.site, MOST_WORKFLOWS)).await?;
    Ok(draft.invitations.unknown(&all.into_iter().map(|one| one.id).collect()))
}

fn all_right(checked: Result<Checked, Vec<Fault>>, mut more: Vec<Fault>) -> Result<Checked, Vec<Fault>> {
    match checked {
        Ok(checked) if more.is_empty() => Ok(checked),
        Ok(_) => Err(more),
        Err(mut faults) => {
            faults.append(&mut more);
            Err(faults)
        }
    }
}

fn faulty(faults: Vec<Fault>) -> EdgeError {
    let many = match faults.len() {
        1 => "There is 1 fault".to_owned(),
        more => format!("There are {more} faults"),
    };
    let detail = format!("{many} to mend before it can come into force. Each says where and how.");
    let mut problem = Problem::new(ProblemKind::BadPolicy, detail).at("draft");
    problem.faults = faults;
    problem.into()
}

/// Why the caller could not change the policy any more under this one, if so.
async fn locks_out(cx: &Cx, db: &Db, caller: &UiCaller, policy: &Policy) -> Result<Option<String>, EdgeError> {
    let factors = db.ask(factor::of_person(&caller.site, &caller.person)).await?;
    let has: BTreeSet<FactorKind> = factors.iter().filter(|one| one.counts(cx.now)).map(|one| one.kind).collect();
    let subject = subject_of(cx, db, caller, policy, Action::ChangePolicy).await?;
    if checking::leaves(policy, &subject, &has) {
        return Ok(None);
    }
    let asked = policy.requirement(&Default::default(), &subject, Action::ChangePolicy);
    let wanted = asked.demand.map(|demand| demand.phrase()).unwrap_or_default();
    Ok(Some(format!(
        "You could not change the policy again: it would ask you for {wanted}, and you have no such factor that counts. \
         Set one up first, or let the rules about changing this policy take one that you have."
    )))
}

/// The policy in force.
async fn in_force(db: &Db, caller: &UiCaller) -> Result<PolicyHead, EdgeError> {
    PolicyHead::read(db.ask(PolicyHead::query(&caller.site)).await?.as_ref())?.ok_or_else(lost)
}

fn lost() -> EdgeError {
    EdgeError::internal("an opened site has no policy")
}

fn no_version() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::NotFound,
        "There is no such version of the policy, or it is too old to be shown here.",
    )
}
