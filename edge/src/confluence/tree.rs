//! What a page lies below.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::paging::{MOST_AT_ONCE, Sent};
use engine::ids::PageId;
use serde::Deserialize;

/// Each call names this many at most; nobody nests pages deeper than this many calls reach.
const MOST_CALLS: u32 = 4;

#[derive(Deserialize)]
struct Ancestor {
    id: String,
}

/// What the page lies below, the highest first, its parent last. Folders and the like are among it: an id is one thing's
/// only, whatever it is.
///
/// # Errors
/// If Confluence cannot be asked, or the page is not there. Half a way up is no answer.
pub async fn ancestors(client: &Client, page: &PageId) -> Result<Vec<PageId>, ConfluenceError> {
    let (mut found, mut from) = (Vec::new(), page.clone());
    for _ in 0..MOST_CALLS {
        let sent: Sent<Ancestor> = client.get(&path(&from), "list of ancestors").await?;
        match further_up(&mut found, sent.results) {
            Some(highest) => from = highest,
            None => return Ok(found),
        }
    }
    Err(ConfluenceError::Unreadable("top of the tree"))
}

fn path(page: &PageId) -> String {
    format!("/wiki/api/v2/pages/{}/ancestors?limit={MOST_AT_ONCE}", escape(page.as_str()))
}

/// Puts what was found further up before the rest; says from where to ask for more, if there can be more.
fn further_up(found: &mut Vec<PageId>, sent: Vec<Ancestor>) -> Option<PageId> {
    let full = sent.len() >= MOST_AT_ONCE;
    let mut all: Vec<PageId> = sent.into_iter().map(|ancestor| PageId::new(ancestor.id)).collect();
    all.append(found);
    *found = all;
    found.first().filter(|_| full).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(ids: core::ops::Range<usize>) -> Vec<Ancestor> {
        ids.map(|id| Ancestor { id: id.to_string() }).collect()
    }

    #[test]
    fn a_long_way_up_is_put_together_from_the_top() {
        let mut found = Vec::new();
        assert_eq!(further_up(&mut found, sent(100..350)), Some(PageId::new("100")));
        assert_eq!(further_up(&mut found, sent(97..100)), None);
        let expected: Vec<PageId> = (97..350).map(|id| PageId::new(id.to_string())).collect();
        assert_eq!(found, expected);
        assert_eq!(further_up(&mut Vec::new(), Vec::new()), None, "at the top already");
    }
}
