//! The steps as they are shown.

use super::{Enrolment, key as secret_key};
use crate::ui::{Keys, Look, button, code_field, never};
use engine::wire::enrolment::{BeginResponse, SecretResponse};
use leptos::prelude::*;

pub(super) fn intro() -> AnyView {
    view! {
        <p>
            "Decisions here are confirmed with a six-digit code from an authenticator app, so that nobody can decide in your \
             name just because your computer is unlocked. You set it up once; it takes about a minute."
        </p>
        <ol class="steps">
            <li>"You get a code by mail, to the address of your Atlassian account."</li>
            <li>"You scan a QR code, or type a key, into an authenticator app on your phone."</li>
            <li>"You enter the first code the app shows."</li>
        </ol>
    }
    .into_any()
}

pub(super) fn mailed(it: Enrolment, answer: &BeginResponse) -> AnyView {
    let to = answer.sent_to.clone();
    let go_on = Callback::new(move |()| it.go_on());
    let again = Callback::new(move |()| it.begin(true));
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
