//! Attachments, ticked one by one.

use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::ui::{Tone, failure_notice, notice};
use engine::ids::PageVersion;
use engine::wire::invitation::{AttachmentChoice, AttachmentsRequest, AttachmentsResponse};
use engine::wire::route;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Copy)]
pub(super) struct Attachments {
    /// The version the person has on screen.
    version: PageVersion,
    told: RwSignal<Option<Result<AttachmentsResponse, Failure>>>,
    ticked: RwSignal<BTreeSet<String>>,
    busy: RwSignal<bool>,
    /// What is wrong with what was chosen.
    pub(super) fault: RwSignal<Option<String>>,
}

impl Attachments {
    /// Asks which there are.
    pub(super) fn new(version: PageVersion) -> Self {
        let it = Self {
            version,
            told: RwSignal::new(None),
            ticked: RwSignal::new(BTreeSet::new()),
            busy: RwSignal::new(false),
            fault: RwSignal::new(None),
        };
        it.load();
        it
    }

    fn load(self) {
        self.busy.set(true);
        spawn(async move {
            let answer = ask(route::INVITE_ATTACHMENTS, &AttachmentsRequest {}).await;
            self.busy.set(false);
            self.told.set(Some(answer));
        });
    }

    /// Those that go with the invitation.
    pub(super) fn chosen(self) -> BTreeSet<String> {
        self.ticked.get_untracked()
    }

    /// Their names.
    pub(super) fn chosen_titles(self) -> Vec<String> {
        let ticked = self.ticked.get();
        self.told.with(|told| match told {
            Some(Ok(told)) => {
                let chosen = told.attachments.iter().filter(|one| ticked.contains(&one.id));
                chosen.map(|one| one.title.clone()).collect()
            }
            _ => Vec::new(),
        })
    }

    pub(super) fn view(self) -> AnyView {
        let again = Callback::new(move |_| self.load());
        (move || {
            self.told.with(|told| match told {
                None => view! { <p class="subtle" role="status">"Looking for attachments…"</p> }.into_any(),
                Some(Err(failure)) => {
                    failure_notice(failure, advice::step(failure), self.busy.into(), again).into_any()
                }
                Some(Ok(told)) if told.page_version != self.version => {
                    let (title, detail) = (
                        "The page has changed",
                        "Reload it: you would invite somebody to another version than the one you see.",
                    );
                    notice(Tone::Warning, "invite-moved", title, detail, None).into_any()
                }
                Some(Ok(told)) if told.attachments.is_empty() => {
                    view! { <p class="subtle" data-testid="invite-no-attachments">"The page has no attachments."</p> }
                        .into_any()
                }
                Some(Ok(told)) => self.list(&told.attachments),
            })
        })
        .into_any()
    }

    fn list(self, attachments: &[AttachmentChoice]) -> AnyView {
        let lines = attachments.iter().enumerate().map(|(index, one)| self.line(index, one)).collect_view();
        view! {
            <fieldset class="radios" data-testid="invite-attachments" aria-describedby="invite-attachments-error">
                <legend>"Attachments they may download"</legend>
                {lines}
                <p id="invite-attachments-error" class="field-error" role="alert">{move || self.fault.get()}</p>
            </fieldset>
        }
        .into_any()
    }

    fn line(self, index: usize, one: &AttachmentChoice) -> AnyView {
        let field = format!("invite-attachment-{index}");
        let (ticked, set) = (one.id.clone(), one.id.clone());
        let why_not = one.why_not.clone();
        let held_back = why_not.is_some();
        view! {
            <div class="radio">
                <input
                    type="checkbox"
                    id=field.clone()
                    data-testid="invite-attachment"
                    disabled=held_back
                    prop:checked=move || self.ticked.with(|all| all.contains(&ticked))
                    on:change=move |event| {
                        self.fault.set(None);
                        self.ticked.update(|all| {
                            if event_target_checked(&event) { all.insert(set.clone()); } else { all.remove(&set); }
                        });
                    }
                />
                <label for=field>
                    {one.title.clone()} " " <span class="subtle">{size(one.size)}</span>
                    {why_not.map(|why| view! { <br /><span class="subtle small">{why}</span> })}
                </label>
            </div>
        }
        .into_any()
    }
}

/// "820 bytes", "14 KB", "3.2 MB".
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_said_in_its_largest_unit() {
        assert_eq!(size(820), "820 bytes");
        assert_eq!(size(14_999), "14 KB");
        assert_eq!(size(3_240_000), "3.2 MB");
    }
}
