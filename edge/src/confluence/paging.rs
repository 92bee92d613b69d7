//! Lists that come in portions.

use super::client::Client;
use super::error::ConfluenceError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Results v2 gives at once, at most.
pub(super) const MOST_AT_ONCE: usize = 250;
/// Confluence's own cursors are shorter by far. Ours are kept, so theirs must not grow without a bound.
const LONGEST_CURSOR: usize = 1024;

/// One portion as v2 sends it.
#[derive(Deserialize)]
pub(super) struct Sent<T> {
    pub(super) results: Vec<T>,
    #[serde(default, rename = "_links")]
    links: Links,
}

#[derive(Default, Deserialize)]
struct Links {
    #[serde(default)]
    next: Option<String>,
}

impl<T> Sent<T> {
    /// The end of a list.
    pub(super) fn none() -> Self {
        Self { results: Vec::new(), links: Links::default() }
    }

    /// The cursor to the next portion, as it stands in the link; [`None`] at the end.
    ///
    /// # Errors
    /// If there is a next portion and its link can't be followed: that is no end.
    pub(super) fn next(&self) -> Result<Option<String>, ConfluenceError> {
        let Some(link) = self.links.next.as_deref() else { return Ok(None) };
        cursor(link)
            .map(|cursor| Some(cursor.to_owned()))
            .ok_or(ConfluenceError::Unreadable("cursor of the next portion"))
    }
}

/// The path of the portion a cursor names.
pub(super) fn at(path: &str, cursor: Option<&str>) -> String {
    cursor.map_or_else(|| path.to_owned(), |cursor| format!("{path}&cursor={cursor}"))
}

/// A list to its end. `path` has a query already.
///
/// # Errors
/// `Unreadable` if it takes more than `most_calls`: half a list is none.
pub(super) async fn whole<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    most_calls: u32,
    what: &'static str,
) -> Result<Vec<T>, ConfluenceError> {
    let (mut found, mut place) = (Vec::new(), None);
    for _ in 0..most_calls {
        let mut sent: Sent<T> = client.get(&at(path, place.as_deref()), what).await?;
        found.append(&mut sent.results);
        place = sent.next()?;
        if place.is_none() {
            return Ok(found);
        }
    }
    Err(ConfluenceError::Unreadable("end of a list"))
}

/// Whether a text may stand in an address as a cursor, as it is.
pub(super) fn is_cursor(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=+/:,".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_CURSOR && text.bytes().all(plain)
}

/// The cursor of a `next` link. Only the cursor is taken over: the rest of the address is ours.
fn cursor(next: &str) -> Option<&str> {
    let query = next.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("cursor=")).filter(|cursor| is_cursor(cursor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn only_the_cursor_of_a_link_is_followed() {
        let link = "/wiki/api/v2/pages/1/attachments?limit=250&cursor=eyJpZCI6IjEifQ%3D%3D";
        assert_eq!(cursor(link), Some("eyJpZCI6IjEifQ%3D%3D"));
        assert_eq!(cursor("/x?cursor=eyJpZCI6IjEifQ==&limit=1"), Some("eyJpZCI6IjEifQ=="));
        assert_eq!(cursor("https://evil.example/?cursor=abc"), Some("abc"));
        assert_eq!(cursor("/x?cursor=a#b"), None);
        assert_eq!(cursor("/x?cursor=a b"), None);
        assert_eq!(cursor(&format!("/x?cursor={}", "a".repeat(LONGEST_CURSOR + 1))), None);
        assert_eq!(cursor("/x?cursor="), None);
        assert_eq!(cursor("/x"), None);
    }

    #[test]
    fn a_link_that_can_t_be_followed_is_no_end() {
        let next = |links: Value| {
            serde_json::from_value::<Sent<Value>>(json!({ "results": [], "_links": links })).unwrap().next()
        };
        assert_eq!(next(json!({ "base": "x" })), Ok(None));
        assert_eq!(next(json!({ "next": "/x?cursor=a" })), Ok(Some("a".to_owned())));
        assert!(next(json!({ "next": "/x?start=2" })).is_err());
        assert_eq!(serde_json::from_value::<Sent<Value>>(json!({ "results": [] })).unwrap().next(), Ok(None));
    }
}
