//! Refusals and faults, in the shape of RFC 9457 "problem details".
//!
//! Every refusal has a kind of its own, says what stood in the way and what to do next, and loses nothing.

use crate::ids::PageVersion;
use crate::time::Timestamp;
use crate::token::guessing::Lock;
use crate::workflow::fault::Fault;
use serde::{Deserialize, Serialize};

/// What every problem's `type` begins with.
pub const TYPE_PREFIX: &str = "urn:countersign:problem:";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)*) => {
        /// Why a request was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemKind {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl ProblemKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The last part of the problem's `type`.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The HTTP status it travels with. 401 is reserved by Forge for a bad invocation token.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A short sentence for people, the same for each occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

kinds! {
    /// The invocation token is missing, forged, expired or not for us.
    BadInvocation = "bad-invocation", 401, "The request could not be verified";
    /// A genuine token, but not for this route.
    WrongRoute = "wrong-route", 403, "This request can't be made from here";
    /// The person lacks the right.
    NotAllowed = "not-allowed", 403, "You are not allowed to do this";
    /// The person is not asked to decide on this page.
    NotReviewer = "not-reviewer", 403, "You are not a reviewer of this page";
    /// The person is a reviewer, but excluded (author of the version).
    Excluded = "excluded", 403, "You can't decide on your own work";
    /// The workflow gives this to others to do.
    NotForYou = "not-for-you", 403, "This is for others to do";
    /// The page does not exist or may not be seen.
    PageNotFound = "page-not-found", 404, "The page was not found";
    /// There is no such address.
    NoSuchRoute = "no-such-route", 404, "There is nothing here";
    /// There is no such effect, person, …
    NotFound = "not-found", 404, "It was not found";
    /// Anything but `POST` (or `GET` on `/health`).
    WrongMethod = "wrong-method", 405, "This address takes another method";
    /// Somebody else was faster, again and again.
    Conflict = "conflict", 409, "Something changed at the same moment";
    /// The page is at another version than the person has on screen or has signed for.
    PageMoved = "page-moved", 409, "The page has changed";
    /// The workflow is in a state that does not offer this.
    WrongState = "wrong-state", 409, "The page is in another state now";
    /// The person has decided already in this review.
    AlreadyDecided = "already-decided", 409, "You have already decided";
    /// No workflow is assigned to the page, or it was taken out of its workflow.
    NotUnderWorkflow = "not-under-workflow", 409, "This page is under no workflow";
    /// Enough people have decided on what asks this person.
    ApprovalComplete = "approval-complete", 409, "This approval is complete";
    /// Other approvals come first.
    NotYet = "not-yet", 409, "Other approvals come first";
    /// The state asks for no such approval.
    NoSuchApproval = "no-such-approval", 409, "There is no such approval here";
    /// Emergency access to the page was asked for already.
    EmergencyAsked = "emergency-asked", 409, "Emergency access was asked for already";
    /// There is no such request for emergency access, or no longer.
    NoEmergency = "no-emergency", 409, "There is no such request";
    /// Another admin has to carry it out, or it is too early.
    NeedsSecond = "needs-second", 409, "Another admin has to do this";
    /// The page can't be signed together with the others that were picked.
    SignAlone = "sign-alone", 409, "This page has to be signed by itself";
    /// The challenge was used for a decision already.
    ChallengeUsed = "challenge-used", 409, "This confirmation was used already";
    /// The challenge is too old.
    ChallengeExpired = "challenge-expired", 410, "The confirmation took too long";
    /// The enrolment is too old, or was never begun.
    EnrolmentExpired = "enrolment-expired", 410, "The set-up took too long";
    /// The body is larger than allowed.
    TooLarge = "too-large", 413, "The request is too large";
    /// The body isn't JSON.
    BadJson = "bad-json", 400, "The request is not valid JSON";
    /// The body is JSON of another shape.
    BadRequest = "bad-request", 422, "The request has the wrong shape";
    /// A field's value is not acceptable.
    BadField = "bad-field", 422, "Something needs to be corrected";
    /// The submitter has to name reviewers.
    NameReviewers = "name-reviewers", 422, "Reviewers have to be named";
    /// Somebody was named who cannot be asked to review.
    CannotBeAsked = "cannot-be-asked", 422, "This person can't be asked";
    /// Fewer people can be asked than must approve.
    TooFewToAsk = "too-few-to-ask", 422, "Too few people can be asked";
    /// A group is too large to be asked as a whole.
    TooManyToAsk = "too-many-to-ask", 422, "Too many people would be asked";
    /// A workflow definition has faults.
    BadDefinition = "bad-definition", 422, "The workflow definition has faults";
    /// A step-up policy has faults.
    BadPolicy = "bad-policy", 422, "The policy has faults";
    /// Challenge MAC or fields do not fit.
    ChallengeInvalid = "challenge-invalid", 422, "The confirmation does not fit";
    /// The code isn't the one.
    WrongCode = "wrong-code", 422, "The code is wrong";
    /// The code was right, and was accepted before.
    CodeUsed = "code-used", 422, "The code was used already";
    /// The person has no usable factor.
    NoFactor = "no-factor", 422, "You have no authenticator set up";
    /// The person has a factor already.
    FactorExists = "factor-exists", 409, "You already have an authenticator";
    /// The person's codes are refused for now.
    Locked = "locked", 429, "Too many wrong codes";
    /// A mailed code does not count for this, or the person has something stronger.
    MailCodeNotAllowed = "mail-code-not-allowed", 403, "A mailed code does not count here";
    /// A passkey's answer does not hold.
    PasskeyRefused = "passkey-refused", 422, "The passkey was not accepted";
    /// A link leads nowhere, or a visit to a page of our own has ended.
    LinkOver = "link-over", 410, "This link is over";
    /// The policy lets nobody without an account be invited to pages of this workflow.
    InvitationsOff = "invitations-off", 403, "Nobody outside can be invited here";
    /// They are asked for this approval already, or have answered.
    InvitedAlready = "invited-already", 409, "This person was invited already";
    /// Too many invitations of the review are not answered.
    TooManyInvited = "too-many-invited", 409, "Too many people are invited";
    /// An invitation was answered, revoked, took too long, or is not about what the page is now.
    InvitationOver = "invitation-over", 410, "This invitation is over";
    /// Mails were asked for too often.
    TooMany = "too-many", 429, "Too many requests";
    /// The installation has been closed, or its licence is inactive.
    ReadOnly = "read-only", 403, "Countersign is read-only on this site";
    /// Confluence could not be reached, or refused the app.
    ConfluenceUnavailable = "confluence-unavailable", 503, "Confluence did not answer";
    /// The journal could not be reached, and whether something was recorded is not known.
    OutcomeUnknown = "outcome-unknown", 503, "It is not known whether this was recorded";
    /// Our own fault.
    Internal = "internal", 500, "Something went wrong on our side";
}

/// A refusal as it travels: `application/problem+json` members plus our own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// [`TYPE_PREFIX`] and the kind's slug.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The kind, for programs.
    pub kind: ProblemKind,
    /// [`ProblemKind::title`].
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here and what to do next, in plain words.
    pub detail: String,
    /// The field at fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The page's version now, for `page-moved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_version: Option<PageVersion>,
    /// The lock, for `locked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// Wrong codes left before the next pause, for `wrong-code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
    /// When it may be tried again, for `too-many`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Faults, for `bad-definition`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

impl Problem {
    /// A problem of `kind` with the sentence to show.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            type_uri: format!("{TYPE_PREFIX}{}", kind.slug()),
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            field: None,
            page_version: None,
            lock: None,
            tries_left: None,
            retry_at: None,
            faults: Vec::new(),
        }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.kind.slug(), self.detail)
    }
}

impl core::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bad_invocation_is_401() {
        for kind in ProblemKind::ALL {
            assert_eq!(kind.status() == 401, *kind == ProblemKind::BadInvocation, "{kind:?}");
        }
    }

    #[test]
    fn the_slug_is_what_serde_writes() {
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
        }
    }
}
