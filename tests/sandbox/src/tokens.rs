//! Opaque OAuth tokens for Confluence's REST API: one kind acts as a person, the other as the app.
//!
//! They look like JWTs because the app may read `exp` out of them; nothing else in them is promised.

use crate::keys::Keys;
use crate::rights::Principal;
use serde::{Deserialize, Serialize};

/// A user token is good for this long.
pub(crate) const USER_SECONDS: i64 = 4 * 3600;
/// The app's token is good for this long; Forge promises two hours at least.
pub(crate) const APP_SECONDS: i64 = 3 * 3600;

#[derive(Serialize, Deserialize)]
struct Claims {
    exp: i64,
    site: String,
    account: Option<String>,
    n: String,
}

/// A token for `who` on `site`, good until `exp`.
#[must_use]
pub(crate) fn issue(keys: &Keys, site: &str, who: &Principal, exp: i64) -> String {
    let account = match who {
        Principal::Person(account) => Some(account.clone()),
        Principal::App => None,
    };
    let claims = Claims { exp, site: site.to_owned(), account, n: crate::random::hex::<8>() };
    let payload = data_encoding::BASE64URL_NOPAD.encode(&serde_json::to_vec(&claims).unwrap_or_default());
    let head = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"opaque"}"#);
    let seal = keys.seal(&format!("{head}.{payload}"));
    format!("{head}.{payload}.{seal}")
}

/// Whose token it is: [`None`] if it is forged, expired, or another site's.
#[must_use]
pub(crate) fn read(keys: &Keys, site: &str, token: &str, now: i64) -> Option<Principal> {
    let (signed, seal) = token.rsplit_once('.')?;
    if keys.seal(signed) != seal {
        return None;
    }
    let payload = data_encoding::BASE64URL_NOPAD.decode(signed.split_once('.')?.1.as_bytes()).ok()?;
    let claims: Claims = serde_json::from_slice(&payload).ok()?;
    let good = claims.site == site && claims.exp > now;
    good.then(|| claims.account.map_or(Principal::App, Principal::Person))
}

/// A token that opens one file, by itself, until `exp`.
#[must_use]
pub(crate) fn for_file(keys: &Keys, site: &str, file: &str, exp: i64) -> String {
    format!("{exp}.{}", keys.seal(&format!("file {site} {file} {exp}")))
}

/// Whether it opens this file.
#[must_use]
pub(crate) fn opens_file(keys: &Keys, site: &str, file: &str, token: &str, now: i64) -> bool {
    let Some((exp, seal)) = token.split_once('.') else { return false };
    exp.parse::<i64>().is_ok_and(|exp| exp > now) && keys.seal(&format!("file {site} {file} {exp}")) == seal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_site_and_time_only() {
        let keys = crate::keys::tests::keys();
        let mira = Principal::Person("712020:author".to_owned());
        let token = issue(&keys, "one", &mira, 100);
        assert_eq!(read(&keys, "one", &token, 99), Some(mira));
        assert_eq!(read(&keys, "one", &token, 100), None, "expired");
        assert_eq!(read(&keys, "two", &token, 99), None, "another site");
        assert_eq!(read(&keys, "one", "Bearer", 99), None);
        assert_eq!(read(&keys, "one", &issue(&keys, "one", &Principal::App, 100), 99), Some(Principal::App));
    }

    #[test]
    fn a_changed_token_is_no_token() {
        let keys = crate::keys::tests::keys();
        let token = issue(&keys, "one", &Principal::Person("712020:viewer".to_owned()), 100);
        let mut parts: Vec<&str> = token.split('.').collect();
        let forged = data_encoding::BASE64URL_NOPAD.encode(br#"{"exp":100,"site":"one","account":null,"n":""}"#);
        parts[1] = &forged;
        assert_eq!(read(&keys, "one", &parts.join("."), 99), None);
    }

    #[test]
    fn a_files_token_opens_that_file_for_a_while() {
        let keys = crate::keys::tests::keys();
        let token = for_file(&keys, "one", "98305/att1/1", 100);
        assert!(opens_file(&keys, "one", "98305/att1/1", &token, 99));
        assert!(!opens_file(&keys, "one", "98305/att1/1", &token, 100), "expired");
        assert!(!opens_file(&keys, "two", "98305/att1/1", &token, 99), "another site");
        assert!(!opens_file(&keys, "one", "98305/att1/2", &token, 99), "another version");
        assert!(!opens_file(&keys, "one", "98305/att1/1", &token.replace("100.", "900."), 99), "a longer life");
    }
}
