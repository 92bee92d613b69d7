//! What the status says, in sentences. Pure.

use crate::words;
use engine::wire::status::{
    ApprovalView, ApprovedView, Cause, Decision, Happening, HistoryItem, Mode, ReviewView, Role, Standing,
};

/// "Version 7 approved by Ada and Bo": a claim about a version, never about the page.
pub(crate) fn approved(view: &ApprovedView) -> String {
    let mut names: Vec<&str> = Vec::new();
    for signature in &view.signatures {
        if !names.contains(&signature.name.as_str()) {
            names.push(&signature.name);
        }
    }
    if names.is_empty() {
        format!("Version {} approved", view.version.0)
    } else {
        format!("Version {} approved by {}", view.version.0, words::list(&names))
    }
}

/// "Version 8 is being reviewed. Submitted by Ada".
pub(crate) fn review(view: &ReviewView) -> String {
    let version = format!("Version {} is being reviewed.", view.version.0);
    match &view.submitted_by {
        Some(by) => version + " Submitted by " + by,
        None => version + " The review began by itself",
    }
}

/// How an approval is counted: "Any one of Compliance", "Everybody asked · 1 of 3 approvals".
pub(crate) fn rule(approval: &ApprovalView) -> String {
    let (given, required) = (given(approval), approval.required);
    let of = format!(" · {given} of {required} approval{}", if required == 1 { "" } else { "s" });
    match approval.mode {
        Mode::Any | Mode::Minimum(..=1) => match (approval.groups.as_slice(), approval.people.len()) {
            ([group], _) if approval.roles.is_empty() => "Any one of ".to_owned() + group,
            (_, 1) if !approval.open => "One person decides".to_owned(),
            _ => "Any one of those asked".to_owned(),
        },
        Mode::All => "Everybody asked".to_owned() + &of,
        Mode::Majority => "More than half of those asked".to_owned() + &of,
        Mode::Minimum(least) => format!("At least {least} of those asked{of}"),
    }
}

/// Everybody and more than half are counted by those asked, whoever decided for them; otherwise people are counted.
fn given(approval: &ApprovalView) -> usize {
    if matches!(approval.mode, Mode::All | Mode::Majority) {
        approval.people.iter().filter(|person| person.decision == Some(Decision::Approve)).count()
    } else {
        approval.decisions.iter().filter(|one| one.decision == Decision::Approve).count()
    }
}

/// Those asked who cannot be named one by one: "members of Compliance and administrators of the space".
pub(crate) fn unnamed(approval: &ApprovalView) -> Option<String> {
    // The rule names it already.
    let one_of_a_group = approval.groups.len() == 1 && approval.roles.is_empty();
    if matches!(approval.mode, Mode::Any | Mode::Minimum(..=1)) && one_of_a_group {
        return None;
    }
    let groups = approval.groups.iter().map(|group| "members of ".to_owned() + group);
    let roles = approval.roles.iter().map(|role| role_name(*role).to_owned());
    let all: Vec<String> = groups.chain(roles).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    (!all.is_empty()).then(|| words::list(&all))
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Creator => "whoever created the page",
        Role::LastEditor => "whoever edited the page last",
        Role::SpaceAdmin => "administrators of the space",
        Role::Editor => "everybody who may edit the page",
    }
}

/// How an approval stands, in a word.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "Not asked yet",
        Standing::Pending => "Open",
        Standing::Approved => "Approved",
        Standing::Rejected => "Rejected",
    }
}

/// What is said of those who have not decided.
pub(crate) fn undecided(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "Will be asked: ",
        Standing::Pending => "Still to decide: ",
        Standing::Approved | Standing::Rejected => "Asked too: ",
    }
}

/// What emergency access is to do.
pub(crate) fn to_do(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approve",
        Decision::Reject => "reject",
    }
}

