//! The bytes of an entry never change: an auditor's old export must still verify. The expected texts below are the
//! contract; a change to one of them is a new `ENCODING`.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{hash, signatory, text};
use engine::audit::canonical::to_canonical;
use engine::audit::entry::{Actor, ENCODING, Entry, leaf_hash};
use engine::audit::fact::{AttemptFault, AttemptPurpose, EnrolmentProof, FactorEvent, PersonFact};
use engine::ids::{AccountId, ApprovalId, FactorId, PageId, PageVersion, Seq, SessionId, SiteId, StreamId};
use engine::page::event::{BulkUse, FactorUse, Opened, PageEvent, Proof};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use engine::wire::status::Decision;

fn entry<E>(stream: StreamId, event: E) -> Entry<E> {
    Entry {
        v: ENCODING,
        site: SiteId::new("cloud/env"),
        stream,
        at: Timestamp(1_790_000_000_000),
        actor: Actor::person(&AccountId::new("anna")),
        event,
    }
}

#[test]
fn a_decision() {
    let event = PageEvent::Decided {
        approval: ApprovalId::new("approvers"),
        decision: Decision::Approve,
        version: PageVersion(7),
        content_hash: hash(7),
        state_seq: Seq(3),
        by: signatory("anna"),
        for_others: std::collections::BTreeSet::new(),
        for_self: true,
        meaning: "I approve.".to_owned(),
        comment: Some(text("fine")),
        proof: Proof {
            challenge: "c1".repeat(32),
            policy_version: 1,
            factor: Some(FactorUse { factor: FactorId::new("f1"), kind: FactorKind::Totp, step: 59_666_666 }),
            session: None,
            identified: false,
            bulk: None,
        },
        invited: None,
    };
    let sealed = entry(StreamId::page(&PageId::new("98305")), event.clone()).seal().unwrap();
    let commitment = |of: &str| text(of).commitment;
    let expected = format!(
        "{{\"actor\":{{\"account\":\"anna\",\"is\":\"person\"}},\"at\":1790000000000,\"event\":{{\"approval\":\"approvers\",\
         \"by\":{{\"account\":\"anna\",\"name\":{{\"commitment\":\"{}\",\"text\":\"text-anna\"}}}},\
         \"comment\":{{\"commitment\":\"{}\",\"text\":\"text-fine\"}},\"content_hash\":\"{:064x}\",\"decision\":\"approve\",\
         \"kind\":\"decided\",\"meaning\":\"I approve.\",\
         \"proof\":{{\"challenge\":\"{}\",\"factor\":{{\"factor\":\"f1\",\"kind\":\"totp\",\"step\":59666666}},\"policy_version\":1}},\
         \"state_seq\":3,\"version\":7}},\"site\":\"cloud/env\",\"stream\":\"page/98305\",\"v\":1}}",
        commitment("anna"),
        commitment("fine"),
        7,
        "c1".repeat(32),
    );
    assert_eq!(sealed.bytes, expected);
    assert_eq!(sealed.kind, "decided");
    assert_eq!(sealed.leaf, leaf_hash(expected.as_bytes()));
    let read: Entry<PageEvent> = serde_json::from_str(&sealed.bytes).unwrap();
    assert_eq!(read.event, event);
}

#[test]
fn a_failed_attempt() {
    let fact = PersonFact::AttemptFailed {
        purpose: AttemptPurpose::Decision,
        reason: AttemptFault::Wrong,
        factor_kind: None,
        failures: 3,
    };
    let sealed = entry(StreamId::person_facts(&AccountId::new("anna")), fact).seal().unwrap();
    assert_eq!(
        sealed.bytes,
        "{\"actor\":{\"account\":\"anna\",\"is\":\"person\"},\"at\":1790000000000,\
         \"event\":{\"failures\":3,\"kind\":\"attempt-failed\",\"purpose\":\"decision\",\"reason\":\"wrong\"},\
         \"site\":\"cloud/env\",\"stream\":\"person-facts/anna\",\"v\":1}"
    );
    assert_eq!(sealed.leaf, "79cafcb1eb8bd9495634224d7eb970f923459643a4a0e45c44a31b1a71831f7d");
}

