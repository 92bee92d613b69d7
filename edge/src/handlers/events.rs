//! Product events: a page was made, edited, restored; an attachment changed.
//!
//! An event is a hint that something happened: it may come late, twice or out of order, so what is recorded is what
//! Confluence says of the page now. Only a page that holds our macro comes under the workflow; only pages under it are
//! recorded.

use super::refusal::{clash, refused};
use super::{app, heal, lifecycle, page};
use crate::confluence::page::Wanted;
use crate::confluence::{self, ConfluenceError};
use crate::cx::Cx;
use crate::fit::caller::PlatformCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use engine::audit::entry::Actor;
use engine::ids::{PageId, SiteId};
use engine::page::command::{Command, Edit};
use serde_json::Value;

/// How our macro is known in a page's storage format.
const MACRO: &str = "/static/approval-macro";
/// How often a lost race is run again.
const ROUNDS: usize = 5;

/// Rules: (1) the token is kept, (2) an event of no page is acknowledged and forgotten, (3) the page is read as it is now,
/// (4) a page with our macro comes under the workflow, (5) what changed is recorded. If anything fails the platform is told
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
    let now = match confluence::page::get(&app, page_id, Wanted { version: None, body: true }).await {
        Ok(now) => now,
        // In the bin, or gone: there is nothing to say of it until it comes back.
        Err(ConfluenceError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let attachments = confluence::page::attachments(&app, page_id).await?;
    let content_hash = now.content_hash(&attachments);
    for _ in 0..ROUNDS {
        let known = page::load(cx, db, site, page_id).await?;
        let command = if known.fold.is_some() {
            // (5)
            Command::RecordEdit(Edit {
                version: now.version,
                content_hash: Some(content_hash.clone()),
                by: Some(now.version_author.clone()),
                // An approval recorded after this version was made came too late, whoever notices first.
                made_at: Some(now.version_created_at),
            })
        } else if now.storage_body.contains(MACRO) {
            // (4)
            Command::Start { space: now.space.clone(), version: now.version }
        } else {
            return Ok(());
        };
        let events = known.decide(&command)?.map_err(|refusal| refused(&refusal))?;
        if events.is_empty() {
            return Ok(());
        }
        let (commit, _) = page::commit(Commit::new(site, cx.now), site, &known, &Actor::System, cx.now, &events)?;
        match commit.run(db).await {
            Ok(()) => return Ok(()),
            Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(clash())
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
