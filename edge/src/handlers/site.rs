//! What a site needs before its first page: a workflow, a rule that assigns it, and a policy, in the journal.

use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::assignment::{self, List};
use crate::store::commit::Commit;
use crate::store::d1::{Db, Query};
use crate::store::fault::{CommitFault, Precondition};
use crate::store::journal::{self, Row};
use crate::store::load::Loading;
use crate::store::workflow::{self, Defining, Stored};
use engine::assignment::{Mode, Rule, Rules, Scope};
use engine::audit::canonical::NotCanonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::PolicyEvent;
use engine::ids::{Seq, SiteId, SpaceId, StreamId, WorkflowId};
use engine::time::Timestamp;
use engine::token::policy::Policy;
use engine::workflow::builtin;
use engine::workflow::version::{Values, WorkflowVersion};

/// The workflow Countersign comes with.
pub(crate) fn builtin_workflow() -> WorkflowId {
    WorkflowId::new("page-approval")
}

/// The step-up policy in force.
pub(crate) struct PolicyHead {
    /// What it says.
    pub(crate) policy: Policy,
    /// The head of its stream.
    pub(crate) head: Seq,
    /// Since when it is in force.
    pub(crate) since: Timestamp,
}

impl PolicyHead {
    pub(crate) fn query(site: &SiteId) -> Query<Option<Row>> {
        journal::head(site, &StreamId::policy())
    }

    pub(crate) fn read(row: Option<&Row>) -> Result<Option<Self>, EdgeError> {
        let Some(row) = row else { return Ok(None) };
        let entry: Entry<PolicyEvent> = row.read()?;
        let PolicyEvent::PolicySet { policy } = entry.event;
        Ok(Some(Self { policy, head: row.seq, since: row.at }))
    }
}

/// Puts the built-in workflow, the rule that lets every page use it, and the initial policy into the journal of a site that
/// has none, and a new version of the workflow where the deployment's parameters or the document changed. What an admin made
/// is left alone. Safe to call at any time and from several requests at once.
pub(crate) async fn open(cx: &Cx, db: &Db, site: &SiteId) -> Result<(), EdgeError> {
    let shipped = shipped(cx)?;
    let mut loading = Loading::new();
    let newest = loading.add(workflow::newest(site, &builtin_workflow()));
    let policy = loading.add(PolicyHead::query(site));
    let rules = loading.add(assignment::lists(site, None));
    let loaded = loading.run(db).await?;

    let mut commit = Commit::new(site, cx.now);
    let mut changed = false;
    if let Some((version, says)) = next_version(loaded.get(&newest)?.as_ref(), shipped)? {
        let id = builtin_workflow();
        let defining = Defining { workflow: &id, version, says: &says, actor: &Actor::System, at: cx.now };
        commit = workflow::define(commit, site, defining).map_err(unwritable)?;
        changed = true;
    }
    if loaded.get(&policy)?.is_none() {
        let (stream, event) = (StreamId::policy(), PolicyEvent::PolicySet { policy: Policy::initial() });
        let head = stream.clone();
        let entry = Entry { v: ENCODING, site: site.clone(), stream, at: cx.now, actor: Actor::System, event };
        commit = commit.require_head(&head, Seq(0)).append(&entry.seal().map_err(unwritable)?, Seq(1));
        changed = true;
    }
    if loaded.get(&rules)?.site.version == 0 {
        commit = assignment::set(commit, site, None, &first_rules(), &Actor::System, cx.now).map_err(unwritable)?;
        changed = true;
    }
    if !changed {
        return Ok(());
    }
    match commit.run(db).await {
        // Another request opened it at the same moment.
        Ok(()) | Err(CommitFault::Failed(Precondition::Head | Precondition::Policy | Precondition::Workflow)) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

/// The built-in workflow with this deployment's parameters.
fn shipped(cx: &Cx) -> Result<WorkflowVersion, EdgeError> {
    let values = Values { site: cx.workflow_parameters()?.into_iter().collect(), ..Values::default() };
    let shipped = WorkflowVersion { standing: Default::default(), document: builtin::document(), values };
    // No space has values of its own here.
    shipped.definition(&SpaceId::new("")).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        EdgeError::internal(format!("WORKFLOW_PARAMETERS do not fit the built-in workflow: {}", faults.join(" ")))
    })?;
    Ok(shipped)
}

/// The version of the built-in workflow that has to be made, if any.
fn next_version(
    newest: Option<&Stored>,
    shipped: WorkflowVersion,
) -> Result<Option<(u32, WorkflowVersion)>, EdgeError> {
    let Some(newest) = newest else { return Ok(Some((1, shipped))) };
    let (says, actor) = newest.content()?;
    let is_the_same = says.document == shipped.document && says.values.site == shipped.values.site;
    if is_the_same || actor != Actor::System {
        return Ok(None);
    }
    let values = Values { site: shipped.values.site, spaces: says.values.spaces };
    let next = WorkflowVersion { standing: says.standing, document: shipped.document, values };
    Ok(Some((newest.version().saturating_add(1), next)))
}

/// Every page may use the built-in workflow: it comes under it when it holds the macro, or is submitted.
fn first_rules() -> List {
    let (workflow, mode) = (Some(builtin_workflow()), Mode::Enabled);
    let rule = Rule { id: "built-in".to_owned(), scope: Scope::Site, workflow, mode };
    List { version: 1, rules: Rules(vec![rule]), space_admins: false }
}

fn unwritable(fault: NotCanonical) -> EdgeError {
    EdgeError::internal(fault.to_string())
}
