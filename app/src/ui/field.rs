//! A line of text, with what is wrong beneath it.

use leptos::prelude::*;

/// What a field is for.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// Its id, and the name tests know it by.
    pub(crate) id: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// What a browser takes it for: `text`, `email`.
    pub(crate) kind: &'static str,
    /// What is said beneath it; empty: nothing.
    pub(crate) hint: &'static str,
    /// The most characters.
    pub(crate) max: usize,
}

/// A field that must be filled in.
pub(crate) fn text_field(field: Field, text: RwSignal<String>, fault: RwSignal<Option<String>>) -> AnyView {
    let Field { id, label, kind, hint, max } = field;
    let (error, said) = ([id, "-error"].concat(), [id, "-hint"].concat());
    view! {
        <div class="field">
            <label for=id>{label} <span class="required" aria-hidden="true">" *"</span></label>
            <input
                id=id
                data-testid=id
                type=kind
                autocomplete="off"
                maxlength=max.to_string()
                aria-required="true"
                aria-invalid=move || fault.with(Option::is_some).to_string()
                aria-describedby=[error.clone(), said.clone()].join(" ")
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    fault.set(None);
                }
            />
            <div class="field-foot">
                <span id=error class="field-error" role="alert">{move || fault.get()}</span>
                <span id=said class="subtle small">{hint}</span>
            </div>
        </div>
    }
    .into_any()
}
