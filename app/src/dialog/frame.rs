//! The frame of every dialog: the browser's own modal `<dialog>`, which keeps the focus inside, makes the rest inert,
//! closes on Escape and gives the focus back.

use crate::focus;
use core::any::Any;
use core::cell::RefCell;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlDialogElement, HtmlElement, ResizeObserver};

/// What comes first and last in the order of the Tab key.
const FIRST: &str = "dialog.dialog .close";
const LAST: &str = "dialog.dialog .dialog-foot button:last-of-type";

/// Space between a dialog and the edges of the frame.
const MARGIN: f64 = 16.0;

thread_local! {
    /// The dialog that is open. Dropping it takes it off the page.
    static OPEN: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// What a dialog's content may do with the dialog.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The heading.
    pub(crate) title: RwSignal<String>,
    /// While something is under way the dialog stays open.
    pub(crate) busy: RwSignal<bool>,
}

impl Frame {
    /// Closes the dialog.
    pub(crate) fn close(self) {
        if let Some(dialog) = element() {
            dialog.close();
        }
    }

    /// Moves the focus to the heading, so that a new step is read from its beginning.
    pub(crate) fn focus_heading(self) {
        focus::soon("#dialog-title");
    }
}

fn element() -> Option<HtmlDialogElement> {
    focus::find("dialog.dialog")?.dyn_into().ok()
}

/// Opens a dialog at this height; `closed` is called once, however it is closed. One is open at a time.
pub(crate) fn show(top: f64, build: impl FnOnce(Frame) -> AnyView + 'static, closed: impl Fn() + 'static) {
    let Some(host) = new_host() else {
        closed();
        return;
    };
    let gone = host.clone();
    let closed = Closure::<dyn Fn()>::new(move || {
        grow_body(0.0);
        // The view can't be taken down from inside its own event.
        let gone = gone.clone();
        request_animation_frame(move || {
            OPEN.with(|open| open.replace(None));
            gone.remove();
        });
        closed();
    });
    let mounted = leptos::mount::mount_to(host, move || view(build));
    OPEN.with(|open| open.replace(Some(Box::new(mounted))));
    let Some(dialog) = element() else {
        return;
    };
    // A plain event of the element: it can always be listened to.
    let _ = dialog.add_event_listener_with_callback("close", closed.as_ref().unchecked_ref());
    closed.forget();
    // It was made just now, so it is on the page and not open.
    let _ = dialog.show_modal();
    keep_in_sight(&dialog, top);
    focus::now("#dialog-title");
}

fn new_host() -> Option<HtmlElement> {
    let document = focus::document()?;
    let host: HtmlElement = document.create_element("div").ok()?.dyn_into().ok()?;
    document.body()?.append_child(&host).ok()?;
    Some(host)
}

fn view(build: impl FnOnce(Frame) -> AnyView) -> AnyView {
    let frame = Frame { title: RwSignal::new(String::new()), busy: RwSignal::new(false) };
    let content = build(frame);
    view! {
        <dialog
            class="dialog"
            aria-labelledby="dialog-title"
            data-testid="dialog"
            on:cancel=move |event: web_sys::Event| {
                if frame.busy.get_untracked() {
                    event.prevent_default();
                }
            }
            on:keydown=move |event: web_sys::KeyboardEvent| keep_focus_inside(&event)
        >
            <div class="dialog-head">
                <h2 id="dialog-title" tabindex="-1">{move || frame.title.get()}</h2>
                <button
                    type="button"
                    class="close"
                    aria-label="Close"
                    data-testid="close"
                    aria-disabled=move || frame.busy.get().to_string()
                    on:click=move |_| {
                        if !frame.busy.get_untracked() {
                            frame.close();
                        }
                    }
                ></button>
            </div>
            {content}
        </dialog>
    }
    .into_any()
}

/// The browser makes only our own document inert: without this, Tab would go on into the Confluence page around the frame.
fn keep_focus_inside(event: &web_sys::KeyboardEvent) {
    let to = match (event.key().as_str(), event.shift_key()) {
        ("Tab", false) if focus::is_at(LAST) => FIRST,
        ("Tab", true) if focus::is_at(FIRST) || focus::is_at("#dialog-title") => LAST,
        _ => return,
    };
    event.prevent_default();
    focus::now(to);
}

/// Puts the dialog beside what was pressed, and makes the page at least as high as the dialog: Confluence gives the frame
/// the height of the page in it, and what lies in the top layer does not count.
fn keep_in_sight(dialog: &HtmlDialogElement, top: f64) {
    let moved = dialog.clone();
    let fit = Closure::<dyn Fn()>::new(move || {
        let height = moved.get_bounding_client_rect().height();
        if height <= 0.0 {
            return;
        }
        let page = focus::find("main").map_or(0.0, |main| main.get_bounding_client_rect().height());
        // Beside the button, but not further down than it fits on the page as it is.
        let from_top = (top - height / 2.0).min(page - height - MARGIN).max(MARGIN);
        set_length(&moved, "top", from_top);
        grow_body(from_top + height + MARGIN);
    });
    if let Ok(observer) = ResizeObserver::new(fit.as_ref().unchecked_ref()) {
        observer.observe(dialog);
    }
    fit.forget();
}

/// Zero gives the page its own height back.
fn grow_body(height: f64) {
    if let Some(body) = focus::find("body") {
        set_length(&body, "min-height", height);
    }
}

fn set_length(element: &HtmlElement, property: &str, pixels: f64) {
    let length = [pixels.round().to_string().as_str(), "px"].concat();
    // Through the object model: the page's policy forbids style attributes.
    let _ = element.style().set_property(property, &length);
}
