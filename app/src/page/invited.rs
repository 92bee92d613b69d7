//! Who was invited without an account, beneath the approval they are asked for.

use super::Page;
use crate::clock;
use crate::dialog::{Invitee, What};
use crate::ui::{El, Look, button, el, quoted, when_ago, when_until};
use engine::wire::invitation::{InvitationState, InvitedView};
use engine::wire::status::{ApprovalView, Offer};
use leptos::prelude::*;

/// Nothing where nobody was invited.
pub(super) fn list(page: Page, approval: &ApprovalView) -> Option<El> {
    let lines = approval.invited.iter().map(|one| line(page, approval, one));
    (!approval.invited.is_empty()).then(|| {
        el("div", "invited")
            .id("invited-list")
            .add(el("p", "subtle").text("Invited, without an account"))
            .add(el("ul", "signatures").add_all(lines))
    })
}

fn line(page: Page, approval: &ApprovalView, one: &InvitedView) -> El {
    let (word, class) = word(one);
    let at = one.answered_at.map(when_ago);
    let is_asked = one.state == InvitationState::Asked;
    let head = el("p", "")
        .add(el("strong", "").text(&one.name))
        .text(" ")
        .add(el("span", class).id("invited-state").text(word))
        .add_all(at.map(|at| el("span", "subtle").text(" · ").add(at)));
    let next = is_asked.then(|| {
        let until = if is_over(one) {
            el("p", "subtle")
                .text("No answer came in time. Invite them again, or revoke it: until then the approval stays open.")
        } else {
            el("p", "subtle").text("Has time until ").add(when_until(one.until))
        };
        el("div", "invited-next").add(until)
    });
    let item = el("li", "invitation").id("invitation").attr("data-invitation", one.invitation.as_str());
    let invitee = Invitee { approval: approval.id.clone(), name: one.name.clone() };
    let (id, name, over) = (one.invitation.clone(), one.name.clone(), is_over(one));
    item.add(head).add_all(next).add_all(quoted(one.reason.as_deref())).live(move || {
        is_asked
            .then(|| buttons(page, over, &invitee, || What::Revoke { invitation: id.clone(), name: name.clone() }))
            .flatten()
    })
}

/// What the person may do about an invitation that was not answered.
fn buttons(page: Page, over: bool, invitee: &Invitee, revoke: impl Fn() -> What) -> Option<El> {
    let (may_invite, may_revoke) = page.actions.with(|actions| {
        let inviting = actions.as_ref()?.as_ref().ok()?.inviting.as_ref()?;
        let open = |offer: &Offer| matches!(offer, Offer::Open);
        Some((open(&inviting.offer), open(&inviting.revoke)))
    })?;
    let busy: Signal<bool> = page.busy.into();
    let again = (over && may_invite).then(|| page.what_inviting(Some(invitee.clone()))).flatten().map(|what| {
        let label = ["Invite again: ", &invitee.name].concat();
        button("invite-again", Look::Default, "Invite again", busy, page.opens(what)).attr("aria-label", &label)
    });
    let label = ["Revoke the invitation of ", &invitee.name].concat();
    let revoke = may_revoke.then(|| {
        button("invite-revoke", Look::Default, "Revoke", busy, page.opens(revoke())).attr("aria-label", &label)
    });
    (again.is_some() || revoke.is_some()).then(|| el("div", "buttons").add_all(again).add_all(revoke))
}

fn is_over(one: &InvitedView) -> bool {
    one.state == InvitationState::Asked && one.until <= clock::now()
}

fn word(one: &InvitedView) -> (&'static str, &'static str) {
    match one.state {
        InvitationState::Asked if is_over(one) => ("Ran out", "tag warning"),
        InvitationState::Asked => ("Asked", "tag information"),
        InvitationState::Approved => ("Approved", "tag"),
        InvitationState::Rejected => ("Rejected", "tag"),
        InvitationState::Abstained => ("Abstained", "tag"),
        InvitationState::Revoked => ("Revoked", "tag"),
    }
}

impl Page {
    /// A press that opens a dialog.
    pub(super) fn opens(self, what: What) -> Callback<()> {
        Callback::new(move |()| self.open_dialog(what.clone()))
    }

    /// The dialog with which somebody is invited; nothing where the page's version or state is not known.
    pub(super) fn what_inviting(self, again: Option<Invitee>) -> Option<What> {
        let version = self.on_screen.get()?;
        let seq = self.read(|status| status.seq)?;
        let (approvals, days) = self.actions.with(|actions| {
            let inviting = actions.as_ref()?.as_ref().ok()?.inviting.as_ref()?;
            Some((inviting.approvals.clone(), inviting.days))
        })?;
        Some(What::Invite { version, seq, approvals, days, again })
    }
}
