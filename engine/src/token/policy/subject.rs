//! Who somebody is, as far as a policy asks.

use crate::ids::{AccountId, GroupId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person, as far as a policy asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub account: AccountId,
    /// Why they count as external; [`None`]: they do not, or no rule asks.
    pub external: Option<External>,
    /// Those of the groups the policy names that they are in.
    pub groups: BTreeSet<GroupId>,
}

impl Subject {
    /// Somebody of whom nothing else is known, because no rule asks.
    #[must_use]
    pub fn plain(account: &AccountId) -> Self {
        Self { account: account.clone(), external: None, groups: BTreeSet::new() }
    }
}

/// Why somebody counts as external.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum External {
    /// Confluence calls them a guest.
    Guest,
    /// Their address is in none of the managed domains.
    UnmanagedDomain,
    /// An admin listed them.
    Listed,
    /// They have no account: they were invited to one page.
    Invited,
}

impl External {
    /// For people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Guest => "your account is a guest's",
            Self::UnmanagedDomain => "your account's address is outside the organisation's domains",
            Self::Listed => "an admin listed your account",
            Self::Invited => "you were invited by mail",
        }
    }
}

/// Who counts as external. Confluence does not tell which accounts an organisation manages, so domains are a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Mail domains of the organisation, in lower case; empty: addresses tell nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub managed_domains: BTreeSet<String>,
    /// Accounts that are external whatever else is known.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub external: BTreeSet<AccountId>,
    /// Accounts that are not, although their address says so. A guest stays one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub internal: BTreeSet<AccountId>,
}

impl People {
    /// Whether the domain of this person's address has to be known.
    #[must_use]
    pub fn needs_domain(&self, account: &AccountId, guest: bool) -> bool {
        !guest
            && !self.managed_domains.is_empty()
            && !self.external.contains(account)
            && !self.internal.contains(account)
    }

    /// Why somebody counts as external. A domain that is not known is not managed.
    #[must_use]
    pub fn external(&self, account: &AccountId, guest: bool, domain: Option<&str>) -> Option<External> {
        if self.external.contains(account) {
            Some(External::Listed)
        } else if guest {
            Some(External::Guest)
        } else if self.needs_domain(account, guest) {
            let managed = domain.is_some_and(|domain| self.managed_domains.contains(&domain.to_ascii_lowercase()));
            (!managed).then_some(External::UnmanagedDomain)
        } else {
            None
        }
    }
}
