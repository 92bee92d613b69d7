//! An authenticator for the tests.

use super::{Assertion, Registration, RelyingParty};
use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Present and verified.
pub(super) const GOOD: u8 = 0b101;
pub(super) const CREDENTIAL: u8 = 0b0100_0000;

/// Made with node's crypto, apart from everything here.
#[derive(Deserialize)]
pub(super) struct Vectors {
    pub(super) token: String,
    pub(super) origin: String,
    pub(super) id: String,
    pub(super) registration: Registration,
    pub(super) packed: Registration,
    pub(super) rs256: Registration,
    pub(super) assertion: Assertion,
}

pub(super) fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

pub(super) fn party() -> RelyingParty {
    RelyingParty { origin: "https://edge.example".to_owned(), id: "edge.example".to_owned() }
}

/// A member of a key.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Number(i64),
    Bytes(Vec<u8>),
}

pub(super) struct Device {
    key: SigningKey,
    pub(super) id: Vec<u8>,
    pub(super) flags: u8,
    pub(super) counter: u32,
    pub(super) rp_id: String,
    pub(super) client: serde_json::Value,
}

impl Device {
    pub(super) fn new(kind: &str, challenge: &[u8]) -> Self {
        Self {
            key: SigningKey::from_slice(&[7; 32]).unwrap(),
            id: vec![1, 2, 3],
            flags: GOOD,
            counter: 5,
            rp_id: "edge.example".to_owned(),
            client: serde_json::json!({
                "type": kind, "challenge": BASE64URL_NOPAD.encode(challenge), "origin": "https://edge.example",
            }),
        }
    }

    fn client_data(&self) -> Vec<u8> {
        serde_json::to_vec(&self.client).unwrap()
    }

    pub(super) fn data(&self, more: &[u8]) -> Vec<u8> {
        let mut data = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        data.push(self.flags | if more.is_empty() { 0 } else { CREDENTIAL });
        data.extend(self.counter.to_be_bytes());
        data.extend(more);
        data
    }

    /// AAGUID, id, key.
    pub(super) fn attested(&self) -> Vec<u8> {
        self.attested_with(&self.members())
    }

    /// The same with a key of these members, in this order.
    pub(super) fn attested_with(&self, members: &[(i64, Value)]) -> Vec<u8> {
        let mut bytes = vec![0; 16];
        bytes.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        bytes.extend(&self.id);
        let mut key = minicbor::Encoder::new(Vec::new());
        key.map(u64::try_from(members.len()).unwrap()).unwrap();
        for (label, value) in members {
            key.i64(*label).unwrap();
            match value {
                Value::Number(number) => key.i64(*number).unwrap(),
                Value::Bytes(bytes) => key.bytes(bytes).unwrap(),
            };
        }
        bytes.extend(key.into_writer());
        bytes
    }

    /// The members of an ES256 key.
    pub(super) fn members(&self) -> Vec<(i64, Value)> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        vec![
            (1, Value::Number(2)),
            (3, Value::Number(-7)),
            (-1, Value::Number(1)),
            (-2, Value::Bytes(x.to_vec())),
            (-3, Value::Bytes(y.to_vec())),
        ]
    }

    pub(super) fn registration_of(&self, data: &[u8]) -> Registration {
        let mut object = minicbor::Encoder::new(Vec::new());
        object.map(3).unwrap().str("fmt").unwrap().str("none").unwrap().str("attStmt").unwrap().map(0).unwrap();
        object.str("authData").unwrap().bytes(data).unwrap();
        Registration {
            client_data: BASE64URL_NOPAD.encode(&self.client_data()),
            attestation: BASE64URL_NOPAD.encode(&object.into_writer()),
        }
    }

    pub(super) fn registration(&self) -> Registration {
        self.registration_of(&self.data(&self.attested()))
    }

    pub(super) fn assertion(&self) -> Assertion {
        let data = self.data(&[]);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(self.client_data()));
        let signature: DerSignature = self.key.sign(&signed);
        Assertion {
            credential: BASE64URL_NOPAD.encode(&self.id),
            client_data: BASE64URL_NOPAD.encode(&self.client_data()),
            authenticator_data: BASE64URL_NOPAD.encode(&data),
            signature: BASE64URL_NOPAD.encode(signature.as_bytes()),
        }
    }
}
