//! Asking somebody without an account besides: whom, for which approval, and what is disclosed to them.

mod attachments;

use super::Frame;
use super::opening::{Invitee, Reporter, SharedReporter, tell_status};
use super::sending::Sending;
use crate::ui::{Field, text_field, when_until};
use crate::{bridge, clock, focus};
use attachments::Attachments;
use core::time::Duration;
use engine::ids::{PageVersion, Seq};
use engine::wire::invitation::{ADDRESS_MAX, InvitableApproval, InviteRequest, NAME_MAX};
use engine::wire::problem::Problem;
use engine::wire::route;
use engine::wire::status::PageStatus;
use leptos::prelude::*;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What can be invited to, and what the person has on screen.
pub(super) struct Inviting {
    pub(super) version: PageVersion,
    pub(super) seq: Seq,
    pub(super) approvals: Vec<InvitableApproval>,
    pub(super) days: u32,
    pub(super) again: Option<Invitee>,
}

#[derive(Clone, Copy)]
struct Invite {
    frame: Frame,
    version: PageVersion,
    seq: Seq,
    approvals: StoredValue<Vec<InvitableApproval>>,
    which: RwSignal<usize>,
    name: RwSignal<String>,
    name_fault: RwSignal<Option<String>>,
    address: RwSignal<String>,
    address_fault: RwSignal<Option<String>>,
    attachments: Attachments,
    reporter: SharedReporter,
    sending: Sending,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, inviting: Inviting, reporter: Reporter) -> AnyView {
    frame.title.set("Invite somebody without an account".to_owned());
    let Inviting { version, seq, approvals, days, again } = inviting;
    let place = again.as_ref().and_then(|again| approvals.iter().position(|one| one.approval == again.approval));
    let it = Invite {
        frame,
        version,
        seq,
        approvals: StoredValue::new(approvals),
        which: RwSignal::new(place.unwrap_or_default()),
        name: RwSignal::new(again.map(|again| again.name).unwrap_or_default()),
        name_fault: RwSignal::new(None),
        address: RwSignal::new(String::new()),
        address_fault: RwSignal::new(None),
        attachments: Attachments::new(version),
        reporter: StoredValue::new_local(reporter),
        sending: Sending::new(frame),
    };
    let send = Callback::new(move |()| it.send());
    let until = clock::now() + DAY * days;
    let name = Field { id: "invite-name", label: "Their name", kind: "text", hint: "", max: NAME_MAX };
    let address =
        Field { id: "invite-address", label: "Their mail address", kind: "email", hint: "", max: ADDRESS_MAX };
    view! {
        <div class="dialog-body" data-testid="invite-dialog">
            <div class="stack" class:hidden=move || it.sending.is_confirming()>
                <p>
                    "They decide besides the people who are asked already: the approval is complete once they have answered too, or \
                     you revoke the invitation. They show by a code that the mailbox is theirs, no more."
                </p>
                {it.choose_approval()}
                <div class="pair">
                    {text_field(name, it.name, it.name_fault)}
                    {text_field(address, it.address, it.address_fault)}
                </div>
                <section class="part" aria-labelledby="h-disclosed">
                    <h3 id="h-disclosed">"What you disclose to them"</h3>
                    <ul class="bullets">
                        <li>
                            "The title and the text of " <strong data-testid="invite-version">{format!("version {}", version.0)}</strong>
                            " of this page, and of no other. What macros put out, images and included pages are left out."
                        </li>
                        <li>"Your name, and which approval they are asked for."</li>
                    </ul>
                    {it.attachments.view()}
                </section>
                <p class="subtle">
                    "They have time until " {when_until(until)} ". The mail itself says neither title nor content. The invitation is \
                     recorded with your name, theirs, and what you disclose; their address is kept encrypted."
                </p>
            </div>
            {move || it.sending.is_confirming().then(|| it.summary())}
            {it.sending.confirmation()}
            {it.sending.problem(send)}
        </div>
        {it.sending.foot("invite-confirm", "Invite".to_owned(), send)}
    }
    .into_any()
}

