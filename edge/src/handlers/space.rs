//! The space page: pages under a workflow that the person may see, those waiting for them first.

use super::app;
use crate::confluence::{Client, Freshness, group, page};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::dashboard::{self, DashboardRow};
use crate::store::installation;
use crate::store::load::Loading;
use engine::ids::{GroupId, PageId};
use engine::wire::problem::ProblemKind;
use engine::wire::space::{SpacePage, SpaceRequest, SpaceResponse};
use std::collections::{BTreeMap, BTreeSet};

/// The most pages shown; Confluence is asked for as many at once.
const MOST_PAGES: u32 = 200;

/// Rules: (1) the space is the token's, (2) what the person may not see is not there, titles included: Confluence is asked
/// with their own token.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: SpaceRequest) -> Result<SpaceResponse, EdgeError> {
    // (1)
    let space = caller.space.as_ref().ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "This view belongs to a space. Open it from a space's sidebar.")
    })?;
    let site = &caller.site;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let rows = loading.add(dashboard::of_space(site, space, MOST_PAGES + 1));
    let installation = loading.add(installation::of_site(site));
    let loaded = loading.run(&db).await?;
    let mut rows = loaded.get(&rows)?;
    let cut = rows.len() > usize::try_from(MOST_PAGES).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(MOST_PAGES).unwrap_or(usize::MAX));
    if rows.is_empty() {
        return Ok(SpaceResponse { pages: Vec::new(), cut });
    }
    // (2)
    let person = Client::as_person(&cx.config, caller)?;
    let ids: Vec<PageId> = rows.iter().map(|row| row.page.clone()).collect();
    let titles: BTreeMap<PageId, String> = page::titles(&person, space, &ids).await?;
    let groups = match app::client(cx, site, loaded.get(&installation)?.as_ref()) {
        Ok(app) => groups_of(cx, caller, &app, &rows).await?,
        Err(_) => BTreeSet::new(),
    };
    let mut pages: Vec<SpacePage> = rows
        .into_iter()
        .filter_map(|row| {
            let title = titles.get(&row.page)?.clone();
            Some(SpacePage {
                waits_for_me: row.waits_for(&caller.person, &groups),
                page: row.page,
                title,
                state: row.state,
                latest_version: row.latest_version,
                approved_version: row.approved_version,
                changed_since_approval: row.changed,
                entered_at: row.entered_at,
            })
        })
        .collect();
    pages.sort_by(|a, b| b.waits_for_me.cmp(&a.waits_for_me).then(b.entered_at.cmp(&a.entered_at)));
    Ok(SpaceResponse { pages, cut })
}

/// Which of the groups that are asked somewhere the person is in.
async fn groups_of(
    cx: &Cx,
    caller: &UiCaller,
    app: &Client,
    rows: &[DashboardRow],
) -> Result<BTreeSet<GroupId>, EdgeError> {
    let asked: BTreeSet<&GroupId> = rows.iter().flat_map(|row| &row.waiting).flat_map(|one| &one.groups).collect();
    let mut mine = BTreeSet::new();
    for group in asked {
        let one = BTreeSet::from([group.clone()]);
        let (site, installation, person) = (&caller.site, &caller.installation, &caller.person);
        if group::is_member(app, site, installation, person, &one, Freshness::Cached, cx.now).await? {
            mine.insert(group.clone());
        }
    }
    Ok(mine)
}
