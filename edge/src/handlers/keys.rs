//! Under which keys a site's secrets are kept, for admins.

use super::settings::require_admin;
use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::reseal::ring_of;
use crate::secret::keys::Keyring;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::reseal::{self, Progress, State};
use crate::store::sealed::{self, Kept, Under};
use core::time::Duration;
use engine::time::Timestamp;
use engine::wire::keys::{KeyStanding, KeyUse, KeysRequest, KeysResponse, Removal, Rotation, RotationState};
use std::collections::BTreeSet;

/// What was begun with the key before is over by then: no challenge, link or cookie is good for longer.
pub(super) const CHALLENGES_END: Duration = Duration::from_secs(3600);

pub(super) async fn overview(cx: &Cx, caller: &UiCaller, _: KeysRequest) -> Result<KeysResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let under = loading.add(sealed::under(&caller.site));
    let kept = loading.add(sealed::kept(&caller.site, cx.now));
    let progress = loading.add(reseal::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let (under, kept, progress) = (loaded.get(&under)?, loaded.get(&kept)?, loaded.get(&progress)?);
    Ok(answer(cx.keyring()?, &under, &kept, progress.as_ref(), cx.now))
}

fn answer(keyring: &Keyring, under: &Under, kept: &Kept, progress: Option<&Progress>, now: Timestamp) -> KeysResponse {
    // What is known of a site belongs to the keys it was found with.
    let current = progress.filter(|progress| progress.ring == ring_of(keyring));
    let newest_since = current.map(|progress| progress.newest_since);
    let named = under.keys.keys().chain(kept.mailed.keys()).chain(kept.recovery.keys());
    let known: BTreeSet<&str> = keyring.ids().collect();
    let missing: BTreeSet<&str> = named.map(String::as_str).filter(|id| !known.contains(id)).collect();
    let of = |id: &str| KeyUse {
        id: id.to_owned(),
        check: keyring.check_value(id),
        standing: standing(keyring, id),
        sealed: under.keys.get(id).copied().unwrap_or_default(),
        mailed_codes: kept.mailed.get(id).copied().unwrap_or_default(),
        recovery_codes: kept.recovery.get(id).copied().unwrap_or_default(),
        removal: Removal::InUse,
    };
    let keys = keyring.ids().chain(missing).map(of).map(|key| {
        let removal = removal(&key, newest_since, now);
        KeyUse { removal, ..key }
    });
    KeysResponse {
        keys: keys.collect(),
        rotation: Rotation {
            state: match current.map(|progress| progress.state) {
                None => RotationState::Due,
                Some(State::Open) => RotationState::Open,
                Some(State::Done) if under.older(keyring) > 0 => RotationState::Open,
                Some(State::Done) => RotationState::Done,
                Some(State::Stuck) => RotationState::Stuck,
            },
            total: current.map(|progress| progress.total).unwrap_or_default().max(under.older(keyring)),
            left: under.older(keyring),
            newest_since,
            ended_at: current.and_then(|progress| progress.ended_at),
        },
        unreadable: under.unreadable,
    }
}

fn standing(keyring: &Keyring, id: &str) -> KeyStanding {
    match keyring.ids().position(|known| known == id) {
        Some(0) => KeyStanding::Newest,
        Some(_) => KeyStanding::Older,
        None => KeyStanding::Missing,
    }
}

