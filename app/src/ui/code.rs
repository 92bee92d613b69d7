//! Fields for codes.

use leptos::prelude::*;

/// Which keyboard a phone shows.
#[derive(Clone, Copy)]
pub(crate) enum Keys {
    /// Digits only: an authenticator's code.
    Digits,
    /// Letters and digits: a mailed code.
    Text,
}

/// A field for a code, filled in by password managers; blanks in what is pasted do not matter.
pub(crate) fn code_field(
    testid: &'static str,
    keys: Keys,
    label: &'static str,
    text: RwSignal<String>,
    fault: RwSignal<Option<String>>,
    disabled: Signal<bool>,
    enter: Callback<()>,
) -> AnyView {
    let error_id = [testid, "-error"].concat();
    let described_by = error_id.clone();
    view! {
        <div class="field">
            <label for=testid>{label} <span class="required" aria-hidden="true">" *"</span></label>
            <input
                id=testid
                class="code"
                data-testid=testid
                type="text"
                inputmode=match keys {
                    Keys::Digits => "numeric",
                    Keys::Text => "text",
                }
                autocomplete="one-time-code"
                autocapitalize="characters"
                spellcheck="false"
                maxlength="32"
                aria-required="true"
                aria-invalid=move || fault.with(Option::is_some).to_string()
                aria-describedby=described_by
                disabled=move || disabled.get()
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    fault.set(None);
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        enter.run(());
                    }
                }
            />
            <div class="field-foot">
                <span id=error_id class="field-error" role="alert" data-testid="code-error">{move || fault.get()}</span>
            </div>
        </div>
    }
    .into_any()
}
