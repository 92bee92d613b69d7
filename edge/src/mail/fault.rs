//! Why a mail was not taken.

use crate::http::EdgeError;
use crate::http::outbound::NoAnswer;
use core::fmt;
use engine::wire::problem::ProblemKind;

/// What a provider said: a status or a code out of a fixed list, never its text, which may quote an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// An HTTP status.
    Status(u16),
    /// One of the codes we know.
    Code(&'static str),
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Code(code) => f.write_str(code),
        }
    }
}

/// Why a mail was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The address is none a mail can go to.
    #[error("the address is none a mail can be sent to")]
    BadAddress,
    /// The provider does not want it; sending it again changes nothing.
    #[error("the mail provider refused the mail ({said})")]
    Refused {
        /// What it said.
        said: Said,
    },
    /// The provider is busy or out of order.
    #[error("the mail provider failed ({said})")]
    Failed {
        /// What it said.
        said: Said,
    },
    /// No answer: it may have been taken or not. Sending it again with the same key does no harm where the provider heeds
    /// it.
    #[error("the mail provider: {0}")]
    NoAnswer(#[from] NoAnswer),
}

impl MailError {
    /// Whether sending it again can help.
    #[must_use]
    pub fn worth_retrying(self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::BadAddress)
    }
}

impl From<MailError> for EdgeError {
    fn from(error: MailError) -> Self {
        // There is no kind of its own for mail: to the person it is a fault of ours with a way out.
        Self::outage(ProblemKind::Internal, "The mail could not be sent. Try again in a minute.", error.to_string())
    }
}
