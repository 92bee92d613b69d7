//! Work for the outbox that goes on after the answer.

use crate::cx::Cx;
use crate::http::EdgeError;
use crate::outbox;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use core::time::Duration;
use engine::effect::Effect;
use engine::ids::{PageId, SiteId};
use engine::time::Timestamp;
use std::cell::RefCell;
use std::collections::HashMap;

/// How often viewers make an isolate look at the same page's byline.
const BYLINE_EVERY: Duration = Duration::from_secs(60);
const MOST_REMEMBERED: usize = 1000;

thread_local! {
    static LOOKED_AT: RefCell<HashMap<(SiteId, PageId), Timestamp>> = RefCell::default();
}

/// Carries out what the answer's commit put into the outbox.
pub(super) fn carry_out(cx: &Cx, site: &SiteId) {
    cx.wait_until(outbox::kick(cx.clone(), site.clone()));
}

/// Has the copy in KV brought up to the journal.
pub(super) fn copy(cx: &Cx, site: &SiteId, page: &PageId) {
    ask(cx, site, Effect::KvCopy { page: page.clone() });
}

/// Has the byline property compared with the journal, and rewritten if an editor altered it; now and then, not for each
/// viewer.
pub(super) fn byline(cx: &Cx, site: &SiteId, page: &PageId) {
    let due = LOOKED_AT.with_borrow_mut(|looked_at| {
        if looked_at.len() >= MOST_REMEMBERED {
            looked_at.clear();
        }
        let key = (site.clone(), page.clone());
        let due = looked_at.get(&key).is_none_or(|at| cx.now >= *at + BYLINE_EVERY);
        if due {
            looked_at.insert(key, cx.now);
        }
        due
    });
    if due {
        ask(cx, site, Effect::Byline { page: page.clone() });
    }
}

/// Has something looked at after the answer.
pub(super) fn look(cx: &Cx, site: &SiteId, effect: Effect) {
    ask(cx, site, effect);
}

fn ask(cx: &Cx, site: &SiteId, effect: Effect) {
    let (cx, site) = (cx.clone(), site.clone());
    cx.clone().wait_until(async move {
        let asked = async {
            let db = Db::new(cx.db()?);
            Commit::new(&site, cx.now).effect(&effect, &random::id()?).run(&db).await?;
            Ok::<_, EdgeError>(())
        };
        if let Err(fault) = asked.await {
            fault.log("heal");
        }
        outbox::kick(cx, site).await;
    });
}
