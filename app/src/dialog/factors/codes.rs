//! Recovery codes, shown once: to be printed, copied or saved.

use crate::bridge::spawn;
use crate::focus;
use crate::ui::{Look, button, never};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The content of a dialog. `done` is called once the person says that they have them.
pub(crate) fn view(codes: &[String], done: Callback<()>) -> AnyView {
    let stored = RwSignal::new(false);
    let fault = RwSignal::new(false);
    let said = RwSignal::new("");
    let text = StoredValue::new(sheet(codes));
    if codes.is_empty() {
        return nothing(done);
    }
    let copy = Callback::new(move |()| {
        spawn(async move {
            let copied = copy(&text.get_value()).await;
            said.set(if copied { "Copied." } else { "They are selected: press Ctrl+C or ⌘C to copy them." });
        });
    });
    let print = Callback::new(move |()| {
        // Where the frame may not print, the other ways stay.
        let _ = web_sys::window().map(|window| window.print());
    });
    let go_on = Callback::new(move |()| {
        if stored.get_untracked() {
            done.run(());
        } else {
            fault.set(true);
            focus::now("#codes-stored");
        }
    });
    let file =
        ["data:text/plain;charset=utf-8,", &String::from(js_sys::encode_uri_component(&text.get_value()))].concat();
    view! {
        <div class="dialog-body" data-testid="recovery-codes">
            <p>"If you lose your phone or your passkey, one of these codes lets you set up another one. Print them, or keep them where you keep passwords. They are shown only now."</p>
            <div class="codes-sheet">
                <p class="codes-title">"Countersign recovery codes"</p>
                <ol class="codes" data-testid="codes">{codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view()}</ol>
                <p class="codes-hint">"Each works once. They confirm nothing by themselves. A newer set ends this one."</p>
            </div>
            <p class="again">
                {button("codes-print", Look::Default, "Print", never(), print)}
                {button("codes-copy", Look::Default, "Copy", never(), copy)}
                <a class="button" data-testid="codes-save" download="countersign-recovery-codes.txt" href=file>"Save as text"</a>
                <span role="status" class="subtle">{move || said.get()}</span>
            </p>
            <div class="radio">
                <input
                    type="checkbox"
                    id="codes-stored"
                    data-testid="codes-stored"
                    aria-describedby="codes-error"
                    aria-invalid=move || fault.get().to_string()
                    prop:checked=move || stored.get()
                    on:change=move |event| {
                        stored.set(event_target_checked(&event));
                        fault.set(false);
                    }
                />
                <label for="codes-stored">"I have stored them"</label>
            </div>
            <p id="codes-error" class="field-error" role="alert">{move || fault.get().then_some("Store the codes first, then say so here.")}</p>
        </div>
        <div class="dialog-foot">{button("codes-done", Look::Primary, "Done", never(), go_on)}</div>
    }
    .into_any()
}

/// The answer that held them was lost on the way.
fn nothing(done: Callback<()>) -> AnyView {
    view! {
        <div class="dialog-body">
            <p>"New codes were made, but they were lost on the way to you and can’t be shown again. Make new ones once more; these end then."</p>
        </div>
        <div class="dialog-foot">{button("codes-done", Look::Primary, "Back", never(), done)}</div>
    }
    .into_any()
}

/// What is copied and saved.
fn sheet(codes: &[String]) -> String {
    let mut text = "Countersign recovery codes. Each works once.\n\n".to_owned();
    for (index, code) in codes.iter().enumerate() {
        text.push_str(&format!("{:>2}. {code}\n", index + 1));
    }
    text
}

async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let clipboard = window.navigator().clipboard();
    if !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok() {
        return true;
    }
    if let (Some(list), Ok(Some(selection))) = (focus::find(".codes"), window.get_selection()) {
        // Nothing selected is no worse than before.
        let _ = selection.select_all_children(&list);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_is_numbered() {
        let codes: Vec<String> = (0..10).map(|n| format!("CODE-{n}")).collect();
        let sheet = sheet(&codes);
        assert!(sheet.contains("\n 1. CODE-0\n") && sheet.ends_with("10. CODE-9\n"));
    }
}