/// One line of history. The date an expiry was set to is added by who shows it.
pub(crate) fn happened(item: &HistoryItem) -> String {
    let version = item.version.map(|version| version.0);
    let of_version = version.map_or_else(|| "the page".to_owned(), |version| format!("version {version}"));
    let by = |verb: &str, did: &str| match item.who.as_deref() {
        Some(who) => format!("{who} {did} {of_version}"),
        None => {
            let mut text = format!("{of_version} was {verb}");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            text
        }
    };
    let who = item.who.as_deref();
    match &item.what {
        Happening::Started => "The page came under this workflow".to_owned(),
        Happening::Submitted => by("submitted", "submitted") + " for review",
        Happening::Selected { name } => {
            who.map_or_else(|| format!("“{name}” was chosen"), |who| format!("{who} chose “{name}”"))
        }
        Happening::Approved { .. } => by("approved", "approved"),
        Happening::Rejected => by("rejected", "rejected"),
        Happening::Reassigned { to, delegated: true } => who.map_or_else(
            || format!("The decision was passed on to {to}"),
            |who| format!("{who} passed the decision on to {to}"),
        ),
        Happening::Reassigned { to, delegated: false } => {
            who.map_or_else(|| format!("{to} was asked to decide"), |who| format!("{who} asked {to} to decide"))
        }
        Happening::EmergencyAsked { decision } => {
            let to = to_do(*decision);
            who.map_or_else(
                || format!("Emergency access was asked for, to {to} {of_version}"),
                |who| format!("{who} asked for emergency access, to {to} {of_version}"),
            )
        }
        Happening::EmergencyWithdrawn => who.map_or_else(
            || "The request for emergency access was withdrawn".to_owned(),
            |who| format!("{who} withdrew the request for emergency access"),
        ),
        Happening::EmergencyDecided { decision } => {
            let (verb, did) = match decision {
                Decision::Approve => ("approved", "approved"),
                Decision::Reject => ("rejected", "rejected"),
            };
            by(verb, did) + " by emergency access, in the reviewers’ place"
        }
        Happening::Invited { person } => who.map_or_else(
            || format!("{person} was invited, without an account"),
            |who| format!("{who} invited {person}, who has no account"),
        ),
        Happening::InvitationRevoked { person } => who.map_or_else(
            || format!("The invitation of {person} was revoked"),
            |who| format!("{who} revoked the invitation of {person}"),
        ),
        Happening::Abstained => {
            who.map_or_else(|| "Somebody invited abstained".to_owned(), |who| format!("{who} abstained"))
        }
        Happening::Edited => {
            let edited = who.map_or_else(|| "The page was changed".to_owned(), |who| format!("{who} changed the page"));
            version.map_or_else(|| edited.clone(), |version| format!("{edited}: version {version}"))
        }
        Happening::Entered { state, cause } => entered(state, *cause),
        Happening::ExpirySet { at: Some(_) } => "The state now expires on ".to_owned(),
        Happening::ExpirySet { at: None } => "The state no longer expires".to_owned(),
        Happening::ReviewDue => "The review was due and is not complete".to_owned(),
        Happening::Voided => {
            format!("The approval of {of_version} was taken back: the page had changed before it was recorded")
        }
        Happening::Moved { workflow, version } => {
            let moved = who.map_or_else(|| "The page was moved".to_owned(), |who| format!("{who} moved the page"));
            format!("{moved} to the workflow “{workflow}”, version {version}")
        }
        Happening::Ended => {
            who.map_or_else(|| "The page was taken".to_owned(), |who| format!("{who} took the page"))
                + " out of the workflow"
        }
    }
}

