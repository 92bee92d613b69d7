//! A policy in plain sentences: for approvers who ask why, and for admins.

use super::{Action, Because, Demand, External, FactorKind, Force, Freshness, Requirement, Subject, Who};

impl Action {
    /// What somebody is about to do: "approve a page".
    #[must_use]
    pub fn doing(self) -> &'static str {
        match self {
            Self::Submit => "submit a page for review",
            Self::Approve => "approve a page",
            Self::Reject => "reject a page",
            Self::Select => "move a page to another state",
            Self::Reassign => "change who reviews a page",
            Self::Invite => "invite somebody without an account",
            Self::Publish => "publish a page",
            Self::Override => "use emergency access",
            Self::ChangeWorkflow => "change a workflow",
            Self::ChangeAssignment => "change which pages come under which workflow, or many pages at once",
            Self::ChangePolicy => "change this policy",
            Self::ResetFactor => "change somebody else's authenticators",
        }
    }
}

impl FactorKind {
    /// For people: "a passkey".
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::RecoveryCode => "a recovery code",
            Self::MailCode => "a mailed code",
            Self::Totp => "an authenticator app",
            Self::Passkey => "a passkey",
        }
    }
}

impl Freshness {
    /// For people: "each time", "at most 15 minutes ago".
    #[must_use]
    pub fn phrase(self) -> String {
        match self {
            Self::EachTime => "each time".to_owned(),
            Self::Session { minutes } => {
                let (number, unit) = match minutes {
                    days if days % 1440 == 0 => (days / 1440, "day"),
                    hours if hours % 60 == 0 => (hours / 60, "hour"),
                    _ => (minutes, "minute"),
                };
                let s = if number == 1 { "" } else { "s" };
                format!("once in {number} {unit}{s}")
            }
        }
    }
}

impl Demand {
    /// For people: "a passkey or an authenticator app, each time".
    #[must_use]
    pub fn phrase(&self) -> String {
        let factors: Vec<&str> = self.factors.iter().rev().map(|kind| kind.phrase()).collect();
        let factors = match factors.as_slice() {
            [] => "nothing there is: no factor satisfies all the rules".to_owned(),
            [one] => (*one).to_owned(),
            [some @ .., last] => [&some.join(", "), " or ", last].concat(),
        };
        let part_11 = if self.part_11 { ", to the letter of 21 CFR Part 11" } else { "" };
        format!("{factors}, {}{part_11}", self.fresh.phrase())
    }
}

impl Because {
    /// For the person who is asked. `external` is why they count as external, if they do.
    #[must_use]
    pub fn sentence(&self, external: Option<External>) -> String {
        let (name, force, who) = match self {
            Self::Rule { name, force, who, .. } => (name, force, who),
            Self::Approval => return "The workflow asks for it in this approval.".to_owned(),
            Self::Invited => return "You have no account, so each decision of yours is confirmed.".to_owned(),
        };
        let whom = match who {
            Who::Everyone => "everyone",
            Who::External => "external users",
            Who::Internal => "people of the organisation",
            Who::Group { .. } => "members of a group you are in",
        };
        let because = match (who, external) {
            (Who::External, Some(external)) => format!(" You count as one because {}.", external.sentence()),
            _ => String::new(),
        };
        let required = if *force == Force::Required { " No workflow can ask for less." } else { "" };
        format!("The site's rule “{name}” asks {whom} for it.{because}{required}")
    }
}

impl Requirement {
    /// Why somebody is asked, or that they are not: plain sentences.
    #[must_use]
    pub fn why(&self, subject: &Subject) -> Vec<String> {
        if self.because.is_empty() {
            return vec!["No rule asks you for anything here.".to_owned()];
        }
        self.because.iter().map(|because| because.sentence(subject.external)).collect()
    }
}
