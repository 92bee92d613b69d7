//! What is asked of somebody.

use engine::ids::FactorId;
use engine::token::challenge::{Act, Asks};
use engine::token::policy::{Action, Demand, External, FactorKind, Freshness, Policy, Requirement, Subject};
use engine::workflow::definition::StepUp;
use std::collections::BTreeSet;

/// Why one's own factors are asked for, whatever the policy says.
const OWN: &str = "Whoever changes how you confirm has to show first that they are you.";

/// What is asked of somebody for one thing they do.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What.
    pub(crate) requirement: Requirement,
    /// Why they count as external, if they do.
    pub(crate) external: Option<External>,
    /// The one factor that counts, where it has to be that.
    pub(crate) only: Option<FactorId>,
    /// Whether a factor counts that has to be renewed: for its own renewal.
    pub(crate) expired_counts: bool,
    own: bool,
}

impl Asked {
    /// For something the policy is asked about, where an approval says `own`.
    #[must_use]
    pub(crate) fn of_policy(policy: &Policy, own: &StepUp, subject: &Subject, action: Action) -> Self {
        Self {
            requirement: policy.requirement(own, subject, action),
            external: subject.external,
            only: None,
            expired_counts: false,
            own: false,
        }
    }

    /// For an act.
    #[must_use]
    pub(crate) fn of_act(policy: &Policy, subject: &Subject, act: Act) -> Self {
        match act.asks() {
            Asks::Policy(action) => Self::of_policy(policy, &StepUp::Policy, subject, action),
            Asks::Required(action) => Self::of_policy(policy, &StepUp::Required, subject, action),
            Asks::OwnFactor => Self::own([FactorKind::Totp, FactorKind::Passkey].into(), act),
            Asks::OwnFactorOrRecovery => {
                Self::own([FactorKind::Totp, FactorKind::Passkey, FactorKind::RecoveryCode].into(), act)
            }
        }
    }

    /// For a list of pages as a whole: any of the kinds that count for all of them, used for it.
    #[must_use]
    pub(crate) fn of_list(factors: &BTreeSet<FactorKind>) -> Self {
        let demand = || Demand { factors: factors.clone(), ..Demand::standard() };
        Self::of_pages(Requirement { demand: (!factors.is_empty()).then(demand), because: Vec::new() }, None)
    }

    /// For several pages together: what all of them ask for.
    #[must_use]
    pub(crate) fn of_pages(requirement: Requirement, external: Option<External>) -> Self {
        Self { requirement, external, only: None, expired_counts: false, own: false }
    }

    /// The same, where nothing but this factor counts.
    #[must_use]
    pub(crate) fn only(self, factor: Option<&FactorId>) -> Self {
        Self { only: factor.cloned(), ..self }
    }

    fn own(factors: BTreeSet<FactorKind>, act: Act) -> Self {
        let demand = Demand { factors, fresh: Freshness::EachTime, meanings: Vec::new(), part_11: false };
        Self {
            requirement: Requirement { demand: Some(demand), because: Vec::new() },
            external: None,
            only: None,
            expired_counts: act == Act::RenewFactor,
            own: true,
        }
    }

    /// Whether a recovery code may be among what counts.
    #[must_use]
    pub(crate) fn takes_recovery(&self) -> bool {
        self.requirement.factors().any(|kind| kind == FactorKind::RecoveryCode)
    }

    /// Whether 21 CFR 11.200 is to be kept to the letter.
    #[must_use]
    pub(crate) fn part_11(&self) -> bool {
        self.requirement.demand.as_ref().is_some_and(|demand| demand.part_11)
    }

    /// Why: plain sentences for whoever is asked.
    #[must_use]
    pub(crate) fn because(&self) -> Vec<String> {
        if self.own {
            return vec![OWN.to_owned()];
        }
        let mut all: Vec<String> =
            self.requirement.because.iter().map(|because| because.sentence(self.external)).collect();
        if self.part_11() {
            all.push(
                "Signatures here follow 21 CFR 11.200: the first of a series names its signer, and each uses a code or a passkey."
                    .to_owned(),
            );
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::AccountId;

    #[test]
    fn ones_own_factors_are_guarded_whatever_the_policy_says() {
        let nothing = Policy { rules: Vec::new(), ..Policy::initial() };
        let me = Subject::plain(&AccountId::new("me"));
        for act in Act::ALL {
            let asked = Asked::of_act(&nothing, &me, *act);
            let own = !matches!(act.asks(), Asks::Policy(_));
            assert_eq!(asked.requirement.asks(), own, "{act:?}");
            assert_eq!(asked.takes_recovery(), *act == Act::AddFactor, "{act:?}");
            assert_eq!(asked.expired_counts, *act == Act::RenewFactor, "{act:?}");
            assert!(asked.requirement.session().is_none());
        }
    }

    #[test]
    fn who_is_asked_is_told_which_rule_it_is() {
        let me = Subject::plain(&AccountId::new("me"));
        let asked = Asked::of_policy(&Policy::initial(), &StepUp::Required, &me, Action::Approve);
        assert_eq!(asked.because().len(), 1);
        let asked = Asked::of_policy(&Policy::initial(), &StepUp::Policy, &me, Action::Approve);
        assert!(asked.because()[0].contains("Verdicts and changes of the rules"));
        assert!(asked.because()[0].contains("everyone"));
    }
}
