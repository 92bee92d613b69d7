//! What every call of the platform brings: word of the installation, and the app's token.

use super::{app, heal, site};
use crate::cx::Cx;
use crate::fit::caller::PlatformCaller;
use crate::http::EdgeError;
use crate::store::app::seal_token;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::installation::{self, Heard};
use core::time::Duration;
use data_encoding::BASE64URL_NOPAD;
use engine::ids::AccountId;
use engine::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A token whose end can't be read is trusted for as long as Forge promises at least.
const PROMISED: Duration = Duration::from_secs(2 * 3600);

/// Installed, upgraded, about to be uninstalled.
pub(super) async fn handle(cx: &Cx, caller: &PlatformCaller, body: Value) -> Result<Value, EdgeError> {
    let db = Db::new(cx.db()?);
    let event = body.get("payload").unwrap_or(&body);
    let installer = event.pointer("/installerAccountId").and_then(Value::as_str).map(AccountId::new);
    heard(cx, &db, caller, installer.as_ref()).await?;
    site::open(cx, &db, &caller.site).await?;
    heal::carry_out(cx, &caller.site);
    Ok(serde_json::json!({ "ok": true }))
}

/// Keeps what a platform call brought. Only platform calls come here: a browser's header never does.
pub(super) async fn heard(
    cx: &Cx,
    db: &Db,
    caller: &PlatformCaller,
    installed_by: Option<&AccountId>,
) -> Result<(), EdgeError> {
    let token = match &caller.app_token {
        Some(token) => {
            let sealed = seal_token(cx.keyring()?, &caller.site, &caller.installation, token)?;
            Some((sealed, expiry(token.expose()).unwrap_or(cx.now + PROMISED)))
        }
        None => None,
    };
    let heard = Heard {
        installation: &caller.installation,
        cloud_id: &caller.cloud_id,
        token: token.as_ref().map(|(sealed, until)| (sealed.as_str(), *until)),
        licence_active: caller.license_active != Some(false),
        installed_by,
    };
    Commit::new(&caller.site, cx.now).raws(installation::heard(&caller.site, &heard, cx.now)).run(db).await?;
    app::forget(&caller.site);
    Ok(())
}

/// The end of a token in the form of a JWT. It is opaque but for that, and not verified: Confluence does.
fn expiry(token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Claims {
        exp: u64,
    }
    let payload = token.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?).ok()?;
    claims.exp.checked_mul(1000).map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_token_is_read() {
        let payload = BASE64URL_NOPAD.encode(br#"{"exp":1790000000,"sub":"x"}"#);
        assert_eq!(expiry(&format!("h.{payload}.s")), Some(Timestamp(1_790_000_000_000)));
        for opaque in ["", "abc", "a.b.c", "a..c"] {
            assert_eq!(expiry(opaque), None, "{opaque}");
        }
    }
}
