//! What our own page asks. Who asks is told by the visit; see [`crate::hosted`].

mod make;
mod shown;
mod verify;

use super::factors::not_me_by_mail;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::fit::modules::Module;
use crate::handlers::invited;
use crate::hosted::{link, over, visit};
use crate::http::{EdgeError, answer, body};
use crate::store::consumed;
use crate::store::d1::Db;
use engine::ids::PageId;
use engine::token::link::{Errand, Going};
use engine::wire::passkey::{OpenRequest, Task, TaskRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::status::ViewerKind;
use worker::Response;

/// A request of our own page: it was sent by it, that much is known.
pub(crate) async fn answer(
    cx: &Cx,
    headers: &web_sys::Headers,
    path: &str,
    sent: &[u8],
) -> Result<Response, EdgeError> {
    if invited::takes(path) {
        return invited::answer(cx, headers, path, sent).await;
    }
    if path == route::HOSTED_OPEN {
        return open(cx, headers, body::json(sent)?).await;
    }
    // Neither begins a visit nor needs one.
    if path == route::HOSTED_NOT_ME {
        return answer::json(&not_me_by_mail(cx, &body::json(sent)?).await?);
    }
    let going = visit::of(cx, headers)?;
    let task = match path {
        route::HOSTED_TASK => {
            let TaskRequest {} = body::json(sent)?;
            task(cx, &going).await?
        }
        route::HOSTED_REGISTER => make::register(cx, &going, body::json(sent)?).await?,
        route::HOSTED_ASSERT => verify::assert(cx, &going, body::json(sent)?).await?,
        _ => return Err(EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address.")),
    };
    answer::json(&task)
}

/// Follows a link. Rules: (1) it is ours and not too old; (2) what it leads to is still to be done; (3) it was not used,
/// but by this very visit: pressing twice and a lost answer are harmless; (4) the visit begins.
async fn open(cx: &Cx, headers: &web_sys::Headers, body: OpenRequest) -> Result<Response, EdgeError> {
    // (1)
    let link = link::read(cx, &body.link)?;
    let db = Db::new(cx.db()?);
    // (3)
    let used = db.ask(consumed::by_nonce(&link.0.site, &link.0.nonce)).await?.is_some();
    if used {
        let going = visit::of(cx, headers)?;
        return if going.nonce == link.0.nonce { answer::json(&task(cx, &going).await?) } else { Err(over()) };
    }
    // (2)
    let task = task(cx, &link.0).await?;
    if !link::use_up(cx, &db, &link, &body.link).await? {
        return Err(over());
    }
    // (4)
    let cookie = visit::begin(cx, &link.visit(cx.now))?;
    answer::with_cookie(&task, &cookie)
}

/// What is to be done in a visit.
async fn task(cx: &Cx, going: &Going) -> Result<Task, EdgeError> {
    match going.errand {
        Errand::MakePasskey => make::task(cx, going).await,
        Errand::UsePasskey => verify::task(cx, going).await,
        // A visit of another kind, with answers of its own.
        Errand::Invited => Err(over()),
    }
}

/// The person as other handlers know callers. There is no token of theirs: pages are read as the app, and whether they may
/// is asked as for guests.
fn caller(going: &Going, page: Option<PageId>) -> UiCaller {
    let cloud_id = going.site.as_str().split('/').next().unwrap_or_default().to_owned();
    UiCaller {
        site: going.site.clone(),
        cloud_id,
        installation: String::new(),
        person: going.account.clone(),
        kind: ViewerKind::Guest,
        known_as: if going.guest { ViewerKind::Guest } else { ViewerKind::Licensed },
        module: Module::Macro,
        page,
        space: None,
        user_token: None,
        license_active: None,
        invitation: None,
    }
}
