//! From a request's headers to claims that can be believed.

use super::checks::{self, Rule};
use super::claims::Claims;
use super::{bearer, jwks, jwt};
use crate::cx::Cx;
use crate::http::EdgeError;
use engine::wire::problem::ProblemKind;
use js_sys::futures::JsFuture;
use web_sys::CryptoKey;

/// The claims of a token that passed every check.
pub struct Verified {
    /// The claims.
    pub claims: Claims,
    /// The site's cloud id, the same in every place the token names it.
    pub cloud_id: String,
    /// The environment's uuid.
    pub environment_id: String,
}

/// Verifies the invocation token of a request.
///
/// ```text
///  (1) Authorization: Bearer <compact JWS>
///  (2) alg is RS256, a kid, nothing critical
///  (3) the kid names a key of Forge's
///  (4) the signature fits
///  (5)–(14) the claims: see `checks`
/// ```
///
/// # Errors
/// `bad-invocation` (the only 401 there is) if the token is bad; `confluence-unavailable` if Forge's keys are out of reach.
pub async fn verify(cx: &Cx, headers: &web_sys::Headers) -> Result<Verified, EdgeError> {
    // (1)
    let header = headers.get("authorization").ok().flatten().ok_or_else(|| bad(Rule::Missing))?;
    let token = bearer::token(&header).ok_or_else(|| bad(Rule::Missing))?;
    // (2)
    let jws = jwt::parse(token).map_err(bad)?;
    // (3)
    let key = jwks::key(&jws.kid, &cx.config.jwks_url).await.map_err(no_key)?;
    // (4)
    if !signature_fits(&key, &jws).await {
        return Err(bad(Rule::Signature));
    }
    // (5)–(14)
    let claims: Claims = serde_json::from_slice(&jws.payload).map_err(|_| bad(Rule::Claims))?;
    let cloud_id = checks::check(&claims, &cx.config, cx.now).map_err(bad)?.to_owned();
    Ok(Verified { claims, cloud_id, environment_id: cx.config.environment_id.clone() })
}

/// Anything but a clear "yes" is a no.
async fn signature_fits(key: &CryptoKey, jws: &jwt::Jws<'_>) -> bool {
    let Some(subtle) = jwks::subtle() else { return false };
    let Ok(verdict) = subtle.verify_with_str_and_u8_array_and_u8_array(jwks::RSASSA, key, &jws.signature, jws.signed)
    else {
        return false;
    };
    JsFuture::from(verdict).await.is_ok_and(|verdict| verdict.as_bool() == Some(true))
}

/// The caller learns that the token is bad, the log learns why.
fn bad(rule: Rule) -> EdgeError {
    EdgeError::outage(
        ProblemKind::BadInvocation,
        "Reload the page. If it happens again, tell your Confluence admin.",
        format!("token refused: {rule:?}"),
    )
}

fn no_key(why: jwks::NoKey) -> EdgeError {
    match why {
        jwks::NoKey::Unknown => bad(Rule::Key),
        jwks::NoKey::Unreachable(log) => EdgeError::outage(
            ProblemKind::ConfluenceUnavailable,
            "Who is calling could not be verified, because Atlassian's keys are out of reach. Try again in a minute.",
            log,
        ),
    }
}
