//! Under which keys of the Worker this site's secrets are kept, and how far they are under the newest.

use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::ui::{Look, Tone, button, el, failure_notice, notice, when_exact, when_until};
use engine::wire::keys::{KeyStanding, KeyUse, KeysRequest, KeysResponse, Removal, Rotation, RotationState};
use engine::wire::route;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Keys {
    told: RwSignal<Option<KeysResponse>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Keys {
    fn load(self) {
        self.busy.set(true);
        spawn(async move {
            let answer: Result<KeysResponse, Failure> = ask(route::SETTINGS_KEYS, &KeysRequest {}).await;
            self.busy.set(false);
            match answer {
                Ok(told) => {
                    self.failed.set(None);
                    self.told.set(Some(told));
                }
                Err(failure) => self.failed.set(Some(failure)),
            }
        });
    }
}

/// The section. What it shows is asked for when it comes on screen: the rest of the settings does not wait for it.
pub(super) fn view() -> AnyView {
    let keys = Keys { told: RwSignal::new(None), failed: RwSignal::new(None), busy: RwSignal::new(false) };
    keys.load();
    let again = Callback::new(move |()| keys.load());
    let retry = Callback::new(move |_| keys.load());
    view! {
        <section class="section" data-testid="section-keys" aria-labelledby="h-keys">
            <h2 id="h-keys">"Keys"</h2>
            <p class="subtle">
                "Authenticator secrets, mailed codes and Confluence’s access token are stored encrypted. Whoever runs Countersign’s \
                 Worker holds the keys and changes them from time to time; nobody has to stop working for that."
            </p>
            {move || keys.failed.with(|failed| {
                failed.as_ref().map(|failure| failure_notice(failure, advice::step(failure), keys.busy.into(), retry))
            })}
            {move || keys.told.with(|told| told.as_ref().map(body))}
            <div class="buttons">{button("keys-again", Look::Default, "Look again", keys.busy.into(), again)}</div>
        </section>
    }
    .into_any()
}

fn body(told: &KeysResponse) -> AnyView {
    let missing: Vec<&KeyUse> = told.keys.iter().filter(|key| key.standing == KeyStanding::Missing).collect();
    view! {
        {state(&told.rotation)}
        {missing.into_iter().map(lost).collect_view()}
        {(told.unreadable > 0).then(|| damaged(told.unreadable))}
        <ul class="cards" data-testid="keys">{told.keys.iter().map(row).collect_view()}</ul>
    }
    .into_any()
}

fn state(rotation: &Rotation) -> AnyView {
    match rotation.state {
        RotationState::Due => {
            let detail = "Countersign looks through this site’s secrets within a few minutes. Nothing has to be done.";
            notice(Tone::Information, "keys-state", "The keys were changed", detail, None)
                .attr("data-state", "due")
                .into_any()
        }
        RotationState::Open => {
            let done = rotation.total.saturating_sub(rotation.left);
            let said = format!("{done} of {} secrets are encrypted with the newest key.", rotation.total);
            view! {
                <div class="notice information" role="status" data-testid="keys-state" data-state="open">
                    <div class="notice-text">
                        <p class="notice-title">"Secrets are being re-encrypted"</p>
                        <p>{said}</p>
                        <progress max=rotation.total.to_string() value=done.to_string() aria-label="Secrets re-encrypted"></progress>
                    </div>
                </div>
            }
            .into_any()
        }
        RotationState::Done => view! {
            <p class="good" data-testid="keys-state" data-state="done">
                "Everything is encrypted with the newest key."
                {rotation.ended_at.map(|at| view! { " Checked " {when_exact(at)} "." })}
            </p>
        }
        .into_any(),
        // What is missing is said by the notices that follow.
        RotationState::Stuck => {
            el("p", "").id("keys-state").attr("data-state", "stuck").text("Not everything can be read.").into_any()
        }
    }
}

fn lost(key: &KeyUse) -> AnyView {
    let title = format!("The key “{}” is missing", key.id);
    let of = [
        counted(key.sealed, "encrypted secret", "encrypted secrets"),
        counted(key.recovery_codes, "recovery code", "recovery codes"),
        counted(key.mailed_codes, "mailed code", "mailed codes"),
    ];
    let of = joined(&of.into_iter().flatten().collect::<Vec<_>>());
    let detail = format!(
        "It was taken out of COUNTERSIGN_KEYS too early: {of} of this site can’t be used without it, and whoever they belong to \
         can’t confirm anything with them. Ask whoever runs the Worker to put the key back."
    );
    notice(Tone::Error, "key-missing", &title, &detail, None).attr("data-key", &key.id).into_any()
}

fn damaged(texts: u64) -> AnyView {
    let count = counted(texts, "secret", "secrets").unwrap_or_default();
    let detail =
        format!("{count} in the database can’t be read as anything Countersign wrote. Tell whoever runs the Worker.");
    notice(Tone::Error, "keys-damaged", "The database was damaged", &detail, None).into_any()
}

fn row(key: &KeyUse) -> AnyView {
    let (class, word) = match key.standing {
        KeyStanding::Newest => ("lozenge green", "Newest"),
        KeyStanding::Older => ("lozenge grey", "Older"),
        KeyStanding::Missing => ("lozenge red", "Missing"),
    };
    let check = key.check.as_ref().map(|check| {
        let check = check.clone();
        view! { <span class="subtle small">" check value " <code>{check}</code></span> }
    });
    let texts = counted(key.sealed, "secret", "secrets").unwrap_or_else(|| "nothing".to_owned());
    view! {
        <li class="card" data-testid="key" data-key=key.id.clone() data-removal=slug(key.removal)>
            <div>
                <p><code>{key.id.clone()}</code>" "<span class=class>{word}</span>{check}</p>
                <p class="subtle">"Encrypted with it: " {texts}</p>
                <p class="subtle">"Still needed? " {needed(key)}</p>
            </div>
        </li>
    }
    .into_any()
}

fn needed(key: &KeyUse) -> AnyView {
    match key.removal {
        Removal::InUse => "Yes".into_any(),
        Removal::Waiting => "Yes, until its secrets are re-encrypted".into_any(),
        Removal::From { at } => view! { "Until " {when_until(at)} ", for confirmations under way" }.into_any(),
        Removal::Free => "No. Whoever runs the Worker can remove it once no other site needs it.".into_any(),
    }
}

fn slug(removal: Removal) -> &'static str {
    match removal {
        Removal::InUse => "in-use",
        Removal::Waiting => "waiting",
        Removal::From { .. } => "from",
        Removal::Free => "free",
    }
}

fn counted(number: u64, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    }
}

fn joined(parts: &[String]) -> String {
    match parts {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
