//! The space page: pages under a workflow that the person may see, those waiting for them first.

use super::app;
use crate::confluence::rights::is_space_admin;
use crate::confluence::{Client, Freshness, group, page};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::absence;
use crate::store::d1::Db;
use crate::store::dashboard::{self, DashboardRow, Looking};
use crate::store::installation;
use crate::store::load::Loading;
use engine::ids::{AccountId, GroupId, PageId};
use engine::wire::problem::ProblemKind;
use engine::wire::space::{SpacePage, SpaceRequest, SpaceResponse};
use engine::wire::status::Role;
use std::collections::{BTreeMap, BTreeSet};

/// The most pages shown; Confluence is asked for as many at once.
const MOST_PAGES: u32 = 200;

/// Rules: (1) the space is the token's, (2) what the person may not see is not there, titles included: Confluence is asked
/// with their own token, (3) pages wait for them also where they decide for somebody who is away.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: SpaceRequest) -> Result<SpaceResponse, EdgeError> {
    // (1)
    let space = caller.space.as_ref().ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "This view belongs to a space. Open it from a space's sidebar.")
    })?;
    let site = &caller.site;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let rows = loading.add(dashboard::of_space(site, space, MOST_PAGES + 1));
    let away = loading.add(absence::stands_in(site, &caller.person, cx.now));
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
    let app = app::client(cx, site, loaded.get(&installation)?.as_ref()).ok();
    let roles = if asks_space_admins(&rows) && is_space_admin(&person, caller, space, Freshness::Cached, cx.now).await?
    {
        BTreeSet::from([Role::SpaceAdmin])
    } else {
        BTreeSet::new()
    };
    let mut looking = vec![Looking {
        account: caller.person.clone(),
        groups: groups_of(cx, caller, &caller.person, app.as_ref(), &rows).await?,
        roles,
    }];
    for absent in loaded.get(&away)? {
        let groups = groups_of(cx, caller, &absent.person, app.as_ref(), &rows).await?;
        looking.push(Looking { account: absent.person, groups, roles: BTreeSet::new() });
    }
    let mut pages: Vec<SpacePage> = rows
        .into_iter()
        .filter_map(|row| {
            let title = titles.get(&row.page)?.clone();
            Some(SpacePage {
                waits_for_me: looking.iter().any(|one| row.waits_for(one)),
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

fn asks_space_admins(rows: &[DashboardRow]) -> bool {
    rows.iter().flat_map(|row| &row.waiting).any(|one| one.roles.contains(&Role::SpaceAdmin))
}

/// Which of the groups that are asked somewhere somebody is in; none that can't be asked about.
async fn groups_of(
    cx: &Cx,
    caller: &UiCaller,
    account: &AccountId,
    app: Option<&Client>,
    rows: &[DashboardRow],
) -> Result<BTreeSet<GroupId>, EdgeError> {
    let mut found = BTreeSet::new();
    let Some(app) = app else { return Ok(found) };
    let asked: BTreeSet<&GroupId> = rows.iter().flat_map(|row| &row.waiting).flat_map(|one| &one.groups).collect();
    for group in asked {
        let one = BTreeSet::from([group.clone()]);
        let (site, installation) = (&caller.site, &caller.installation);
        if group::is_member(app, site, installation, account, &one, Freshness::Cached, cx.now).await? {
            found.insert(group.clone());
        }
    }
    Ok(found)
}
