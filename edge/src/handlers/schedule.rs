//! The hourly call of the platform, and Cloudflare's clock each minute.

use super::{heal, lifecycle, site};
use crate::cx::Cx;
use crate::fit::caller::PlatformCaller;
use crate::http::EdgeError;
use crate::job;
use crate::outbox::errand::Errand;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::{dashboard, notice, sweep};
use crate::{outbox, reseal, time};
use core::cell::Cell;
use engine::effect::Effect;
use serde_json::Value;

/// Milliseconds.
const MINUTE: u64 = 60_000;
/// Pages looked at by one call: few, so that what people wait for never stands behind a long queue of looks. A page that
/// is viewed is looked at anyway.
const PAGES_AT_ONCE: u32 = 10;

/// Rules: (1) keep the token, (2) the site is open, (3) rows whose time has come are swept, (4) some pages are looked at:
/// whether they moved without an event, whether their byline is what we wrote, and their timers; (5) owners of factors that
/// end soon, or have ended, are told; (6) people's time zones are asked for again.
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
            [copy, recheck, Effect::Timers { page: page.clone() }, Effect::Byline { page }]
        })
        .collect();
    commit = commit.effects(&looks, &random::id()?);
    // (5)
    commit = commit.raws(notice::of_ends(site, cx.now));
    commit.run(&db).await?;
    // (6)
    let calls = Cell::new(0);
    if let Err(obstacle) = time::look_after_zones(&Errand::new(cx, &db, site, &calls)).await {
        worker::console_warn!("zones: {}", obstacle.word());
    }
    heal::carry_out(cx, site);
    Ok(serde_json::json!({ "ok": true }))
}

/// Each minute: timers whose time has come, what is sealed with an older key, whatever is due in the outbox, and work on many
/// pages, of all sites.
pub(crate) async fn clock(cx: &Cx) -> Result<(), EdgeError> {
    let db = Db::new(cx.db()?);
    let calls = Cell::new(0);
    time::go_off(&db).await?;
    // What keys there are must never stand in the way of what people wait for.
    if let Err(fault) = reseal::drain(cx, &db).await {
        fault.log("keys");
    }
    // The outbox and the jobs share what an invocation may use: each goes first every other minute, so that neither keeps
    // the other waiting for long.
    if (cx.now.millis() / MINUTE).is_multiple_of(2) {
        job::run::drain(cx, &db, &calls).await?;
        outbox::drain(cx, &db, &calls).await
    } else {
        outbox::drain(cx, &db, &calls).await?;
        job::run::drain(cx, &db, &calls).await
    }
}
