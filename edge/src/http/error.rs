//! What can stand in a request's way: a refusal, which the caller is told, or a fault of ours, which only the log is told.

use crate::config::SettingError;
use engine::wire::problem::{Problem, ProblemKind};

/// The most characters of a foreign error that reach the log.
const LOGGED_MAX: usize = 300;

/// What a caller is told of a fault of ours.
const SORRY: &str = "Nothing of what you typed was lost. Try again; if it happens again, tell your Confluence admin the time it happened.";

/// Why a request was not carried out.
#[derive(Debug)]
pub enum EdgeError {
    /// The caller is told what stood in the way.
    Refused(Box<Problem>),
    /// The caller is told what stood in the way; the log is told more.
    Outage {
        /// For the caller.
        problem: Box<Problem>,
        /// For the log. Never a secret, code, token or body.
        log: String,
    },
    /// A fault of ours: the caller is told nothing but that.
    Internal {
        /// For the log. Never a secret, code, token or body.
        log: String,
    },
}

impl EdgeError {
    /// A refusal of `kind` with the sentence to show.
    pub fn refuse(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self::Refused(Box::new(Problem::new(kind, detail)))
    }

    /// Something outside did not work: `kind` with the sentence to show, and a text for the log.
    pub fn outage(kind: ProblemKind, detail: impl Into<String>, log: impl Into<String>) -> Self {
        Self::Outage { problem: Box::new(Problem::new(kind, detail)), log: log.into() }
    }

    /// A fault of ours, with a text for the log. Never put a secret, code, token or body into it.
    pub fn internal(log: impl Into<String>) -> Self {
        Self::Internal { log: log.into() }
    }

    /// The kind the caller is told.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Refused(problem) | Self::Outage { problem, .. } => problem.kind,
            Self::Internal { .. } => ProblemKind::Internal,
        }
    }

    /// What the caller is told.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) | Self::Outage { problem, .. } => *problem,
            Self::Internal { .. } => Problem::new(ProblemKind::Internal, SORRY),
        }
    }

    /// What the log is told, if anything.
    #[must_use]
    pub fn log_text(&self) -> Option<&str> {
        match self {
            Self::Refused(_) => None,
            Self::Outage { log, .. } | Self::Internal { log } => Some(log),
        }
    }

    /// Tells the log, if there is anything to tell. `place` is a route or the name of a job.
    pub fn log(&self, place: &str) {
        if let Some(text) = self.log_text() {
            worker::console_error!("{place}: {}: {}", self.kind().slug(), one_line(text));
        }
    }
}

/// The first line of a foreign text, cut: JavaScript errors bring a stack, database errors bring statements.
fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(LOGGED_MAX).collect()
}

impl From<Problem> for EdgeError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<worker::Error> for EdgeError {
    fn from(error: worker::Error) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<worker::KvError> for EdgeError {
    fn from(error: worker::KvError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<SettingError> for EdgeError {
    fn from(error: SettingError) -> Self {
        Self::internal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_the_caller_nothing_of_its_cause() {
        let fault = EdgeError::from(SettingError::Missing("COUNTERSIGN_KEYS"));
        assert!(fault.log_text().unwrap().contains("COUNTERSIGN_KEYS"));
        let told = serde_json::to_string(&fault.into_problem()).unwrap();
        assert!(!told.contains("COUNTERSIGN_KEYS"), "{told}");
    }

    #[test]
    fn the_log_gets_one_short_line() {
        assert_eq!(one_line("D1_ERROR: x\n    at foo (a.js:1)"), "D1_ERROR: x");
        assert_eq!(one_line(&"é".repeat(1000)).chars().count(), LOGGED_MAX);
    }
}
