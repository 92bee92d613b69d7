//! The hourly call of the platform, and Cloudflare's clock each minute.

use super::{heal, lifecycle, site};
use crate::cx::Cx;
use crate::fit::caller::PlatformCaller;
use crate::http::EdgeError;
use crate::outbox;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::{dashboard, sweep};
use engine::effect::Effect;
use serde_json::Value;

/// Pages looked at by one call: few, so that what people wait for never stands behind a long queue of looks. A page that
/// is viewed is looked at anyway.
const PAGES_AT_ONCE: u32 = 10;

/// Rules: (1) keep the token, (2) the site is open, (3) rows whose time has come are swept, (4) some pages are looked at:
/// whether they moved without an event, and whether their byline is what we wrote.
pub(super) async fn handle(cx: &Cx, caller: &PlatformCaller, _: Value) -> Result<Value, EdgeError> {
    let (db, site) = (Db::new(cx.db()?), &caller.site);
    // (1)
    lifecycle::heard(cx, &db, caller, None).await?;
    // (2)
    site::open(cx, &db, site).await?;
    // (3), (4)
    let pages = db.ask(dashboard::next_to_look_at(site, PAGES_AT_ONCE)).await?;
    let mut commit = Commit::new(site, cx.now).raws(sweep::sweep(site, cx.now));
    let whole_portion = pages.len() >= usize::try_from(PAGES_AT_ONCE).unwrap_or(usize::MAX);
    commit = commit.raw(dashboard::look_from(site, pages.last().filter(|_| whole_portion)));
    let looks: Vec<Effect> = pages
        .into_iter()
        .flat_map(|page| {
            let (copy, recheck) = (Effect::KvCopy { page: page.clone() }, Effect::Recheck { page: page.clone() });
            [copy, recheck, Effect::Byline { page }]
        })
        .collect();
    commit = commit.effects(&looks, &random::id()?);
    commit.run(&db).await?;
    heal::carry_out(cx, site);
    Ok(serde_json::json!({ "ok": true }))
}

/// Each minute: whatever is due in the outbox, of all sites.
pub(crate) async fn clock(cx: &Cx) -> Result<(), EdgeError> {
    outbox::drain(cx).await
}
