//! Asking Confluence itself, with the rights of the person who looks.

use super::{call, object, read, text_at, value_at};
use engine::ids::{AccountId, PageVersion};
use js_sys::{Array, JSON, encode_uri_component};
use wasm_bindgen::JsValue;

/// How many people a search shows at most.
const FOUND_MAX: usize = 20;

/// The page's current version; otherwise a sentence that says why it is not known.
pub(crate) async fn page_version(content_id: &str) -> Result<PageVersion, &'static str> {
    if content_id.is_empty() || !content_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("Confluence did not say which page this is.");
    }
    match get(&["/wiki/api/v2/pages/", content_id].concat()).await {
        Some((200, page)) => version_in(&page).ok_or("Confluence's answer could not be read."),
        Some((403 | 404, _)) => Err("Confluence does not let you see this page's version."),
        _ => Err("Confluence did not answer."),
    }
}

fn version_in(page: &JsValue) -> Option<PageVersion> {
    read(value_at(page, &["version", "number"])?)
}

/// Somebody a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Who.
    pub(crate) account: AccountId,
    /// Their name.
    pub(crate) name: String,
    /// Whether they are a guest on this site.
    pub(crate) guest: bool,
}

/// People whose names begin with what was typed; otherwise a sentence that says why they cannot be searched.
pub(crate) async fn search_people(typed: &str) -> Result<Vec<Found>, &'static str> {
    let cql = ["user.fullname~\"", &typed.replace('\\', "\\\\").replace('"', "\\\""), "\""].concat();
    let cql = String::from(encode_uri_component(&cql));
    let path = ["/wiki/rest/api/search/user?sitePermissionTypeFilter=all&limit=40&cql=", &cql].concat();
    match get(&path).await {
        Some((200, answer)) => people_in(&answer).ok_or("Confluence's answer could not be read."),
        Some((400, _)) => Err("Confluence could not search for this. Type a name as it is written in Confluence."),
        Some((401 | 403 | 404, _)) => Err("Confluence does not let you search for people."),
        _ => Err("Confluence did not answer."),
    }
}

/// Groups with what was typed in their names, as [`Found`] with their ids; otherwise a sentence that says why they cannot be
/// searched.
pub(crate) async fn search_groups(typed: &str) -> Result<Vec<Found>, &'static str> {
    let query = String::from(encode_uri_component(typed));
    match get(&["/wiki/rest/api/group/picker?limit=40&query=", &query].concat()).await {
        Some((200, answer)) => groups_in(&answer).ok_or("Confluence's answer could not be read."),
        Some((401 | 403 | 404, _)) => Err("Confluence does not let you search for groups."),
        _ => Err("Confluence did not answer."),
    }
}

fn groups_in(answer: &JsValue) -> Option<Vec<Found>> {
    let results: Vec<JsValue> = Array::from(&value_at(answer, &["results"])?).to_vec();
    let group = |result: &JsValue| {
        let (id, name) = (text_at(result, &["id"])?, text_at(result, &["name"])?);
        Some(Found { account: AccountId::new(id), name, guest: false })
    };
    Some(results.iter().filter_map(group).take(FOUND_MAX).collect())
}

/// Apps have accounts too; they are nobody to ask.
fn people_in(answer: &JsValue) -> Option<Vec<Found>> {
    let results: Vec<JsValue> = Array::from(&value_at(answer, &["results"])?).to_vec();
    let person = |result: &JsValue| {
        let user = value_at(result, &["user"])?;
        let is_person = text_at(&user, &["accountType"]).is_none_or(|kind| kind != "app");
        let flag = |name| value_at(&user, &[name]).is_some_and(|flag| flag.is_truthy());
        let name = text_at(&user, &["displayName"]).filter(|name| !name.is_empty());
        is_person.then_some(Found {
            account: AccountId::new(text_at(&user, &["accountId"])?),
            name: name.or_else(|| text_at(&user, &["publicName"]))?,
            guest: flag("isGuest") || flag("isExternalCollaborator"),
        })
    };
    Some(results.iter().filter_map(person).take(FOUND_MAX).collect())
}

/// The status of the answer and what its body says; nothing if there was no answer.
async fn get(path: &str) -> Option<(u16, JsValue)> {
    let header = |name: &str, value: &str| JsValue::from(Array::of2(&name.into(), &value.into()));
    let headers = Array::of2(&header("accept", "application/json"), &header("x-atlassian-token", "no-check"));
    let data = object(&[
        ("product", "confluence".into()),
        ("restPath", path.into()),
        ("fetchRequestInit", object(&[("method", "GET".into()), ("body", JsValue::NULL), ("headers", headers.into())])),
        ("isMultipartFormData", false.into()),
    ]);
    let answer = call("fetchProduct", &data).await.ok()?;
    let status = read(value_at(&answer, &["status"])?)?;
    let body = text_at(&answer, &["body"]).and_then(|body| JSON::parse(&body).ok());
    Some((status, body.unwrap_or_default()))
}
