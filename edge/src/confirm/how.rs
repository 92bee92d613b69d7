//! How somebody confirms: what they are told first.

use super::asked::Asked;
use super::standing::Standing;
use super::ways::Ways;
use crate::handlers::refusal::locked;
use crate::http::EdgeError;
use engine::time::Timestamp;
use engine::token::life::Stage;
use engine::token::policy::{External, FactorKind};
use engine::wire::confirm::How;
use engine::wire::problem::ProblemKind;

/// How `asked` can be confirmed now.
///
/// # Errors
/// `no-factor` if something has to be set up or renewed first; `not-allowed` if nothing would help; `locked`.
pub(crate) fn how(asked: &Asked, standing: &Standing, now: Timestamp) -> Result<How, EdgeError> {
    if !asked.requirement.asks() {
        return Ok(How::default());
    }
    let ways = Ways::of(asked, standing, now);
    let needs_factor = ways.needs_factor(asked);
    if needs_factor && ways.kinds.is_empty() {
        return Err(no_way(asked, standing, now));
    }
    if let Some(lock) = standing.guesses.lock(now) {
        return Err(locked(lock));
    }
    let length = asked.requirement.session();
    let minutes = length.map(|length| u32::try_from(length.as_secs() / 60).unwrap_or(u32::MAX));
    Ok(How {
        session_until: ways.session.zip(length).map(|(session, length)| session.began_at + length),
        begins_session: minutes.filter(|_| ways.session.is_none()),
        identification: ways.needs_identification(asked),
        because: asked.because(),
        factors: if needs_factor { ways.kinds } else { Vec::new() },
    })
}

/// Nothing the person has counts: what they can do about it.
pub(super) fn no_way(asked: &Asked, standing: &Standing, now: Timestamp) -> EdgeError {
    let takes = |kind| asked.requirement.factors().any(|one| one == kind);
    let expired = standing.factors.iter().find(|one| takes(one.kind) && one.stage(now) == Stage::Expired);
    if asked.external == Some(External::Invited) {
        return no_way_outside(expired.is_some(), takes(FactorKind::Totp));
    }
    let (kind, detail) = match (expired, takes(FactorKind::Totp), takes(FactorKind::Passkey)) {
        (Some(factor), ..) if factor.kind == FactorKind::Passkey => (
            ProblemKind::NoFactor,
            "Your passkey has to be renewed before it counts again. Open your own settings in Countersign and renew it there. If you don't have it any more, use a recovery code to set up another; without one, ask a Confluence admin.",
        ),
        (Some(_), ..) => (
            ProblemKind::NoFactor,
            "Your authenticator has to be renewed before it counts again. Open your own settings in Countersign and renew it with a current code. If you don't have it any more, use a recovery code to set up another; without one, ask a Confluence admin.",
        ),
        (None, true, _) => {
            (ProblemKind::NoFactor, "Set up an authenticator app first; it takes a minute and is needed once.")
        }
        (None, false, true) => (
            ProblemKind::NoFactor,
            "Set up a passkey first: here nothing else counts. It takes a minute and is needed once.",
        ),
        (None, false, false) => (
            ProblemKind::NotAllowed,
            "The policy leaves no factor you can use: its rules ask for different ones at once. A Confluence admin can change them in Countersign's settings; what you typed is kept.",
        ),
    };
    EdgeError::refuse(kind, detail)
}

/// The same for whoever has no account: there are neither settings nor admins they could turn to.
fn no_way_outside(expired: bool, takes_totp: bool) -> EdgeError {
    let (kind, detail) = match (expired, takes_totp) {
        (true, _) => (
            ProblemKind::NoFactor,
            "Your authenticator was set up too long ago to count. Set up another one here: a recovery code confirms that it is you. Without one, tell whoever invited you.",
        ),
        (false, true) => {
            (ProblemKind::NoFactor, "Set up an authenticator app first; it takes a minute and is needed once.")
        }
        (false, false) => (
            ProblemKind::NotAllowed,
            "The policy asks for something to confirm with that only people with an account can have. Tell whoever invited you; what you typed is kept.",
        ),
    };
    EdgeError::refuse(kind, detail)
}

#[cfg(test)]
#[path = "how_tests.rs"]
mod tests;
