use super::sample::{Device, GOOD, party, vectors};
use super::*;
use proptest::prelude::*;

const CHALLENGE: [u8; 32] = [9; 32];

fn created(change: impl FnOnce(&mut Device)) -> Result<Registered, Fault> {
    let mut device = Device::new("webauthn.create", &CHALLENGE);
    change(&mut device);
    register(&device.registration(), &CHALLENGE, &party())
}

fn known() -> Credential {
    created(|_| {}).unwrap().credential
}

fn used(change: impl FnOnce(&mut Device)) -> Result<u32, Fault> {
    let mut device = Device::new("webauthn.get", &CHALLENGE);
    change(&mut device);
    assert(&device.assertion(), &known(), 4, &CHALLENGE, &party())
}

#[test]
fn what_another_implementation_makes_is_accepted() {
    let vectors = vectors();
    let party = RelyingParty { origin: vectors.origin, id: vectors.id };
    let challenge = challenge_for_use(&vectors.token);
    let registered = register(&vectors.registration, &challenge, &party).unwrap();
    assert_eq!((registered.counter, registered.credential.synchronised), (1, false));
    assert_eq!(assert(&vectors.assertion, &registered.credential, 1, &challenge, &party), Ok(2));
    // A statement nobody asked for is passed over.
    assert_eq!(register(&vectors.packed, &challenge, &party), Ok(registered));
    assert_eq!(register(&vectors.rs256, &challenge, &party), Err(Fault::Key));
}

#[test]
fn a_good_passkey_is_registered_and_used() {
    let registered = created(|_| {}).unwrap();
    assert_eq!((registered.credential.id.as_str(), registered.counter), ("AQID", 5));
    assert!(created(|device| device.flags = GOOD | 0b1_1000).unwrap().credential.synchronised);
    assert_eq!(used(|_| {}), Ok(5));
}

#[test]
fn each_rule_has_its_fault() {
    type Change = fn(&mut Device);
    let both: [(Change, Fault); 11] = [
        (|device| device.client["type"] = "webauthn.other".into(), Fault::Type),
        (|device| device.client["challenge"] = "AAAA".into(), Fault::Challenge),
        (|device| device.client["origin"] = "https://edge.example.evil".into(), Fault::Origin),
        (|device| device.client["origin"] = "http://edge.example".into(), Fault::Origin),
        (|device| device.client["crossOrigin"] = true.into(), Fault::Framed),
        (|device| device.client["topOrigin"] = "https://edge.example".into(), Fault::Framed),
        (|device| device.client = serde_json::json!([]), Fault::ClientData),
        (|device| device.rp_id = "evil.example".to_owned(), Fault::RpId),
        (|device| device.flags = 0b100, Fault::NotPresent),
        (|device| device.flags = 0b001, Fault::NotVerified),
        // Backed up, but not to be backed up.
        (|device| device.flags = GOOD | 0b1_0000, Fault::AuthenticatorData),
    ];
    for (number, (change, fault)) in both.into_iter().enumerate() {
        assert_eq!(created(change), Err(fault), "registration {number}");
        assert_eq!(used(change), Err(fault), "use {number}");
    }
    assert_eq!(used(|device| device.client["type"] = "webauthn.create".into()), Err(Fault::Type));
    assert_eq!(created(|device| device.client["type"] = "webauthn.get".into()), Err(Fault::Type));
    assert_eq!(used(|device| device.id = vec![9]), Err(Fault::Credential));
    assert!(used(|device| device.client["crossOrigin"] = false.into()).is_ok());
    assert!(used(|device| device.client["added_later"] = 1.into()).is_ok());
}

#[test]
fn a_counter_that_stands_still_or_goes_back_is_refused() {
    assert_eq!(counter(0, 0), Ok(0), "synchronised passkeys do not count");
    assert_eq!(counter(0, 1), Ok(1));
    assert_eq!(counter(4, 5), Ok(5));
    for (kept, sent) in [(4, 4), (4, 3), (4, 0), (u32::MAX, 0), (u32::MAX, u32::MAX)] {
        assert_eq!(counter(kept, sent), Err(Fault::Counter), "{kept} → {sent}");
    }
    assert_eq!(used(|device| device.counter = 4), Err(Fault::Counter));
}

#[test]
fn another_key_signs_nothing() {
    let other = Credential { key: vectors_key(), ..known() };
    let device = Device::new("webauthn.get", &CHALLENGE);
    assert_eq!(assert(&device.assertion(), &other, 4, &CHALLENGE, &party()), Err(Fault::Signature));
    let broken = Credential { key: "AAAA".to_owned(), ..known() };
    assert_eq!(assert(&device.assertion(), &broken, 4, &CHALLENGE, &party()), Err(Fault::Key));
}

