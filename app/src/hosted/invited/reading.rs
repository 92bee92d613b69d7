//! The version they are asked about, and beside it what they can say to it.
//!
//! The document is a page of its own in a frame without any right: nothing in it runs, and nothing in it is part of ours.

use super::{Visit, panel};
use crate::focus;
use crate::ui::{el, when_day};
use engine::wire::invited::{InvitedAttachment, InvitedShown, LeftOut};
use engine::wire::route;
use leptos::prelude::*;

pub(super) fn view(it: Visit, shown: &InvitedShown) -> AnyView {
    let label = format!("Version {} of the document", shown.version.0);
    view! {
        <div class="reading" data-testid="invited-reading">
            <header class="reading-head">
                <p class="brand">"Countersign"</p>
                <h1 tabindex="-1" data-testid="invited-title">{shown.title.clone()}</h1>
                <p class="subtle" data-testid="invited-by">
                    {shown.invited_by.clone()} " asks " {shown.name.clone()} " to decide on version " {shown.version.0} " for “"
                    {shown.approval.clone()} "”, until " {when_day(shown.until)} "."
                </p>
                <p class="to-panel">
                    // No anchor: the address says where a reload goes on.
                    <button type="button" class="link" on:click=|_| focus::now("#dialog-title")>"Go to your decision"</button>
                </p>
            </header>
            <section class="sheet" aria-label="Document">
                <iframe class="document" sandbox="" src=route::INVITED_DOCUMENT title=label data-testid="document"></iframe>
                {left_out(&shown.left_out)}
                {attachments(&shown.attachments)}
            </section>
            <section class="side" aria-labelledby="dialog-title">{panel::view(it, shown)}</section>
        </div>
    }
    .into_any()
}

fn left_out(left_out: &[LeftOut]) -> Option<AnyView> {
    (!left_out.is_empty()).then(|| {
        let one = |one: &LeftOut| {
            if one.count == 1 { one.what.clone() } else { format!("{} ({} times)", one.what, one.count) }
        };
        let all = left_out.iter().map(one).collect::<Vec<_>>().join(", ");
        el("p", "sheet-note")
            .id("left-out")
            .add(el("strong", "").text("Not shown here: "))
            .text(&all)
            .text(". The document says where.")
            .into_any()
    })
}

fn attachments(attachments: &[InvitedAttachment]) -> Option<AnyView> {
    (!attachments.is_empty()).then(|| {
        let line = |one: &InvitedAttachment| {
            let address = [route::INVITED_ATTACHMENT, &String::from(js_sys::encode_uri_component(&one.id))].concat();
            view! { <li><a href=address download=one.title.clone() data-testid="attachment">{one.title.clone()}</a></li> }
        };
        view! {
            <div class="sheet-note" data-testid="attachments">
                <h2>"Attachments"</h2>
                <ul class="plain-list">{attachments.iter().map(line).collect_view()}</ul>
                <p class="subtle small">"They are downloaded as they were uploaded. Open them only if you expect them."</p>
            </div>
        }
        .into_any()
    })
}
