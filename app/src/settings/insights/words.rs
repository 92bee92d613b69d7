//! Words for what is known of people's factors. Pure.

use engine::token::guessing::Lock;
use engine::token::life::Stage;
use engine::token::policy::{External, FactorKind};
use engine::wire::insights::{AskedBy, Standing};

/// Why somebody is an active approver.
pub(super) fn asked(why: AskedBy) -> &'static str {
    match why {
        AskedBy::Waiting => "A page waits for them",
        AskedBy::Decided => "Decided in the last 90 days",
        AskedBy::Asked => "Asked by name in the last 90 days",
        AskedBy::Workflow => "A workflow in use asks them",
    }
}

/// Why somebody counts as external.
pub(super) fn external(why: External) -> &'static str {
    match why {
        External::Guest => "Guest",
        External::UnmanagedDomain => "Address outside the organisation’s domains",
        External::Listed => "Listed as external",
        External::Invited => "Invited by mail",
    }
}

/// What a factor is.
pub(super) fn kind(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "Authenticator app",
        FactorKind::Passkey => "Passkey",
        FactorKind::MailCode => "Mailed code",
        FactorKind::RecoveryCode => "Recovery code",
    }
}

/// Until when somebody is locked.
pub(super) fn locked(lock: Lock) -> &'static str {
    match lock {
        Lock::Until { .. } => "For a while",
        Lock::UntilUnlocked => "Until an admin unlocks",
    }
}

/// The colour beside the word.
pub(super) fn colour(standing: Standing) -> &'static str {
    match standing {
        Standing::Enrolled => "lozenge green",
        Standing::ExpiresSoon | Standing::MailboxOnly => "lozenge yellow",
        Standing::Expired => "lozenge red",
        Standing::Ended | Standing::NeverEnrolled => "lozenge grey",
    }
}

/// Where a factor is in its life.
pub(super) fn stage(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Counts => ("lozenge green", "Counts"),
        Stage::Soon => ("lozenge yellow", "Ends soon"),
        Stage::Expired => ("lozenge red", "Expired"),
        Stage::Over => ("lozenge grey", "Over"),
    }
}

/// "1 person", "2 people".
pub(super) fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}