fn vectors_key() -> String {
    let vectors = vectors();
    let party = RelyingParty { origin: vectors.origin, id: vectors.id };
    register(&vectors.registration, &challenge_for_use(&vectors.token), &party).unwrap().credential.key
}

#[test]
fn a_registration_needs_a_whole_key_and_nothing_behind_it() {
    let device = Device::new("webauthn.create", &CHALLENGE);
    let try_data = |data: &[u8]| register(&device.registration_of(data), &CHALLENGE, &party());
    assert_eq!(try_data(&device.data(&[])), Err(Fault::AuthenticatorData), "no passkey in it");
    let good = device.data(&device.attested());
    for length in 0..good.len() {
        assert!(try_data(&good[..length]).is_err(), "cut at {length}");
    }
    let mut longer = good.clone();
    longer.push(0xa0);
    assert_eq!(try_data(&longer), Err(Fault::AuthenticatorData), "something behind it");
    // The same bytes are welcome where the flag announces them.
    longer[32] |= 0b1000_0000;
    assert!(try_data(&longer).is_ok());
    // A point that is not on the curve.
    let mut off = good;
    *off.last_mut().unwrap() ^= 1;
    assert_eq!(try_data(&off), Err(Fault::Key));
}

/// Every single bit of everything the signature covers, and of the signature.
#[test]
fn any_flipped_bit_of_an_assertion_is_refused() {
    let good = Device::new("webauthn.get", &CHALLENGE).assertion();
    let members: [fn(&mut Assertion) -> &mut String; 4] = [
        |sent| &mut sent.credential,
        |sent| &mut sent.client_data,
        |sent| &mut sent.authenticator_data,
        |sent| &mut sent.signature,
    ];
    for (number, member) in members.into_iter().enumerate() {
        let bytes = BASE64URL_NOPAD.decode(member(&mut good.clone()).as_bytes()).unwrap();
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[index] ^= 1 << bit;
                let mut forged = good.clone();
                *member(&mut forged) = BASE64URL_NOPAD.encode(&flipped);
                assert!(
                    assert(&forged, &known(), 4, &CHALLENGE, &party()).is_err(),
                    "member {number}, byte {index}, bit {bit}"
                );
            }
        }
    }
}

#[test]
fn challenges_are_told_apart_by_what_they_are_for() {
    assert_ne!(challenge_for_use("t"), challenge_for_registration("t"));
    assert_ne!(challenge_for_use("t"), challenge_for_use("u"));
    assert_eq!(check_digits("AQID").len(), 4);
    assert_ne!(check_digits("AQID"), check_digits("AQIE"));
}

proptest! {
    #[test]
    fn no_input_is_a_panic(client in ".{0,80}", a in prop::collection::vec(any::<u8>(), 0..200), b in ".{0,80}") {
        let text = BASE64URL_NOPAD.encode(&a);
        let sent = Registration { client_data: client.clone(), attestation: text.clone() };
        prop_assert!(register(&sent, &CHALLENGE, &party()).is_err());
        let sent = Assertion { credential: known().id, client_data: client, authenticator_data: text, signature: b };
        prop_assert!(assert(&sent, &known(), 0, &CHALLENGE, &party()).is_err());
    }

    /// Past the browser's part, into the two parsers of what an authenticator writes.
    #[test]
    fn no_authenticator_data_is_a_panic(flags in any::<u8>(), more in prop::collection::vec(any::<u8>(), 1..200)) {
        let mut device = Device::new("webauthn.create", &CHALLENGE);
        device.flags = flags;
        let _ = register(&device.registration_of(&device.data(&more)), &CHALLENGE, &party());
        let mut attested = device.attested();
        attested.truncate(21);
        attested.extend(&more);
        prop_assert!(register(&device.registration_of(&device.data(&attested)), &CHALLENGE, &party()).is_err());
    }

    /// One changed byte of a registration either is refused or makes another passkey; it never is the same one twice.
    #[test]
    fn a_changed_registration_is_refused_or_another(at in 0_usize..400, value in any::<u8>()) {
        let device = Device::new("webauthn.create", &CHALLENGE);
        let mut data = device.data(&device.attested());
        let index = at % data.len();
        prop_assume!(data[index] != value);
        data[index] = value;
        if let Ok(other) = register(&device.registration_of(&data), &CHALLENGE, &party()) {
            // The AAGUID says who built it; it is not read.
            let is_aaguid = (37..53).contains(&index);
            let good = created(|_| {}).unwrap();
            prop_assert!(is_aaguid || other != good || index == 32, "byte {}", index);
        }
    }
}
