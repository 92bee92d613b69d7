//! What can go wrong in the database. Its own words stay here: they hold SQL, names of columns and values.

use core::fmt;

/// What a commit found to be no longer so. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Somebody else was faster: the stream's head moved. Load and decide again.
    Head,
    /// The policy changed since it was read.
    Policy,
    /// The workflow's definition changed since it was read.
    Workflow,
    /// The factor is gone.
    Factor,
    /// A code of this step, or a later one, was accepted before.
    Step,
    /// The step-up session was ended, or is over.
    Session,
    /// The challenge was used.
    Nonce,
    /// The person is held until an admin unlocks.
    Held,
    /// The enrolment under way is another one now, at another stage, or too old.
    Enrolment,
    /// The person has a factor already.
    FactorExists,
    /// Too many mails were asked for.
    Mails,
    /// The recovery code was used, or its set has ended.
    Recovery,
    /// The person has as many factors as there may be.
    Room,
    /// What waits for a mailed code or a passkey is another challenge now, is over, or was used.
    Pending,
    /// Too many codes were asked for to open an invitation.
    InvitationCodes,
    /// The code that opens an invitation was used, replaced, or is over.
    InvitationCode,
    /// The outbox row is no longer ours.
    Lease,
    /// Any other rule of the schema: a fault of ours.
    Schema,
}

impl Precondition {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("head", Self::Head),
        ("seq", Self::Head),
        ("policy", Self::Policy),
        ("workflow", Self::Workflow),
        ("factor", Self::Factor),
        ("step", Self::Step),
        ("session", Self::Session),
        ("nonce", Self::Nonce),
        ("UNIQUE constraint failed: consumed.site, consumed.nonce", Self::Nonce),
        ("held", Self::Held),
        ("enrolment", Self::Enrolment),
        ("factor-exists", Self::FactorExists),
        ("mails", Self::Mails),
        ("recovery", Self::Recovery),
        ("room", Self::Room),
        ("pending", Self::Pending),
        ("invitation-codes", Self::InvitationCodes),
        ("invitation-code", Self::InvitationCode),
        ("lease", Self::Lease),
    ];

    /// The word a statement names it by.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("schema", |(word, _)| word)
    }
}

/// Why the database gave no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DbFault {
    /// The whole batch was undone.
    Refused(Precondition),
    /// The answer was lost, or says nothing we know. Whether something was written is not known.
    Unknown,
    /// There was an answer, but not of the shape asked for.
    Unreadable,
}

impl fmt::Display for DbFault {
    /// A classified word: this may be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(precondition) => write!(f, "database: refused ({})", precondition.word()),
            Self::Unknown => f.write_str("database: outcome unknown"),
            Self::Unreadable => f.write_str("database: unreadable answer"),
        }
    }
}

impl core::error::Error for DbFault {}

/// Why a commit was not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// Nothing was written, and this is why.
    Failed(Precondition),
    /// It may have been written or not. Read the nonce before answering.
    Unknown,
}

impl fmt::Display for CommitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DbFault::from(*self).fmt(f)
    }
}

impl core::error::Error for CommitFault {}

impl From<DbFault> for CommitFault {
    fn from(fault: DbFault) -> Self {
        match fault {
            DbFault::Refused(precondition) => Self::Failed(precondition),
            DbFault::Unknown | DbFault::Unreadable => Self::Unknown,
        }
    }
}

impl From<CommitFault> for DbFault {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Failed(precondition) => Self::Refused(precondition),
            CommitFault::Unknown => Self::Unknown,
        }
    }
}

/// Reads D1's message: `D1_ERROR: <word>: SQLITE_CONSTRAINT (extended: …)`.
///
/// Only a constraint is proof that the batch was undone. Anything else (a lost connection, a time-out, an overloaded
/// database) leaves the outcome open.
#[must_use]
pub fn classify(message: &str) -> DbFault {
    let text = message.strip_prefix("D1_ERROR: ").unwrap_or(message);
    let Some((word, _)) = text.split_once(": SQLITE_CONSTRAINT") else { return DbFault::Unknown };
    let known = Precondition::WORDS.iter().find(|(known, _)| *known == word);
    DbFault::Refused(known.map_or(Precondition::Schema, |(_, precondition)| *precondition))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_failed_precondition_is_read() {
        for (message, expected) in [
            ("D1_ERROR: step: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)", Precondition::Step),
            ("D1_ERROR: seq: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)", Precondition::Head),
            ("head: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)", Precondition::Head),
            (
                "D1_ERROR: UNIQUE constraint failed: consumed.site, consumed.nonce: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)",
                Precondition::Nonce,
            ),
            ("D1_ERROR: append-only: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)", Precondition::Schema),
            ("D1_ERROR: NOT NULL constraint failed: text.salt: SQLITE_CONSTRAINT_NOTNULL", Precondition::Schema),
        ] {
            assert_eq!(classify(message), DbFault::Refused(expected), "{message}");
        }
    }

    #[test]
    fn anything_else_leaves_the_outcome_open() {
        for message in [
            "D1_ERROR: Network connection lost.",
            "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
            "D1_ERROR: near \"SELEC\": syntax error at offset 0: SQLITE_ERROR",
            "step",
            "",
        ] {
            assert_eq!(classify(message), DbFault::Unknown, "{message}");
        }
    }

    #[test]
    fn every_word_is_read_back() {
        for (word, precondition) in Precondition::WORDS {
            let message = format!("D1_ERROR: {word}: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)");
            assert_eq!(classify(&message), DbFault::Refused(*precondition));
        }
        assert_eq!(Precondition::Step.word(), "step");
    }
}
