//! Anything in any order.

use crate::common::{self, edit, page, submission};
use crate::made::*;
use engine::ids::AccountId;
use engine::page::apply::replay;
use engine::page::command::Command;
use engine::page::event::PageEvent;
use engine::token::policy::Policy;
use engine::wire::status::Decision::{Approve, Reject};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What somebody tries, as numbers.
#[derive(Clone, Debug)]
enum Step {
    Account { by: bool, approve: bool },
    Invite { whom: u8 },
    Revoke { which: u8 },
    Answer { which: u8, as_whom: u8, approve: bool },
    Abstain { which: u8, as_whom: u8 },
    Wait { days: u8 },
    Off { off: bool },
    Edit,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let whom = || 0_u8..3;
    let which = || 0_u8..6;
    let step = prop_oneof![
        4 => (any::<bool>(), prop::bool::weighted(0.9)).prop_map(|(by, approve)| Step::Account { by, approve }),
        6 => whom().prop_map(|whom| Step::Invite { whom }),
        2 => which().prop_map(|which| Step::Revoke { which }),
        6 => (which(), whom(), prop::bool::weighted(0.85))
            .prop_map(|(which, as_whom, approve)| Step::Answer { which, as_whom, approve }),
        2 => (which(), whom()).prop_map(|(which, as_whom)| Step::Abstain { which, as_whom }),
        1 => (1_u8..16).prop_map(|days| Step::Wait { days }),
        1 => any::<bool>().prop_map(|off| Step::Off { off }),
        1 => Just(Step::Edit),
    ];
    proptest::collection::vec(step, 1..40)
}

/// What is known of one review, counted without the engine.
#[derive(Default)]
struct Ledger {
    approved: BTreeSet<String>,
    rejected: bool,
    /// Whom, until when, and the answer.
    invitations: BTreeMap<String, (AccountId, u64, Option<&'static str>)>,
}

impl Ledger {
    fn take(&mut self, event: &PageEvent, at: u64, off: bool) {
        match event {
            PageEvent::Decided { by, decision, invited: None, .. } => {
                assert!(!by.account.is_invited());
                self.rejected |= *decision == Reject;
                self.approved.insert(by.account.to_string());
            }
            PageEvent::Decided { by, decision, invited: Some(used), .. } => {
                let answer = if *decision == Approve { "approved" } else { "rejected" };
                self.answer(used.invitation.as_str(), &by.account, at, off, answer);
                self.rejected |= *decision == Reject;
            }
            PageEvent::Abstained { invitation, by, .. } => {
                self.answer(invitation.as_str(), &by.account, at, off, "abstained");
            }
            PageEvent::InvitationRevoked { invitation, .. } => {
                let one = self.invitations.get_mut(invitation.as_str()).unwrap();
                assert_eq!(one.2.replace("revoked"), None);
            }
            PageEvent::Invited { invitation, person, until, .. } => {
                assert!(!off && until.0 > at);
                let waits = |one: &&(AccountId, u64, Option<&str>)| one.0 == person.account && one.2 != Some("revoked");
                assert!(
                    self.invitations.values().filter(waits).all(|one| one.2.is_none() && one.1 <= at),
                    "asked twice"
                );
                self.invitations.retain(|_, one| one.0 != person.account || one.2.is_some());
                self.invitations.insert(invitation.to_string(), (person.account.clone(), until.0, None));
            }
            _ => {}
        }
    }

    fn answer(&mut self, id: &str, by: &AccountId, at: u64, off: bool, answer: &'static str) {
        let one = self.invitations.get_mut(id).unwrap();
        assert!(one.0 == *by && at < one.1 && !off, "{id} is not theirs, ran out, or is not allowed");
        assert_eq!(one.2.replace(answer), None, "answered once");
    }

    fn is_complete(&self) -> bool {
        self.approved.len() == 2 && self.invitations.values().all(|one| one.2.is_some())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order: the state is left exactly when both people with an account approved and every
    /// invitation is answered or revoked, and as rejected with the first rejection; and folding again gives the same.
    #[test]
    fn no_order_of_answers_lets_a_mailbox_replace_an_account_or_skips_an_invitation(steps in steps()) {
        let mut document = document("all");
        document["states"][1]["approvals"].as_array_mut().unwrap().pop();
        let mut it = common::submitted(&document);
        let (mut ledger, mut off, mut made, mut version) = (Ledger::default(), false, 0_u8, 1);
        for step in steps {
            let at_page = page(version, version);
            let allowed = if off { Policy { rules: Vec::new(), ..Policy::initial() } } else { policy() };
            let names = |n: u8| ["ada", "bob", "cay"][usize::from(n)];
            let command = match step {
                Step::Account { by, approve } => {
                    let verdict = if approve { Approve } else { Reject };
                    let Command::Decide(mut one) = by_account(&it, if by { "anna" } else { "ben" }, "first", verdict) else { unreachable!() };
                    (one.page, one.policy) = (at_page, allowed);
                    decide(*one)
                }
                Step::Invite { whom } => {
                    made += 1;
                    let mut one = inviting(&it, &format!("i{}", made % 6), names(whom), "first");
                    (one.page, one.confirmed.policy) = (at_page, allowed);
                    invite(one)
                }
                Step::Revoke { which } => {
                    let Command::RevokeInvitation(mut one) = revoke(&format!("i{which}")) else { unreachable!() };
                    one.page = at_page;
                    Command::RevokeInvitation(one)
                }
                Step::Answer { which, as_whom, approve } => {
                    let verdict = if approve { Approve } else { Reject };
                    let mut one = deciding(&it, &format!("i{which}"), names(as_whom), "first", verdict);
                    (one.page, one.policy) = (at_page, allowed);
                    decide(one)
                }
                Step::Abstain { which, as_whom } => {
                    let mut one = abstaining(&it, &format!("i{which}"), names(as_whom));
                    (one.page, one.policy) = (at_page, allowed);
                    abstain(one)
                }
                Step::Wait { days } => {
                    later(&mut it, DAY * u32::from(days));
                    continue;
                }
                Step::Off { off: now } => {
                    off = now;
                    continue;
                }
                Step::Edit => {
                    version += 1;
                    edit(version, version, None)
                }
            };
            let Ok(events) = it.decided(&command) else { continue };
            let at = it.now;
            it.run(&command);
            for event in &events {
                ledger.take(event, at, off);
                if let PageEvent::StateEntered { state, cause, .. } = event {
                    use engine::page::event::Cause;
                    match cause {
                        Cause::Approved => prop_assert!(ledger.is_complete() && !ledger.rejected),
                        Cause::Rejected => prop_assert!(ledger.rejected),
                        _ => prop_assert_eq!(*cause, Cause::Edited),
                    }
                    prop_assert_ne!(state.id.as_str(), "review");
                }
            }
            if it.state() == "review" {
                prop_assert!(!ledger.is_complete() && !ledger.rejected, "it should have been left");
            } else {
                prop_assert!(invited(&it).is_empty());
                ledger = Ledger::default();
                it.run(&edit(version + 1, version + 1, None));
                version += 1;
                it.run(&Command::Submit(Box::new(submission("author", page(version, version)))));
            }
        }
        let again = replay(None, it.events.iter().map(|(seq, at, event)| (*seq, *at, event))).unwrap();
        prop_assert_eq!(again, it.fold);
    }
}
