//! Product events: a page was made, edited, restored; an attachment changed.
//!
//! An event is a hint that something happened: it may come late, twice or out of order, so what is recorded is what
//! Confluence says of the page now. A page under no workflow comes under the one assigned to it, if its rule says so: most do
//! only with our macro on the page. A page that moves, or gets another label, stays under the workflow it is under.

use super::refusal::refused;
use super::{app, heal, lifecycle, page};
use crate::confluence::ConfluenceError;
use crate::cx::Cx;
use crate::fit::caller::PlatformCaller;
use crate::http::EdgeError;
use crate::page::change::{self, Changed, On, Onto};
use crate::page::{known, reading};
use crate::store::d1::Db;
use engine::audit::entry::Actor;
use engine::ids::{PageId, SiteId};
use engine::page::command::{Command, Start};
use serde_json::Value;

/// How our macro is known in a page's storage format.
const MACRO: &str = "/static/approval-macro";
/// Rules: (1) the token is kept, (2) an event of no page is acknowledged and forgotten, (3) the page is read as it is now,
/// (4) a page under no workflow comes under the one assigned to it, (5) what changed of others is recorded. If anything fails the platform is told
/// so, and calls again.
pub(super) async fn handle(cx: &Cx, caller: &PlatformCaller, body: Value) -> Result<Value, EdgeError> {
    let db = Db::new(cx.db()?);
    // (1)
    lifecycle::heard(cx, &db, caller, None).await?;
    // (2)
    if let Some(page) = page_of(body.get("payload").unwrap_or(&body)) {
        look(cx, &db, &caller.site, &page).await?;
        heal::carry_out(cx, &caller.site);
    }
    Ok(serde_json::json!({ "ok": true }))
}

async fn look(cx: &Cx, db: &Db, site: &SiteId, page_id: &PageId) -> Result<(), EdgeError> {
    let app = app::client_for(cx, db, site).await?;
    // (3)
    let now = match reading::read(&app, page_id).await {
        Ok(now) => now,
        // In the bin, or gone: there is nothing to say of it until it comes back.
        Err(ConfluenceError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let on = On { db, app: &app, site, page: page_id, actor: &Actor::System };
    let known = known::load(db, site, page_id).await?;
    let changed = match (&known.fold, &known.running) {
        // (5)
        (Some(fold), Some(running)) => {
            let command = reading::edit(fold, now.now(&app, Some(fold), &running.definition).await?);
            change::carry_out(on, Some(known), None, &command).await?
        }
        // (4)
        _ => {
            let starting = page::starting(cx, db, site, Some(&app), page_id, &now.page.space).await?;
            let has_macro = now.page.storage_body.contains(MACRO);
            let Some(starting) = starting.filter(|starting| starting.assigned.starts(has_macro)) else {
                return Ok(());
            };
            let dates = now.without_contributors(&starting.running.definition).dates;
            let command = Command::Start(Start { space: now.page.space.clone(), version: now.page.version, dates });
            let onto = Onto { running: &starting.running, heads: &starting.heads };
            change::carry_out(on, Some(known), Some(onto), &command).await?
        }
    };
    match changed {
        Changed::Refused(refusal) => Err(refused(&refusal)),
        Changed::Nothing { .. } | Changed::Recorded { .. } => Ok(()),
    }
}

/// The page an event is about: the content itself, or what an attachment hangs on.
fn page_of(event: &Value) -> Option<PageId> {
    let kind = event.get("eventType").and_then(Value::as_str).unwrap_or_default();
    let places: &[&str] = if kind.ends_with(":attachment") {
        &["/attachment/container/id", "/content/container/id", "/attachment/pageId", "/content/pageId"]
    } else if kind.ends_with(":page") {
        &["/content/id", "/page/id"]
    } else {
        return None;
    };
    let id = places.iter().find_map(|place| event.pointer(place))?;
    let id = match id {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    let is_id = (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then(|| PageId::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_page_is_found_or_there_is_none() {
        let found = |event: Value| page_of(&event).map(|page| page.as_str().to_owned());
        let page = json!({ "eventType": "avi:confluence:updated:page", "content": { "id": "98305" } });
        assert_eq!(found(page), Some("98305".to_owned()));
        let number = json!({ "eventType": "avi:confluence:updated:page", "content": { "id": 98305 } });
        assert_eq!(found(number), Some("98305".to_owned()));
        let attachment = json!({ "eventType": "avi:confluence:created:attachment", "attachment": { "id": "att1", "container": { "id": "7" } } });
        assert_eq!(found(attachment), Some("7".to_owned()));
        for none in [
            json!({}),
            json!({ "eventType": "avi:confluence:updated:page", "content": { "id": "../../x" } }),
            json!({ "eventType": "avi:confluence:created:comment", "content": { "id": "7" } }),
        ] {
            assert_eq!(found(none), None);
        }
    }
}
