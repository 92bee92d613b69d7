//! Who is asked when a review begins.

use super::command::{Cast, Needs, PageNow};
use super::event::{Asked, AskedGroup, AskedPerson, ReviewOpened, Signatory, Via};
use super::refusal::{CannotBeAsked, Refusal};
use super::seat::excluded_from;
use super::tally::needed;
use crate::audit::commitment::TextRef;
use crate::ids::{AccountId, ApprovalId};
use crate::workflow::definition::{Approval, Exclusion, Role, State};
use std::collections::{BTreeMap, BTreeSet};

/// Whom a submitter named, by approval.
pub type Named = BTreeMap<ApprovalId, BTreeSet<AccountId>>;

/// Who asks for a review, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The page as Confluence has it now.
    pub page: &'a PageNow,
    /// Who else edited since the last approved version, as events told.
    pub editors: &'a BTreeSet<AccountId>,
    /// Who asks, where a person does.
    pub by: Option<&'a Signatory>,
    /// What they say.
    pub comment: Option<&'a TextRef>,
    /// Whom they name; [`None`] where nobody names reviewers, because nobody submits.
    pub named: Option<&'a Named>,
    /// Whether a person is there to mend what is missing. Otherwise the review begins all the same, and whoever may reassign
    /// names the reviewers.
    pub strict: bool,
}

/// Whether an approval of the state keeps everybody who edited since the last approval from deciding, so that Confluence
/// has to be asked who did.
#[must_use]
pub fn needs_contributors(state: &State) -> bool {
    state.approvals.iter().any(|approval| approval.exclude.contains(&Exclusion::EditorsSinceApproval))
}

/// The review that entering `state` begins; [`None`] if it asks for no approval.
///
/// # Errors
/// [`Refusal::Unknown`] if more has to be known; otherwise what the person who asks has to mend.
pub fn open(state: &State, opening: Opening<'_>, cast: &Cast) -> Result<Option<ReviewOpened>, Refusal> {
    if state.approvals.is_empty() {
        return Ok(None);
    }
    let contributors: BTreeSet<AccountId> = opening.editors.union(&opening.page.contributors).cloned().collect();
    let asking = Asking { opening, cast, contributors: &contributors };
    asking.everything_is_known(state)?;
    if opening.strict {
        asking.only_where_allowed(state)?;
    }
    let asked = state.approvals.iter().map(|approval| asking.ask(approval)).collect::<Result<_, _>>()?;
    Ok(Some(ReviewOpened {
        version: opening.page.version,
        content_hash: opening.page.content_hash.clone(),
        author: opening.page.author.clone(),
        creator: opening.page.creator.clone(),
        by: opening.by.cloned(),
        comment: opening.comment.cloned(),
        asked,
        contributors,
    }))
}

struct Asking<'a> {
    opening: Opening<'a>,
    cast: &'a Cast,
    contributors: &'a BTreeSet<AccountId>,
}

