//! A passkey: used on a page of our own, because the frame inside Confluence may not; and a code by mail.

use super::{Confirming, Passkey};
use crate::bridge::{self, Failure, ask, spawn};
use core::time::Duration;
use engine::wire::mail_sign::{MailSignRequest, MailSignResponse};
use engine::wire::passkey::{GoTo, ProveRequest, Proved, ProvedRequest, ProvedResponse, SignRequest};
use engine::wire::route;
use leptos::prelude::*;

/// How often it is asked whether the passkey was used.
const ASK_AGAIN: Duration = Duration::from_secs(2);

impl Confirming {
    /// Opens the page for the passkey; `go` sends the request once it was used.
    pub(super) fn use_passkey(self, go: Callback<()>) {
        let Some(challenge) = self.challenge() else { return };
        let verdict = self.verdict.get_value();
        if self.busy.get_untracked() || verdict.is_some_and(|verdict| !verdict.is_fine.run(())) || !self.is_named() {
            return;
        }
        self.begin();
        spawn(async move {
            let answer: Result<GoTo, Failure> = match verdict {
                Some(verdict) => {
                    let request = SignRequest {
                        challenge: challenge.clone(),
                        decision: verdict.decision,
                        page_version: verdict.version,
                        comment: verdict.comment.get_untracked(),
                        identification: self.named.with_untracked(|named| named.trim().to_owned()),
                    };
                    ask(route::PASSKEY_SIGN, &request).await
                }
                None => {
                    let request = ProveRequest { challenge: challenge.clone(), items: self.items.get_value() };
                    ask(route::PASSKEY_PROVE, &request).await
                }
            };
            self.busy.set(false);
            match answer {
                Ok(to) => {
                    bridge::open_tab(&to.url);
                    self.passkey.set(Passkey::Waiting(to.url));
                    self.watch(challenge, go);
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// Looks again and again whether it was used, as long as this challenge is asked for.
    fn watch(self, challenge: String, go: Callback<()>) {
        set_timeout(
            move || {
                let waits = self.challenge().as_ref() == Some(&challenge)
                    && self.passkey.with_untracked(|passkey| matches!(passkey, Passkey::Waiting(_)));
                if !waits {
                    return;
                }
                spawn(async move {
                    let request = ProvedRequest { challenge: challenge.clone() };
                    let answer: Result<ProvedResponse, Failure> = ask(route::PASSKEY_PROVED, &request).await;
                    match answer.map(|answer| answer.is) {
                        Ok(Proved::Proved | Proved::Recorded) => {
                            self.passkey.set(Passkey::Used);
                            go.run(());
                        }
                        Ok(Proved::Over) => self.passkey.set(Passkey::Idle),
                        // A lost answer is asked for again.
                        Ok(Proved::Waiting) | Err(_) => self.watch(challenge, go),
                    }
                });
            },
            ASK_AGAIN,
        );
    }

    /// Has a code mailed.
    pub(super) fn mail(self) {
        let Some(challenge) = self.challenge() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.begin();
        let comment = self.verdict.get_value().map(|verdict| verdict.comment.get_untracked()).unwrap_or_default();
        let path = if self.invited.get_value() { route::INVITED_SIGN_CODE } else { route::CONFIRM_MAIL };
        spawn(async move {
            let request = MailSignRequest { challenge, comment };
            let answer: Result<MailSignResponse, Failure> = ask(path, &request).await;
            self.busy.set(false);
            match answer {
                Ok(sent) => {
                    self.mailed.set(Some(sent));
                    crate::focus::soon("#code");
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    fn challenge(self) -> Option<String> {
        self.asked.try_with_untracked(|asked| asked.as_ref().map(|asked| asked.challenge.clone())).flatten()
    }

    /// Whether they named themselves, where that is asked for.
    fn is_named(self) -> bool {
        let asks = self.asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.how.identification));
        !asks || self.is_fine()
    }
}