fn entered(state: &str, cause: Cause) -> String {
    let because = match cause {
        Cause::Expired => return format!("Expired: moved to “{state}”"),
        Cause::Selected => "",
        Cause::Submitted => " because it was submitted for review",
        Cause::Approved => " because every approval was given",
        Cause::Rejected => " because it was rejected",
        Cause::Edited => " because the page was edited",
        Cause::Voided => " because the page had changed before the approval was recorded",
        Cause::Moved => " with the new workflow",
    };
    format!("Moved to “{state}”{because}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{AccountId, ApprovalId, PageVersion, Seq};
    use engine::time::Timestamp;
    use engine::wire::status::{DecisionView, ReviewerView};

    fn signed_by(name: &str) -> DecisionView {
        DecisionView {
            name: name.to_owned(),
            decision: Decision::Approve,
            at: Timestamp(0),
            meaning: "Good.".to_owned(),
            signed: true,
            comment: None,
            approval: "Approvers".to_owned(),
            for_others: Vec::new(),
            emergency: None,
            invited: None,
        }
    }

    /// Three people are asked; Ada, and Bo in the place of Cy, have approved.
    fn asked(mode: Mode, required: u32) -> ApprovalView {
        let person =
            |name: &str, decision| ReviewerView { account: AccountId::new(name), name: name.to_owned(), decision };
        let approve = Some(Decision::Approve);
        ApprovalView {
            id: ApprovalId::new("a"),
            name: "Approvers".to_owned(),
            mode,
            required,
            standing: Standing::Pending,
            after: vec![],
            due_at: None,
            people: vec![person("Ada", approve), person("Bo", approve), person("Cy", approve), person("Di", None)],
            groups: vec![],
            roles: vec![],
            open: false,
            decisions: vec![signed_by("Ada"), DecisionView { for_others: vec!["Cy".to_owned()], ..signed_by("Bo") }],
            invited: vec![],
        }
    }

    fn item(what: Happening, who: Option<&str>, version: Option<u32>) -> HistoryItem {
        HistoryItem {
            seq: Seq(1),
            at: Timestamp(0),
            who: who.map(str::to_owned),
            what,
            version: version.map(PageVersion),
            comment: None,
        }
    }

    #[test]
    fn an_approval_is_of_a_version_and_names_everybody_once() {
        let view = ApprovedView {
            version: PageVersion(7),
            at: Timestamp(0),
            signatures: vec![signed_by("Ada"), signed_by("Bo"), signed_by("Ada")],
        };
        assert_eq!(approved(&view), "Version 7 approved by Ada and Bo");
        let nobody = ApprovedView { signatures: vec![], ..view };
        assert_eq!(approved(&nobody), "Version 7 approved");
    }

    #[test]
    fn history_reads_as_sentences() {
        for (item, sentence) in [
            (item(Happening::Started, None, None), "The page came under this workflow"),
            (item(Happening::Submitted, Some("Ada"), Some(2)), "Ada submitted version 2 for review"),
            (item(Happening::Approved { meaning: String::new() }, Some("Bo"), Some(2)), "Bo approved version 2"),
            (item(Happening::Rejected, None, Some(2)), "Version 2 was rejected"),
            (item(Happening::Edited, Some("Ada"), Some(3)), "Ada changed the page: version 3"),
            (item(Happening::Edited, None, None), "The page was changed"),
            (item(Happening::Selected { name: "Retire".to_owned() }, Some("Ada"), None), "Ada chose “Retire”"),
            (
                item(Happening::Reassigned { to: "Cy".to_owned(), delegated: true }, Some("Bo"), None),
                "Bo passed the decision on to Cy",
            ),
            (
                item(Happening::Reassigned { to: "Cy".to_owned(), delegated: false }, Some("Bo"), None),
                "Bo asked Cy to decide",
            ),
            (
                item(Happening::EmergencyAsked { decision: Decision::Approve }, Some("Sam"), Some(3)),
                "Sam asked for emergency access, to approve version 3",
            ),
            (
                item(Happening::EmergencyDecided { decision: Decision::Reject }, None, Some(3)),
                "Version 3 was rejected by emergency access, in the reviewers’ place",
            ),
            (
                item(Happening::Invited { person: "Eve".to_owned() }, Some("Ada"), Some(3)),
                "Ada invited Eve, who has no account",
            ),
            (
                item(Happening::InvitationRevoked { person: "Eve".to_owned() }, Some("Ada"), None),
                "Ada revoked the invitation of Eve",
            ),
            (item(Happening::Abstained, Some("Eve"), Some(3)), "Eve abstained"),
            (item(Happening::ReviewDue, None, None), "The review was due and is not complete"),
            (item(Happening::Ended, None, None), "The page was taken out of the workflow"),
        ] {
            assert_eq!(happened(&item), sentence);
        }
    }

    #[test]
    fn each_state_says_why_it_was_entered() {
        let said = |cause| happened(&item(Happening::Entered { state: "Draft".to_owned(), cause }, None, None));
        assert_eq!(said(Cause::Edited), "Moved to “Draft” because the page was edited");
        assert_eq!(said(Cause::Expired), "Expired: moved to “Draft”");
        assert_eq!(said(Cause::Selected), "Moved to “Draft”");
    }

    #[test]
    fn an_approval_says_how_it_is_counted() {
        assert_eq!(rule(&asked(Mode::Any, 1)), "Any one of those asked");
        assert_eq!(rule(&asked(Mode::Minimum(1), 1)), "Any one of those asked", "at least one is any one");
        let group = ApprovalView { groups: vec!["Compliance".to_owned()], ..asked(Mode::Any, 1) };
        assert_eq!(rule(&group), "Any one of Compliance");
        assert_eq!(unnamed(&group), None, "it is said already");
        let all = ApprovalView { mode: Mode::All, roles: vec![Role::SpaceAdmin], ..group };
        assert_eq!(unnamed(&all).as_deref(), Some("members of Compliance and administrators of the space"));
        assert_eq!(unnamed(&asked(Mode::Any, 1)), None);
        assert_eq!(
            rule(&asked(Mode::All, 4)),
            "Everybody asked · 3 of 4 approvals",
            "who is away counts by their stand-in"
        );
        assert_eq!(rule(&asked(Mode::Majority, 3)), "More than half of those asked · 3 of 3 approvals");
        assert_eq!(rule(&asked(Mode::Minimum(3), 3)), "At least 3 of those asked · 2 of 3 approvals", "two people did");
    }
}
