//! What may be in a new passkey's key and around it, and what may not.

use super::sample::{Device, Value, party};
use super::*;
use data_encoding::BASE64URL_NOPAD;

const CHALLENGE: [u8; 32] = [9; 32];

fn device() -> Device {
    Device::new("webauthn.create", &CHALLENGE)
}

fn with_key(members: &[(i64, Value)]) -> Result<Registered, Fault> {
    let device = device();
    register(&device.registration_of(&device.data(&device.attested_with(members))), &CHALLENGE, &party())
}

fn with_object(change: impl FnOnce(&mut Vec<u8>)) -> Result<Registered, Fault> {
    let mut sent = device().registration();
    let mut object = BASE64URL_NOPAD.decode(sent.attestation.as_bytes()).unwrap();
    change(&mut object);
    sent.attestation = BASE64URL_NOPAD.encode(&object);
    register(&sent, &CHALLENGE, &party())
}

#[test]
fn the_members_of_a_key_may_come_in_any_order_and_with_others() {
    let mut members = device().members();
    members.reverse();
    members.push((4, Value::Number(1)));
    assert_eq!(with_key(&members), with_key(&device().members()));
    assert!(with_key(&members).is_ok());
}

/// Kind of key, algorithm and curve each on its own: the point is a good one, so that nothing else refuses it.
#[test]
fn a_key_of_another_kind_algorithm_or_curve_is_refused() {
    for (label, others) in [(1, [1, 3, 4]), (3, [-8, -35, -257]), (-1, [2, 6, 8])] {
        let place = device().members().iter().position(|(one, _)| *one == label).unwrap();
        for other in others {
            let mut members = device().members();
            members[place].1 = Value::Number(other);
            assert_eq!(with_key(&members), Err(Fault::Key), "{label}: {other}");
        }
        let mut members = device().members();
        members.remove(place);
        assert_eq!(with_key(&members), Err(Fault::Key), "{label} is missing");
    }
}

#[test]
fn a_member_that_comes_twice_is_refused_even_if_both_say_the_same() {
    for (label, value) in device().members() {
        let mut members = device().members();
        members.push((label, value.clone()));
        assert_eq!(with_key(&members), Err(Fault::Key), "{label}");
        // The right one last, for a reader that keeps the last one; and first.
        let wrong = match value {
            Value::Number(_) => Value::Number(9),
            Value::Bytes(_) => Value::Bytes(vec![1; 32]),
        };
        let mut members = device().members();
        members.insert(0, (label, wrong.clone()));
        assert_eq!(with_key(&members), Err(Fault::Key), "{label}, another one before it");
        let mut members = device().members();
        members.push((label, wrong));
        assert_eq!(with_key(&members), Err(Fault::Key), "{label}, another one behind it");
    }
}

#[test]
fn nothing_follows_the_attestation_object() {
    assert!(with_object(|_| {}).is_ok());
    for more in [&[0_u8][..], &[0xa0], &[0xf6, 0xf6]] {
        assert_eq!(with_object(|object| object.extend(more)), Err(Fault::AuthenticatorData), "{more:?}");
    }
    assert_eq!(with_object(|object| object.truncate(object.len() - 1)), Err(Fault::AuthenticatorData));
}

#[test]
fn the_authenticator_s_part_comes_once() {
    let device = device();
    let data = device.data(&device.attested());
    let object = |times: usize| {
        let mut object = minicbor::Encoder::new(Vec::new());
        object.map(u64::try_from(times).unwrap()).unwrap();
        for _ in 0..times {
            object.str("authData").unwrap().bytes(&data).unwrap();
        }
        object.into_writer()
    };
    assert!(with_object(|sent| *sent = object(1)).is_ok(), "fmt and attStmt are passed over");
    for times in [0, 2] {
        assert_eq!(with_object(|sent| *sent = object(times)), Err(Fault::AuthenticatorData), "{times}");
    }
}
