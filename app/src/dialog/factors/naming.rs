//! Calling one something else.

use super::{Factors, called};
use crate::advice;
use crate::bridge::Failure;
use crate::ui::{Look, button, failure_notice};
use engine::token::life::NAME_MAX;
use engine::wire::factors::{FactorView, RenameRequest};
use engine::wire::route;
use leptos::prelude::*;

pub(super) fn view(it: Factors, factor: &FactorView) -> AnyView {
    it.frame.title.set(["Rename ", &called(factor)].concat());
    let text = RwSignal::new(factor.name.clone().unwrap_or_default());
    let failure: RwSignal<Option<Failure>> = RwSignal::new(None);
    let busy: Signal<bool> = it.frame.busy.into();
    let id = StoredValue::new(factor.id.clone());
    let save = Callback::new(move |()| {
        let request = RenameRequest { factor: id.get_value(), name: text.get_untracked() };
        it.send(route::FACTOR_RENAME, request, "It has another name now.", failure);
    });
    let problem = move || {
        failure.with(|failure| {
            failure
                .as_ref()
                .map(|one| failure_notice(one, advice::step(one), busy, Callback::new(move |_| save.run(()))))
        })
    };
    view! {
        <div class="dialog-body">{field(text, save)} {problem}</div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Back", busy, Callback::new(move |()| it.back(None)))}
            {button("rename-save", Look::Primary, "Save", busy, save)}
        </div>
    }
    .into_any()
}

/// A field for a name.
pub(crate) fn field(text: RwSignal<String>, enter: Callback<()>) -> AnyView {
    view! {
        <div class="field">
            <label for="factor-name">"Name"</label>
            <input
                id="factor-name"
                data-testid="factor-name"
                type="text"
                maxlength=NAME_MAX.to_string()
                autocomplete="off"
                aria-describedby="factor-name-hint"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        enter.run(());
                    }
                }
            />
            <div class="field-foot"><span id="factor-name-hint" class="subtle small">"So that you know it from others: “Work phone”, say. Optional."</span></div>
        </div>
    }
    .into_any()
}
