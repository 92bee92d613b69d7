//! What was confirmed last, and what was refused.

use super::kind_name;
use crate::ui::when_exact;
use engine::wire::factors::{Outcome, UseView};
use leptos::prelude::*;

pub(super) fn view(uses: &[UseView]) -> AnyView {
    if uses.is_empty() {
        return view! { <p class="subtle">"Nothing was confirmed yet."</p> }.into_any();
    }
    view! { <ol class="uses" data-testid="uses">{uses.iter().map(one).collect_view()}</ol> }.into_any()
}

fn one(one: &UseView) -> AnyView {
    let (class, word) = match one.outcome {
        Outcome::Confirmed => ("lozenge green", "Confirmed"),
        Outcome::Refused => ("lozenge yellow", "Refused"),
        Outcome::Locked => ("lozenge red", "Locked"),
        Outcome::Unlocked => ("lozenge blue", "Unlocked"),
    };
    let on = one.page.as_ref().map(|on| match &on.title {
        Some(title) => format!(": {title}"),
        None => ": a page you can’t see now".to_owned(),
    });
    let with = one.factor_kind.map(|kind| {
        let named = one.factor_name.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
        format!("{}{named}. ", kind_name(kind))
    });
    view! {
        <li data-testid="use">
            <p><span class=class>{word}</span> " " {one.what.clone()} {on}</p>
            <p class="subtle small">{with} {when_exact(one.at)}</p>
        </li>
    }
    .into_any()
}
