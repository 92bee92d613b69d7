//! What the events of a page say, kept and counted apart from the engine's own fold, seats and tally.
//!
//! Every event is looked at with the world of its moment: who was asked, in which group somebody was, what the page was.

use super::confluence::{DAY, People, Sheet};
use super::count::{Counted, Seats, Vote, counts_seats, excluded};
use super::seen::Seen;
use super::token;
use crate::common::hash;
use engine::content::ContentHash;
use engine::ids::{AccountId, PageVersion, Seq, StateId};
use engine::page::event::{AskedPerson, Cause, PageEvent, Proof, ReviewOpened, Via};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::token::policy::{Action, Policy};
use engine::wire::status::Decision;
use engine::workflow::definition::{Definition, Role, State, StepUp, Updated};
use std::collections::BTreeSet;

/// What an event is judged by.
pub struct Moment<'a> {
    pub definition: &'a Definition,
    pub people: &'a People,
    pub sheet: &'a Sheet,
    pub policy: &'a Policy,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    seq: u64,
    state: Option<StateId>,
    state_seq: u64,
    entered_at: Timestamp,
    expires_at: Option<Timestamp>,
    previous: Option<StateId>,
    ended: bool,
    latest: Option<(PageVersion, Option<ContentHash>)>,
    review: Option<Counted>,
    approved: Option<(PageVersion, ContentHash)>,
    /// Versions approved and not voided.
    valid: Vec<PageVersion>,
    last: Option<PageEvent>,
    pub seen: Seen,
}

impl Ledger {
    /// Looks at an event and takes it in.
    pub fn take(&mut self, seq: Seq, event: &PageEvent, moment: &Moment<'_>) {
        assert_eq!(seq.0, self.seq + 1, "no gap");
        self.seq = seq.0;
        let before = self.last.replace(event.clone());
        match event {
            PageEvent::WorkflowStarted { state, expires_at, version, .. } => {
                assert!(self.state.is_none() || self.ended, "started once");
                assert!(moment.definition.state(&state.id).unwrap().initial);
                self.ended = false;
                self.review = None;
                self.stand(&state.id, *expires_at, moment);
                self.previous = None;
                let known = self.latest.take();
                let hash = known.as_ref().and_then(|(_, hash)| hash.clone());
                self.latest = Some((known.map_or(*version, |(known, _)| known.max(*version)), hash));
            }
            PageEvent::Submitted { version, content_hash, by, proof, .. } => {
                self.confirmed(Action::Submit, &by.account, proof.as_ref(), moment);
                self.see(*version, content_hash);
            }
            PageEvent::Selected { version, content_hash, by, proof, .. } => {
                self.confirmed(Action::Select, &by.account, proof.as_ref(), moment);
                self.see(*version, content_hash);
            }
            PageEvent::Edited { version, content_hash, .. } => {
                assert_eq!(
                    (*version, content_hash),
                    (moment.sheet.version(), &hash(moment.sheet.versions.last().unwrap().content)),
                    "only what Confluence has is recorded as an edit"
                );
                self.see(*version, content_hash);
            }
            PageEvent::Decided { .. } => self.decided(event, moment),
            PageEvent::Reassigned { approval, from, to, by, proof, .. } => {
                self.confirmed(Action::Reassign, &by.account, proof.as_ref(), moment);
                self.seen.reassigned += 1;
                let review = self.review.as_mut().expect("a review");
                let definition =
                    moment.definition.state(self.state.as_ref().unwrap()).unwrap().approval(approval).unwrap();
                let out = excluded(definition, &review.opened, &review.writers);
                assert!(!out.contains(&to.account), "nobody excluded is asked");
                let seats = review.asked.iter_mut().find(|seats| seats.of.id == *approval).unwrap();
                if let Some(from) = from {
                    seats.of.people.retain(|asked| asked.person.account != *from);
                    seats.passed_on.insert(from.clone());
                }
                seats.passed_on.remove(&to.account);
                assert!(
                    !seats.of.people.iter().any(|asked| asked.person.account == to.account),
                    "nobody has two seats"
                );
                seats.of.people.push(AskedPerson { person: to.clone(), via: Via::Reassigned });
            }
            PageEvent::StateEntered { state, cause, expires_at, review } => {
                self.entered(&state.id, *cause, *expires_at, review.as_ref(), before.as_ref(), moment);
                // Whatever is reviewed was seen.
                let known = self.latest.as_ref().map(|(version, _)| *version);
                if let Some(review) = review.as_ref().filter(|review| Some(review.version) >= known) {
                    self.see(review.version, &review.content_hash);
                }
            }
            PageEvent::ExpirySet { at } => self.expires_at = *at,
            PageEvent::ReviewDue { approvals } => {
                let review = self.review.as_ref().expect("a review");
                assert!(approvals.iter().all(|id| review.is_open(id) && !review.is_complete(id)));
            }
            PageEvent::ApprovalVoided { version, .. } => {
                assert_eq!(
                    self.approved.as_ref().map(|(version, _)| *version),
                    Some(*version),
                    "what was approved is voided"
                );
                self.approved = None;
                self.valid.pop();
            }
            PageEvent::WorkflowMoved { .. } => {}
            PageEvent::EmergencyAsked { .. }
            | PageEvent::EmergencyWithdrawn { .. }
            | PageEvent::EmergencyDecided { .. }
            | PageEvent::Invited { .. }
            | PageEvent::InvitationRevoked { .. }
            | PageEvent::Abstained { .. } => unreachable!("no step asks for it"),
            PageEvent::WorkflowEnded { .. } => {
                self.ended = true;
                self.review = None;
                self.expires_at = None;
            }
        }
    }

