//! The journal's word on a page, and its version in Confluence where the browser can't ask for itself.

use super::{app, heal, page};
use crate::confluence::Freshness;
use crate::confluence::page::Wanted;
use crate::confluence::rights::{self, Clients};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::outbox::kv;
use crate::page::known;
use crate::store::d1::Db;
use crate::store::installation;
use crate::store::load::Loading;
use engine::wire::status::{ConfirmRequest, ConfirmResponse, VersionNow, ViewerKind};

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: ConfirmRequest) -> Result<ConfirmResponse, EdgeError> {
    let page = caller.page()?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let slots = known::ask(&mut loading, &caller.site, page);
    let installation = loading.add(installation::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let known = known::read(&db, &caller.site, &loaded, &slots).await?;

    let page_version = match caller.kind {
        ViewerKind::Licensed => VersionNow::AskBridge,
        ViewerKind::Guest | ViewerKind::Invited => {
            let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref());
            guest_version(cx, caller, app).await
        }
    };
    if let Some(fold) = &known.fold {
        // A copy that is behind, ahead, of another format or says something else is put right by the outbox.
        let wanted = kv::Copy::of(fold.clone(), known.names.clone());
        let copy = kv::read_copy(&cx.kv()?, &caller.site, page).await;
        if copy.is_none_or(|copy| copy != wanted) {
            heal::copy(cx, &caller.site, page);
        }
        heal::byline(cx, &caller.site, page);
    }
    Ok(ConfirmResponse { status: page::status(cx, &db, caller, &known).await?, page_version })
}

async fn guest_version(cx: &Cx, caller: &UiCaller, app: Result<crate::confluence::Client, EdgeError>) -> VersionNow {
    let asked = async {
        let app = app?;
        let clients = Clients { person: None, app: Some(&app) };
        let page = caller.page()?;
        Ok::<_, EdgeError>(
            rights::page_as_caller(clients, caller, page, Wanted::default(), Freshness::Cached, cx.now).await?,
        )
    };
    match asked.await {
        Ok(found) => VersionNow::Known { version: found.version },
        Err(error) => {
            error.log("confirm");
            VersionNow::Unknown { reason: error.into_problem().detail }
        }
    }
}
