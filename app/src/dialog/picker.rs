//! Picking people by name: a field that suggests, usable by keyboard and read out as what it is (the ARIA combobox).

pub(crate) use super::options::Source;

use super::options::{Look, search};
use crate::bridge::{Found, spawn};
use crate::focus;
use core::time::Duration;
use engine::ids::AccountId;
use engine::wire::status::Candidate;
use leptos::prelude::*;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// How long somebody pauses before Confluence is asked.
const PAUSE: Duration = Duration::from_millis(250);

/// A field for people, and who is chosen.
#[derive(Clone, Copy)]
pub(crate) struct Picker {
    id: StoredValue<String>,
    label: StoredValue<String>,
    source: StoredValue<Source>,
    /// Whether several can be chosen.
    many: bool,
    /// Whether somebody has to be chosen.
    required: bool,
    /// Who is never offered.
    without: StoredValue<Option<AccountId>>,
    chosen: RwSignal<Vec<Candidate>>,
    typed: RwSignal<String>,
    look: RwSignal<Look>,
    /// The option that Enter takes.
    active: RwSignal<usize>,
    fault: RwSignal<Option<String>>,
    /// Counts what was typed: a late answer to something else is dropped.
    turn: StoredValue<u32>,
}

impl Picker {
    /// For one person.
    pub(crate) fn one(id: String, label: String, source: Source) -> Self {
        Self::new(id, label, source, false)
    }

    /// For several people.
    pub(crate) fn many(id: String, label: String, source: Source) -> Self {
        Self::new(id, label, source, true)
    }

