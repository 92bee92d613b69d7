//! The keys of this stand-in for Forge: RS256 for invocation tokens, HMAC for the opaque ones.

use hmac::{Hmac, KeyInit, Mac};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256 as RsaSha256;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The keys.
pub(crate) struct Keys {
    signing: SigningKey<RsaSha256>,
    public: RsaPublicKey,
    pem: String,
    kid: String,
    opaque: [u8; 32],
}

impl Keys {
    /// The key kept in `dir`, or a new one, kept there where a directory is given.
    pub(crate) fn load(dir: Option<&Path>) -> Result<Self, String> {
        let file = dir.map(|dir| dir.join("invocation-key.pem"));
        if let Some(pem) = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()) {
            let key = RsaPrivateKey::from_pkcs8_pem(&pem).map_err(|why| {
                format!("The key in {} can't be read ({why}). Delete the file; a new one will be made.", display(&file))
            })?;
            return Self::of(key);
        }
        let key = RsaPrivateKey::new(&mut OsRng, 2048).map_err(|why| format!("No RSA key could be made: {why}"))?;
        let keys = Self::of(key)?;
        if let (Some(dir), Some(file)) = (dir, &file) {
            // In one step: another sandbox starting at the same moment must never read half a key.
            let beside = dir.join(format!("invocation-key.{}", crate::random::hex::<8>()));
            std::fs::create_dir_all(dir)
                .and_then(|()| std::fs::write(&beside, &keys.pem))
                .and_then(|()| std::fs::rename(&beside, file))
                .map_err(|why| format!("The key can't be kept in {}: {why}", file.display()))?;
        }
        Ok(keys)
    }

    fn of(key: RsaPrivateKey) -> Result<Self, String> {
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|why| format!("The RSA key can't be written: {why}"))?;
        let digest = Sha256::digest(pem.as_bytes());
        let kid =
            format!("forge/invocation-token/{}", crate::random::uuid_of(&data_encoding::HEXLOWER.encode(&digest)));
        Ok(Self {
            public: key.to_public_key(),
            signing: SigningKey::new(key),
            pem: pem.to_string(),
            kid,
            opaque: digest.into(),
        })
    }

    /// The key's id.
    #[must_use]
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The private key, for tests that forge tokens with another library.
    #[must_use]
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The public key as a JSON Web Key Set.
    #[must_use]
    pub(crate) fn jwks(&self) -> Value {
        let part = |bytes: Vec<u8>| data_encoding::BASE64URL_NOPAD.encode(&bytes);
        json!({ "keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid,
            "n": part(self.public.n().to_bytes_be()), "e": part(self.public.e().to_bytes_be()),
        }] })
    }

    /// A compact JWS over `claims`.
    #[must_use]
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.signing.sign(signed.as_bytes());
        format!("{signed}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature.to_bytes()))
    }

    /// An authentication code over `text`, in hexadecimal.
    #[must_use]
    pub(crate) fn seal(&self, text: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.opaque) else { return String::new() };
        mac.update(text.as_bytes());
        data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
    }
}

fn display(file: &Option<std::path::PathBuf>) -> String {
    file.as_ref().map(|file| file.display().to_string()).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::LazyLock;

    /// Made once: making an RSA key takes a while.
    pub(crate) static PEM: LazyLock<String> = LazyLock::new(|| Keys::load(None).unwrap().pem);

    pub(crate) fn keys() -> Keys {
        Keys::of(RsaPrivateKey::from_pkcs8_pem(&PEM).unwrap()).unwrap()
    }

    #[test]
    fn the_key_is_kept_and_its_id_with_it() {
        let dir = std::env::temp_dir().join(format!("sandbox-keys-{}", crate::random::hex::<8>()));
        let first = Keys::load(Some(&dir)).unwrap();
        let second = Keys::load(Some(&dir)).unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(first.kid(), second.kid());
        assert_eq!(first.jwks(), second.jwks());
    }

    #[test]
    fn what_is_signed_verifies_with_the_published_key() {
        use rsa::pkcs1v15::{Signature, VerifyingKey};
        use rsa::signature::Verifier;
        let keys = keys();
        let token = keys.sign(&json!({"alg": "RS256"}), &json!({"sub": "x"}));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let jwk = &keys.jwks()["keys"][0];
        let part = |name: &str| {
            let bytes = data_encoding::BASE64URL_NOPAD.decode(jwk[name].as_str().unwrap().as_bytes()).unwrap();
            rsa::BigUint::from_bytes_be(&bytes)
        };
        let verifier = VerifyingKey::<RsaSha256>::new(RsaPublicKey::new(part("n"), part("e")).unwrap());
        let signature = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        verifier.verify(signed.as_bytes(), &Signature::try_from(signature.as_slice()).unwrap()).unwrap();
    }
}
