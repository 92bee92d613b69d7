//! Versions of workflows: read from their streams, and written with the row of the index.

use super::commit::Commit;
use super::d1::Query;
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::audit::canonical::NotCanonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::WorkflowEvent;
use engine::ids::{PageId, Seq, SiteId, SpaceId, StreamId, WorkflowId};
use engine::time::Timestamp;
use engine::workflow::definition::Definition;
use engine::workflow::fault::Fault;
use engine::workflow::version::{Standing, WorkflowVersion};
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Definitions an isolate remembers at most.
const MOST_REMEMBERED: usize = 200;

/// A version as stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stored {
    stream: String,
    seq: Seq,
    /// Since when it is in force.
    pub at: Timestamp,
    entry: Option<String>,
    leaf: String,
    /// Where the workflow's stream ends.
    pub head: Seq,
}

/// The version that the page's row in lists names, in the same round trip as the page. [`None`] if there is no such row;
/// if it names another version than the page's fold, the fold is right: ask by [`version`].
#[must_use]
pub fn of_page(site: &SiteId, page: &PageId) -> Query<Option<Stored>> {
    Query::first(Statement::of(site, sql!("workflow/of_page")).text(page))
}

/// The same for many pages at once: each version that some of their rows name, once.
#[must_use]
pub fn of_pages(site: &SiteId, pages: &[PageId]) -> Query<Vec<Stored>> {
    let list = serde_json::Value::from(pages.iter().map(PageId::as_str).collect::<Vec<_>>());
    Query::all(Statement::of(site, sql!("workflow/of_pages")).text(list))
}

/// One version of a workflow.
#[must_use]
pub fn version(site: &SiteId, workflow: &WorkflowId, version: u32) -> Query<Option<Stored>> {
    Query::first(Statement::of(site, sql!("workflow/version")).text(StreamId::workflow(workflow)).int(version))
}

/// The newest version of a workflow.
#[must_use]
pub fn newest(site: &SiteId, workflow: &WorkflowId) -> Query<Option<Stored>> {
    Query::first(Statement::of(site, sql!("workflow/newest")).text(StreamId::workflow(workflow)))
}

impl Stored {
    /// Of which workflow.
    #[must_use]
    pub fn workflow(&self) -> WorkflowId {
        WorkflowId::new(self.stream.strip_prefix("workflow/").unwrap_or(&self.stream))
    }

    /// Which version: its place in the workflow's stream.
    #[must_use]
    pub fn version(&self) -> u32 {
        u32::try_from(self.seq.0).unwrap_or(u32::MAX)
    }

    fn read(&self) -> Result<Entry<WorkflowEvent>, DbFault> {
        let bytes = self.entry.as_deref().ok_or(DbFault::Unreadable)?;
        serde_json::from_str(bytes).map_err(|_| DbFault::Unreadable)
    }

    /// What it says, parameters not filled in, and who made it.
    ///
    /// # Errors
    /// [`DbFault::Unreadable`] if the entry is something else.
    pub fn content(&self) -> Result<(WorkflowVersion, Actor), DbFault> {
        let Entry { actor, event: WorkflowEvent::WorkflowDefined { workflow, .. }, .. } = self.read()?;
        Ok((workflow, actor))
    }

    /// What it says for pages of a space. A version never changes, so it is read once an isolate: the leaf hash of its
    /// entry names it, whatever happens to the database.
    ///
    /// # Errors
    /// [`Unusable`]: it was not checked before it was stored, or the entry is something else.
    pub fn definition(&self, site: &SiteId, space: &SpaceId) -> Result<Rc<Definition>, Unusable> {
        let key = (site.clone(), self.leaf.clone(), space.clone());
        if let Some(known) = DEFINITIONS.with_borrow(|known| known.get(&key).cloned()) {
            return Ok(known);
        }
        let (workflow, _) = self.content()?;
        let definition = Rc::new(workflow.definition(space).map_err(Unusable::Faults)?);
        DEFINITIONS.with_borrow_mut(|known| {
            if known.len() >= MOST_REMEMBERED {
                known.clear();
            }
            known.insert(key, Rc::clone(&definition));
        });
        Ok(definition)
    }
}

type Remembered = HashMap<(SiteId, String, SpaceId), Rc<Definition>>;

thread_local! {
    static DEFINITIONS: RefCell<Remembered> = RefCell::default();
}

/// Why a stored version gives no definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The entry can't be read.
    #[error(transparent)]
    Database(#[from] DbFault),
    /// Its document has faults with the values for this space.
    #[error("a stored workflow has faults: {}", first(.0))]
    Faults(Vec<Fault>),
}

fn first(faults: &[Fault]) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}

/// A workflow as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub version: u32,
    /// Whether new pages may come under it.
    pub standing: Standing,
}

/// The site's workflows, deleted ones too, by name.
#[must_use]
pub fn all(site: &SiteId, limit: u32) -> Query<Vec<Listed>> {
    Query::all(Statement::of(site, sql!("workflow/all")).int(limit))
}

