//! Recovery codes: a set made, shown once, kept as HMACs.

use super::super::enrolment::{alive, entry};
use super::super::sensitive::{self, Change};
use super::super::site;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::secret::recovery::{self as kept, Of};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::recovery::{Kept, Left};
use crate::store::{factor, journal, recovery};
use engine::audit::fact::FactorEvent;
use engine::effect::{Effect, OwnerNotice};
use engine::ids::{Seq, StreamId};
use engine::token::challenge::Act;
use engine::token::recovery as codes;
use engine::wire::factors::{NewCodes, NewCodesRequest, Own};

/// A new set.
pub(in super::super) struct Set {
    /// As they are shown, this once.
    pub(in super::super) codes: Vec<String>,
    kept: Vec<Kept>,
}

impl Set {
    /// Ten new ones.
    pub(in super::super) fn make(cx: &Cx, caller: &UiCaller) -> Result<Self, EdgeError> {
        let whose = Of { site: &caller.site, person: &caller.person };
        let mut set = Self { codes: Vec::new(), kept: Vec::new() };
        for _ in 0..codes::COUNT {
            let code = codes::from_random(&*random::bytes::<{ codes::BYTES }>()?);
            let typed =
                codes::normalise(&code).ok_or_else(|| EdgeError::internal("a recovery code does not read back"))?;
            set.kept.push(Kept { id: random::id()?, hmac: kept::digest(cx.keyring()?, whose, &typed)? });
            set.codes.push(code);
        }
        Ok(set)
    }

    /// Puts them in place of the old ones, if there are any: then their owner is told. The entry that says so is at `seq` of
    /// the person's factors.
    pub(in super::super) fn put(
        &self,
        cx: &Cx,
        caller: &UiCaller,
        commit: Commit,
        seq: Seq,
        old: Left,
    ) -> Result<Commit, EdgeError> {
        let (site, person) = (&caller.site, &caller.person);
        let count = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let commit = commit
            .append(&entry(cx, caller, &FactorEvent::RecoveryCodesMade { count })?, seq)
            .raws(recovery::put(site, person, &self.kept, cx.now));
        if old.made_at.is_none() {
            return Ok(commit);
        }
        let notice = OwnerNotice::RecoveryCodesMade { count };
        Ok(commit.effect(&Effect::MailOwner { person: person.clone(), notice }, &random::id()?))
    }
}

/// New codes in place of the old ones. Rules: (1) confirmed with a factor that counts, (2) shown once: a request that comes
/// again gets none, for they are not kept in clear.
pub(in super::super) async fn new_codes(
    cx: &Cx,
    caller: &UiCaller,
    body: NewCodesRequest,
) -> Result<Own<NewCodes>, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::NewRecoveryCodes };
    let none = || Ok(Own::Done { done: NewCodes { codes: Vec::new() } });
    // (1)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        sensitive::Stage::Ask(confirm) => return Ok(Own::Confirm { confirm: Box::new(confirm) }),
        sensitive::Stage::Made(_) => return none(),
        sensitive::Stage::Make(permit) => permit,
    };
    let stream = StreamId::factors(person);
    let mut loading = Loading::new();
    let head = loading.add(journal::head_seq(site, &stream));
    let factors = loading.add(factor::of_person(site, person));
    let left = loading.add(recovery::left(site, person));
    let loaded = loading.run(&db).await?;
    if alive(loaded.get(&factors)?, cx.now).is_empty() {
        return Err(super::super::attempt::no_factor());
    }
    let head = loaded.get(&head)?;
    let set = Set::make(cx, caller)?;
    let commit = Commit::new(site, cx.now).require_head(&stream, head);
    let commit = set.put(cx, caller, commit, head.next(), loaded.get(&left)?)?;
    // (2)
    if change.make(&permit, commit, &stream, head.next()).await? {
        super::super::heal::carry_out(cx, site);
        Ok(Own::Done { done: NewCodes { codes: set.codes } })
    } else {
        none()
    }
}
