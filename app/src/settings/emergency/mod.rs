//! Emergency access: a review that can't go on, decided by two admins in the reviewers' place.

mod dialog;

use super::page_link::PageField;
use crate::bridge::{Failure, ask, spawn};
use crate::page::phrases;
use crate::ui::{Look, Tone, button, failure_notice, lozenge, notice, quoted, when_exact, when_until};
use crate::{advice, clock};
use dialog::What;
use engine::ids::PageId;
use engine::time::Timestamp;
use engine::wire::emergency::{EmergencyRequest, EmergencyResponse};
use engine::wire::route;
use engine::wire::status::{ApprovalView, EmergencyView, Standing};
use leptos::prelude::*;

/// What the section knows.
#[derive(Clone, Copy)]
struct Emergency {
    named: PageField,
    page: StoredValue<Option<PageId>>,
    told: RwSignal<Option<EmergencyResponse>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// What was done here a moment ago.
    said: RwSignal<Option<&'static str>>,
}

impl Emergency {
    fn look(self) {
        let Some(page) = self.named.page() else { return };
        self.page.set_value(Some(page));
        self.told.set(None);
        self.said.set(None);
        self.load();
    }

    /// Fetches how the page stands; what is on screen stays until the answer is there.
    fn load(self) {
        let Some(page) = self.page.get_value() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let answer: Result<EmergencyResponse, Failure> = ask(route::EMERGENCY, &EmergencyRequest { page }).await;
            self.busy.set(false);
            match answer {
                Ok(told) => self.told.set(Some(told)),
                Err(failure) => {
                    self.told.set(None);
                    self.failed.set(Some(failure));
                }
            }
        });
    }
}

/// The section.
pub(super) fn view() -> AnyView {
    let it = Emergency {
        named: PageField::new("emergency-page"),
        page: StoredValue::new(None),
        told: RwSignal::new(None),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    let look = Callback::new(move |()| it.look());
    let again = Callback::new(move |_| it.load());
    view! {
        <section class="section" data-testid="section-emergency" aria-labelledby="h-emergency">
            <h2 id="h-emergency">"Emergency access"</h2>
            <p class="subtle">
                "When a review can’t go on, because everybody asked is away or has left, two admins together can decide in the \
                 reviewers’ place. Both confirm it with a factor of their own. It is said on the page for ever, and the reviewers, \
                 the submitter and all admins are told by mail."
            </p>
            <form on:submit=move |event| {
                event.prevent_default();
                it.look();
            }>{it.named.view()}</form>
            <div class="buttons">{button("emergency-look", Look::Default, "Show the page", it.busy.into(), look)}</div>
            {move || it.said.get().map(|said| notice(Tone::Success, "emergency-done", "", said, None))}
            {move || it.failed.with(|failed| failed.as_ref().map(|failure| {
                failure_notice(failure, advice::step(failure), it.busy.into(), again)
            }))}
            <div role="status">{move || it.told.with(|told| told.as_ref().map(|told| shown(it, told)))}</div>
        </section>
    }
    .into_any()
}

fn shown(it: Emergency, told: &EmergencyResponse) -> AnyView {
    let review = match &told.status.review {
        None => view! { <p data-testid="emergency-nothing">"No review is under way on this page, so there is nothing to decide."</p> }.into_any(),
        Some(review) => {
            let standing = review.emergency.as_ref().map(|request| requested(it, told, request));
            let asks = standing.is_none();
            let approvals = review.approvals.iter().map(|approval| approval_row(it, told, approval, asks)).collect_view();
            view! { {standing} <ul class="cards">{approvals}</ul> }.into_any()
        }
    };
    view! {
        <div class="stuck" data-testid="emergency-shown">
            <div class="state-head">
                <h3>{told.title.clone()}</h3>
                <span class="subtle">{format!("Version {}", told.page_version.0)}</span>
                {lozenge(&told.status.state, "emergency-state")}
            </div>
            {review}
        </div>
    }
    .into_any()
}

/// The request that stands: it is carried out by somebody else, or, after a day, by whoever was alone.
fn requested(it: Emergency, told: &EmergencyResponse, request: &EmergencyView) -> AnyView {
    let title = format!("Asked for: to {} in place of “{}”", phrases::to_do(request.decision), request.approval_name);
    let may = may_carry_out(told.own, request.alone_from, clock::now());
    let next = match (told.own, request.alone_from) {
        (false, _) => {
            "If you agree, carry it out: it then counts, and can’t be taken back. If not, withdraw it.".into_any()
        }
        (true, None) => {
            "It is yours, so another Confluence admin has to carry it out, here in the settings.".into_any()
        }
        (true, Some(_)) if may => {
            "It is yours, and no other admin is known. A day has passed: you can carry it out now.".into_any()
        }
        (true, Some(from)) => view! {
            "It is yours, and no other admin is known. You can carry it out from " {when_until(from)}
            ", unless somebody withdraws it."
        }
        .into_any(),
    };
    let (open, withdraw) = (told.clone(), told.clone());
    let carry_out = Callback::new(move |()| dialog::open(it, &open, What::CarryOut));
    let take_back = Callback::new(move |()| dialog::open(it, &withdraw, What::Withdraw));
    view! {
        <div class="notice warning" role="note" data-testid="emergency-request">
            <div class="notice-text">
                <p class="notice-title">{title}</p>
                <p>{request.by.clone()} " asked for it " {when_exact(request.at)} "."</p>
                {quoted(Some(&request.reason))}
                <p data-testid="emergency-next">{next}</p>
                <p class="subtle small">"Void after " {when_until(request.until)} ", and when the page is edited."</p>
                <div class="buttons">
                    {may.then(|| button("emergency-carry-out", Look::Default, "Carry it out…", it.busy.into(), carry_out))}
                    {button("emergency-withdraw", if may { Look::Subtle } else { Look::Default }, "Withdraw…", it.busy.into(), take_back)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Whether there is anything to press: whoever asked can't second themselves, and where nobody else could they wait a day.
fn may_carry_out(own: bool, alone_from: Option<Timestamp>, now: Timestamp) -> bool {
    !own || alone_from.is_some_and(|from| from <= now)
}

fn approval_row(it: Emergency, told: &EmergencyResponse, approval: &ApprovalView, asks: bool) -> AnyView {
    let told = told.clone();
    let (id, name) = (approval.id.clone(), approval.name.clone());
    let ask = Callback::new(move |()| dialog::open(it, &told, What::Ask { approval: id.clone(), name: name.clone() }));
    let can = asks && approval.standing == Standing::Pending;
    view! {
        <li class="card" data-testid="emergency-approval" data-approval=approval.id.as_str().to_owned()>
            <div>
                <p><strong>{approval.name.clone()}</strong></p>
                <p class="subtle">{phrases::standing(approval.standing)} " · " {phrases::rule(approval)}</p>
            </div>
            {can.then(|| button("emergency-ask", Look::Default, "Decide in their place…", it.busy.into(), ask))}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::may_carry_out;
    use engine::time::Timestamp;

    #[test]
    fn nobody_seconds_themselves_before_a_day_has_passed() {
        let (early, late) = (Timestamp(1000), Timestamp(2000));
        assert!(may_carry_out(false, None, early));
        assert!(!may_carry_out(true, None, late));
        assert!(!may_carry_out(true, Some(late), early));
        assert!(may_carry_out(true, Some(late), late));
        assert!(may_carry_out(true, Some(early), late));
    }
}