/// What came later is a member more where it is there, and nothing where it is not.
#[test]
fn a_failed_attempt_with_its_kind_and_a_factor() {
    let anna = AccountId::new("anna");
    let fact = PersonFact::AttemptFailed {
        purpose: AttemptPurpose::Recovery,
        reason: AttemptFault::Used,
        factor_kind: Some(FactorKind::RecoveryCode),
        failures: 1,
    };
    let sealed = entry(StreamId::person_facts(&anna), fact).seal().unwrap();
    assert_eq!(
        sealed.bytes,
        "{\"actor\":{\"account\":\"anna\",\"is\":\"person\"},\"at\":1790000000000,\
         \"event\":{\"factor_kind\":\"recovery-code\",\"failures\":1,\"kind\":\"attempt-failed\",\
         \"purpose\":\"recovery\",\"reason\":\"used\"},\
         \"site\":\"cloud/env\",\"stream\":\"person-facts/anna\",\"v\":1}"
    );
    let event = FactorEvent::FactorEnrolled {
        factor: FactorId::new("f1"),
        factor_kind: FactorKind::Totp,
        name: None,
        expires_at: Some(Timestamp(1_792_592_000_000)),
        proved_by: EnrolmentProof::RecoveryCode,
        replaces: Some(FactorId::new("f0")),
    };
    let sealed = entry(StreamId::factors(&anna), event).seal().unwrap();
    assert_eq!(
        sealed.bytes,
        "{\"actor\":{\"account\":\"anna\",\"is\":\"person\"},\"at\":1790000000000,\
         \"event\":{\"expires_at\":1792592000000,\"factor\":\"f1\",\"factor_kind\":\"totp\",\
         \"kind\":\"factor-enrolled\",\"proved_by\":\"recovery-code\",\"replaces\":\"f0\"},\
         \"site\":\"cloud/env\",\"stream\":\"factors/anna\",\"v\":1}"
    );
    for proof in ["mail-code", "current-factor", "recovery-code", "waived-by-policy"] {
        let read: EnrolmentProof = serde_json::from_value(proof.into()).unwrap();
        assert_eq!(read.as_str(), proof);
    }
}

/// One of several pages signed together: what stands for its own factor.
#[test]
fn a_proof_of_one_of_many_pages() {
    let factor = FactorUse { factor: FactorId::new("f1"), kind: FactorKind::Passkey, step: 7 };
    let opened = Opened { session: SessionId::new("s1"), factor, at: Timestamp(1_790_000_000_000) };
    let bulk = |opened| Some(BulkUse { list: "1f".repeat(32), index: 2, count: 50, opened });
    let proof = |bulk| Proof { bulk, ..common::proof() };
    let canonical = |proof: &Proof| to_canonical(&serde_json::to_value(proof).unwrap()).unwrap();
    let alone = Proof { factor: None, ..proof(None) };
    for (one, more) in [
        (None, String::new()),
        (bulk(None), format!("\"bulk\":{{\"count\":50,\"index\":2,\"list\":\"{}\"}},", "1f".repeat(32))),
        (
            bulk(Some(opened)),
            format!(
                "\"bulk\":{{\"count\":50,\"index\":2,\"list\":\"{}\",\"opened\":{{\"at\":1790000000000,\
                 \"factor\":{{\"factor\":\"f1\",\"kind\":\"passkey\",\"step\":7}},\"session\":\"s1\"}}}},",
                "1f".repeat(32)
            ),
        ),
    ] {
        let one = Proof { bulk: one, ..alone.clone() };
        let expected = format!("{{{more}\"challenge\":\"{}\",\"policy_version\":1}}", "c".repeat(64));
        assert_eq!(canonical(&one), expected);
        assert_eq!(serde_json::from_str::<Proof>(&expected).unwrap(), one);
    }
}

#[test]
fn no_personal_text_is_in_an_entry() {
    let event = PageEvent::Submitted {
        version: PageVersion(1),
        content_hash: hash(1),
        title: text("Salaries of the board"),
        author: AccountId::new("author"),
        by: signatory("anna"),
        comment: Some(text("please hurry, Ben")),
        proof: None,
    };
    // Text ids are random in the product; here they carry the text, so look past them.
    let bytes = entry(StreamId::page(&PageId::new("1")), event).seal().unwrap().bytes;
    let without_ids =
        bytes.replace("\"text\":\"text-Salaries of the board\"", "").replace("\"text\":\"text-please hurry, Ben\"", "");
    assert!(!without_ids.contains("Salaries") && !without_ids.contains("hurry"));
}
