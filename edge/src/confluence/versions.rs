//! Who wrote the versions of a page.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::page::SentVersion;
use super::paging::{MOST_AT_ONCE, Sent, at};
use engine::ids::{AccountId, PageId, PageVersion};
use std::collections::BTreeSet;

/// A thousand versions since the last approved one: whoever wants to know of more has to approve one first.
const MOST_CALLS: u32 = 4;

/// Who wrote the versions after `since`, the current one too.
///
/// # Errors
/// `Unreadable` if there are too many: half of the authors are no answer where authors are kept from deciding.
pub async fn authors_since(
    client: &Client,
    page: &PageId,
    since: PageVersion,
) -> Result<BTreeSet<AccountId>, ConfluenceError> {
    let path =
        format!("/wiki/api/v2/pages/{}/versions?sort=-modified-date&limit={MOST_AT_ONCE}", escape(page.as_str()));
    let (mut authors, mut place) = (BTreeSet::new(), None);
    for _ in 0..MOST_CALLS {
        let sent: Sent<SentVersion> = client.get(&at(&path, place.as_deref()), "list of versions").await?;
        place = sent.next()?;
        if take(&mut authors, sent.results, since)? || place.is_none() {
            return Ok(authors);
        }
    }
    Err(ConfluenceError::Unreadable("end of the list of versions"))
}

/// Takes in a portion, newest first; says whether `since` was reached.
fn take(
    authors: &mut BTreeSet<AccountId>,
    sent: Vec<SentVersion>,
    since: PageVersion,
) -> Result<bool, ConfluenceError> {
    for version in sent {
        let (number, author, _) = version.read()?;
        if number <= since {
            return Ok(true);
        }
        authors.insert(author);
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(versions: &[(u32, &str)]) -> Vec<SentVersion> {
        let one = |(number, author): &(u32, &str)| {
            let version = json!({ "number": number, "authorId": author, "createdAt": "2026-11-21T10:00:00.000Z" });
            serde_json::from_value(version).unwrap()
        };
        versions.iter().map(one).collect()
    }

    #[test]
    fn authors_are_taken_down_to_the_approved_version() {
        let mut authors = BTreeSet::new();
        assert!(!take(&mut authors, sent(&[(9, "c"), (8, "b")]), PageVersion(6)).unwrap());
        assert!(take(&mut authors, sent(&[(7, "c"), (6, "a"), (5, "z")]), PageVersion(6)).unwrap());
        assert_eq!(authors, ["b", "c"].map(AccountId::new).into());
    }

    #[test]
    fn of_a_page_never_approved_all_count() {
        let mut authors = BTreeSet::new();
        assert!(!take(&mut authors, sent(&[(2, "b"), (1, "a")]), PageVersion(0)).unwrap());
        assert_eq!(authors.len(), 2);
    }
}
