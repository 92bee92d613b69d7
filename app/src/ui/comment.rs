//! What people say.

use super::el::{El, el};
use crate::words;
use engine::wire::act::COMMENT_MAX;
use leptos::prelude::*;

/// A comment of somebody, as text and nothing else.
pub(crate) fn quoted(comment: Option<&str>) -> Option<El> {
    comment.filter(|text| !text.trim().is_empty()).map(|text| el("blockquote", "comment").text(text))
}

/// A field for a comment or reason, with a count when it gets long.
pub(crate) fn comment_field(
    testid: &'static str,
    label: &'static str,
    required: bool,
    text: RwSignal<String>,
    fault: RwSignal<Option<String>>,
) -> AnyView {
    let error_id = "comment-error";
    let left = move || {
        let used = text.with(|text| text.chars().count());
        (used * 10 >= COMMENT_MAX * 8).then(|| {
            let class = if used > COMMENT_MAX { "count over" } else { "count" };
            view! { <span class=class data-testid="comment-count">{format!("{used} of {COMMENT_MAX} characters")}</span> }
        })
    };
    view! {
        <div class="field">
            <label for=testid>
                {label}
                {if required {
                    view! { <span class="required" aria-hidden="true">" *"</span> }.into_any()
                } else {
                    view! { <span class="subtle">" (optional)"</span> }.into_any()
                }}
            </label>
            <textarea
                id=testid
                data-testid=testid
                rows="3"
                aria-required=required.to_string()
                aria-invalid=move || fault.with(Option::is_some).to_string()
                aria-describedby=error_id
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    fault.set(None);
                }
            ></textarea>
            <div class="field-foot">
                <span id=error_id class="field-error" role="alert">{move || fault.get()}</span>
                {left}
            </div>
        </div>
    }
    .into_any()
}

/// Checks a comment and shows what is wrong with it; `missing` says so where there must be one.
pub(crate) fn comment_is_fine(
    text: RwSignal<String>,
    missing: Option<&'static str>,
    fault: RwSignal<Option<String>>,
) -> bool {
    let found = text.with_untracked(|text| words::comment_fault(text, missing, COMMENT_MAX));
    fault.set(found.map(str::to_owned));
    found.is_none()
}