    fn new(id: String, label: String, source: Source, many: bool) -> Self {
        Self {
            id: StoredValue::new(id),
            label: StoredValue::new(label),
            source: StoredValue::new(source),
            many,
            required: true,
            without: StoredValue::new(None),
            chosen: RwSignal::new(Vec::new()),
            typed: RwSignal::new(String::new()),
            look: RwSignal::new(Look::Closed),
            active: RwSignal::new(0),
            fault: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Never offers this person.
    pub(crate) fn except(self, account: Option<AccountId>) -> Self {
        self.without.set_value(account);
        self
    }

    /// Nobody has to be chosen.
    pub(crate) fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// Chooses somebody from the start.
    pub(crate) fn preset(self, person: Candidate) {
        self.chosen.set(vec![person]);
    }

    /// Chooses several from the start.
    pub(crate) fn preset_all(self, people: Vec<Candidate>) {
        self.chosen.set(people);
    }

    pub(crate) fn count(self) -> usize {
        self.chosen.with_untracked(Vec::len)
    }

    pub(crate) fn accounts(self) -> BTreeSet<AccountId> {
        self.chosen.with_untracked(|chosen| chosen.iter().map(|one| one.account.clone()).collect())
    }

    /// The first who is chosen; follows changes.
    pub(crate) fn first(self) -> Option<Candidate> {
        self.chosen.with(|chosen| chosen.first().cloned())
    }

    pub(crate) fn first_untracked(self) -> Option<Candidate> {
        self.chosen.with_untracked(|chosen| chosen.first().cloned())
    }

    /// Says beside the field what is wrong.
    pub(crate) fn refuse(self, fault: String) {
        self.fault.set(Some(fault));
    }

    /// Moves the focus to the field, or to what is chosen in its place.
    pub(crate) fn focus(self) {
        let id = self.id.get_value();
        request_animation_frame(move || {
            let field = focus::find(&["#", &id].concat());
            if field.is_some() {
                focus::now(&["#", &id].concat());
            } else {
                focus::now(&["#", &id, "-chosen button"].concat());
            }
        });
    }

    fn part(self, suffix: &str) -> String {
        self.id.with_value(|id| [id, suffix].concat())
    }

    /// Looks for who fits what is typed.
    fn suggest(self) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.active.set(0);
        let typed = self.typed.get_untracked();
        let mut without: Vec<AccountId> = self.accounts().into_iter().collect();
        without.extend(self.without.get_value());
        let source = self.source.get_value();
        if let Some(look) = source.at_once(&typed, &without) {
            return self.look.set(look);
        }
        self.look.set(Look::Searching);
        let is_late = move || self.turn.try_get_value() != Some(turn);
        set_timeout(
            move || {
                if is_late() {
                    return;
                }
                spawn(async move {
                    let look = search(&source, &typed, &without).await;
                    if !is_late() {
                        self.look.set(look);
                    }
                });
            },
            PAUSE,
        );
    }

    fn close(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.look.set(Look::Closed);
    }

    fn choose(self, index: usize) {
        let found = self.look.with_untracked(|look| match look {
            Look::Found { people, .. } => people.get(index).cloned(),
            _ => None,
        });
        let Some(Found { account, name, .. }) = found else {
            return;
        };
        self.close();
        self.typed.set(String::new());
        self.fault.set(None);
        self.chosen.update(|chosen| chosen.push(Candidate { account, name }));
        self.focus();
    }

    fn remove(self, account: &AccountId) {
        self.chosen.update(|chosen| chosen.retain(|one| one.account != *account));
        self.focus();
    }

    fn key(self, event: &KeyboardEvent) {
        let options = self.look.with_untracked(Look::count);
        let is_open = self.look.with_untracked(|look| *look != Look::Closed);
        match event.key().as_str() {
            // The letters are not chosen yet where several keys make one.
            _ if event.is_composing() => return,
            "ArrowDown" if options == 0 => self.suggest(),
            "ArrowDown" => self.move_to((self.active.get_untracked() + 1) % options),
            "ArrowUp" if options > 0 => self.move_to((self.active.get_untracked() + options - 1) % options),
            "Enter" => self.choose(self.active.get_untracked()),
            // The list is closed, the dialog is not.
            "Escape" if is_open => self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn move_to(self, index: usize) {
        self.active.set(index);
        let selector = ["#", &self.part("-option-"), &index.to_string()].concat();
        request_animation_frame(move || show(&selector));
    }

    pub(crate) fn view(self) -> AnyView {
        let id = self.id.get_value();
        let label = self.label.get_value();
        // One who is chosen stands where the field was.
        let open = Memo::new(move |_| self.many || self.chosen.with(Vec::is_empty));
        view! {
            <div class="field picker" data-testid=[&id, "-picker"].concat()>
                {move || if open.get() {
                    view! { <label for=self.part("")>{label.clone()} {self.required.then(|| view! { <span class="required" aria-hidden="true">" *"</span> })}</label> }.into_any()
                } else {
                    view! { <span class="label">{label.clone()}</span> }.into_any()
                }}
                {move || self.chips()}
                {move || open.get().then(|| self.field())}
                <div class="field-foot">
                    <span id=self.part("-error") class="field-error" role="alert">{move || self.fault.get()}</span>
                </div>
            </div>
        }
        .into_any()
    }

    fn chips(self) -> Option<AnyView> {
        let chip = |person: &Candidate| {
            let account = person.account.clone();
            let label = ["Remove ", &person.name].concat();
            view! {
                <li class="chip">
                    <span>{person.name.clone()}</span>
                    <button type="button" class="close" aria-label=label on:click=move |_| self.remove(&account)></button>
                </li>
            }
        };
        self.chosen.with(|chosen| {
            let chips = chosen.iter().map(chip).collect_view();
            (!chosen.is_empty()).then(|| {
                view! { <ul class="chips" id=self.part("-chosen") aria-label="Chosen">{chips}</ul> }.into_any()
            })
        })
    }

    fn field(self) -> AnyView {
        let has_options = move || self.look.with(Look::count) > 0;
        let active = move || has_options().then(|| [self.part("-option-"), self.active.get().to_string()].concat());
        let id = self.id.get_value();
        view! {
            <input
                id=id.clone()
                data-testid=id
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                maxlength="100"
                placeholder="Type a name"
                aria-autocomplete="list"
                aria-required=self.required.to_string()
                aria-expanded=move || has_options().to_string()
                aria-controls=self.part("-list")
                aria-activedescendant=active
                aria-invalid=move || self.fault.with(Option::is_some).to_string()
                aria-describedby=[self.part("-said"), self.part("-error")].join(" ")
                prop:value=move || self.typed.get()
                on:input=move |event| {
                    self.typed.set(event_target_value(&event));
                    self.fault.set(None);
                    self.suggest();
                }
                on:focus=move |_| {
                    if self.source.with_value(|source| matches!(source, Source::Listed(_))) {
                        self.suggest();
                    }
                }
                on:blur=move |_| self.close()
                on:keydown=move |event| self.key(&event)
            />
            <ul
                id=self.part("-list")
                class="options"
                class:hidden=move || !has_options()
                role="listbox"
                aria-label=if self.source.with_value(Source::is_groups) { "Groups" } else { "People" }
                // A press on an option leaves the focus in the field.
                on:mousedown=|event| event.prevent_default()
            >
                {move || self.options()}
            </ul>
            <p id=self.part("-said") class="subtle small said" role="status" data-testid="people-said">
                {move || self.look.with(|look| {
                    if self.source.with_value(Source::is_groups) { look.words_for_groups() } else { look.words() }
                })}
            </p>
        }
        .into_any()
    }

    fn options(self) -> Option<AnyView> {
        let option = |(index, person): (usize, &Found)| {
            let guest = person.guest.then(|| view! { " " <span class="tag">"Guest"</span> });
            view! {
                <li
                    id=[self.part("-option-"), index.to_string()].concat()
                    role="option"
                    aria-selected=move || (self.active.get() == index).to_string()
                    on:click=move |_| self.choose(index)
                >
                    {person.name.clone()} {guest}
                </li>
            }
        };
        self.look.with(|look| match look {
            Look::Found { people, .. } => Some(people.iter().enumerate().map(option).collect_view().into_any()),
            _ => None,
        })
    }
}

/// Scrolls the list, and nothing else, until the option shows.
fn show(selector: &str) {
    let Some(option) = focus::find(selector) else {
        return;
    };
    let Some(list) = option.parent_element().and_then(|list| list.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}
