//! A compact JWS (RFC 7515, 3.1), read strictly: three parts of unpadded base64url, RS256, nothing critical.

use super::checks::Rule;
use data_encoding::BASE64URL_NOPAD;
use engine::time::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The longest token accepted. A macro's configuration travels in it, so it is not always short.
pub const LONGEST: usize = 32 * 1024;

/// The parts of a token. Nothing of it is verified yet.
pub struct Jws<'a> {
    /// Which key signed it, it says.
    pub kid: String,
    /// The bytes that were signed.
    pub signed: &'a [u8],
    /// The claims, as JSON.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<IgnoredAny>,
    #[serde(default)]
    b64: Option<IgnoredAny>,
}

/// Takes a token apart.
///
/// # Errors
/// The rule it breaks.
pub fn parse(token: &str) -> Result<Jws<'_>, Rule> {
    if token.len() > LONGEST {
        return Err(Rule::Shape);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Rule::Shape);
    };
    let signed = token.as_bytes().get(..header.len() + 1 + payload.len()).ok_or(Rule::Shape)?;
    let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| Rule::Header)?;
    if header.alg != "RS256" {
        return Err(Rule::Algorithm);
    }
    let typ_is_jwt = header.typ.is_none_or(|typ| typ.eq_ignore_ascii_case("jwt"));
    if !typ_is_jwt || header.crit.is_some() || header.b64.is_some() || header.kid.is_empty() {
        return Err(Rule::Header);
    }
    Ok(Jws { kid: header.kid, signed, payload: decoded(payload)?, signature: decoded(signature)? })
}

/// The `exp` of a token that is not ours to verify.
#[must_use]
pub fn unverified_exp(token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Expiring {
        exp: u64,
    }
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1)?.as_bytes()).ok()?;
    let Expiring { exp } = serde_json::from_slice(&claims).ok()?;
    exp.checked_mul(1000).map(Timestamp)
}

fn decoded(part: &str) -> Result<Vec<u8>, Rule> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| Rule::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        format!("{}.{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), "e30", "AAAA")
    }

    fn refused(token: &str) -> Rule {
        match parse(token) {
            Ok(_) => panic!("accepted {token}"),
            Err(rule) => rule,
        }
    }

    #[test]
    fn a_good_token_is_taken_apart() {
        let token = token(r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#);
        let jws = parse(&token).unwrap();
        assert_eq!(jws.kid, "k1");
        assert_eq!(jws.payload, b"{}");
        assert_eq!(jws.signature, [0, 0, 0]);
        assert!(token.as_bytes().starts_with(jws.signed) && jws.signed.ends_with(b".e30"));
    }

    #[test]
    fn every_other_algorithm_is_refused() {
        for alg in ["none", "HS256", "RS384", "PS256", "ES256", "rs256", "RS256 ", ""] {
            assert_eq!(refused(&token(&format!(r#"{{"alg":"{alg}","kid":"k"}}"#))), Rule::Algorithm, "{alg}");
        }
    }

    #[test]
    fn odd_headers_are_refused() {
        for header in [
            r#"{"alg":"RS256"}"#,
            r#"{"alg":"RS256","kid":""}"#,
            r#"{"alg":"RS256","kid":7}"#,
            r#"{"alg":"RS256","kid":"k","crit":["exp"]}"#,
            r#"{"alg":"RS256","kid":"k","b64":false}"#,
            r#"{"alg":"RS256","kid":"k","typ":"JOSE+JSON"}"#,
            r#"{"alg":"none","alg":"RS256","kid":"k"}"#,
            "[]",
            "null",
        ] {
            assert_eq!(refused(&token(header)), Rule::Header, "{header}");
        }
    }

    #[test]
    fn odd_shapes_are_refused() {
        let good = token(r#"{"alg":"RS256","kid":"k"}"#);
        for bad in [
            String::new(),
            "..".to_owned(),
            "a.b".to_owned(),
            format!("{good}.e30"),
            format!("{good}="),
            good.replace("e30", "e31"),
            good.replace("e30", "e3+"),
            format!(" {good}"),
            format!("{good}\n"),
            "A".repeat(LONGEST + 1),
        ] {
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }
}
