//! Taking an invitation back.

use super::Frame;
use super::opening::{Reporter, tell_status};
use super::sending::Sending;
use crate::bridge;
use engine::ids::InvitationId;
use engine::wire::invitation::RevokeRequest;
use engine::wire::route;
use engine::wire::status::PageStatus;
use leptos::prelude::*;

/// The dialog's content.
pub(super) fn view(frame: Frame, invitation: InvitationId, name: String, reporter: Reporter) -> AnyView {
    frame.title.set(["Revoke the invitation of ", &name].concat());
    let sending = Sending::new(frame);
    let reporter = StoredValue::new_local(reporter);
    let who = name.clone();
    let send = Callback::new(move |()| {
        if sending.is_busy() {
            return;
        }
        let (asked, whose) = (invitation.clone(), who.clone());
        let done = move |status: Option<PageStatus>| {
            if let Some(status) = status {
                tell_status(reporter, status);
            }
            bridge::show_success("countersign-revoked", &["The invitation of ", &whose, " is revoked"].concat());
            frame.close();
        };
        sending.act(route::INVITE_REVOKE, move |_| RevokeRequest { invitation: asked.clone() }, done, |_| false);
    });
    view! {
        <div class="dialog-body" data-testid="revoke-dialog">
            <p>
                "From this moment on " <strong>{name}</strong> " is shown nothing of this page and can decide nothing. What they have \
                 read or downloaded before, they have."
            </p>
            <p class="subtle">"It is recorded with your name. If nobody else is missing, the approval may be complete with it."</p>
            {sending.problem(send)}
        </div>
        {sending.foot("revoke-confirm", "Revoke".to_owned(), send)}
    }
    .into_any()
}
