//! What the page offers of inviting: to whom, and why not.

use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::offer::{NOTHING, closed};
use crate::handlers::settings::require_admin;
use engine::page::fold::{PageFold, Review};
use engine::page::tally::Outcome;
use engine::token::policy::Policy;
use engine::wire::invitation::{InvitableApproval, Inviting};
use engine::wire::status::Offer;

/// What is offered; [`None`] where the policy lets nobody be invited, and nobody is.
pub(in crate::handlers) async fn offer(
    cx: &Cx,
    caller: &UiCaller,
    policy: &Policy,
    (fold, review): (&PageFold, &Review),
    may_edit: bool,
) -> Option<Inviting> {
    let allowed = policy.invitations.allow(&fold.workflow);
    let waits = review.unanswered().next().is_some();
    if !allowed && !waits {
        return None;
    }
    let approvals: Vec<InvitableApproval> = if allowed {
        let pending = review.approvals.iter().filter(|now| review.outcome(now) == Outcome::Pending);
        pending.map(|now| InvitableApproval { approval: now.asked.id.clone(), name: now.asked.name.clone() }).collect()
    } else {
        Vec::new()
    };
    let invite = match (may_edit, allowed, approvals.is_empty()) {
        (false, ..) => NOTHING,
        (true, false, _) => closed(
            "The step-up policy does not let people without an account be invited to this workflow's pages any more.",
        ),
        (true, true, true) => closed("No approval is waiting for anybody now."),
        (true, true, false) if cx.hosted().is_err() => {
            closed("Nobody can be invited: this Worker has no address for pages of its own.")
        }
        (true, true, false) => Offer::Open,
    };
    // Admins may take back what they may not ask for. They are asked about only where there is something to take back.
    let revoke = if waits && (may_edit || require_admin(cx, caller, Freshness::Cached).await.is_ok()) {
        Offer::Open
    } else {
        NOTHING
    };
    Some(Inviting { offer: invite, approvals, days: policy.invitations.days, revoke })
}
