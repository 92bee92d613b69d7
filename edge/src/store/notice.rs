//! What notices need to know, and factors that are about to end.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use core::time::Duration;
use engine::ids::{AccountId, FactorId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// How long before its end the owner of a factor is told.
pub const WARNED_BEFORE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Factors one call tells of: few, so that other mails need not wait behind them.
const MOST_AT_ONCE: u32 = 50;

/// A factor in use, as a notice needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Standing {
    /// Its kind.
    pub kind: FactorKind,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What its owner calls it.
    pub name: Option<String>,
}

/// The factor, unless it was removed.
#[must_use]
pub fn standing(site: &SiteId, person: &AccountId, factor: &FactorId) -> Query<Option<Standing>> {
    Query::first(Statement::of(site, sql!("notice/standing")).text(person).text(factor))
}

/// Puts a notice into the outbox for each factor that ends within [`WARNED_BEFORE`], and for each that has ended: once for
/// each end it has, so that a renewed one is told of again.
#[must_use]
pub fn of_ends(site: &SiteId, now: Timestamp) -> Vec<Statement> {
    let of = |about: &str, after: Timestamp, until: Timestamp, told: u32| {
        [sql!("notice/of_ends"), sql!("notice/told")]
            .map(|sql| Statement::of(site, sql).text(about).int(after).int(until).int(told).int(now).int(MOST_AT_ONCE))
    };
    let soon = of("factor-expires-soon", now, now + WARNED_BEFORE, 1);
    let ended = of("factor-expired", Timestamp(0), now, 2);
    soon.into_iter().chain(ended).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::effect::{Effect, OwnerNotice};

    /// The database writes these effects itself: they have to be what the outbox reads.
    #[test]
    fn what_the_database_writes_is_an_effect() {
        for (about, notice) in [
            ("factor-expires-soon", OwnerNotice::FactorExpiresSoon { factor: FactorId::new("f"), until: Timestamp(7) }),
            ("factor-expired", OwnerNotice::FactorExpired { factor: FactorId::new("f"), until: Timestamp(7) }),
        ] {
            let written = serde_json::json!({
                "effect": "mail-owner",
                "person": "p",
                "notice": { "about": about, "factor": "f", "until": 7 },
            });
            let effect: Effect = serde_json::from_value(written).unwrap();
            assert_eq!(effect, Effect::MailOwner { person: AccountId::new("p"), notice });
            assert_eq!(effect.lane(), "person/p");
        }
        let statements = of_ends(&SiteId::new("s"), Timestamp(1));
        assert!(
            statements
                .iter()
                .any(|one| one.sql().contains("'mail-owner'") && one.sql().contains("'person/' || person"))
        );
    }
}
