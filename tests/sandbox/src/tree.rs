//! Pages below pages.

use crate::edit::Refusal;
use crate::model::{Page, Site};
use std::collections::BTreeMap;

/// A page below another.
#[derive(Clone, Copy)]
pub(crate) struct Below<'a> {
    /// How far: 1 for a child.
    pub depth: u32,
    /// The page.
    pub page: &'a Page,
}

/// The pages above a page, its parent first.
pub(crate) fn above<'a>(site: &'a Site, page: &Page) -> impl Iterator<Item = &'a Page> {
    let mut next = page.parent;
    std::iter::from_fn(move || {
        let page = site.pages.get(&next?)?;
        next = page.parent;
        Some(page)
    })
}

/// The pages below a page down to `depth`, higher ones first, siblings by id. What lies below a page that is not
/// `open` is left out with it.
pub(crate) fn below<'a>(site: &'a Site, root: u64, depth: u32, open: impl Fn(&Page) -> bool) -> Vec<Below<'a>> {
    let mut children: BTreeMap<u64, Vec<&Page>> = BTreeMap::new();
    for page in site.pages.values() {
        if let Some(parent) = page.parent {
            children.entry(parent).or_default().push(page);
        }
    }
    let (mut found, mut level) = (Vec::new(), vec![root]);
    for depth in 1..=depth {
        if level.is_empty() {
            break;
        }
        let mut here: Vec<&Page> = level.iter().filter_map(|id| children.get(id)).flatten().copied().collect();
        here.retain(|page| open(page));
        here.sort_by_key(|page| page.id);
        level = here.iter().map(|page| page.id).collect();
        found.extend(here.into_iter().map(|page| Below { depth, page }));
    }
    found
}

/// Whether `page` is `root` or lies below it.
#[must_use]
pub(crate) fn contains(site: &Site, root: u64, page: u64) -> bool {
    page == root || site.pages.get(&page).is_some_and(|page| above(site, page).any(|one| one.id == root))
}

/// Where a page of `space` comes to lie: below `parent`, which must be a page of the same space, else below its home page.
pub(crate) fn place(site: &Site, space: u64, parent: Option<u64>) -> Result<Option<u64>, Refusal> {
    let home = site.space(space).ok_or(Refusal::NotFound)?.home;
    match parent {
        None => Ok(home),
        Some(parent) => {
            let above = site.pages.get(&parent).filter(|page| page.space == space && !page.trashed);
            above.map(|page| Some(page.id)).ok_or(Refusal::NotFound)
        }
    }
}

/// Lays a page below `parent` in `space`; what lies below it comes along.
pub(crate) fn put(site: &mut Site, page: u64, parent: Option<u64>, space: u64) {
    let all: Vec<u64> = below(site, page, u32::MAX, |_| true).iter().map(|one| one.page.id).chain([page]).collect();
    for id in all {
        if let Some(page) = site.pages.get_mut(&id) {
            page.space = space;
        }
    }
    if let Some(page) = site.pages.get_mut(&page) {
        page.parent = parent;
    }
}

/// Lays what is directly below a page below the page above it: the page goes, they stay.
pub(crate) fn lift(site: &mut Site, page: u64) {
    let above = site.pages.get(&page).and_then(|page| page.parent);
    for child in site.pages.values_mut().filter(|child| child.parent == Some(page)) {
        child.parent = above;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    fn ids(found: &[Below<'_>]) -> Vec<(u32, u64)> {
        found.iter().map(|one| (one.depth, one.page.id)).collect()
    }

    #[test]
    fn a_tree_is_read_from_the_top() {
        let mut site = seed::site(crate::app::SITE);
        site.pages.get_mut(&98307).unwrap().parent = Some(98305);
        let all = |_: &Page| true;
        assert_eq!(ids(&below(&site, seed::POLICIES_HOME, 10, all)), [(1, 98305), (1, 98306), (2, 98307)]);
        assert_eq!(ids(&below(&site, seed::POLICIES_HOME, 1, all)), [(1, 98305), (1, 98306)]);
        let shut = below(&site, seed::POLICIES_HOME, 10, |page| page.id != 98305);
        assert_eq!(ids(&shut), [(1, 98306)], "what is below a hidden page is hidden");
        let over: Vec<u64> = above(&site, &site.pages[&98307]).map(|page| page.id).collect();
        assert_eq!(over, [98305, seed::POLICIES_HOME]);
        assert!(contains(&site, 98305, 98307) && contains(&site, 98305, 98305) && !contains(&site, 98307, 98305));
    }
}
