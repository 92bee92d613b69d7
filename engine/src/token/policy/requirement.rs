//! What is asked of somebody for an action, and because of what.

use super::{Action, Demand, External, FactorKind, Force, Freshness, Policy, Subject, Who};
use crate::ids::RuleId;
use crate::page::event::Proof;
use crate::time::Timestamp;
use crate::token::challenge::LIST_LIFE;
use crate::workflow::definition::StepUp;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// What is asked of somebody for an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// What; [`None`]: nothing.
    pub demand: Option<Demand>,
    /// Because of what.
    pub because: Vec<Because>,
}

/// Because of what something is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Because {
    /// A rule of the site's policy.
    Rule {
        /// Which.
        id: RuleId,
        /// Its name.
        name: String,
        /// Whether a workflow may ask for less.
        force: Force,
        /// Whom it is about.
        who: Who,
    },
    /// The workflow's approval asks for it.
    Approval,
    /// Whoever has no account confirms each verdict: a link and a visit alone are nobody's signature.
    Invited,
}

/// What somebody brings for an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// A factor used for this very action.
    pub factor: Option<FactorKind>,
    /// A step-up session: by which factor it was begun, and when.
    pub session: Option<(FactorKind, Timestamp)>,
    /// Whether the person named themselves (21 CFR 11.200(a)(1): the identification code).
    pub identified: bool,
    /// Whether they did when the session began.
    pub identified_before: bool,
    /// Whether it is one of many pages signed together.
    pub many: bool,
    /// What these were confirmed with, all at once: by which factor, and when.
    pub opened: Option<(FactorKind, Timestamp)>,
}

impl Evidence {
    /// What a proof holds.
    #[must_use]
    pub fn of(proof: &Proof) -> Self {
        Self {
            factor: proof.factor.as_ref().map(|factor| factor.kind),
            session: proof.session.as_ref().map(|session| (session.kind, session.began_at)),
            identified: proof.identified,
            identified_before: proof.session.as_ref().is_some_and(|session| session.identified),
            many: proof.bulk.is_some(),
            opened: proof
                .bulk
                .as_ref()
                .and_then(|bulk| bulk.opened.as_ref())
                .map(|opened| (opened.factor.kind, opened.at)),
        }
    }
}

impl Policy {
    /// What `subject` is asked for `action`, where the approval (if one is concerned) says `own`. Rules: (1) of everything
    /// required, the strictest counts; (2) what an approval asks for itself is required too; (3) a default rule holds where
    /// nothing is required, unless the approval asks for nothing; (4) of whoever has no account, each verdict is confirmed by
    /// something, if only a mailed code.
    #[must_use]
    pub fn requirement(&self, own: &StepUp, subject: &Subject, action: Action) -> Requirement {
        let applies = |rule: &&super::Rule| rule.actions.contains(&action) && rule.who.means(subject);
        let default = self.rules.iter().filter(applies).find(|rule| rule.force == Force::Default);
        let mut found = Requirement::default();
        // (1)
        for rule in self.rules.iter().filter(applies).filter(|rule| rule.force == Force::Required) {
            found.add(&rule.demand, because(rule));
        }
        match own {
            // (2)
            StepUp::Demand(demand) => found.add(demand, Because::Approval),
            StepUp::Required if found.demand.is_some() => found.because.push(Because::Approval),
            StepUp::Required => {
                let standard = Demand::standard();
                found.add(default.map_or(&standard, |rule| &rule.demand), Because::Approval);
            }
            // (3)
            StepUp::Policy if found.demand.is_none() => {
                if let Some(rule) = default {
                    found.add(&rule.demand, because(rule));
                }
            }
            StepUp::Policy | StepUp::Off => {}
        }
        // (4)
        let verdict = matches!(action, Action::Approve | Action::Reject);
        if found.demand.is_none() && verdict && subject.external == Some(External::Invited) {
            let any = Demand { factors: FactorKind::SIGNING.into(), ..Demand::standard() };
            found.add(&any, Because::Invited);
        }
        found
    }
}

fn because(rule: &super::Rule) -> Because {
    Because::Rule { id: rule.id.clone(), name: rule.name.clone(), force: rule.force, who: rule.who.clone() }
}

impl Requirement {
    fn add(&mut self, demand: &Demand, because: Because) {
        self.demand = Some(match self.demand.take() {
            Some(before) => before.and(demand),
            None => demand.clone(),
        });
        self.because.push(because);
    }

    /// Whether anything is asked.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.demand.is_some()
    }

    /// Kinds of factors that count.
    pub fn factors(&self) -> impl Iterator<Item = FactorKind> + '_ {
        self.demand.iter().flat_map(|demand| demand.factors.iter().copied())
    }

    /// Whether many pages may be signed at once.
    #[must_use]
    pub fn allows_many(&self) -> bool {
        self.demand.as_ref().is_none_or(|demand| !demand.part_11)
    }

    /// How long a step-up session begun now would last; [`None`]: none is begun.
    #[must_use]
    pub fn session(&self) -> Option<Duration> {
        match self.demand.as_ref()?.fresh {
            Freshness::EachTime => None,
            Freshness::Session { minutes } => Some(Duration::from_secs(u64::from(minutes) * 60)),
        }
    }

    /// Whether a session of this kind, begun then, still counts.
    #[must_use]
    pub fn session_counts(&self, kind: FactorKind, began_at: Timestamp, now: Timestamp) -> bool {
        let counts = self.factors().any(|factor| factor == kind);
        counts && began_at <= now && self.session().is_some_and(|length| now < began_at + length)
    }

    /// Whether `evidence` is enough. Default deny: a factor that is not asked for is none. Rules: (1) nothing asked, nothing
    /// needed; (2) a factor of a kind that counts, used for this very action, or (3) a session that counts, or, among many
    /// pages signed together, a factor of a kind that counts used for all of them, as long as their list lives: whoever saw
    /// the list and used a factor for it did so for each page of it; (4) to the letter of 21 CFR 11.200(a)(1)(i), a factor
    /// each time, outside a session that the person began by naming themselves their own identification too, and never many
    /// at once.
    #[must_use]
    pub fn accepts(&self, evidence: &Evidence, now: Timestamp) -> bool {
        // (1)
        let Some(demand) = &self.demand else { return true };
        // (2)
        let factor = evidence.factor.is_some_and(|kind| demand.factors.contains(&kind));
        // (3)
        let session = evidence.session.is_some_and(|(kind, began_at)| self.session_counts(kind, began_at, now));
        let opened = evidence.many
            && evidence
                .opened
                .is_some_and(|(kind, at)| demand.factors.contains(&kind) && at <= now && now <= at + LIST_LIFE);
        // (4)
        let named = evidence.identified || (session && evidence.identified_before);
        if demand.part_11 { factor && named && !evidence.many } else { factor || session || opened }
    }
}
