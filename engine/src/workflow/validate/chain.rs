//! Approvals of a state that wait for each other.

use super::ground::Ground;
use crate::workflow::approval::Approval;
use crate::workflow::definition::State;
use crate::workflow::fault::quoted;
use crate::workflow::nearest::nearest;
use std::collections::BTreeSet;

pub(super) fn check(ground: &mut Ground<'_>, at: &str, state: &State) {
    let list = format!("{at}/approvals");
    let known = state.approvals.iter().all(|approval| !approval.id.as_str().is_empty())
        && !ground.is_broken(&list)
        && (0..state.approvals.len()).all(|index| !ground.is_broken(&ground.item(&list, index)));
    for (index, approval) in state.approvals.iter().enumerate() {
        let at = format!("{}/after", ground.item(&list, index));
        for other in &approval.after {
            if *other == approval.id {
                ground.fault(&*at, "This approval waits for itself.", "Name other approvals of this state.");
            } else if state.approval(other).is_none() && known {
                let ids = state.approvals.iter().filter(|other| other.id != approval.id);
                let mend = match nearest(other.as_str(), ids.map(|approval| approval.id.as_str())) {
                    Some(near) => format!("Did you mean \"{near}\"?"),
                    None => "Write the id of another approval of the same state.".to_owned(),
                };
                ground.fault(&*at, format!("This state has no approval {}.", quoted(other.as_str())), mend);
            }
        }
        if !approval.after.contains(&approval.id) && waits_for_itself(state, approval) {
            ground.fault(
                at,
                format!(
                    "{} waits for approvals that wait for it: none of them is ever asked for.",
                    quoted(&approval.name)
                ),
                "Remove one of the “after” in this circle.",
            );
        }
    }
}

fn waits_for_itself(state: &State, approval: &Approval) -> bool {
    let mut open: Vec<_> = approval.after.iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if *id == approval.id {
            return true;
        }
        if seen.insert(id)
            && let Some(other) = state.approval(id)
        {
            open.extend(&other.after);
        }
    }
    false
}