    fn confirmed(&mut self, action: Action, by: &AccountId, proof: Option<&Proof>, moment: &Moment<'_>) {
        let own = StepUp::Policy;
        let demands = token::binding(moment.policy, &own, by, moment.people, action);
        let enough = |proof| token::enough(moment.policy, &own, by, moment.people, action, proof, moment.at);
        assert!(demands.is_empty() || proof.is_some_and(enough), "{action:?} is not confirmed: {demands:?}, {proof:?}");
        self.seen.confirmed += usize::from(!demands.is_empty());
    }

    fn see(&mut self, version: PageVersion, content: &ContentHash) {
        let known = self.latest.as_ref().map_or(version, |(known, _)| (*known).max(version));
        self.latest = Some((known, Some(content.clone())));
    }

    fn stand(&mut self, id: &StateId, expires_at: Option<Timestamp>, moment: &Moment<'_>) {
        if let Some(expires_at) = expires_at {
            let after = expires_at - moment.at;
            assert!(
                after.as_millis() >= u128::from(DAY) && after.as_millis() <= u128::from(731 * DAY),
                "1 day to 2 years"
            );
        }
        self.state = Some(id.clone());
        (self.state_seq, self.entered_at, self.expires_at) = (self.seq, moment.at, expires_at);
    }

