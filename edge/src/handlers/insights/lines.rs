//! Lines of the list: what is known of each person, put together.

use super::candidates::{Candidates, Members};
use super::outside::Told;
use crate::store::insight::{Held, Known};
use engine::ids::AccountId;
use engine::time::Timestamp;
use engine::token::life::{Stage, stage};
use engine::token::policy::{Action, FactorKind, Policy, Subject};
use engine::wire::factors::FactorView;
use engine::wire::insights::{PersonLine, Standing};
use engine::workflow::definition::StepUp;

/// What lines are made of.
pub(super) struct Parts<'a> {
    pub(super) policy: &'a Policy,
    pub(super) candidates: &'a Candidates,
    pub(super) members: &'a Members,
    pub(super) told: &'a Told,
    pub(super) factors: Vec<Held>,
    pub(super) known: Vec<Known>,
    pub(super) now: Timestamp,
}

impl Parts<'_> {
    /// The line of a person.
    pub(super) fn line(&self, account: &AccountId) -> PersonLine {
        let external = self.told.external(account, &self.policy.people);
        let own = self.factors.iter().filter(|factor| factor.person == *account);
        let mut factors: Vec<FactorView> = own.map(|factor| self.factor(factor)).collect();
        // Over is as if it had been removed.
        factors.retain(|factor| factor.stage != Stage::Over);
        let known = self.known.iter().find(|known| known.person == account.as_str()).cloned().unwrap_or_default();
        let subject = Subject {
            account: account.clone(),
            external,
            groups: self
                .policy
                .groups_for(Action::Approve)
                .into_iter()
                .filter(|group| self.members.get(group).is_some_and(|members| members.contains(account)))
                .cloned()
                .collect(),
        };
        let asked = self.policy.requirement(&StepUp::Policy, &subject, Action::Approve);
        let mailbox = asked.factors().any(|kind| kind == FactorKind::MailCode);
        let stages = factors.iter().map(|factor| factor.stage);
        PersonLine {
            account: account.clone(),
            name: self.told.name(account),
            external,
            asked: self.candidates.get(account).cloned().unwrap_or_default(),
            standing: Standing::of(stages, known.factors_ever > 0, mailbox),
            lock: known.guesses().lock(self.now),
            factors,
            recovery_left: known.recovery_left,
            last_use: known.last_use(),
            last_seen: known.last_seen(),
            failures: known.guesses().failures,
            failures_of_late: known.failures_of_late,
            reminded_at: known.reminded_at,
        }
    }

    fn factor(&self, held: &Held) -> FactorView {
        FactorView {
            id: held.id.clone(),
            factor_kind: held.kind,
            name: held.name.clone(),
            enrolled_at: held.enrolled_at,
            expires_at: held.expires_at,
            last_used_at: held.last_used_at,
            stage: stage(held.expires_at, self.now),
        }
    }
}