/// One version in a workflow's history.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Which.
    pub seq: Seq,
    /// Since when.
    pub at: Timestamp,
    /// Who made it; [`None`]: Countersign itself.
    pub person: Option<engine::ids::AccountId>,
    /// Its standing.
    pub standing: Standing,
}

/// A workflow's latest versions, the newest first, without what they say.
#[must_use]
pub fn history(site: &SiteId, workflow: &WorkflowId, limit: u32) -> Query<Vec<Line>> {
    Query::all(Statement::of(site, sql!("workflow/history")).text(StreamId::workflow(workflow)).int(limit))
}

/// A new version of a workflow.
#[derive(Clone, Copy, Debug)]
pub struct Defining<'a> {
    /// The workflow.
    pub workflow: &'a WorkflowId,
    /// The version: one more than the newest.
    pub version: u32,
    /// What it says. It was checked before.
    pub says: &'a WorkflowVersion,
    /// Who makes it.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// Adds to `commit`: the workflow's stream still ends at the version before; the entry; the row of the index.
///
/// # Errors
/// [`NotCanonical`] if the document holds what has no canonical form.
pub fn define(commit: Commit, site: &SiteId, defining: Defining<'_>) -> Result<Commit, NotCanonical> {
    let Defining { workflow, version, says, actor, at } = defining;
    let stream = StreamId::workflow(workflow);
    let event = WorkflowEvent::WorkflowDefined { version, workflow: says.clone() };
    let entry = Entry { v: ENCODING, site: site.clone(), stream: stream.clone(), at, actor: actor.clone(), event };
    let seq = Seq(u64::from(version));
    let sealed = entry.seal()?;
    Ok(commit
        .require_head(&stream, Seq(seq.0.saturating_sub(1)))
        .append(&sealed, seq)
        .raw(put(site, workflow, version, says)))
}

/// Stores the row of the index. It belongs into the batch that appends the version.
#[must_use]
pub fn put(site: &SiteId, workflow: &WorkflowId, version: u32, says: &WorkflowVersion) -> Statement {
    let name = says.document.get("name").and_then(serde_json::Value::as_str).unwrap_or(workflow.as_str());
    let standing = match says.standing {
        Standing::Active => "active",
        Standing::Disabled => "disabled",
        Standing::Deleted => "deleted",
    };
    Statement::of(site, sql!("workflow/put")).text(workflow).text(name).int(version).text(standing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::workflow::builtin;

    fn stored(says: &WorkflowVersion) -> Stored {
        let workflow = WorkflowId::new("page-approval");
        let stream = StreamId::workflow(&workflow);
        let event = WorkflowEvent::WorkflowDefined { version: 2, workflow: says.clone() };
        let actor = Actor::System;
        let entry = Entry { v: ENCODING, site: SiteId::new("s"), stream, at: Timestamp(7), actor, event };
        let sealed = entry.seal().unwrap();
        Stored {
            stream: sealed.stream.as_str().to_owned(),
            seq: Seq(2),
            at: sealed.at,
            entry: Some(sealed.bytes),
            leaf: sealed.leaf,
            head: Seq(3),
        }
    }

    fn says(minimum: u32) -> WorkflowVersion {
        let mut says =
            WorkflowVersion { standing: Standing::Active, document: builtin::document(), values: Default::default() };
        says.values.site.insert("minimum".to_owned(), minimum.into());
        says.values.spaces.insert(SpaceId::new("7"), [("minimum".to_owned(), 5.into())].into());
        says
    }

    #[test]
    fn a_version_is_read_with_the_values_of_the_page_s_space() {
        let (site, stored) = (SiteId::new("s"), stored(&says(2)));
        assert_eq!((stored.workflow().as_str(), stored.version()), ("page-approval", 2));
        assert_eq!(stored.content().unwrap(), (says(2), Actor::System));
        let mode = |space: &str| {
            let definition = stored.definition(&site, &SpaceId::new(space)).unwrap();
            definition.states.iter().flat_map(|state| &state.approvals).map(|one| one.mode).next().unwrap()
        };
        use engine::workflow::definition::Mode;
        assert_eq!((mode("7"), mode("8")), (Mode::Minimum(5), Mode::Minimum(2)));
        assert_eq!((mode("7"), mode("8")), (Mode::Minimum(5), Mode::Minimum(2)), "from memory");
    }

    #[test]
    fn another_entry_at_the_same_place_is_not_taken_for_the_one_remembered() {
        let (site, space) = (SiteId::new("s"), SpaceId::new("1"));
        let mode = |minimum| {
            let definition = stored(&says(minimum)).definition(&site, &space).unwrap();
            definition.states.iter().flat_map(|state| &state.approvals).map(|one| one.mode).next().unwrap()
        };
        assert_ne!(mode(1), mode(2));
    }

    #[test]
    fn a_document_with_faults_is_said_to_have_them() {
        let mut broken = says(1);
        broken.values.site.insert("minimum".to_owned(), "lots".into());
        let found = stored(&broken).definition(&SiteId::new("s"), &SpaceId::new("1"));
        assert!(matches!(found, Err(Unusable::Faults(faults)) if !faults.is_empty()));
    }
}
