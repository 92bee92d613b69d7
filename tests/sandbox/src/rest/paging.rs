//! v2: results in portions, with an opaque cursor to the next.

use super::{Answer, Asked};
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// Results asked for at once, at most.
pub(super) const MOST: usize = 250;

/// Which portion is asked for.
pub(super) struct Window {
    /// How many results.
    pub limit: usize,
    /// The mark the portion before ended at.
    pub after: Option<String>,
}

impl Window {
    /// As `limit` and `cursor` say.
    pub(super) fn of(asked: &Asked<'_>, default: usize) -> Result<Self, Answer> {
        let limit = match asked.param("limit").map(|limit| limit.parse::<usize>()) {
            None => default,
            Some(Ok(limit)) if (1..=MOST).contains(&limit) => limit,
            Some(_) => return Err(Answer::bad(asked.path, "The limit must lie between 1 and 250.")),
        };
        let after = match asked.param("cursor") {
            None => None,
            Some(cursor) => Some(read(&cursor).ok_or_else(|| not_ours(asked))?),
        };
        Ok(Self { limit, after })
    }

    /// The mark, where it is a number of this kind.
    pub(super) fn number(&self, asked: &Asked<'_>, kind: &str) -> Result<Option<u64>, Answer> {
        let Some(after) = &self.after else { return Ok(None) };
        let number =
            after.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':')).and_then(|text| text.parse().ok());
        number.map(Some).ok_or_else(|| not_ours(asked))
    }
}

/// The refusal of a cursor.
pub(super) fn not_ours(asked: &Asked<'_>) -> Answer {
    Answer::bad(asked.path, "The cursor is not one of ours.")
}

/// A portion; `next` is the mark it ends at, if there is more.
pub(super) fn portion(sandbox: &Sandbox, asked: &Asked<'_>, results: &[Value], next: Option<String>) -> Answer {
    let mut links = json!({ "base": format!("{}/wiki", sandbox.setup.site) });
    if let Some(mark) = next {
        let kept = asked.query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let cursor = format!("cursor={}", data_encoding::BASE64URL_NOPAD.encode(mark.as_bytes()));
        let query = kept.chain([cursor.as_str()]).collect::<Vec<_>>().join("&");
        crate::fit::merge(&mut links, &json!({ "next": format!("{}?{query}", asked.path) }));
    }
    Answer::ok(json!({ "results": results, "_links": links }))
}

/// A portion of results that are all at hand.
pub(super) fn paged(sandbox: &Sandbox, asked: &Asked<'_>, all: &[Value], default: usize) -> Answer {
    let at = Window::of(asked, default).and_then(|window| Ok((window.number(asked, "at")?, window.limit)));
    let (start, limit) = match at {
        Ok((start, limit)) => (start.map_or(0, |start| usize::try_from(start).unwrap_or(usize::MAX)), limit),
        Err(refusal) => return refusal,
    };
    let results: Vec<Value> = all.iter().skip(start).take(limit).cloned().collect();
    let end = start.saturating_add(results.len());
    portion(sandbox, asked, &results, (end < all.len()).then(|| format!("at:{end}")))
}

fn read(cursor: &str) -> Option<String> {
    String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?).ok()
}
