//! Lists, and what they are bound to.

use super::*;
use crate::token::challenge::{ChallengeFault, MacKey, MacKeys, issue, verify};
use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;

fn keys() -> MacKeys {
    MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap()
}

fn listed(page: u32) -> Listed {
    Listed {
        page: PageId::new(page.to_string()),
        version: PageVersion(7),
        content_hash: ContentHash::from_hex(format!("{page:064x}")),
        workflow: WorkflowId::new("page-approval"),
        workflow_version: 1,
        state: StateId::new("in-review"),
        state_seq: Seq(4),
        approval: ApprovalId::new("approvers"),
    }
}

fn list(pages: u32) -> Vec<Listed> {
    (1..=pages).map(listed).collect()
}

fn challenge(list: &[Listed]) -> BulkChallenge {
    BulkChallenge {
        site: SiteId::new("cloud/env"),
        space: SpaceId::new("65537"),
        decision: Decision::Approve,
        meaning: "I approve.".to_owned(),
        list: list_digest(list).unwrap(),
        count: u32::try_from(list.len()).unwrap(),
        factors: [FactorKind::Totp, FactorKind::Passkey].into(),
        account: AccountId::new("712020:a"),
        policy_version: 3,
        nonce: Nonce::from_random([5; 16]),
        expires_at: Timestamp(1_000),
    }
}

type Change = fn(&mut Listed);

/// Each a change of one field.
fn changes() -> [(&'static str, Change); 8] {
    [
        ("page", |one| one.page = PageId::new("99")),
        ("version", |one| one.version = PageVersion(8)),
        ("content", |one| one.content_hash = ContentHash::from_hex("ef".repeat(32))),
        ("workflow", |one| one.workflow = WorkflowId::new("other")),
        ("workflow version", |one| one.workflow_version = 2),
        ("state", |one| one.state = StateId::new("draft")),
        ("round", |one| one.state_seq = Seq(5)),
        ("approval", |one| one.approval = ApprovalId::new("others")),
    ]
}

#[test]
fn what_was_issued_is_read() {
    for factors in [BTreeSet::new(), [FactorKind::MailCode].into(), FactorKind::SIGNING.into()] {
        let challenge = BulkChallenge { factors, ..challenge(&list(3)) };
        let token = issue(&keys(), &challenge).unwrap();
        assert_eq!(verify::<BulkChallenge>(&keys(), &token, Timestamp(1_000)), Ok(challenge));
        assert_eq!(verify::<BulkChallenge>(&keys(), &token, Timestamp(1_001)), Err(ChallengeFault::Expired));
        assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
    }
}

#[test]
fn any_flipped_bit_is_refused() {
    let token = BASE64URL_NOPAD.decode(issue(&keys(), &challenge(&list(2))).unwrap().as_bytes()).unwrap();
    for index in 0..token.len() {
        for bit in 0..8 {
            let mut forged = token.clone();
            forged[index] ^= 1 << bit;
            let forged = BASE64URL_NOPAD.encode(&forged);
            assert_eq!(verify::<BulkChallenge>(&keys(), &forged, Timestamp(0)), Err(ChallengeFault::Invalid));
        }
    }
}

#[test]
fn a_page_of_the_list_is_bound_as_if_it_were_signed_by_itself() {
    let (list, challenge) = (list(3), challenge(&list(3)));
    for (index, listed) in (0..).zip(&list) {
        let DecisionChallenge {
            site,
            page,
            version,
            content_hash,
            workflow,
            workflow_version,
            state,
            state_seq,
            approval,
            policy_version,
            decision,
            meaning,
            account,
            nonce,
            expires_at,
        } = challenge.decision_on(&list, index).unwrap();
        let bound = Listed { page, version, content_hash, workflow, workflow_version, state, state_seq, approval };
        assert_eq!(bound, *listed);
        assert_eq!((&site, &account, &meaning), (&challenge.site, &challenge.account, &challenge.meaning));
        assert_eq!((decision, policy_version, expires_at), (challenge.decision, 3, challenge.expires_at));
        assert_eq!(nonce.as_str(), format!("{}/{index}", challenge.nonce.as_str()), "used up by itself");
    }
    assert_eq!(challenge.decision_on(&list, 3), None);
    assert_eq!(challenge.decision_on(&list, u32::MAX), None);
}

#[test]
fn another_list_is_none() {
    let (original, challenge) = (list(3), challenge(&list(3)));
    let mut others = vec![list(2), list(4), Vec::new(), vec![listed(1), listed(3), listed(2)]];
    others.push(vec![listed(1), listed(1), listed(3)]);
    for (what, change) in changes() {
        for index in 0..3 {
            let mut other = original.clone();
            change(&mut other[index]);
            assert_ne!(list_digest(&other), list_digest(&original), "{what}");
            others.push(other);
        }
    }
    for other in others {
        for index in 0..5 {
            assert_eq!(challenge.decision_on(&other, index), None, "{other:?}");
        }
    }
}

/// The contract with whoever checks an entry years from now: the digest can be made again from the entries of a list.
#[test]
fn the_digest_never_changes() {
    assert_eq!(
        list_digest(&list(2)).unwrap(),
        "ea826b75997ad55030fe6b9671fabee6ac1bf712f8c1c881a7f431a8827a0e31",
        "a list's digest stands in entries that are signed"
    );
}

fn any_listed() -> impl Strategy<Value = Listed> {
    let word = || "[a-c]{0,3}";
    (word(), 0_u32..3, word(), word(), 0_u32..3, word(), 0_u64..3, word()).prop_map(
        |(page, version, content, workflow, workflow_version, state, state_seq, approval)| Listed {
            page: PageId::new(page),
            version: PageVersion(version),
            content_hash: ContentHash::from_hex(content),
            workflow: WorkflowId::new(workflow),
            workflow_version,
            state: StateId::new(state),
            state_seq: Seq(state_seq),
            approval: ApprovalId::new(approval),
        },
    )
}

proptest! {
    /// However fields are cut and lists are joined: the digests are the same only where the lists are.
    #[test]
    fn no_two_lists_run_together(
        one in prop::collection::vec(any_listed(), 0..4),
        other in prop::collection::vec(any_listed(), 0..4),
    ) {
        prop_assert_eq!(one == other, list_digest(&one) == list_digest(&other));
        prop_assert_eq!(challenge(&one).decision_on(&other, 0).is_some(), one == other && !one.is_empty());
    }

    #[test]
    fn no_input_is_a_panic(token in "[A-Za-z0-9_-]{0,400}") {
        prop_assert!(verify::<BulkChallenge>(&keys(), &token, Timestamp(0)).is_err());
    }
}
