//! For what a code is asked.

use engine::token::policy::{Action, FactorKind, Policy};
use leptos::prelude::*;

pub(super) fn view(policy: &Policy) -> AnyView {
    let actions = [
        (Action::Submit, "Submitting for review"),
        (Action::Approve, "Approving"),
        (Action::Reject, "Rejecting"),
        (Action::Publish, "Publishing"),
        (Action::Override, "Acting in somebody’s stead, or releasing a lock"),
        (Action::ChangePolicy, "Changing a workflow or this policy"),
    ];
    let rows = actions.map(|(action, name)| {
        let asked = policy.asks_for_token(action);
        let (class, word) = if asked { ("lozenge blue", "Code each time") } else { ("lozenge grey", "No code") };
        view! { <tr><th scope="row">{name}</th><td><span class=class>{word}</span></td></tr> }
    });
    let factors = policy
        .factors
        .iter()
        .map(|factor| match factor {
            FactorKind::Totp => view! { <li>"Authenticator app (six digits, RFC 6238)"</li> },
        })
        .collect_view();
    view! {
        <section class="section" data-testid="section-policy" aria-labelledby="h-policy">
            <h2 id="h-policy">"Step-up policy"</h2>
            <p class="subtle">{format!("Version {}. Logging in is not enough for these:", policy.version)}</p>
            <table class="table plain"><tbody>{rows.into_iter().collect_view()}</tbody></table>
            <h3>"Accepted proofs"</h3>
            <ul class="plain-list">{factors}</ul>
        </section>
    }
    .into_any()
}
