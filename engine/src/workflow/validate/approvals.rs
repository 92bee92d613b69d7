//! Approvals can be told apart, and somebody can complete them.

use super::chain;
use super::ground::Ground;
use super::states::told_apart;
use crate::workflow::approval::{Approval, Exclusion, Mode, Reviewers};
use crate::workflow::definition::State;
use crate::workflow::fault::quoted;
use crate::workflow::people::Role;
use std::collections::BTreeSet;

pub(super) fn check(ground: &mut Ground<'_>) {
    for (at, state) in ground.states() {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (at, approval) in ground.approvals(&at, state) {
            if !ids.insert(&approval.id) {
                ground.fault(
                    format!("{at}/id"),
                    format!("Two approvals of this state have the id {}.", quoted(approval.id.as_str())),
                    "Give each approval an id of its own.",
                );
            }
            if !names.insert(told_apart(&approval.name)) {
                ground.fault(
                    format!("{at}/name"),
                    format!("Two approvals of this state are called {}.", quoted(&approval.name)),
                    "Give each approval a name of its own.",
                );
            }
            if ground.is_whole(&format!("{at}/reviewers")) {
                somebody(ground, &at, state, approval);
                enough(ground, &at, approval);
                enough_left(ground, &at, state, approval);
            }
        }
        chain::check(ground, &at, state);
    }
}

/// Somebody can be asked who may decide.
fn somebody(ground: &mut Ground<'_>, at: &str, state: &State, approval: &Approval) {
    let reviewers = &approval.reviewers;
    let at_reviewers = format!("{at}/reviewers");
    if reviewers.is_empty() {
        ground.fault(
            at_reviewers,
            "Nobody is asked.",
            "Name users, groups or roles, or let the submitter name people with “assigned”.",
        );
        return;
    }
    for (role, exclusions) in NEVER_ASKED {
        let Some(exclusion) = exclusions.iter().find(|(exclusion, _)| approval.exclude.contains(exclusion)) else {
            continue;
        };
        if !reviewers.roles.contains(&role) || !ground.is_whole(&format!("{at}/exclude")) {
            continue;
        }
        let what = format!("The role \"{}\" is asked, but \"{}\" is excluded", role.as_str(), exclusion.1);
        let mend = format!("Ask somebody else as well, or remove \"{}\" from “exclude”.", exclusion.1);
        if only_roles(reviewers) && reviewers.roles.iter().all(|role| is_excluded(*role, approval)) {
            ground.fault(&*at_reviewers, format!("{what}: nobody could ever decide."), mend);
        } else {
            ground.warn(&*at_reviewers, format!("{what}: that person is never asked."), mend);
        }
    }
    let names_nobody = reviewers.users.is_empty() && reviewers.groups.is_empty() && reviewers.roles.is_empty();
    if names_nobody && let Some(other) = ground.moves.entered_without_submit(state) {
        let at = format!("{at_reviewers}/assigned");
        let what =
            format!("Whoever submits names the reviewers, but a page also comes here by {other}, without a submit");
        if approval.reassign.is_empty() {
            let mend = "Name users, groups or roles as well, or say in “reassign” who names them then.";
            ground.fault(at, format!("{what}: nobody could ever be asked."), mend);
        } else {
            let mend = "Name users, groups or roles as well, if somebody should be asked at once.";
            ground.warn(at, format!("{what}: nobody is asked until somebody who may reassign names them."), mend);
        }
    }
}

const NEVER_ASKED: [(Role, &[(Exclusion, &str)]); 2] = [
    (Role::Creator, &[(Exclusion::Author, "author")]),
    (
        Role::LastEditor,
        &[(Exclusion::LastEditor, "last-editor"), (Exclusion::EditorsSinceApproval, "editors-since-approval")],
    ),
];

fn is_excluded(role: Role, approval: &Approval) -> bool {
    NEVER_ASKED.iter().any(|(asked, exclusions)| {
        *asked == role && exclusions.iter().any(|(exclusion, _)| approval.exclude.contains(exclusion))
    })
}

fn only_roles(reviewers: &Reviewers) -> bool {
    reviewers.users.is_empty() && reviewers.groups.is_empty() && reviewers.assigned.is_none()
}

/// The most people who can be asked, where that is known.
fn most_asked(approval: &Approval) -> Option<usize> {
    let reviewers = &approval.reviewers;
    if !reviewers.groups.is_empty() || reviewers.assigned.is_some() || reviewers.has_open_role() {
        return None;
    }
    let roles = reviewers.roles.iter().filter(|role| !is_excluded(**role, approval)).count();
    Some(reviewers.users.len().saturating_add(roles)).filter(|most| *most > 0)
}

