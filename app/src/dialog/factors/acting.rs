//! Renewing, removing, new recovery codes: asked for, confirmed, done.

use super::{Factors, Panel, called};
use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::ui::{Look, button, failure_notice};
use engine::wire::confirm::Confirmation;
use engine::wire::factors::{FactorView, FactorsResponse, NewCodes, NewCodesRequest, Own, RemoveRequest, RenewRequest};
use engine::wire::route;
use leptos::prelude::*;

/// What is to be done.
#[derive(Clone)]
pub(super) enum Act {
    /// Go on using it.
    Renew(FactorView),
    /// Take it away.
    Remove(FactorView),
    /// New recovery codes.
    NewCodes,
}

/// What it led to.
enum Done {
    List(FactorsResponse),
    Codes(Vec<String>),
}

pub(super) fn view(it: Factors, act: Act) -> AnyView {
    let (title, lead, label, look, said) = words(&act);
    it.frame.title.set(title);
    let last = matches!(&act, Act::Remove(factor) if it.known(|now| is_last(now, factor)));
    let even_the_last = RwSignal::new(!last);
    let act = StoredValue::new(act);
    let confirming = Confirming::new(it.frame.busy);
    let send = Callback::new(move |confirm: Option<Confirmation>| {
        confirming.begin();
        spawn(async move {
            let answer = carry_out(act.get_value(), last, confirm).await;
            match confirming.take(answer) {
                Some(Done::List(now)) => it.show(now, said),
                Some(Done::Codes(codes)) => it.open(Panel::Codes(codes)),
                None => {}
            }
        });
    });
    // What is asked for first tells how it can be confirmed; the last one only once its owner said that they want it.
    if !last {
        send.run(None);
    }
    let busy: Signal<bool> = it.frame.busy.into();
    let warned = last.then(|| warning(even_the_last));
    let press = Callback::new(move |()| {
        if even_the_last.get_untracked() {
            confirming.press(send);
        }
    });
    let held_back = Signal::derive(move || busy.get() || !even_the_last.get() || confirming.is_held_back());
    let problem = move || {
        confirming.failure().map(|failure| {
            failure_notice(&failure, advice::step(&failure), busy, Callback::new(move |_| send.run(None)))
        })
    };
    view! {
        <div class="dialog-body" data-testid="factor-act">
            <p>{lead}</p> {warned} {confirming.view(press)} {problem}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Back", busy, Callback::new(move |()| it.back(None)))}
            {button("act-confirm", look, label, held_back, press)}
        </div>
    }
    .into_any()
}

fn warning(wanted: RwSignal<bool>) -> AnyView {
    view! {
        <div class="notice warning" role="status" data-testid="last-warning">
            <div class="notice-text">
                <p class="notice-title">"Nothing is left to confirm with"</p>
                <p>"You can decide on no page until you set something up anew, with a code mailed to you. Your recovery codes end too."</p>
                <div class="radio">
                    <input
                        type="checkbox"
                        id="even-the-last"
                        data-testid="even-the-last"
                        prop:checked=move || wanted.get()
                        on:change=move |event| wanted.set(event_target_checked(&event))
                    />
                    <label for="even-the-last">"Remove it all the same"</label>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn is_last(now: &FactorsResponse, factor: &FactorView) -> bool {
    !now.factors.iter().any(|one| one.id != factor.id && one.stage.counts())
}

fn words(act: &Act) -> (String, String, &'static str, Look, &'static str) {
    match act {
        Act::Renew(factor) => (
            ["Renew ", &called(factor)].concat(),
            "Show that you still have it: it counts for its whole time again from now.".to_owned(),
            "Renew",
            Look::Primary,
            "It is renewed.",
        ),
        Act::Remove(factor) => (
            ["Remove ", &called(factor)].concat(),
            format!("“{}” will confirm nothing any more. Confirm with this or another one of yours.", called(factor)),
            "Remove",
            Look::Danger,
            "It is removed.",
        ),
        Act::NewCodes => (
            "Make new recovery codes".to_owned(),
            "You get ten new codes. Those you have now end at once.".to_owned(),
            "Make new codes",
            Look::Primary,
            "New recovery codes are in force.",
        ),
    }
}

async fn carry_out(act: Act, last: bool, confirm: Option<Confirmation>) -> Result<Sent<Done>, Failure> {
    fn list(answer: Own<FactorsResponse>) -> Sent<Done> {
        match answer {
            Own::Done { done } => Sent::Done(Done::List(done)),
            Own::Confirm { confirm } => Sent::Confirm(*confirm),
        }
    }
    match act {
        Act::Renew(factor) => ask(route::FACTOR_RENEW, &RenewRequest { factor: factor.id, confirm }).await.map(list),
        Act::Remove(factor) => {
            let request = RemoveRequest { factor: factor.id, even_the_last: last, confirm };
            ask(route::FACTOR_REMOVE, &request).await.map(list)
        }
        Act::NewCodes => {
            let answer: Own<NewCodes> = ask(route::RECOVERY_CODES, &NewCodesRequest { confirm }).await?;
            Ok(match answer {
                Own::Done { done } => Sent::Done(Done::Codes(done.codes)),
                Own::Confirm { confirm } => Sent::Confirm(*confirm),
            })
        }
    }
}
