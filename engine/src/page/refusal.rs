//! Why something may not happen.

use super::command::Needs;
use crate::ids::PageVersion;
use crate::time::Timestamp;

/// Why something may not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More has to be known first: ask Confluence, and decide again.
    #[error("more has to be known before this can be decided")]
    Unknown(Box<Needs>),
    /// The page is under no workflow, or no longer.
    #[error("the page is under no workflow")]
    NotUnderWorkflow,
    /// The person may not edit the page.
    #[error("you need the right to edit the page")]
    MayNotEdit,
    /// The transition is for others.
    #[error("this is for others to do")]
    NotForYou,
    /// The state does not offer this.
    #[error("the page is in state \u{201c}{state}\u{201d}")]
    WrongState {
        /// The state it is in.
        state: String,
    },
    /// Nobody asked this person.
    #[error("you are not asked to decide on this page")]
    NotReviewer,
    /// Separation of duties.
    #[error("{0}")]
    Excluded(Excluded),
    /// They have decided in this review.
    #[error("you have already decided in this review")]
    AlreadyDecided,
    /// Enough have decided on what asks this person.
    #[error("\u{201c}{approval}\u{201d} is complete")]
    ApprovalComplete {
        /// The approval's name.
        approval: String,
    },
    /// Other approvals come first.
    #[error("\u{201c}{approval}\u{201d} waits for other approvals")]
    NotYet {
        /// The approval's name.
        approval: String,
    },
    /// The state asks for no such approval.
    #[error("the state asks for no such approval")]
    NoSuchApproval,
    /// The content isn't what is under review.
    #[error("the page has changed since it was submitted")]
    PageMoved {
        /// The version now.
        now: PageVersion,
    },
    /// The state was left, and perhaps entered again, since.
    #[error("the review was started anew")]
    ReviewRestarted,
    /// The meaning isn't what the definition says.
    #[error("the meaning of the signature does not fit the workflow")]
    WrongMeaning,
    /// It must be explained.
    #[error("a comment is required")]
    CommentRequired,
    /// The policy wants a token, or another one.
    #[error("the step-up policy is not satisfied")]
    ProofMissing,
    /// The policy lets nobody without an account be invited to pages of this workflow.
    #[error("nobody outside can be invited to this page")]
    InvitationsOff,
    /// They are asked for this approval already, or have answered.
    #[error("they were invited already")]
    InvitedAlready,
    /// Too many people were invited to this review, or have not answered.
    #[error("too many people are invited to this review")]
    TooManyInvited,
    /// There is no such invitation, or no longer: answered, revoked, too old, or of another review.
    #[error("this invitation is over")]
    InvitationOver,
    /// Emergency access was asked for already.
    #[error("emergency access was asked for already")]
    EmergencyAsked,
    /// There is no such request for emergency access, or no longer.
    #[error("there is no such request for emergency access")]
    NoEmergency,
    /// Somebody else has to carry out what they asked for, or they have to wait.
    #[error("another admin has to second this")]
    NeedsSecond {
        /// From when on it goes without; absent: not at all.
        alone_from: Option<Timestamp>,
    },
    /// The submitter has to name reviewers.
    #[error("\u{201c}{approval}\u{201d} needs {at_least} reviewers to be named")]
    NameReviewers {
        /// The approval's name.
        approval: String,
        /// How many at least.
        at_least: u32,
    },
    /// Somebody was named who cannot be asked.
    #[error("somebody named for \u{201c}{approval}\u{201d} cannot be asked")]
    CannotBeAsked {
        /// The approval's name.
        approval: String,
        /// Why.
        why: CannotBeAsked,
    },
    /// Fewer people can be asked than must approve.
    #[error("\u{201c}{approval}\u{201d} needs {needed} people, but only {can} can be asked")]
    TooFewToAsk {
        /// The approval's name.
        approval: String,
        /// How many must approve.
        needed: usize,
        /// How many can be asked.
        can: usize,
    },
    /// A group is too large to be asked as a whole.
    #[error("\u{201c}{approval}\u{201d} asks everybody of a group that is too large")]
    TooManyToAsk {
        /// The approval's name.
        approval: String,
    },
    /// The definition lacks what it must have. Validation keeps this from happening.
    #[error("the workflow definition is damaged")]
    DamagedDefinition,
}

/// Whom separation of duties keeps from deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excluded {
    /// The author of the version.
    #[error("you wrote this version")]
    LastEditor,
    /// Who edited since the last approval.
    #[error("you edited this page since it was last approved")]
    EditorSinceApproval,
    /// Who created the page.
    #[error("you created this page")]
    Author,
    /// Who submitted it.
    #[error("you submitted this version")]
    Submitter,
}

/// Why somebody named cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotBeAsked {
    /// The approval lets nobody be named.
    NobodyIsNamed,
    /// They are not in the groups reviewers must come from.
    NotInGroup,
    /// Separation of duties.
    Excluded(Excluded),
    /// The account is not in use, or cannot see the page.
    CannotSee,
    /// They are asked already.
    AskedAlready,
}
