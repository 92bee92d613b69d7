//! A page as an admin names it: by its number, or by a link to it.

use crate::focus;
use engine::ids::PageId;
use leptos::prelude::*;

/// A field for a page.
#[derive(Clone, Copy)]
pub(in crate::settings) struct PageField {
    /// Its id on the page.
    id: &'static str,
    typed: RwSignal<String>,
    fault: RwSignal<Option<&'static str>>,
}

impl PageField {
    pub(in crate::settings) fn new(id: &'static str) -> Self {
        Self { id, typed: RwSignal::new(String::new()), fault: RwSignal::new(None) }
    }

    /// The page that is named; if none is, it says so and takes the focus.
    pub(in crate::settings) fn page(self) -> Option<PageId> {
        let page = page_of(&self.typed.read_untracked());
        self.fault.set(page.is_none().then_some("Write a page’s number, or paste its link."));
        if page.is_none() {
            focus::now(&["#", self.id].concat());
        }
        page
    }

    pub(in crate::settings) fn view(self) -> AnyView {
        let Self { id, typed, fault } = self;
        let error = [id, "-error"].concat();
        view! {
            <div class="field">
                <label for=id>"Page: its number, or its link"</label>
                <input
                    id=id
                    data-testid=id
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || fault.get().is_some().to_string()
                    aria-describedby=error.clone()
                    prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        fault.set(None);
                    }
                />
                <p id=error class="field-error" role="alert">{move || fault.get()}</p>
            </div>
        }
        .into_any()
    }
}

/// A page's number, alone or in a link.
fn page_of(typed: &str) -> Option<PageId> {
    let typed = typed.trim();
    let after = |mark: &str| typed.split_once(mark).map(|(_, rest)| rest);
    // Older links name it in the query, below an address that has `/pages/` in it, too.
    let in_link = || after("pageId=").or_else(|| after("/pages/"));
    let is_plain = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    let from = if is_plain { Some(typed) } else { in_link() };
    let number: String = from?.chars().take_while(char::is_ascii_digit).collect();
    (1..=19).contains(&number.len()).then(|| PageId::new(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_in_what_people_paste() {
        let of = |typed| page_of(typed).map(|page| page.as_str().to_owned());
        for typed in [
            " 98305 ",
            "https://example.atlassian.net/wiki/spaces/POL/pages/98305/Information+Security",
            "https://example.atlassian.net/wiki/spaces/POL/pages/98305",
            "https://example.atlassian.net/wiki/pages/viewpage.action?pageId=98305&x=1",
        ] {
            assert_eq!(of(typed).as_deref(), Some("98305"), "{typed}");
        }
        for typed in ["", "POL", "https://example.atlassian.net/wiki/x/AbC", "12345678901234567890"] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }
}