/// Enough people are asked.
fn enough(ground: &mut Ground<'_>, at: &str, approval: &Approval) {
    let open = approval.reviewers.roles.iter().find(|role| !role.can_be_listed());
    if let Some(role) = open
        && approval.mode.needs_roster()
    {
        let mode = if approval.mode == Mode::All { "all" } else { "majority" };
        ground.fault(
            format!("{at}/mode"),
            format!(
                "The mode \"{mode}\" counts everybody asked, but the people of the role \"{}\" can't be listed.",
                role.as_str()
            ),
            "Use \"any\" or { \"minimum\": a number }, or ask users or groups instead.",
        );
    }
    let most = most_asked(approval);
    if let (Mode::Minimum(minimum), Some(most)) = (approval.mode, most)
        && !fits(minimum, most)
    {
        ground.fault(
            format!("{at}/mode/minimum"),
            format!("{minimum} people must approve, but at most {most} can be asked."),
            format!("Write {}, or ask more people.", up_to(most)),
        );
    }
    let rejections = approval.minimum_rejections;
    if let Some(most) = most
        && !fits(rejections, most)
    {
        ground.fault(
            format!("{at}/minimum_rejections"),
            format!("{rejections} people must reject, but at most {most} can be asked."),
            format!("Write {}, or ask more people.", up_to(most)),
        );
    } else if let Some(end) = rejections_that_end(approval, most)
        && !approval.change_decision
        && !fits(rejections, end)
    {
        let what = if end == 1 {
            "One rejection already leaves".to_owned()
        } else {
            format!("{end} rejections already leave")
        };
        ground.warn(
            format!("{at}/minimum_rejections"),
            format!("{what} too few people to approve; the approval is rejected then."),
            format!("Write {}, or ask for fewer approvals.", up_to(end)),
        );
    }
    if let Some(most) = most
        && may_lose_too_many(approval, most)
        && fits(rejections, most)
    {
        ground.warn(
            format!("{at}/exclude"),
            "If somebody who is asked is excluded, too few people are left to approve, and the page can't be submitted.",
            "Ask at least one more person, or a group.",
        );
    }
}

/// Enough people are left whoever of those listed is kept from deciding: a list can't grow as a group can, and where nobody
/// may reassign, nobody could ask others.
fn enough_left(ground: &mut Ground<'_>, at: &str, state: &State, approval: &Approval) {
    let reviewers = &approval.reviewers;
    let ways = || ground.definition.states.iter().map(|other| &other.transitions);
    let selects = || ways().flat_map(|ways| &ways.select).filter(|select| select.to == state.id);
    let is_list = reviewers.groups.is_empty()
        && !reviewers.has_open_role()
        && (reviewers.assigned.is_none() || selects().next().is_some())
        && !(reviewers.users.is_empty() && reviewers.roles.is_empty());
    let read = ["exclude", "reassign", "mode"].iter().all(|member| ground.is_whole(&format!("{at}/{member}")));
    if !is_list || !approval.reassign.is_empty() || !read {
        return;
    }
    let excludes = |exclusion| approval.exclude.contains(&exclusion);
    let submits = ways().flat_map(|ways| &ways.submit).filter(|submit| submit.to == state.id);
    let mut who = submits.map(|submit| &submit.who).chain(selects().map(|select| &select.who));
    let only_some_submit =
        who.any(|who| !who.is_empty() && who.groups.is_empty() && who.roles.iter().all(|role| role.can_be_listed()));
    let left = if excludes(Exclusion::EditorsSinceApproval) {
        0
    } else {
        let roles = reviewers.roles.iter().filter(|role| !is_excluded(**role, approval)).count();
        let lost = usize::from(excludes(Exclusion::Author) && !reviewers.users.is_empty())
            + usize::from(excludes(Exclusion::Submitter) && only_some_submit);
        (reviewers.users.len() + roles).saturating_sub(lost)
    };
    let needed = match approval.mode {
        Mode::Minimum(minimum) => minimum,
        Mode::Any | Mode::All | Mode::Majority => 1,
    };
    if fits(needed, left) || most_asked(approval).is_some_and(|most| !fits(needed, most)) {
        return;
    }
    let what = if fits(needed, reviewers.users.len() + reviewers.roles.len()) {
        "Those asked may all be kept from deciding by “exclude”, and nobody may ask others: the page could not go on."
    } else {
        "A page also comes here by “select”, where nobody names reviewers: too few could be asked, and nobody may ask others."
    };
    ground.fault(format!("{at}/reassign"), what, "Say in “reassign” who may ask others, or ask a group as well.");
}

fn up_to(most: usize) -> String {
    if most == 1 { "1".to_owned() } else { format!("{most} or less") }
}

fn fits(number: u32, most: usize) -> bool {
    usize::try_from(number).is_ok_and(|number| number <= most)
}

/// So many rejections leave too few to approve, where that is known.
fn rejections_that_end(approval: &Approval, most: Option<usize>) -> Option<usize> {
    let needed = match approval.mode {
        Mode::All => return Some(1),
        Mode::Any => 1,
        Mode::Minimum(minimum) => usize::try_from(minimum).unwrap_or(usize::MAX),
        Mode::Majority => most? / 2 + 1,
    };
    most?.checked_sub(needed).map(|spare| spare.saturating_add(1))
}

/// Whether one person less would be one too few. Who is excluded is only known on the page.
fn may_lose_too_many(approval: &Approval, most: usize) -> bool {
    let needed = match approval.mode {
        Mode::Any | Mode::All | Mode::Majority => 1,
        Mode::Minimum(minimum) => usize::try_from(minimum).unwrap_or(usize::MAX),
    };
    !approval.exclude.is_empty() && !approval.reviewers.users.is_empty() && most == needed
}