    fn decided(&mut self, event: &PageEvent, moment: &Moment<'_>) {
        let PageEvent::Decided {
            approval: id,
            decision,
            version,
            content_hash,
            state_seq,
            by,
            for_others,
            for_self,
            meaning,
            comment,
            proof,
            invited,
        } = event
        else {
            return;
        };
        assert_eq!(*invited, None, "nobody is invited");
        let state = moment.definition.state(self.state.as_ref().unwrap()).unwrap();
        let approval = state.approval(id).expect("an approval of the state");
        let review = self.review.as_mut().expect("a review is under way");
        let now = moment.sheet.now(None);
        assert_eq!(
            (*version, content_hash),
            (review.opened.version, &review.opened.content_hash),
            "what is under review"
        );
        assert_eq!((*version, content_hash), (now.version, &now.content_hash), "what Confluence has");
        assert_eq!(state_seq.0, self.state_seq);
        self.seen.decisions += 1;
        self.seen.stood_in += usize::from(!for_others.is_empty());
        self.seen.changed += usize::from(review.votes.iter().any(|vote| vote.approval == *id && vote.by == by.account));
        // The token.
        let action = match decision {
            Decision::Approve => Action::Approve,
            Decision::Reject => Action::Reject,
        };
        let demands = token::binding(moment.policy, &approval.step_up, &by.account, moment.people, action);
        let enough =
            token::enough(moment.policy, &approval.step_up, &by.account, moment.people, action, proof, moment.at);
        assert!(enough, "no decision without what is asked for: {demands:?}, {proof:?}");
        self.seen.unasked += usize::from(demands.is_empty());
        self.seen.by_session += usize::from(!demands.is_empty() && proof.factor.is_none());
        self.seen.part_11 += usize::from(demands.iter().any(|demand| demand.part_11));
        match decision {
            Decision::Approve => {
                let may = token::meanings(approval, &demands);
                assert!(may.contains(meaning), "{meaning} is none of {may:?}");
                self.seen.other_meaning += usize::from(*meaning != approval.meaning);
            }
            Decision::Reject => assert_eq!(*meaning, approval.meaning_of_rejection),
        }
        assert!(*decision == Decision::Approve || !approval.comment_on_reject || comment.is_some());
        // Who may.
        let mut stands_for = for_others.clone();
        if *for_self {
            stands_for.insert(by.account.clone());
        }
        assert!(!stands_for.is_empty(), "a decision is for somebody");
        let out = excluded(approval, &review.opened, &review.writers);
        assert!(!out.contains(&by.account), "{} is excluded, and decided", by.account);
        assert!(out.is_disjoint(&stands_for), "an excluded person is represented");
        let seats = review.seats(id);
        for seat in &stands_for {
            let listed = seats.of.people.iter().find(|asked| asked.person.account == *seat);
            let groups = moment.people.in_groups(seat);
            let by_group = !counts_seats(seats.of.mode)
                && !seats.passed_on.contains(seat)
                && seats.of.groups.iter().any(|group| groups.contains(&group.id));
            let by_role = *seat == by.account
                && !seats.passed_on.contains(seat)
                && seats.of.roles.iter().any(|role| match role {
                    Role::SpaceAdmin => moment.people.admins.contains(seat),
                    Role::Editor => !moment.people.readers.contains(seat),
                    Role::Creator | Role::LastEditor => false,
                });
            let by_name = match listed.map(|asked| &asked.via) {
                Some(Via::Group { group }) => groups.contains(group),
                Some(_) => true,
                None => by_group,
            };
            assert!(by_name || by_role, "{seat} is not asked for {id}");
            if *seat != by.account {
                assert_eq!(moment.people.absent.get(seat), Some(&by.account), "nobody is represented who is not away");
            }
        }
        assert!(review.is_open(id), "{id} waits for others");
        assert!(!review.is_complete(id), "{id} is complete");
        // Once.
        let seats_count = counts_seats(approval.mode);
        let same = |vote: &Vote| vote.approval == *id;
        if !approval.change_decision {
            let again = review.votes.iter().filter(|vote| same(vote)).any(|vote| {
                if seats_count {
                    !vote.seats.is_disjoint(&stands_for)
                } else {
                    (vote.by == by.account && vote.decision != *decision) || !vote.seats.is_disjoint(&stands_for)
                }
            });
            assert!(!again, "{} decides again", by.account);
        }
        review.votes.retain_mut(|vote| {
            if vote.approval != *id || vote.by != by.account {
                return true;
            }
            vote.seats.retain(|seat| !stands_for.contains(seat));
            (seats_count || vote.decision == *decision) && !vote.seats.is_empty()
        });
        let of_one = |vote: &&Vote| vote.approval == *id && vote.by == by.account;
        assert!(
            seats_count || review.votes.iter().filter(of_one).all(|vote| vote.decision == *decision),
            "{} says both",
            by.account
        );
        let doubly =
            review.votes.iter().filter(|vote| vote.approval == *id).any(|vote| !vote.seats.is_disjoint(&stands_for));
        assert!(!doubly, "a seat is decided by one person");
        review.votes.push(Vote {
            approval: id.clone(),
            decision: *decision,
            by: by.account.clone(),
            seats: stands_for,
        });
    }

