//! Fields of a form, each with what is wrong beside it.

use super::form::Form;
use leptos::prelude::*;

/// A box to tick.
pub(super) fn tick(id: String, label: impl Into<String>, on: Signal<bool>, set: impl Fn(bool) + 'static) -> AnyView {
    let label = label.into();
    view! {
        <div class="radio">
            <input
                type="checkbox"
                id=id.clone()
                data-testid=id.clone()
                prop:checked=move || on.get()
                on:change=move |event| set(event_target_checked(&event))
            />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// One of two ways.
pub(super) fn either(id: &str, group: &str, label: &'static str, value: bool, chosen: RwSignal<bool>) -> AnyView {
    let id = id.to_owned();
    view! {
        <div class="radio">
            <input
                type="radio"
                id=id.clone()
                data-testid=id.clone()
                name=group.to_owned()
                prop:checked=move || chosen.get() == value
                on:change=move |_| chosen.set(value)
            />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// A line of text, or a number.
pub(super) fn line(
    id: String,
    label: &'static str,
    number: bool,
    text: RwSignal<String>,
    form: Form,
    at: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    let error = [&id, "-error"].concat();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                data-testid=id
                type="text"
                inputmode=if number { "numeric" } else { "text" }
                autocomplete="off"
                maxlength="200"
                aria-invalid=move || form.fault_at(&at()).is_some().to_string()
                aria-describedby=error.clone()
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            {fault(form, error, at)}
        </div>
    }
    .into_any()
}

/// Several lines of text.
pub(super) fn lines(
    id: String,
    label: &'static str,
    help: &'static str,
    text: RwSignal<String>,
    form: Form,
    at: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    let (error, said) = ([&id, "-error"].concat(), [&id, "-help"].concat());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id.clone()
                data-testid=id
                rows="3"
                spellcheck="false"
                aria-invalid=move || form.fault_at(&at()).is_some().to_string()
                aria-describedby=[said.clone(), error.clone()].join(" ")
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <p id=said class="subtle small">{help}</p>
            {fault(form, error, at)}
        </div>
    }
    .into_any()
}

/// What is wrong at a place of the policy.
pub(super) fn fault(form: Form, id: String, at: impl Fn() -> String + Copy + Send + Sync + 'static) -> AnyView {
    view! {
        <p id=id class="field-error" role="alert" data-testid="policy-fault">{move || form.fault_at(&at())}</p>
    }
    .into_any()
}
