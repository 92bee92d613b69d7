//! The byline's property on a page. Any editor can write it and a copy of the page carries it along: it is a hint, set
//! anew whenever it differs from what the journal says.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use engine::ids::PageId;
use serde::Deserialize;
use serde_json::{Value, json};

/// What setting a property came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was as it should be; nothing was written.
    Unchanged,
    /// It was missing, or an earlier value of ours; it is as it should be now.
    Written,
    /// Somebody else had written or copied it; it is as it should be now.
    WasAltered {
        /// What stood there.
        found: Value,
    },
}

/// A property as Confluence has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Property {
    id: String,
    #[serde(default)]
    key: String,
    /// Its value.
    pub value: Value,
    version: Version,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    number: u32,
    #[serde(default)]
    author_id: Option<String>,
}

impl Property {
    /// Who wrote it last, where Confluence tells.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.version.author_id.as_deref()
    }
}

#[derive(Deserialize)]
struct Properties {
    results: Vec<Property>,
}

/// The property of this key, if the page has one.
///
/// # Errors
/// If Confluence cannot be asked, or the page is not there.
pub async fn get(app: &Client, page: &PageId, key: &str) -> Result<Option<Property>, ConfluenceError> {
    let path = format!("/wiki/api/v2/pages/{}/properties?key={}", escape(page.as_str()), escape(key));
    let sent: Properties = app.get(&path, "list of properties").await?;
    Ok(sent.results.into_iter().find(|property| property.key == key))
}

/// Sees to it that the property has this value, and writes only if it has another. `is_ours` says whether a value found
/// instead is one we wrote ourselves: then the state has moved on, else somebody altered it. On a conflict it is read
/// again, once.
///
/// # Errors
/// If Confluence cannot be asked, or somebody is faster twice.
pub async fn set(
    app: &Client,
    page: &PageId,
    key: &str,
    value: &Value,
    is_ours: impl Fn(&Property) -> bool,
) -> Result<Outcome, ConfluenceError> {
    match try_to_set(app, page, key, value, &is_ours).await {
        Err(ConfluenceError::Conflict) => try_to_set(app, page, key, value, &is_ours).await,
        other => other,
    }
}

async fn try_to_set(
    app: &Client,
    page: &PageId,
    key: &str,
    value: &Value,
    is_ours: &impl Fn(&Property) -> bool,
) -> Result<Outcome, ConfluenceError> {
    let path = format!("/wiki/api/v2/pages/{}/properties", escape(page.as_str()));
    let Some(found) = get(app, page, key).await? else {
        let body = json!({ "key": key, "value": value });
        let created = app.post::<Property>(&path, &body, "property").await;
        // Confluence reports "there is one already" as a bad request, too.
        return match created {
            Err(ConfluenceError::Refused { status: 400 }) => Err(ConfluenceError::Conflict),
            other => other.map(|_| Outcome::Written),
        };
    };
    if found.value == *value {
        return Ok(Outcome::Unchanged);
    }
    let next = found.version.number.saturating_add(1);
    let body = json!({ "key": key, "value": value, "version": { "number": next } });
    app.put::<Property>(&format!("{path}/{}", escape(&found.id)), &body, "property").await?;
    Ok(if is_ours(&found) { Outcome::Written } else { Outcome::WasAltered { found: found.value } })
}
