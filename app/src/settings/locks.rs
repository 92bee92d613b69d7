//! People whose codes are refused.

use super::{Settings, unlock};
use crate::ui::{Look, button, never, when_until};
use engine::ids::AccountId;
use engine::token::guessing::Lock;
use engine::wire::settings::LockedPerson;
use leptos::prelude::*;

pub(super) fn view(settings: Settings) -> AnyView {
    view! {
        <section class="section" data-testid="section-locks" aria-labelledby="h-locks">
            <h2 id="h-locks">"Locked people"</h2>
            <p class="subtle">
                "After too many wrong codes a person has to wait. Before you unlock somebody, make sure it was them."
            </p>
            {move || list(settings)}
        </section>
    }
    .into_any()
}

fn list(settings: Settings) -> AnyView {
    settings.overview.with(|overview| {
        let locks = overview.as_ref().map(|overview| overview.locks.as_slice()).unwrap_or_default();
        if locks.is_empty() {
            view! { <p class="good" data-testid="no-locks">"Nobody is locked."</p> }.into_any()
        } else {
            view! { <ul class="cards">{locks.iter().map(|person| card(settings, person)).collect_view()}</ul> }
                .into_any()
        }
    })
}

fn card(settings: Settings, person: &LockedPerson) -> AnyView {
    let account: StoredValue<AccountId> = StoredValue::new(person.account.clone());
    let unlock = Callback::new(move |()| unlock::open(settings, account.get_value()));
    let until = match person.lock {
        Lock::Until { at } => view! { "Locked until " {when_until(at)} }.into_any(),
        Lock::UntilUnlocked => "Locked until an administrator unlocks them".into_any(),
    };
    view! {
        <li class="card" data-testid="locked-person">
            <div>
                <p><strong>{person.name.clone()}</strong></p>
                <p>{until}</p>
                <p class="subtle small">{format!("{} wrong codes in a row", person.failures)}</p>
            </div>
            {button("unlock", Look::Default, "Unlock", never(), unlock)}
        </li>
    }
    .into_any()
}
