//! A review, its decisions counted from the events alone.

use engine::ids::{AccountId, ApprovalId};
use engine::page::event::{Asked, ReviewOpened};
use engine::wire::status::Decision;
use engine::workflow::definition::{Approval, Exclusion, Mode};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub struct Counted {
    pub opened: ReviewOpened,
    /// Who wrote versions after the one approved when it was opened.
    pub writers: BTreeSet<AccountId>,
    pub asked: Vec<Seats>,
    pub votes: Vec<Vote>,
}

#[derive(Clone, Debug)]
pub struct Seats {
    pub of: Asked,
    pub passed_on: BTreeSet<AccountId>,
}

#[derive(Clone, Debug)]
pub struct Vote {
    pub approval: ApprovalId,
    pub decision: Decision,
    pub by: AccountId,
    pub seats: BTreeSet<AccountId>,
}

impl Counted {
    pub fn seats(&self, id: &ApprovalId) -> &Seats {
        self.asked.iter().find(|seats| seats.of.id == *id).expect("an approval of this review")
    }

    pub fn people(&self, id: &ApprovalId, decision: Decision) -> usize {
        let of = self.votes.iter().filter(|vote| vote.approval == *id && vote.decision == decision);
        of.map(|vote| &vote.by).collect::<BTreeSet<_>>().len()
    }

    pub fn needed(&self, id: &ApprovalId) -> usize {
        let asked = self.seats(id).of.people.len();
        match self.seats(id).of.mode {
            Mode::Any => 1,
            Mode::Minimum(number) => number as usize,
            Mode::All => asked.max(1),
            Mode::Majority => asked / 2 + 1,
        }
    }

    pub fn covered(&self, id: &ApprovalId, decision: Option<Decision>) -> usize {
        let asked = self.seats(id).of.people.iter();
        let by = |seat: &AccountId| {
            self.votes.iter().any(|vote| {
                vote.approval == *id
                    && decision.is_none_or(|decision| vote.decision == decision)
                    && vote.seats.contains(seat)
            })
        };
        asked.filter(|asked| by(&asked.person.account)).count()
    }

    pub fn given(&self, id: &ApprovalId) -> usize {
        if counts_seats(self.seats(id).of.mode) {
            self.covered(id, Some(Decision::Approve))
        } else {
            self.people(id, Decision::Approve)
        }
    }

    pub fn is_open(&self, id: &ApprovalId) -> bool {
        self.seats(id).of.after.iter().all(|other| self.is_complete(other))
    }

    pub fn is_complete(&self, id: &ApprovalId) -> bool {
        self.is_open(id) && self.given(id) >= self.needed(id)
    }

    pub fn is_rejected(&self, id: &ApprovalId) -> bool {
        let asked = &self.seats(id).of;
        let rejections = self.people(id, Decision::Reject);
        let left = asked.people.len() - self.covered(id, None);
        let hopeless =
            !asked.open && !asked.change_decision && rejections > 0 && self.given(id) + left < self.needed(id);
        !self.is_complete(id) && (rejections >= asked.minimum_rejections as usize || hopeless)
    }

    pub fn all_complete(&self) -> bool {
        self.asked.iter().all(|seats| self.is_complete(&seats.of.id))
    }

    pub fn any_rejected(&self) -> bool {
        self.asked.iter().any(|seats| self.is_rejected(&seats.of.id))
    }
}

pub fn counts_seats(mode: Mode) -> bool {
    matches!(mode, Mode::All | Mode::Majority)
}

/// Whom separation of duties keeps from deciding.
pub fn excluded(approval: &Approval, opened: &ReviewOpened, writers: &BTreeSet<AccountId>) -> BTreeSet<AccountId> {
    let mut out = BTreeSet::new();
    for exclusion in &approval.exclude {
        match exclusion {
            Exclusion::Author => _ = out.insert(opened.creator.clone()),
            Exclusion::LastEditor => _ = out.insert(opened.author.clone()),
            Exclusion::Submitter => out.extend(opened.by.iter().map(|by| by.account.clone())),
            Exclusion::EditorsSinceApproval => {
                out.extend(writers.iter().cloned());
                out.insert(opened.author.clone());
            }
        }
    }
    out
}