    fn entered(
        &mut self,
        id: &StateId,
        cause: Cause,
        expires_at: Option<Timestamp>,
        opened: Option<&ReviewOpened>,
        before: Option<&PageEvent>,
        moment: &Moment<'_>,
    ) {
        assert!(!self.ended);
        self.seen.rejections += usize::from(cause == Cause::Rejected);
        self.seen.voided += usize::from(cause == Cause::Voided);
        self.seen.expired += usize::from(cause == Cause::Expired);
        self.seen.moved_in_review += usize::from(cause == Cause::Moved && self.review.is_some());
        let definition = moment.definition;
        let state = definition.state(id).expect("a state of the definition");
        let from = self.state.clone().unwrap();
        let left = definition.state(&from);
        let ways = left.map(|left| &left.transitions);
        let is = |way: Option<&StateId>| assert_eq!(way, Some(id), "the way the definition shows");
        match cause {
            Cause::Submitted => {
                assert!(matches!(before, Some(PageEvent::Submitted { .. })));
                is(ways.unwrap().submit.as_ref().map(|submit| &submit.to));
            }
            Cause::Selected => {
                assert!(matches!(before, Some(PageEvent::Selected { to, .. }) if to == id));
                is(ways.unwrap().select.iter().map(|select| &select.to).find(|to| *to == id));
            }
            Cause::Approved => {
                assert!(matches!(before, Some(PageEvent::Decided { .. })));
                is(ways.unwrap().approved.as_ref());
                let review = self.review.as_ref().expect("a review");
                assert!(review.all_complete(), "every approval has enough signatures");
                if opened.is_none() {
                    self.approved = Some((review.opened.version, review.opened.content_hash.clone()));
                    self.valid.push(review.opened.version);
                    self.seen.approvals += 1;
                }
            }
            Cause::Rejected => {
                assert!(matches!(before, Some(PageEvent::Decided { decision: Decision::Reject, .. })));
                is(ways.unwrap().rejected.as_ref());
                let review = self.review.as_ref().expect("a review");
                assert!(review.any_rejected() && !review.all_complete());
            }
            Cause::Edited | Cause::Voided => {
                assert!(match before {
                    Some(PageEvent::Edited { .. }) => cause == Cause::Edited,
                    Some(PageEvent::ApprovalVoided { .. }) => cause == Cause::Voided,
                    _ => false,
                });
                let initial = definition.initial().map(|initial| &initial.id);
                match &ways.unwrap().updated {
                    Updated::Stay | Updated::Initial => is(initial),
                    Updated::To(to) => is(Some(to)),
                    Updated::Previous => assert!(self.previous.as_ref() == Some(id) || initial == Some(id)),
                }
                assert!(!(left.unwrap().is_final && state.is_final), "an edited page stays in a final state");
            }
            Cause::Expired => {
                assert!(self.expires_at.is_some_and(|at| at <= moment.at), "its time is over");
                is(ways.unwrap().expired.as_ref());
            }
            Cause::Moved => assert!(matches!(before, Some(PageEvent::WorkflowMoved { .. }))),
        }
        assert_eq!(opened.is_some(), !state.approvals.is_empty(), "a review begins where approvals are asked for");
        self.review = opened.map(|opened| self.open(state, opened, moment));
        if from != *id {
            self.previous = Some(from);
        }
        self.stand(id, expires_at, moment);
    }

    fn open(&self, state: &State, opened: &ReviewOpened, moment: &Moment<'_>) -> Counted {
        let writers = moment.sheet.authors_after(self.valid.last().copied());
        assert_eq!(opened.asked.len(), state.approvals.len());
        for (asked, approval) in opened.asked.iter().zip(&state.approvals) {
            assert_eq!(asked.id, approval.id);
            let out = excluded(approval, opened, &writers);
            let mut seen = BTreeSet::new();
            for one in &asked.people {
                assert!(!out.contains(&one.person.account), "{} is excluded, and asked", one.person.account);
                assert!(!moment.people.inactive.contains(&one.person.account), "only accounts in use are asked");
                assert!(seen.insert(&one.person.account), "nobody is asked twice");
            }
        }
        let asked = opened.asked.iter().map(|of| Seats { of: of.clone(), passed_on: BTreeSet::new() }).collect();
        Counted { opened: opened.clone(), writers, asked, votes: Vec::new() }
    }

    /// The engine's fold says the same.
    pub fn agrees(&self, fold: &PageFold) {
        assert_eq!(fold.seq.0, self.seq);
        assert_eq!(Some(&fold.state.id), self.state.as_ref());
        assert_eq!(fold.state_seq.0, self.state_seq);
        assert_eq!(fold.entered_at, self.entered_at);
        assert_eq!(fold.expires_at, self.expires_at);
        assert_eq!(fold.previous, self.previous);
        assert_eq!(fold.ended, self.ended);
        assert_eq!(Some((fold.latest.version, fold.latest.content_hash.clone())), self.latest);
        assert_eq!(fold.review.is_some(), self.review.is_some());
        let approved = fold.approved.as_ref().map(|approved| (approved.version, approved.content_hash.clone()));
        assert_eq!(approved, self.approved);
        if let (Some((version, content)), Some((latest, seen))) = (&self.approved, &self.latest) {
            let differs = version != latest || seen.as_ref().is_some_and(|seen| seen != content);
            assert_eq!(fold.changed_since_approval(), differs, "outdated after any other change");
        }
        if let Some(review) = &self.review {
            assert!(!review.all_complete() && !review.any_rejected(), "what is settled is left");
        }
        if let Some(approved) = &fold.approved {
            assert!(approved.signatures.iter().all(|one| one.decision == Decision::Approve));
            assert!(!approved.signatures.is_empty(), "an approval has signatures");
        }
    }
}