/// Rules: (1) the newest key is in use, and so is one that is missing but needed, (2) sealed texts come first, and what
/// recovery codes need is put by, (3) then what was begun with it has to end.
fn removal(key: &KeyUse, newest_since: Option<Timestamp>, now: Timestamp) -> Removal {
    // (1)
    if key.standing != KeyStanding::Older {
        return Removal::InUse;
    }
    // (2)
    let Some(since) = newest_since.filter(|_| key.sealed == 0 && key.recovery_codes == 0) else {
        return Removal::Waiting;
    };
    // (3)
    let at = since + CHALLENGES_END;
    if now < at || key.mailed_codes > 0 { Removal::From { at: at.max(now) } } else { Removal::Free }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use engine::ids::SiteId;

    const HOUR: u64 = 3_600_000;

    fn keyring() -> Keyring {
        let key = |byte| BASE64.encode(&[byte; 32]);
        Keyring::parse(&format!("k2:{},k1:{}", key(2), key(1))).unwrap()
    }

    fn progress(ring: &str, state: State) -> Progress {
        let none = String::new;
        Progress {
            site: SiteId::new("s"),
            ring: ring.to_owned(),
            state,
            place: none(),
            person: none(),
            id: none(),
            total: 5,
            resealed: 3,
            unopened: 0,
            settled: none(),
            newest_since: Timestamp(1000),
            ended_at: None,
        }
    }

    fn under(keys: &[(&str, u64)]) -> Under {
        Under { keys: keys.iter().map(|(id, texts)| ((*id).to_owned(), *texts)).collect(), unreadable: 0 }
    }

    fn old_key(under: &Under, kept: &Kept, now: u64) -> KeyUse {
        let progress = progress("k2,k1", State::Done);
        let answer = answer(&keyring(), under, kept, Some(&progress), Timestamp(now));
        answer.keys.into_iter().find(|key| key.id == "k1").unwrap()
    }

    #[test]
    fn a_key_can_go_when_nothing_needs_it() {
        let end = 1000 + HOUR;
        let none = Kept::default();
        assert_eq!(old_key(&under(&[("k1", 1)]), &none, end).removal, Removal::Waiting);
        assert_eq!(old_key(&under(&[]), &none, end - 1).removal, Removal::From { at: Timestamp(end) });
        assert_eq!(old_key(&under(&[]), &none, end).removal, Removal::Free);
        let mailed = Kept { mailed: [("k1".to_owned(), 1)].into(), ..Kept::default() };
        assert_eq!(old_key(&under(&[]), &mailed, end + 5).removal, Removal::From { at: Timestamp(end + 5) });
        let recovery = Kept { recovery: [("k1".to_owned(), 7)].into(), ..Kept::default() };
        let key = old_key(&under(&[]), &recovery, end);
        assert_eq!((key.removal, key.recovery_codes), (Removal::Waiting, 7));
    }

    #[test]
    fn the_newest_key_and_a_missing_one_are_said_to_be_in_use() {
        let texts = under(&[("k2", 4), ("k0", 2)]);
        let answer = answer(&keyring(), &texts, &Kept::default(), None, Timestamp(9 * HOUR));
        let told: Vec<_> = answer.keys.iter().map(|key| (key.id.as_str(), key.standing, key.removal)).collect();
        assert_eq!(
            told,
            [
                ("k2", KeyStanding::Newest, Removal::InUse),
                // Not looked at with these keys yet.
                ("k1", KeyStanding::Older, Removal::Waiting),
                ("k0", KeyStanding::Missing, Removal::InUse),
            ]
        );
        assert!(answer.keys[0].check.is_some() && answer.keys[2].check.is_none());
        assert_eq!(answer.rotation.state, RotationState::Due);
    }

    #[test]
    fn what_is_told_of_the_rotation_is_counted_now() {
        let state = |ring: &str, state, texts: &[(&str, u64)]| {
            let progress = progress(ring, state);
            answer(&keyring(), &under(texts), &Kept::default(), Some(&progress), Timestamp(0)).rotation
        };
        let open = state("k2,k1", State::Open, &[("k2", 3), ("k1", 2)]);
        assert_eq!((open.state, open.total, open.left), (RotationState::Open, 5, 2));
        assert_eq!(state("k2,k1", State::Done, &[("k1", 1)]).state, RotationState::Open, "sealed since");
        assert_eq!(state("k2,k1", State::Done, &[("k2", 1)]).state, RotationState::Done);
        assert_eq!(state("k1", State::Done, &[("k1", 1)]).state, RotationState::Due, "other keys");
        assert_eq!(state("k2,k1", State::Stuck, &[("k0", 1)]).state, RotationState::Stuck);
    }
}
