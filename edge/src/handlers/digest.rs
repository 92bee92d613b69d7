//! How often somebody gets a list of what waits for them.

use super::{app, me};
use crate::confluence::user;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::{personal, timer, zone};
use engine::calendar::Zone;
use engine::timer::next_digest;
use engine::wire::me::{DigestRequest, MeRequest, MeResponse};

/// Rules: (1) people set it for themselves alone; (2) the next list comes by the clocks of their time zone, as Confluence says
/// now, or said last; (3) wish and timer are written together.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: DigestRequest) -> Result<MeResponse, EdgeError> {
    let (db, site) = (Db::new(cx.db()?), &caller.site);
    // (1)
    let person = &caller.person;
    // (2)
    let told = match app::client_for(cx, &db, site).await {
        Ok(app) => user::profile(&app, person).await.ok().flatten(),
        Err(_) => None,
    };
    let zone = match &told {
        Some(profile) => zone::of_name(profile.time_zone.as_deref()),
        None => db.ask(zone::of_people(site, [person])).await?.remove(person).unwrap_or_else(Zone::utc),
    };
    // (3)
    let mut commit = Commit::new(site, cx.now).raw(personal::set_digest(site, person, body.digest));
    commit = match next_digest(cx.now, body.digest, &zone) {
        Some(next) => commit.raw(timer::set_digests(site, [(person, next)])),
        None => commit.raw(timer::end_digest(site, person)),
    };
    if let Some(profile) = &told {
        commit = commit.raw(zone::put_profiles(site, [profile], cx.now));
    }
    commit.run(&db).await?;
    me::handle(cx, caller, MeRequest {}).await
}
