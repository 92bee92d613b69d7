//! The component.

use super::{Asked, Confirming, Passkey, code};
use crate::advice;
use crate::ui::{Keys, Look, button, code_field, failure_notice, lock_notice, when_until};
use engine::token::policy::FactorKind;
use engine::wire::confirm::How;
use leptos::prelude::*;

impl Confirming {
    /// What is asked for, with why; nothing as long as nothing is. `press` is what the dialog's own button does.
    pub(crate) fn view(self, press: Callback<()>) -> AnyView {
        view! {
            {self.lock_view(Callback::new(|()| ()))}
            {move || self.asked.with(|asked| asked.as_ref().map(|asked| self.asked_view(asked, press)))}
        }
        .into_any()
    }

    /// The lock, where there is one. One that ends by itself lets the person go on where they were, with `then`.
    pub(crate) fn lock_view(self, then: Callback<()>) -> AnyView {
        let at_end = Callback::new(move |()| {
            self.lock.set(None);
            then.run(());
        });
        (move || self.lock.get().map(|lock| lock_notice(lock, at_end))).into_any()
    }

    /// What went wrong, with the way on; `again` does it once more.
    pub(crate) fn problem(self, again: Callback<()>) -> AnyView {
        let then = Callback::new(move |step| match step {
            advice::Step::ReloadPage => crate::bridge::reload_page(),
            _ => again.run(()),
        });
        (move || {
            self.failure.with(|failure| {
                failure.as_ref().map(|(failure, step)| failure_notice(failure, *step, self.busy.into(), then))
            })
        })
        .into_any()
    }

    fn asked_view(self, asked: &Asked, press: Callback<()>) -> AnyView {
        let how = asked.how.clone();
        let sentence = (!asked.sentence.is_empty()).then(|| {
            view! { <p data-testid="confirm-sentence">{asked.sentence.clone()} "."</p> }
        });
        let many = how.factors.len() > 1;
        let ways = many.then(|| self.ways(&how.factors));
        let field = move || self.way_view(press);
        view! {
            <section class="confirming" data-testid="confirming" aria-label="How you confirm">
                {sentence}
                {session(&how)}
                {how.identification.then(|| self.name_field(press))}
                {ways}
                {(!how.factors.is_empty()).then_some(field)}
                {self.why(&how.because)}
            </section>
        }
        .into_any()
    }

    /// Which way; the strongest first.
    fn ways(self, kinds: &[FactorKind]) -> AnyView {
        let kinds = kinds.to_vec();
        let one = move |kind: FactorKind| {
            let id = ["way-", kind.as_str()].concat();
            view! {
                <div class="radio">
                    <input
                        type="radio"
                        name="way"
                        id=id.clone()
                        data-testid=id.clone()
                        prop:checked=move || self.way.get() == Some(kind)
                        on:change=move |_| {
                            self.code.set(String::new());
                            self.code_fault.set(None);
                            self.way.set(Some(kind));
                        }
                    />
                    <label for=id>{code::name(kind)}</label>
                </div>
            }
        };
        view! {
            <fieldset class="radios" data-testid="ways">
                <legend>"Confirm with"</legend>
                {kinds.into_iter().map(one).collect_view()}
            </fieldset>
        }
        .into_any()
    }

    /// What the way asks for.
    fn way_view(self, press: Callback<()>) -> AnyView {
        let locked = Signal::derive(move || self.lock.with(Option::is_some));
        match self.way.get() {
            None => ().into_any(),
            Some(FactorKind::Passkey) => self.passkey_view(press),
            Some(FactorKind::MailCode) => self.mail_view(press, locked),
            Some(way) => {
                let keys = if way == FactorKind::Totp { Keys::Digits } else { Keys::Text };
                code_field("code", keys, code::label(way), self.code, self.code_fault, locked, press)
            }
        }
    }

    fn passkey_view(self, press: Callback<()>) -> AnyView {
        let open = Callback::new(move |()| self.use_passkey(press));
        let held_back = Signal::derive(move || self.busy.get() || self.lock.with(Option::is_some));
        (move || match self.passkey.get() {
            Passkey::Idle => view! {
                <div class="field">
                    <p>"Your passkey is used on a page of Countersign's own, which opens in a new tab."</p>
                    <div class="buttons">{button("use-passkey", Look::Default, "Use your passkey", held_back, open)}</div>
                </div>
            }
            .into_any(),
            Passkey::Waiting(url) => view! {
                <div class="field" role="status" data-testid="passkey-waiting">
                    <p>"Waiting for your passkey. Come back here once you have used it; this goes on by itself."</p>
                    <p class="small">
                        <a href=url target="_blank" rel="noopener noreferrer" data-testid="passkey-link">"Open the page again"</a>
                    </p>
                </div>
            }
            .into_any(),
            Passkey::Used => {
                view! { <p role="status" data-testid="passkey-used">"Your passkey was used."</p> }.into_any()
            }
        })
        .into_any()
    }

