//! Which of what somebody has counts for what is asked. The one place that decides it: what is offered and what is accepted
//! are the same.

use super::asked::Asked;
use super::standing::Standing;
use crate::store::factor::Factor;
use crate::store::session::Session;
use engine::time::Timestamp;
use engine::token::life::Stage;
use engine::token::mail_code;
use engine::token::policy::FactorKind;
use std::collections::BTreeSet;

/// The ways somebody has.
pub(crate) struct Ways<'a> {
    /// Factors that count.
    pub(crate) factors: Vec<&'a Factor>,
    /// Kinds that count, the strongest first.
    pub(crate) kinds: Vec<FactorKind>,
    /// The session that stands for a factor, or that a series belongs to.
    pub(crate) session: Option<&'a Session>,
}

impl<'a> Ways<'a> {
    /// Rules: (1) a factor counts if its kind is asked for and its time is not over; (2) a mailed code counts where it is
    /// asked for and the person has nothing stronger of a kind that counts, nor had until it expired; (3) a recovery code where it is asked for and there are any
    /// left; (4) a session if the policy now in force still lets it, and, to the letter of 21 CFR 11.200, if it began with
    /// the person naming themselves. Where nothing is asked for, a code that is sent all the same is compared.
    #[must_use]
    pub(crate) fn of(asked: &Asked, standing: &'a Standing, now: Timestamp) -> Self {
        let demanded: BTreeSet<FactorKind> = match &asked.requirement.demand {
            Some(demand) => demand.factors.clone(),
            None => [FactorKind::Totp, FactorKind::Passkey].into(),
        };
        // (1)
        let in_life = |factor: &Factor| match factor.stage(now) {
            Stage::Counts | Stage::Soon => true,
            Stage::Expired => asked.expired_counts,
            Stage::Over => false,
        };
        let one_meant = |factor: &Factor| asked.only.as_ref().is_none_or(|only| *only == factor.id);
        let factors: Vec<&Factor> = standing
            .factors
            .iter()
            .filter(|factor| demanded.contains(&factor.kind) && in_life(factor) && one_meant(factor))
            .collect();
        let mut kinds: BTreeSet<FactorKind> = factors.iter().map(|factor| factor.kind).collect();
        // (2)
        let held = standing.factors.iter().filter(|factor| factor.stage(now).is_held());
        if mail_code::counts(&asked.requirement, held.map(|factor| factor.kind)) {
            kinds.insert(FactorKind::MailCode);
        }
        // (3)
        if demanded.contains(&FactorKind::RecoveryCode) && asked.takes_recovery() && standing.recovery.count > 0 {
            kinds.insert(FactorKind::RecoveryCode);
        }
        // (4)
        let counts = |session: &&Session| {
            asked.requirement.session_counts(session.kind, session.began_at, now)
                && (!asked.part_11() || session.identified)
        };
        Self { factors, kinds: kinds.into_iter().rev().collect(), session: standing.sessions.iter().find(counts) }
    }

    /// Whether this kind counts.
    #[must_use]
    pub(crate) fn takes(&self, kind: FactorKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Factors of a kind that count.
    pub(crate) fn of_kind(&self, kind: FactorKind) -> impl Iterator<Item = &'a Factor> + '_ {
        self.factors.iter().copied().filter(move |factor| factor.kind == kind)
    }

    /// Whether a factor has to be used now.
    #[must_use]
    pub(crate) fn needs_factor(&self, asked: &Asked) -> bool {
        asked.requirement.asks() && (self.session.is_none() || asked.part_11())
    }

    /// Whether the person has to name themselves now.
    #[must_use]
    pub(crate) fn needs_identification(&self, asked: &Asked) -> bool {
        asked.part_11() && self.session.is_none()
    }
}

#[cfg(test)]
#[path = "ways_tests.rs"]
pub(crate) mod tests;
