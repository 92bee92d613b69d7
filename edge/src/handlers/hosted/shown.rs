//! What a verdict's challenge says, shown once more on our own page: from the record that is authenticated, and the page as
//! the app reads it for the person.

use crate::confluence::{self, Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::challenge::{Showing, changes, page_now};
use crate::handlers::people::{Asking, Wanted};
use crate::handlers::refusal::refused;
use crate::handlers::{app, page};
use crate::hosted::over;
use crate::http::EdgeError;
use crate::store::absence;
use crate::store::d1::Db;
use engine::ids::{PageId, SiteId};
use engine::page::decide::under_review;
use engine::page::refusal::Refusal;
use engine::page::seat::approval_for;
use engine::token::challenge::{BulkChallenge, DecisionChallenge, Listed};
use engine::wire::act::Shown;

/// Rules: (1) the review is still under way, (2) the person may see the page, and it is what the challenge was made for, (3)
/// they are asked.
pub(super) async fn again(cx: &Cx, db: &Db, caller: &UiCaller, record: DecisionChallenge) -> Result<Shown, EdgeError> {
    let (known, _) = page::load(cx, db, &caller.site, &record.page).await?;
    // (1)
    let (_, running) = page::under(&known)?;
    let workflow = running.workflow();
    let (fold, state, review) = under_review(known.fold.as_ref(), &workflow).map_err(|refusal| refused(&refusal))?;
    // (2)
    let app: Client = app::client_for(cx, db, &caller.site).await?;
    let reading = page_now(cx, caller, None, &app).await?;
    if reading.page.version != record.version || reading.content_hash != record.content_hash {
        return Err(refused(&Refusal::PageMoved { now: reading.page.version }));
    }
    // (3)
    let away = db.ask(absence::stands_in(&caller.site, &caller.person, cx.now)).await?;
    let asking = Asking {
        cx,
        caller,
        app: Some(&app),
        person: None,
        space: &reading.page.space,
        may_edit: None,
        away: &away,
        freshness: Freshness::Cached,
    };
    let reviewer = asking.person(&record.page, &Wanted::to_decide(state)).await?;
    let (approval, seats) =
        approval_for(state, review, &reviewer, Some(&record.approval)).map_err(|refusal| refused(&refusal))?;
    let changes = changes(&app, fold, &reading.page).await;
    let showing = Showing { review, approval, seats: &seats, names: &known.names, changes };
    Ok(showing.of(record, reading.page.title))
}

/// A list of pages, with their titles as they are now. Rule: (1) they are the pages the challenge was made for.
pub(super) async fn list(
    cx: &Cx,
    db: &Db,
    site: &SiteId,
    list: &BulkChallenge,
    items: &[Listed],
) -> Result<String, EdgeError> {
    // (1)
    if list.decision_on(items, 0).is_none() {
        return Err(over());
    }
    let app: Client = app::client_for(cx, db, site).await?;
    let pages: Vec<PageId> = items.iter().map(|item| item.page.clone()).collect();
    let titles = confluence::page::titles_anywhere(&app, &pages).await?;
    let named = |item: &Listed| {
        let title = titles.get(&item.page).map_or("a page that is gone", String::as_str);
        format!("\u{201c}{title}\u{201d} (version {})", item.version.0)
    };
    let named: Vec<String> = items.iter().map(named).collect();
    Ok(format!("{}, meaning \u{201c}{}\u{201d}: {}", list.sentence(), list.meaning, named.join(", ")))
}