    fn mail_view(self, press: Callback<()>, locked: Signal<bool>) -> AnyView {
        let send = Callback::new(move |()| self.mail());
        let held_back = Signal::derive(move || self.busy.get() || locked.get());
        let address =
            if self.invited.get_value() { "the address you were invited at" } else { "the address of your account" };
        (move || match self.mailed.get() {
            None => view! {
                <div class="field">
                    <p>"A code is mailed to " {address} ". It shows that the mailbox is yours, and no more."</p>
                    <div class="buttons">{button("mail-me", Look::Default, "Mail me a code", held_back, send)}</div>
                </div>
            }
            .into_any(),
            Some(sent) => view! {
                <p role="status" data-testid="mailed">
                    "A code was mailed to " {sent.sent_to} ". It is good until " {when_until(sent.expires_at)} "."
                </p>
                {code_field("code", Keys::Text, code::label(FactorKind::MailCode), self.code, self.code_fault, locked, press)}
                <div class="buttons">{button("mail-again", Look::Subtle, "Mail another one", held_back, send)}</div>
            }
            .into_any(),
        })
        .into_any()
    }

    /// 21 CFR 11.200(a)(1): the identification code.
    fn name_field(self, press: Callback<()>) -> AnyView {
        view! {
            <div class="field">
                <label for="identification">
                    "The e-mail address of your account" <span class="required" aria-hidden="true">" *"</span>
                </label>
                <input
                    id="identification"
                    data-testid="identification"
                    type="email"
                    autocomplete="username"
                    maxlength="320"
                    aria-required="true"
                    aria-invalid=move || self.named_fault.with(Option::is_some).to_string()
                    aria-describedby="identification-error"
                    prop:value=move || self.named.get()
                    on:input=move |event| {
                        self.named.set(event_target_value(&event));
                        self.named_fault.set(None);
                    }
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            press.run(());
                        }
                    }
                />
                <div class="field-foot">
                    <span id="identification-error" class="field-error" role="alert" data-testid="identification-error">
                        {move || self.named_fault.get()}
                    </span>
                </div>
            </div>
        }
        .into_any()
    }

    /// The short reason, and the way to the whole of it.
    fn why(self, because: &[String]) -> Option<AnyView> {
        (!because.is_empty()).then(|| {
            let reasons = because.iter().map(|one| view! { <li>{one.clone()}</li> }).collect_view();
            let more = self.explain.get_value().map(|explain| {
                view! { <div class="buttons">{button("why-more", Look::Subtle, "Explain all of it", self.busy.into(), explain)}</div> }
            });
            view! {
                <details class="why" data-testid="why">
                    <summary>"Why am I asked?"</summary>
                    <ul>{reasons}</ul>
                    {more}
                </details>
            }
            .into_any()
        })
    }
}

/// What an earlier confirmation spares, or this one will.
fn session(how: &How) -> Option<AnyView> {
    let words = match (how.session_until, how.factors.is_empty(), how.begins_session) {
        (Some(until), true, _) => {
            view! { "You confirmed something a while ago. Until " {when_until(until)} " no code is needed." }.into_any()
        }
        (Some(until), false, _) => view! {
            "This belongs to the series of signatures you began. Until " {when_until(until)} " you need not name yourself again."
        }
        .into_any(),
        (None, _, Some(minutes)) => {
            let spared = if how.identification { "you need not name yourself again" } else { "nothing is asked again" };
            format!("Once this is confirmed, {spared} for {}.", length(minutes)).into_any()
        }
        (None, _, None) => return None,
    };
    Some(view! { <p class="subtle" data-testid="session">{words}</p> }.into_any())
}

/// "15 minutes", "8 hours", "30 days".
fn length(minutes: u32) -> String {
    let of = |count: u32, unit: &str| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
    match minutes {
        days if days % 1440 == 0 => of(days / 1440, "day"),
        hours if hours % 60 == 0 => of(hours / 60, "hour"),
        minutes => of(minutes, "minute"),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_is_said_in_its_largest_unit() {
        assert_eq!(length(15), "15 minutes");
        assert_eq!(length(60), "1 hour");
        assert_eq!(length(480), "8 hours");
        assert_eq!(length(43_200), "30 days");
        assert_eq!(length(90), "90 minutes");
    }
}
