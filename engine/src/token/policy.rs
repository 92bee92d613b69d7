//! The step-up policy: for which actions a token is asked for, and by which factor.

use serde::{Deserialize, Serialize};

/// What a person is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Submit for review.
    Submit,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// Publish.
    Publish,
    /// Act in somebody's stead or against a lock.
    Override,
    /// Change a workflow, an assignment or this policy.
    ChangePolicy,
}

/// A kind of factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// Authenticator app (RFC 6238).
    Totp,
}

impl FactorKind {
    /// The word in the database and in a journal entry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
        }
    }
}

/// One version of a site's step-up policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// 1, 2, 3 …
    pub version: u32,
    /// Actions that need a token each time.
    pub step_up_on: Vec<Action>,
    /// Factors that count.
    pub factors: Vec<FactorKind>,
}

impl Policy {
    /// The policy a site starts with: every verdict and every override is confirmed, each time.
    #[must_use]
    pub fn initial() -> Self {
        Self {
            version: 1,
            step_up_on: vec![Action::Approve, Action::Reject, Action::Publish, Action::Override, Action::ChangePolicy],
            factors: vec![FactorKind::Totp],
        }
    }

    /// Whether `action` needs a token.
    #[must_use]
    pub fn asks_for_token(&self, action: Action) -> bool {
        self.step_up_on.contains(&action)
    }

    /// Whether `proof` is enough for `action`. Default deny: a factor of another kind is no proof.
    #[must_use]
    pub fn accepts(&self, action: Action, proof: Option<FactorKind>) -> bool {
        match proof {
            Some(kind) => self.factors.contains(&kind),
            None => !self.asks_for_token(action),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_token_cannot_be_left_out() {
        let policy = Policy::initial();
        assert!(!policy.accepts(Action::Approve, None));
        assert!(policy.accepts(Action::Approve, Some(FactorKind::Totp)));
        assert!(policy.accepts(Action::Submit, None));
        let none_counts = Policy { factors: vec![], ..policy };
        assert!(!none_counts.accepts(Action::Approve, Some(FactorKind::Totp)));
    }
}
