//! Why I am asked: everybody about themselves, by the rules that judge what they then do.

use super::super::site::{self, PolicyHead};
use super::super::{app, page as page_of};
use super::asked::{Has, Told};
use super::in_force;
use crate::confirm::subject_of;
use crate::confluence::user;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::fit::modules::Module;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, guess, installation};
use engine::token::policy::Action;
use engine::wire::policy::{WhyRequest, WhyResponse};
use engine::wire::status::ViewerKind;

/// What people do on a page.
const ON_A_PAGE: [Action; 6] =
    [Action::Submit, Action::Approve, Action::Reject, Action::Select, Action::Reassign, Action::Publish];
/// Admins looked at, and named.
const ADMINS_ASKED: u32 = 10;
const ADMINS_NAMED: usize = 3;

/// Anybody about themselves, on the page their token names, with what its workflow adds; elsewhere by the policy alone.
pub(in crate::handlers) async fn why(cx: &Cx, caller: &UiCaller, _: WhyRequest) -> Result<WhyResponse, EdgeError> {
    let (site, person, db) = (&caller.site, &caller.person, Db::new(cx.db()?));
    let mut loading = Loading::new();
    let page = caller.page.as_ref().map(|page| page_of::ask(&mut loading, site, page));
    let factors = loading.add(factor::of_person(site, person));
    let guesses = loading.add(guess::of_person(site, person));
    let loaded = loading.run(&db).await?;
    let (known, PolicyHead { policy, since, .. }) = match &page {
        Some(slots) => {
            let (known, policy) = page_of::read(cx, &db, site, &loaded, slots).await?;
            (Some(known), policy)
        }
        None => {
            site::open(cx, &db, site).await?;
            (None, in_force(&db, caller).await?)
        }
    };
    let has = Has::of(&loaded.get(&factors)?, cx.now);
    let mut told = Told::by(&policy, &has);
    let actions = if caller.module == Module::Settings { &Action::ALL[..] } else { &ON_A_PAGE[..] };
    for action in actions {
        let subject = subject_of(cx, &db, caller, &policy, *action).await?;
        told.tell(known.as_ref(), &subject, *action);
    }
    let external = told.external.map(|external| format!("You count as external because {}.", external.sentence()));
    Ok(WhyResponse {
        version: policy.version,
        since,
        on_a_page: known.is_some(),
        external,
        has: has.now(),
        expired: has.expired(),
        lock: loaded.get(&guesses)?.lock(cx.now),
        asked: told.asked,
        admins: admins(cx, &db, caller).await.unwrap_or_default(),
    })
}

/// Who can be asked about it, by name: a help, no more. Guests are told nobody's.
async fn admins(cx: &Cx, db: &Db, caller: &UiCaller) -> Result<Vec<String>, EdgeError> {
    if caller.known_as == ViewerKind::Guest {
        return Ok(Vec::new());
    }
    let mut known = db.ask(installation::admins(&caller.site, cx.now, ADMINS_ASKED)).await?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let app = app::client_for(cx, db, &caller.site).await?;
    let gone = user::departed(&app, &known).await?;
    known.retain(|admin| !gone.contains(admin));
    known.truncate(ADMINS_NAMED);
    let profiles = user::profiles(&app, &known).await?;
    Ok(known.iter().filter_map(|admin| profiles.get(admin)).map(|profile| profile.name.clone()).collect())
}
