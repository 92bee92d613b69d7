//! What a person sets for themselves: when they are away, and who decides for them meanwhile. How often they get a list of
//! what waits for them is set in [`super::digest`].

use super::app;
use super::refusal::clash;
use crate::confluence::{Client, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::absence::{self, Absent};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{installation, journal, personal};
use core::time::Duration;
use engine::audit::fact::AbsenceEvent;
use engine::ids::{AccountId, StreamId};
use engine::time::Timestamp;
use engine::wire::me::{ABSENCE_DAYS_MAX, Absence, AbsenceRequest, MeRequest, MeResponse, NewAbsence};
use engine::wire::problem::{Problem, ProblemKind};
use std::collections::BTreeMap;

/// How often a lost race of the person with themselves is run again.
const ROUNDS: usize = 3;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: MeRequest) -> Result<MeResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    show(cx, caller, &db).await
}

/// Rules: (1) the time makes sense, (2) the stand-in is somebody else with an account in use, as Confluence says now,
/// (3) what was said before is taken back in the same entry. Ending an absence that is none writes nothing.
pub(super) async fn absence(cx: &Cx, caller: &UiCaller, body: AbsenceRequest) -> Result<MeResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    let event = match body.absence {
        Some(new) => {
            // (1), (2)
            if let Some(problem) = wrong(&new, &caller.person, cx.now) {
                return Err(problem.into());
            }
            let app = app::client_for(cx, &db, &caller.site).await?;
            if !can_stand_in(&app, &new.stand_in).await? {
                let detail = "Nobody with an account in use stands for you this way. Choose somebody else.";
                return Err(Problem::new(ProblemKind::CannotBeAsked, detail).at("stand_in").into());
            }
            AbsenceEvent::AbsenceSet { stand_in: new.stand_in, from: new.from, until: new.until }
        }
        None => AbsenceEvent::AbsenceEnded,
    };
    // (3)
    record(cx, caller, &db, &event).await?;
    show(cx, caller, &db).await
}

async fn record(cx: &Cx, caller: &UiCaller, db: &Db, event: &AbsenceEvent) -> Result<(), EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    for _ in 0..ROUNDS {
        let mut loading = Loading::new();
        let head = loading.add(journal::head_seq(site, &StreamId::absence(person)));
        // From the beginning of time: a row that is over is still a row.
        let row = loading.add(absence::of_person(site, person, Timestamp(0)));
        let loaded = loading.run(db).await?;
        if *event == AbsenceEvent::AbsenceEnded && loaded.get(&row)?.is_none() {
            return Ok(());
        }
        let commit = absence::record(Commit::new(site, cx.now), site, person, loaded.get(&head)?, cx.now, event)
            .map_err(|fault| EdgeError::internal(fault.to_string()))?;
        match commit.run(db).await {
            Ok(()) => return Ok(()),
            Err(CommitFault::Failed(Precondition::Head)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(clash())
}

fn wrong(new: &NewAbsence, person: &AccountId, now: Timestamp) -> Option<Problem> {
    let problem = |field: &str, detail: &str| Some(Problem::new(ProblemKind::BadField, detail).at(field));
    if new.stand_in == *person {
        return problem("stand_in", "Choose somebody else: nobody stands in for themselves.");
    }
    if new.stand_in.as_str().is_empty() || new.stand_in.as_str().len() > 128 {
        return problem("stand_in", "Choose who decides for you while you are away.");
    }
    if new.until <= new.from {
        return problem("until", "The end must come after the beginning.");
    }
    if new.until <= now {
        return problem("until", "This time is over already. Choose an end that is still to come.");
    }
    let longest = u32::try_from(ABSENCE_DAYS_MAX).unwrap_or(u32::MAX);
    if new.until - new.from > DAY * longest {
        let detail = format!("An absence lasts at most {longest} days. Choose an earlier end.");
        return problem("until", &detail);
    }
    if new.from > now + DAY * longest {
        let detail = format!("Begin within the next {longest} days.");
        return problem("from", &detail);
    }
    None
}

async fn can_stand_in(app: &Client, account: &AccountId) -> Result<bool, EdgeError> {
    let one = [account.clone()];
    let (profile, departed) =
        futures_util::future::try_join(user::profile(app, account), user::departed(app, &one)).await?;
    Ok(departed.is_empty() && profile.is_some_and(|profile| !profile.is_app))
}

/// What the person has set, with names as Confluence shows them now; where it can't be asked, account ids stand for them.
async fn show(cx: &Cx, caller: &UiCaller, db: &Db) -> Result<MeResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let mut loading = Loading::new();
    let own = loading.add(absence::of_person(site, person, cx.now));
    let away = loading.add(absence::stands_in(site, person, cx.now));
    let installation = loading.add(installation::of_site(site));
    let digest = loading.add(personal::digest(site, person));
    let loaded = loading.run(db).await?;
    let (own, away) = (loaded.get(&own)?, loaded.get(&away)?);
    let mut asked: Vec<AccountId> = vec![person.clone()];
    asked.extend(own.iter().map(|absent| absent.stand_in.clone()).chain(away.iter().map(|one| one.person.clone())));
    let profiles = match app::client(cx, site, loaded.get(&installation)?.as_ref()) {
        Ok(app) => user::profiles(&app, &asked).await.unwrap_or_default(),
        Err(_) => BTreeMap::new(),
    };
    let name = |account: &AccountId| {
        profiles.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
    };
    Ok(MeResponse {
        absence: own.map(|Absent { stand_in, from_at, until_at, .. }| Absence {
            name: name(&stand_in),
            stand_in,
            from: from_at,
            until: until_at,
        }),
        stands_in_for: away.iter().map(|absent| name(&absent.person)).collect(),
        digest: loaded.get(&digest)?,
        zone: profiles.get(person).and_then(|one| one.time_zone.clone()).unwrap_or_else(|| "UTC".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_has_an_end_a_beginning_before_it_and_somebody_else() {
        let (me, now) = (AccountId::new("me"), Timestamp(0) + DAY * 1000);
        let day = |number: u32| Timestamp(0) + DAY * number;
        let new = |stand_in: &str, from, until| NewAbsence { stand_in: AccountId::new(stand_in), from, until };
        let field = |new: &NewAbsence| wrong(new, &me, now).and_then(|problem| problem.field);
        assert_eq!(field(&new("other", day(999), day(1001))), None);
        assert_eq!(field(&new("other", day(1000), day(1366))), None);
        assert_eq!(field(&new("me", day(1001), day(1002))).as_deref(), Some("stand_in"));
        assert_eq!(field(&new("", day(1001), day(1002))).as_deref(), Some("stand_in"));
        assert_eq!(field(&new("other", day(1002), day(1002))).as_deref(), Some("until"));
        assert_eq!(field(&new("other", day(990), day(1000))).as_deref(), Some("until"));
        assert_eq!(field(&new("other", day(1000), day(1367))).as_deref(), Some("until"));
        assert_eq!(field(&new("other", day(1400), day(1401))).as_deref(), Some("from"));
    }
}
