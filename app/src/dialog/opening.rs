//! What the macro and its dialogs tell each other. They are two programs, so it travels as plain JavaScript objects.

use crate::bridge;
use crate::context::Context;
use engine::ids::{ApprovalId, InvitationId, PageVersion, Seq};
use engine::wire::invitation::InvitableApproval;
use engine::wire::status::{Candidate, Decision, PageStatus, SelectOffer, Submitting};
use js_sys::Function;
use leptos::prelude::{LocalStorage, StoredValue, WithValue};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Which dialog, about what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    /// Submit for review.
    Submit {
        /// The version the person has on screen.
        version: PageVersion,
        /// What submitting asks for.
        asks: Submitting,
    },
    /// Approve or reject.
    Decide {
        /// The version the person has on screen.
        version: PageVersion,
        /// Which of both.
        decision: Decision,
        /// For which approval; the first that is open to them if it is not said.
        approval: Option<ApprovalId>,
    },
    /// Pick a transition.
    Select {
        /// The version the person has on screen.
        version: PageVersion,
        /// The status they have on screen.
        seq: Seq,
        /// The name of the state it leaves.
        state: String,
        /// Which.
        offer: SelectOffer,
    },
    /// Have somebody else asked, in one of these approvals.
    Reassign(Vec<Reassignable>),
    /// Ask somebody without an account besides.
    Invite {
        /// The version the person has on screen.
        version: PageVersion,
        /// The status they have on screen.
        seq: Seq,
        /// Approvals somebody can be invited to.
        approvals: Vec<InvitableApproval>,
        /// For how many days an invitation stands.
        days: u32,
        /// Who is invited once more.
        again: Option<Invitee>,
    },
    /// Take an invitation back.
    Revoke {
        /// Which.
        invitation: InvitationId,
        /// Whose.
        name: String,
    },
    /// When I am away, and my mails.
    Mine,
}

/// Somebody who was invited before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invitee {
    /// For which approval.
    pub(crate) approval: ApprovalId,
    /// Their name.
    pub(crate) name: String,
}

/// An approval in which the person may have somebody else asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reassignable {
    /// Which.
    pub(crate) approval: ApprovalId,
    /// Its name.
    pub(crate) name: String,
    /// Who is asked and has not decided.
    pub(crate) undecided: Vec<Candidate>,
    /// Whether the person may pass their own seat on.
    pub(crate) delegate: bool,
    /// Whether the person may put somebody in another's place, or ask somebody besides.
    pub(crate) reassign: bool,
}

/// What a dialog has to know to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opening {
    /// Which dialog.
    pub(crate) what: What,
    /// Whether the person has no authenticator yet.
    pub(crate) enrol_first: bool,
    /// Where we are.
    pub(crate) context: Context,
    /// How far down the pressed button is.
    pub(crate) top: f64,
}

/// What a dialog reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Report {
    /// Something was recorded; this is the page's status now.
    Status(Box<PageStatus>),
    /// It is closed.
    Closed,
}

/// The way back to the macro.
#[derive(Clone)]
pub(crate) struct Reporter(Function);

impl Reporter {
    pub(crate) fn new(report: Function) -> Self {
        Self(report)
    }

    /// Tells the macro.
    pub(crate) fn send(&self, report: &Report) {
        if let Some(report) = bridge::write(report) {
            // If the macro is gone there is nobody to tell.
            let _ = self.0.call1(&JsValue::UNDEFINED, &report);
        }
    }
}

/// A reporter that views can hold.
pub(crate) type SharedReporter = StoredValue<Reporter, LocalStorage>;

/// Tells the macro of a new status.
pub(crate) fn tell_status(reporter: SharedReporter, status: PageStatus) {
    reporter.try_with_value(|reporter| reporter.send(&Report::Status(Box::new(status))));
}
