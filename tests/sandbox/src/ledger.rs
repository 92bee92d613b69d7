//! The ledger: every effect on the outside, in order, never changed.

use crate::clock;
use crate::model::{Effect, World};
use serde_json::Value;

/// Enters an effect.
pub(crate) fn enter(
    world: &mut World,
    site: Option<&str>,
    kind: &str,
    by: &str,
    page: Option<u64>,
    what: String,
    detail: Value,
) {
    let n = world.ledger.last().map_or(1, |last| last.n + 1);
    world.ledger.push(Effect {
        n,
        at: clock::millis(),
        site: site.map(str::to_owned),
        kind: kind.to_owned(),
        by: by.to_owned(),
        page: page.map(|page| page.to_string()),
        what,
        detail,
    });
}