impl Asking<'_> {
    /// Everything that is lacking, at once.
    fn everything_is_known(&self, state: &State) -> Result<(), Refusal> {
        let mut needs = Needs::default();
        for approval in &state.approvals {
            let from = approval.reviewers.assigned.iter().flat_map(|assigned| &assigned.from);
            let groups = approval.reviewers.groups.iter().chain(from);
            needs.groups.extend(groups.filter(|group| !self.cast.groups.contains_key(*group)).cloned());
            let accounts = self.candidates(approval).into_iter().map(|(account, _)| account);
            needs.people.extend(accounts.filter(|account| !self.cast.people.contains_key(account)));
        }
        if needs.is_empty() { Ok(()) } else { Err(Refusal::Unknown(Box::new(needs))) }
    }

    /// Nobody is named where the definition does not let them be.
    fn only_where_allowed(&self, state: &State) -> Result<(), Refusal> {
        for (id, _) in self.opening.named.into_iter().flatten().filter(|(_, people)| !people.is_empty()) {
            let approval = state.approval(id).ok_or(Refusal::NoSuchApproval)?;
            if approval.reviewers.assigned.is_none() {
                return Err(cannot(approval, CannotBeAsked::NobodyIsNamed));
            }
        }
        Ok(())
    }

    /// Everybody whom the approval may list, and why; the first reason counts.
    fn candidates(&self, approval: &Approval) -> Vec<(AccountId, Via)> {
        let reviewers = &approval.reviewers;
        let mut candidates: Vec<(AccountId, Via)> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut add = |account: &AccountId, via: Via| {
            if seen.insert(account.clone()) {
                candidates.push((account.clone(), via));
            }
        };
        for user in &reviewers.users {
            add(user, Via::Named);
        }
        for role in &reviewers.roles {
            match role {
                Role::Creator => add(&self.opening.page.creator, Via::Role { role: *role }),
                Role::LastEditor => add(&self.opening.page.author, Via::Role { role: *role }),
                Role::SpaceAdmin | Role::Editor => {}
            }
        }
        if reviewers.assigned.is_some() {
            for account in self.named(approval) {
                add(account, Via::Assigned);
            }
        }
        for group in &reviewers.groups {
            let members = self.cast.groups.get(group).and_then(|known| known.members.as_ref());
            for member in members.into_iter().flatten() {
                add(member, Via::Group { group: group.clone() });
            }
        }
        candidates
    }

    fn named<'s>(&'s self, approval: &Approval) -> impl Iterator<Item = &'s AccountId> {
        self.opening.named.and_then(|named| named.get(&approval.id)).into_iter().flatten()
    }

    fn ask(&self, approval: &Approval) -> Result<Asked, Refusal> {
        if self.opening.strict {
            self.named_can_be_asked(approval)?;
        }
        let mut people = Vec::new();
        for (account, via) in self.candidates(approval) {
            let Some(known) = self.cast.people.get(&account).filter(|known| known.active) else { continue };
            if self.excluded(approval, &account).is_none() {
                people.push(AskedPerson { person: Signatory { account, name: known.name.clone() }, via });
            }
        }
        let mut too_large = false;
        let groups: Vec<AskedGroup> = approval
            .reviewers
            .groups
            .iter()
            .filter_map(|id| Some((id, self.cast.groups.get(id)?)))
            .map(|(id, known)| {
                too_large |= known.members.is_none();
                AskedGroup { id: id.clone(), name: known.name.clone() }
            })
            .collect();
        let roles: BTreeSet<Role> =
            approval.reviewers.roles.iter().copied().filter(|role| !role.can_be_listed()).collect();
        let open = !approval.mode.needs_roster() && (too_large || !roles.is_empty());
        let name = || approval.name.clone();
        if self.opening.strict {
            if approval.mode.needs_roster() && too_large {
                return Err(Refusal::TooManyToAsk { approval: name() });
            }
            let needed = needed(approval.mode, people.len());
            if !open && people.len() < needed && !self.is_left_to_others(approval) {
                return Err(Refusal::TooFewToAsk { approval: name(), needed, can: people.len() });
            }
        }
        Ok(Asked {
            id: approval.id.clone(),
            name: name(),
            mode: approval.mode,
            minimum_rejections: approval.minimum_rejections,
            after: approval.after.clone(),
            due: approval.due,
            change_decision: approval.change_decision,
            people,
            groups,
            roles,
            open,
        })
    }

    /// Whether the person who asks cannot mend that too few can be asked, but somebody else can: those listed may have written
    /// the page, no group can be given more members, and there is nobody to name. Then the review begins, and whoever may
    /// reassign asks others.
    fn is_left_to_others(&self, approval: &Approval) -> bool {
        let reviewers = &approval.reviewers;
        let names = reviewers.assigned.is_some() && self.opening.named.is_some();
        reviewers.groups.is_empty() && !names && !approval.reassign.is_empty()
    }

    fn named_can_be_asked(&self, approval: &Approval) -> Result<(), Refusal> {
        let (Some(assigned), Some(_)) = (&approval.reviewers.assigned, self.opening.named) else { return Ok(()) };
        let named = self.named(approval).count();
        if u32::try_from(named).unwrap_or(u32::MAX) < assigned.at_least {
            return Err(Refusal::NameReviewers { approval: approval.name.clone(), at_least: assigned.at_least });
        }
        for account in self.named(approval) {
            if let Some(excluded) = self.excluded(approval, account) {
                return Err(cannot(approval, CannotBeAsked::Excluded(excluded)));
            }
            if !self.cast.people.get(account).is_some_and(|known| known.active) {
                return Err(cannot(approval, CannotBeAsked::CannotSee));
            }
            let is_in = |group| {
                let members = self.cast.groups.get(group).and_then(|known| known.members.as_ref());
                members.is_some_and(|members| members.contains(account))
            };
            if !assigned.from.is_empty() && !assigned.from.iter().any(is_in) {
                return Err(cannot(approval, CannotBeAsked::NotInGroup));
            }
        }
        Ok(())
    }

    fn excluded(&self, approval: &Approval, account: &AccountId) -> Option<super::refusal::Excluded> {
        let page = self.opening.page;
        let submitter = self.opening.by.map_or(&page.author, |by| &by.account);
        excluded_from(&approval.exclude, &page.author, &page.creator, self.contributors, submitter, account)
    }
}

fn cannot(approval: &Approval, why: CannotBeAsked) -> Refusal {
    Refusal::CannotBeAsked { approval: approval.name.clone(), why }
}
