//! The steps as they are shown.

use super::{Enrolment, key as secret_key};
use crate::dialog::factors::name_field;
use crate::ui::{Keys, Look, button, code_field, never};
use engine::token::policy::FactorKind;
use engine::wire::enrolment::{BeginResponse, SecretResponse};
use leptos::prelude::*;

pub(super) fn intro(it: Enrolment) -> AnyView {
    if it.is_invited() {
        return intro_for_invited(it);
    }
    let first = it.wanted.with_value(|wanted| wanted.first);
    let go_on = Callback::new(move |()| it.go_on());
    let lead = if first {
        "Decisions here are confirmed with something you have, so that nobody can decide in your name just because your \
         computer is unlocked. You set it up once; it takes about a minute."
    } else {
        "You confirm this with what you have now, or with a recovery code if you lost it."
    };
    let proof = if first {
        "You get a code by mail, to the address of your Atlassian account."
    } else {
        "You confirm with a code of what you have now, or with a recovery code."
    };
    let ways = move || {
        match it.kind.get() {
        FactorKind::Passkey => view! {
            <li>"A page of Countersign opens, where you make the passkey with this device, a phone or a security key."</li>
            <li>"Back here you say that it was you."</li>
        }
        .into_any(),
        _ => view! {
            <li>"You scan a QR code, or type a key, into an authenticator app on your phone."</li>
            <li>"You enter the first code the app shows."</li>
        }
        .into_any(),
    }
    };
    view! {
        <p>{lead}</p>
        <fieldset class="part">
            <legend>"What do you want to confirm with?"</legend>
            {kind(it, FactorKind::Totp, "kind-totp", "An authenticator app on your phone")}
            {kind(it, FactorKind::Passkey, "kind-passkey", "A passkey of this device, a phone or a security key")}
        </fieldset>
        <ol class="steps"><li>{proof}</li>{ways}</ol>
        {name_field(it.name, go_on)}
    }
    .into_any()
}

/// Their mailbox is proved, and a passkey would be bound to an account they do not have.
fn intro_for_invited(it: Enrolment) -> AnyView {
    let go_on = Callback::new(move |()| it.go_on());
    view! {
        <p>
            "You confirm decisions with a code your phone shows, also when you are invited again. A code sent by mail does not \
             count for you any more then. It takes about a minute."
        </p>
        <ol class="steps">
            <li>"You scan a QR code, or type a key, into an authenticator app on your phone."</li>
            <li>"You enter the first code the app shows."</li>
            <li>"You store recovery codes, for the day the phone is lost."</li>
        </ol>
        {name_field(it.name, go_on)}
    }
    .into_any()
}

fn kind(it: Enrolment, kind: FactorKind, id: &'static str, label: &'static str) -> AnyView {
    view! {
        <div class="radio">
            <input
                type="radio"
                name="factor-kind"
                id=id
                data-testid=id
                prop:checked=move || it.kind.get() == kind
                on:change=move |_| {
                    it.kind.set(kind);
                    it.entitle();
                }
            />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

pub(super) fn mailed(it: Enrolment, answer: &BeginResponse) -> AnyView {
    let to = answer.sent_to.clone();
    let go_on = Callback::new(move |()| it.go_on());
    let again = Callback::new(move |()| it.begin(true, None));
    view! {
        <p>"We sent a code to " <strong data-testid="sent-to">{to}</strong> ". Enter it here."</p>
        {code_field("mail-code", Keys::Text, "Code from the mail", it.mail_code, it.fault, never(), go_on)}
        <p class="again">
            <span role="status">{move || if it.sent_again.get() { "A new code is on its way. " } else { "No mail? Look in the spam folder. " }}</span>
            {button("send-again", Look::Subtle, "Send again", it.busy.into(), again)}
        </p>
    }
    .into_any()
}

pub(super) fn key(it: Enrolment, secret: &SecretResponse) -> AnyView {
    let go_on = Callback::new(move |()| it.go_on());
    view! {
        <p>"Scan this with your authenticator app, or type the key into it."</p>
        <div class="secret">
            <img class="qr" data-testid="qr" alt="QR code holding the key that is written beside it" src=picture(&secret.qr_svg) />
            <div class="key">{secret_key::view(&secret.key)}
                <dl class="facts">
                    <dt>"Issuer"</dt>
                    <dd>{secret.issuer.clone()}</dd>
                    <dt>"Account"</dt>
                    <dd>{secret.account.clone()}</dd>
                </dl>
            </div>
        </div>
        <p class="subtle small">"Keep this key to yourself. It is shown only now."</p>
        {code_field("first-code", Keys::Digits, "First code the app shows", it.code, it.fault, never(), go_on)}
    }
    .into_any()
}

/// The SVG as an image: what is inside an image can't run, load or link anything.
fn picture(svg: &str) -> String {
    ["data:image/svg+xml;charset=utf-8,", &String::from(js_sys::encode_uri_component(svg))].concat()
}
