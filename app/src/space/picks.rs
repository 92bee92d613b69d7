//! Which pages are picked, to be decided on together.

use engine::ids::PageId;
use engine::wire::bulk::{BULK_MAX, BULK_MIN, Picked};
use engine::wire::space::SpacePage;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[derive(Clone, Copy)]
pub(super) struct Picks(RwSignal<BTreeSet<PageId>>);

impl Picks {
    pub(super) fn none() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    pub(super) fn has(self, page: &PageId) -> bool {
        self.0.with(|picked| picked.contains(page))
    }

    pub(super) fn set(self, page: &PageId, on: bool) {
        self.0.update(|picked| {
            if on {
                picked.insert(page.clone());
            } else {
                picked.remove(page);
            }
        });
    }

    /// All that can be, or none.
    pub(super) fn set_all(self, pages: &[PageId], on: bool) {
        self.0.set(if on { pages.iter().cloned().collect() } else { BTreeSet::new() });
    }

    /// What can't be picked any more is not picked any more.
    pub(super) fn keep(self, pages: &[SpacePage]) {
        let can: BTreeSet<&PageId> = pages.iter().filter(|page| can_be_picked(page)).map(|page| &page.page).collect();
        self.0.update(|picked| picked.retain(|page| can.contains(page)));
    }

    pub(super) fn count(self) -> usize {
        self.0.with(BTreeSet::len)
    }

    /// What is picked, in the order of the list.
    pub(super) fn of(self, pages: &[SpacePage]) -> Vec<Picked> {
        self.0.with_untracked(|picked| {
            let version = |page: &SpacePage| page.latest_version.filter(|_| picked.contains(&page.page));
            pages
                .iter()
                .filter_map(|page| Some(Picked { page: page.page.clone(), page_version: version(page)? }))
                .collect()
        })
    }
}

/// Whether a page can be decided on together with others.
pub(super) fn can_be_picked(page: &SpacePage) -> bool {
    page.waits_for_me && page.latest_version.is_some()
}

/// Why nothing can be done with as many.
pub(super) fn fault(count: usize) -> Option<String> {
    match count {
        0 => Some("Pick the pages you want to decide on together.".to_owned()),
        few if few < BULK_MIN => Some("Pick one more, or open the page to decide on it alone.".to_owned()),
        many if many > BULK_MAX => Some(format!("At most {BULK_MAX} pages can be decided on at once.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{PageVersion, StateId};
    use engine::time::Timestamp;
    use engine::wire::status::{Colour, StateLabel};

    fn page(id: &str, waits: bool, version: Option<u32>) -> SpacePage {
        SpacePage {
            page: PageId::new(id),
            title: id.to_owned(),
            state: StateLabel {
                id: StateId::new("in-review"),
                name: "In Review".to_owned(),
                colour: Colour::Yellow,
                is_final: false,
            },
            latest_version: version.map(PageVersion),
            approved_version: None,
            changed_since_approval: false,
            waits_for_me: waits,
            entered_at: Timestamp(0),
        }
    }

    #[test]
    fn only_what_waits_for_the_person_can_be_picked() {
        assert!(can_be_picked(&page("1", true, Some(3))));
        assert!(!can_be_picked(&page("1", false, Some(3))));
        assert!(!can_be_picked(&page("1", true, None)));
    }

    #[test]
    fn picks_are_sent_in_the_order_of_the_list_with_the_versions_on_screen() {
        let owner = Owner::new();
        owner.with(|| {
            let picks = Picks::none();
            let pages = [page("9", true, Some(2)), page("5", true, Some(7)), page("7", true, Some(1))];
            for id in ["7", "9"] {
                picks.set(&PageId::new(id), true);
            }
            let told: Vec<(String, u32)> =
                picks.of(&pages).into_iter().map(|one| (one.page.as_str().to_owned(), one.page_version.0)).collect();
            assert_eq!(told, [("9".to_owned(), 2), ("7".to_owned(), 1)]);
            // Somebody else decided on it in the meantime.
            picks.keep(&[page("9", false, Some(2)), page("7", true, Some(1))]);
            assert_eq!(picks.count(), 1);
            assert!(picks.has(&PageId::new("7")));
        });
    }

    #[test]
    fn too_few_and_too_many_are_said() {
        assert!(fault(0).is_some() && fault(1).is_some() && fault(BULK_MAX + 1).is_some());
        assert!(fault(BULK_MIN).is_none() && fault(BULK_MAX).is_none());
    }
}
