//! What a token must say. A pure function over its claims, the settings and the time.

use super::claims::Claims;
use crate::config::{APP_ARI, Config};
use engine::time::Timestamp;

/// The issuer.
const ISSUER: &str = "forge/invocation-token";
/// How far the platform's clock and ours may differ, in seconds. Tokens live about 25.
const LEEWAY: u64 = 5;
const ENVIRONMENT_ARI: &str = "ari:cloud:ecosystem::environment/";

/// The rule a token breaks. For the log: the caller is only told that the token is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// No `Authorization: Bearer …`.
    Missing,
    /// No compact JWS, or too long.
    Shape,
    /// A header that is malformed or asks for something we do not do.
    Header,
    /// An algorithm other than RS256.
    Algorithm,
    /// A key we do not know.
    Key,
    /// The signature does not fit.
    Signature,
    /// Claims are missing or of the wrong type.
    Claims,
    /// A label of Isolated Cloud.
    IsolatedCloud,
    /// Another issuer.
    Issuer,
    /// Another audience.
    Audience,
    /// Not yet, or no longer.
    Time,
    /// Another app.
    App,
    /// Two installations in one token.
    Installation,
    /// Two sites in one token.
    Site,
    /// A Confluence elsewhere.
    ApiBaseUrl,
    /// Another environment.
    Environment,
    /// Two people in one token.
    Person,
    /// No id of its own.
    Id,
}

/// Checks the claims of a token whose signature has been verified; gives back the site's cloud id.
///
/// ```text
///  (5) label of Isolated Cloud: none            (10) one site: contexts[].cloudId == context.cloudId, well formed
///  (6) iss == forge/invocation-token            (11) apiBaseUrl == <our origin>/ex/confluence/<that cloud id>
///  (7) aud == our app                           (12) environment == ours
///  (8) nbf, iat <= now < exp, with a leeway     (13) context.accountId, where given, == principal
///  (9) app.id == aud, and one installation      (14) jti present
/// ```
///
/// # Errors
/// The first rule broken.
pub fn check<'a>(claims: &'a Claims, config: &Config, now: Timestamp) -> Result<&'a str, Rule> {
    let (app, context) = (&claims.app, claims.context.as_ref());
    let rule = |holds: bool, rule: Rule| if holds { Ok(()) } else { Err(rule) };
    // (5)
    rule(!claims.has_ic_label, Rule::IsolatedCloud)?;
    // (6)
    rule(claims.iss == ISSUER, Rule::Issuer)?;
    // (7)
    rule(claims.aud == config.app_id, Rule::Audience)?;
    // (8)
    let now = now.seconds();
    rule(now < claims.exp.saturating_add(LEEWAY), Rule::Time)?;
    rule(claims.nbf.is_none_or(|nbf| nbf <= now.saturating_add(LEEWAY)), Rule::Time)?;
    rule(claims.iat <= now.saturating_add(LEEWAY), Rule::Time)?;
    // (9)
    rule(app.id == claims.aud, Rule::App)?;
    rule(app.installation_id == app.installation.id && !app.installation_id.is_empty(), Rule::Installation)?;
    // (10)
    let cloud_id = app.installation.contexts.first().map(|site| site.cloud_id.as_str()).ok_or(Rule::Site)?;
    rule(is_cloud_id(cloud_id), Rule::Site)?;
    rule(app.installation.contexts.iter().all(|site| site.cloud_id == cloud_id), Rule::Site)?;
    rule(context.is_none_or(|context| context.cloud_id == cloud_id), Rule::Site)?;
    // (11)
    let is_ours = |url: &str| {
        let path = url.strip_prefix(config.api_origin.as_str());
        path.and_then(|path| path.strip_prefix("/ex/confluence/")) == Some(cloud_id)
    };
    rule(is_ours(&app.api_base_url), Rule::ApiBaseUrl)?;
    let sites = app.installation.contexts.iter();
    rule(sites.filter_map(|site| site.api_base_url.as_deref()).all(is_ours), Rule::ApiBaseUrl)?;
    // (12)
    rule(is_environment_name(&app.environment.id, config), Rule::Environment)?;
    let named_again = context.and_then(|context| context.environment_id.as_deref());
    let is_environment = |id: &str| id == config.environment_id || is_environment_name(id, config);
    rule(named_again.is_none_or(is_environment), Rule::Environment)?;
    // (13)
    let account = context.and_then(|context| context.account_id.as_deref());
    let principal = claims.principal.as_deref();
    rule(account.is_none() || principal.is_none() || account == principal, Rule::Person)?;
    // (14)
    rule(claims.jti.as_deref().is_some_and(|jti| !jti.is_empty()), Rule::Id)?;
    Ok(cloud_id)
}

fn is_environment_name(name: &str, config: &Config) -> bool {
    let app_uuid = config.app_id.strip_prefix(APP_ARI);
    let ids = name.strip_prefix(ENVIRONMENT_ARI).and_then(|rest| rest.split_once('/'));
    ids.is_some_and(|(app, environment)| Some(app) == app_uuid && environment == config.environment_id)
}

/// It becomes part of an address and of a key: letters, digits and hyphens only.
fn is_cloud_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
