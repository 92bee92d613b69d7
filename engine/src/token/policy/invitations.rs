//! Where people without an account may be asked, and for how long.

use crate::ids::WorkflowId;
use crate::workflow::fault::{Fault, quoted};
use crate::workflow::read::text::is_id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// For how many days an invitation stands, unless the policy says otherwise.
pub const DAYS: u32 = 14;
/// The most.
pub const DAYS_MAX: u32 = 90;
/// The most workflows that can be listed.
pub const WORKFLOWS_MAX: usize = 200;

/// Where people without an account may be asked to decide besides those with one. Off as long as no workflow is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    /// Workflows to whose pages somebody may be invited. One that is taken out ends what was shown of its pages at once.
    #[serde(default)]
    pub workflows: BTreeSet<WorkflowId>,
    /// For how many days an invitation stands.
    #[serde(default = "days")]
    pub days: u32,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { workflows: BTreeSet::new(), days: DAYS }
    }
}

fn days() -> u32 {
    DAYS
}

impl Invitations {
    /// Whether nobody can be invited to anything, and nothing else was set.
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// Whether somebody may be invited to pages of this workflow, and look at what they were invited to.
    #[must_use]
    pub fn allow(&self, workflow: &WorkflowId) -> bool {
        self.workflows.contains(workflow)
    }

    /// What is wrong whatever workflows there are. Which there are is not known here: see [`Self::unknown`].
    pub(super) fn faults(&self, faults: &mut Vec<Fault>) {
        if !(1..=DAYS_MAX).contains(&self.days) {
            faults.push(Fault::new(
                "/invitations/days",
                format!("An invitation can't stand for {} days.", self.days),
                format!("Write 1 to {DAYS_MAX} days."),
            ));
        }
        if self.workflows.len() > WORKFLOWS_MAX {
            faults.push(Fault::new(
                "/invitations/workflows",
                format!("There are {} workflows.", self.workflows.len()),
                format!("Keep at most {WORKFLOWS_MAX}."),
            ));
        }
        for (index, workflow) in self.workflows.iter().enumerate().filter(|(_, workflow)| !is_id(workflow.as_str())) {
            faults.push(Fault::new(
                format!("/invitations/workflows/{index}"),
                format!("{} is not a workflow's id.", quoted(workflow.as_str())),
                "Choose a workflow.",
            ));
        }
    }

    /// Those listed that are none of the site's workflows, in the order of their places in the document.
    #[must_use]
    pub fn unknown(&self, known: &BTreeSet<WorkflowId>) -> Vec<Fault> {
        let listed = self.workflows.iter().enumerate();
        let unknown = listed.filter(|(_, workflow)| !known.contains(*workflow)).map(|(index, workflow)| {
            Fault::new(
                format!("/invitations/workflows/{index}"),
                format!("There is no workflow {}.", quoted(workflow.as_str())),
                "Take it out, or choose one of the site's workflows.",
            )
        });
        unknown.collect()
    }
}
