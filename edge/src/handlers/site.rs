//! What a site needs before its first page: a workflow and a policy in the journal.

use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::{Db, Query};
use crate::store::fault::{CommitFault, Precondition};
use crate::store::journal::{self, Row};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{PolicyEvent, WorkflowEvent};
use engine::ids::{Seq, SiteId, StreamId, WorkflowId};
use engine::page::decide::Workflow;
use engine::time::Timestamp;
use engine::token::policy::Policy;
use engine::workflow::builtin;
use engine::workflow::definition::Definition;

/// The workflow that is in force on every site. Assignment will choose among several.
pub(super) fn workflow_id() -> WorkflowId {
    WorkflowId::new("page-approval")
}

/// Every version of the site's workflow.
pub(super) struct Definitions {
    versions: Vec<(Definition, Timestamp)>,
    /// The head of its stream.
    pub(super) head: Seq,
}

impl Definitions {
    /// Every version is an entry of its own: version n stands at seq n.
    pub(super) fn query(site: &SiteId) -> Query<Vec<Row>> {
        journal::since(site, &StreamId::workflow(&workflow_id()), Seq(0))
    }

    pub(super) fn read(rows: &[Row]) -> Result<Option<Self>, EdgeError> {
        let mut versions = Vec::with_capacity(rows.len());
        for row in rows {
            let entry: Entry<WorkflowEvent> = row.read()?;
            let WorkflowEvent::WorkflowDefined { definition, .. } = entry.event;
            versions.push((definition, entry.at));
        }
        Ok(rows.last().map(|last| Self { versions, head: last.seq }))
    }

    /// The version a page runs on; the newest where it runs on none yet.
    pub(super) fn of(&self, version: Option<u32>) -> Result<Workflow<'_>, EdgeError> {
        let version = match version {
            Some(version) => version,
            None => u32::try_from(self.versions.len()).unwrap_or(u32::MAX),
        };
        let index = usize::try_from(version).ok().and_then(|version| version.checked_sub(1));
        let (definition, _) = index
            .and_then(|index| self.versions.get(index))
            .ok_or_else(|| EdgeError::internal("a page runs on a workflow version that is not in the journal"))?;
        Ok(Workflow { version, definition })
    }

    /// The newest version and since when it is in force.
    pub(super) fn newest(&self) -> Result<(Workflow<'_>, Timestamp), EdgeError> {
        let since = self.versions.last().map(|(_, since)| *since).unwrap_or_default();
        Ok((self.of(None)?, since))
    }
}

/// The step-up policy in force.
pub(super) struct PolicyHead {
    /// What it says.
    pub(super) policy: Policy,
    /// The head of its stream.
    pub(super) head: Seq,
}

impl PolicyHead {
    pub(super) fn query(site: &SiteId) -> Query<Option<Row>> {
        journal::head(site, &StreamId::policy())
    }

    pub(super) fn read(row: Option<&Row>) -> Result<Option<Self>, EdgeError> {
        let Some(row) = row else { return Ok(None) };
        let entry: Entry<PolicyEvent> = row.read()?;
        let PolicyEvent::PolicySet { policy } = entry.event;
        Ok(Some(Self { policy, head: row.seq }))
    }
}

/// Puts the built-in workflow and the initial policy into the journal of a site that has none, and a new version of the
/// workflow where the deployment's parameters changed. Safe to call at any time and from several requests at once.
pub(super) async fn open(cx: &Cx, db: &Db, site: &SiteId) -> Result<(), EdgeError> {
    let parameters = cx.workflow_parameters()?.into_iter().collect();
    let wanted = builtin::definition(&parameters).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        EdgeError::internal(format!("WORKFLOW_PARAMETERS do not fit the built-in workflow: {}", faults.join(" ")))
    })?;
    let rows = db.ask(Definitions::query(site)).await?;
    let policy = db.ask(PolicyHead::query(site)).await?;
    let known = Definitions::read(&rows)?;
    let mut commit = Commit::new(site, cx.now);
    let (mut head, mut changed) = (Seq(0), false);
    if let Some(known) = &known {
        head = known.head;
    }
    let newest = known.as_ref().map(Definitions::newest).transpose()?;
    if newest.is_none_or(|(workflow, _)| *workflow.definition != wanted) {
        let stream = StreamId::workflow(&workflow_id());
        let seq = head.next();
        let version = u32::try_from(seq.0).unwrap_or(u32::MAX);
        let event = WorkflowEvent::WorkflowDefined { version, definition: wanted };
        commit = commit.require_head(&stream, head).append(&sealed(cx, site, stream, event)?, seq);
        changed = true;
    }
    if policy.is_none() {
        let event = PolicyEvent::PolicySet { policy: Policy::initial() };
        let sealed = sealed(cx, site, StreamId::policy(), event)?;
        commit = commit.require_head(&StreamId::policy(), Seq(0)).append(&sealed, Seq(1));
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

fn sealed<E: serde::Serialize>(
    cx: &Cx,
    site: &SiteId,
    stream: StreamId,
    event: E,
) -> Result<engine::audit::entry::Sealed, EdgeError> {
    let entry = Entry { v: ENCODING, site: site.clone(), stream, at: cx.now, actor: Actor::System, event };
    entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))
}