impl Invite {
    fn choose_approval(self) -> Option<AnyView> {
        let approvals = self.approvals.get_value();
        (approvals.len() > 1).then(|| {
            let options = approvals.into_iter().enumerate().map(|(index, one)| {
                view! { <option value=index.to_string() selected=move || self.which.get() == index>{one.name}</option> }
            });
            view! {
                <div class="field">
                    <label for="invite-approval">"For which approval?"</label>
                    <select
                        id="invite-approval"
                        data-testid="invite-approval"
                        on:change=move |event| self.which.set(event_target_value(&event).parse().unwrap_or_default())
                    >
                        {options.collect_view()}
                    </select>
                </div>
            }
            .into_any()
        })
    }

    fn approval(self) -> Option<InvitableApproval> {
        let which = self.which.get_untracked();
        self.approvals.with_value(|approvals| approvals.get(which).cloned())
    }

    /// What is about to be confirmed: nothing on it can be changed any more.
    fn summary(self) -> AnyView {
        let approval = self.approval().map(|one| one.name).unwrap_or_default();
        let attachments = untrack(|| self.attachments.chosen_titles());
        let attachments = if attachments.is_empty() { "None".to_owned() } else { attachments.join(", ") };
        view! {
            <dl class="facts" data-testid="invite-summary">
                <dt>"Who"</dt>
                <dd>{self.name.get_untracked().trim().to_owned()}<br />{self.address.get_untracked().trim().to_owned()}</dd>
                <dt>"Approval"</dt>
                <dd>{approval}</dd>
                <dt>"Discloses"</dt>
                <dd>{format!("Title and text of version {}", self.version.0)}</dd>
                <dt>"Attachments"</dt>
                <dd>{attachments}</dd>
            </dl>
        }
        .into_any()
    }

    fn send(self) {
        if self.sending.is_busy() {
            return;
        }
        let name = self.name.get_untracked().trim().to_owned();
        let address = self.address.get_untracked().trim().to_owned();
        self.name_fault.set(name.is_empty().then(|| "Write the name they are known by.".to_owned()));
        let unlike = !is_like_an_address(&address);
        self.address_fault.set(unlike.then(|| "Write one mail address, such as elena@partner.example.".to_owned()));
        if name.is_empty() {
            return focus::now("#invite-name");
        }
        if unlike {
            return focus::now("#invite-address");
        }
        let Some(approval) = self.approval() else {
            return;
        };
        let (attachments, page_version, seq, who) = (self.attachments.chosen(), self.version, self.seq, name.clone());
        let request = move |confirm| InviteRequest {
            approval: approval.approval.clone(),
            name: name.clone(),
            address: address.clone(),
            page_version,
            seq,
            attachments: attachments.clone(),
            confirm,
        };
        let done = move |status: Option<PageStatus>| {
            if let Some(status) = status {
                tell_status(self.reporter, status);
            }
            bridge::show_success("countersign-invited", &[&who, " is invited, by mail"].concat());
            self.frame.close();
        };
        self.sending.act(route::INVITE, request, done, move |problem| self.refused(problem));
    }

    /// Shows a refusal beside the field it is about.
    fn refused(self, problem: &Problem) -> bool {
        let (fault, field) = match problem.field.as_deref() {
            Some("name") => (self.name_fault, "#invite-name"),
            Some("address") => (self.address_fault, "#invite-address"),
            Some("attachments") => (self.attachments.fault, "[data-testid='invite-attachments'] input"),
            _ => return false,
        };
        fault.set(Some(problem.detail.clone()));
        request_animation_frame(move || focus::now(field));
        true
    }
}

/// The edge looks closer.
fn is_like_an_address(address: &str) -> bool {
    let parts: Vec<&str> = address.split('@').collect();
    matches!(parts.as_slice(), [local, domain] if !local.is_empty() && domain.contains('.'))
        && !address.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
}

#[cfg(test)]
mod tests {
    use super::is_like_an_address;

    #[test]
    fn one_address_and_nothing_else() {
        assert!(is_like_an_address("elena@partner.example"));
        for other in
            ["", "elena", "@partner.example", "elena@partner", "a@b.example, c@d.example", "Elena <a@b.example>"]
        {
            assert!(!is_like_an_address(other), "{other}");
        }
    }
}
