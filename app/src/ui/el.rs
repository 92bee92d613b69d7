//! Elements without a type of their own.
//!
//! `view!` gives every shape of element a type and builds code for each; in what every viewer loads that was half of the
//! program. The macro is put together from these instead: one type, built at once, with Leptos's signals behind the parts
//! that change. Everything that comes from people goes in as text. In dialogs and settings they stand inside `view!`.

use leptos::prelude::{LocalStorage, RenderEffect, StoredValue};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Node};

/// An element under construction, or finished.
#[derive(Clone, Debug)]
pub(crate) struct El(Element);

/// A new element with a class (or none).
pub(crate) fn el(tag: &str, class: &str) -> El {
    let element = new_element(tag);
    let element = El(element);
    if class.is_empty() { element } else { element.attr("class", class) }
}

/// Creating an element of a fixed, valid name fails only where there is no document; then nothing can be shown at all.
fn new_element(tag: &str) -> Element {
    crate::focus::document()
        .and_then(|document| document.create_element(tag).ok())
        .unwrap_or_else(|| wasm_bindgen::JsValue::UNDEFINED.unchecked_into())
}

impl El {
    /// The name tests know it by.
    pub(crate) fn id(self, testid: &str) -> Self {
        self.attr("data-testid", testid)
    }

    /// An attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        // Names are ours and valid.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Text, behind what is there. Never markup.
    pub(crate) fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// An element, behind what is there.
    #[expect(clippy::needless_pass_by_value, reason = "it is on the page from here on, the caller is done with it")]
    pub(crate) fn add(self, child: El) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// Elements, behind what is there.
    pub(crate) fn add_all(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::add)
    }

    /// A part that is built anew whenever a signal it reads changes.
    pub(crate) fn live(self, build: impl Fn() -> Option<El> + 'static) -> Self {
        self.live_part(Box::new(build))
    }

    fn live_part(self, build: Box<dyn Fn() -> Option<El>>) -> Self {
        // Marks the place, whether or not something stands there.
        let place = El(new_element("template"));
        let here = self.add(place.clone());
        keep(RenderEffect::new(move |before: Option<Option<El>>| {
            let now = build();
            if let Some(old) = before.flatten() {
                old.0.remove();
            }
            if let Some(new) = &now
                && let Some(parent) = place.0.parent_node()
            {
                let marker: &Node = &place.0;
                let _ = parent.insert_before(&new.0, Some(marker));
            }
            now
        }));
        here
    }

    /// An attribute that follows the signals it reads.
    pub(crate) fn live_attr(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.follow(Box::new(move |element| {
            let _ = element.set_attribute(name, &value());
        }))
    }

    /// Text that follows the signals it reads; it is all the element holds.
    pub(crate) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.follow(Box::new(move |element| element.set_text_content(Some(&text()))))
    }

    fn follow(self, apply: Box<dyn Fn(&Element)>) -> Self {
        let element = self.0.clone();
        keep(RenderEffect::new(move |_: Option<()>| apply(&element)));
        self
    }

    /// What a press does.
    pub(crate) fn on_press(self, press: impl Fn() + 'static) -> Self {
        let press: Box<dyn Fn()> = Box::new(press);
        let press = Closure::<dyn Fn()>::wrap(press).into_js_value();
        let _ = self.0.add_event_listener_with_callback("click", press.unchecked_ref());
        self
    }

    /// The element itself.
    pub(super) fn element(&self) -> &Element {
        &self.0
    }
}

/// An effect lives as long as what it was made in.
fn keep<T: 'static>(effect: RenderEffect<T>) {
    let _: StoredValue<_, LocalStorage> = StoredValue::new_local(effect);
}
