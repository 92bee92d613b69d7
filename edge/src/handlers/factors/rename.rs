//! Calling a factor something else.

use super::super::enrolment::{alive, entry};
use super::super::refusal::clash;
use super::list::show;
use super::{named, own};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{factor, journal};
use engine::audit::commitment::ErasableText;
use engine::audit::fact::FactorEvent;
use engine::ids::StreamId;
use engine::wire::factors::{FactorsResponse, RenameRequest};

/// Rules: (1) a name that can be shown, (2) one of the caller's own factors. A name proves nothing, so no code is asked for.
pub(in super::super) async fn rename(
    cx: &Cx,
    caller: &UiCaller,
    body: RenameRequest,
) -> Result<FactorsResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let name = named(&body.name)?;
    let db = Db::new(cx.db()?);
    let stream = StreamId::factors(person);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    // (2)
    let factors = alive(loaded.get(&factors)?, cx.now);
    let factor = own(&factors, &body.factor)?;
    let head = loaded.get(&head)?;
    let name_of = name.as_ref().map(ErasableText::reference);
    let event = FactorEvent::FactorRenamed { factor: factor.id.clone(), name: name_of };
    let commit = Commit::new(site, cx.now)
        .require_head(&stream, head)
        .texts(name.as_ref())
        .append(&entry(cx, caller, &event)?, head.next())
        .raw(factor::rename(site, person, &factor.id, name.as_ref().map(|name| &name.id)));
    match commit.run(&db).await {
        Ok(()) => show(cx, caller, &db).await,
        Err(CommitFault::Failed(Precondition::Head)) => Err(clash()),
        Err(fault) => Err(fault.into()),
    }
}
