//! What is kept beside the streams, written with each commit: the fold, a row of the dashboard, timers.

use super::timers;
use crate::random::life::Life;
use engine::page::fold::PageFold;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projections {
    pub folds: BTreeMap<usize, String>,
    pub rows: BTreeMap<usize, Value>,
    pub timers: BTreeSet<(u64, usize)>,
}

impl Projections {
    /// What a commit writes.
    pub fn commit(&mut self, page: usize, life: &Life) {
        let fold = life.fold.as_ref().unwrap();
        self.folds.insert(page, serde_json::to_string(fold).unwrap());
        self.rows.insert(page, row(fold));
        self.timers.retain(|(_, of)| *of != page);
        self.timers.extend(timers(life).into_iter().map(|at| (at, page)));
    }

    /// Pages with something due, each once.
    pub fn due(&self, now: u64) -> BTreeSet<usize> {
        self.timers.range(..=(now, usize::MAX)).map(|(_, page)| *page).collect()
    }
}

/// A page's line of the dashboard.
fn row(fold: &PageFold) -> Value {
    let waiting = fold.review.iter().flat_map(|review| engine::timer::pending(review).map(|now| &now.asked.name));
    json!({
        "state": fold.state.id, "workflow": fold.workflow, "version": fold.latest.version, "ended": fold.ended,
        "approved": fold.approved.as_ref().map(|approved| approved.version), "outdated": fold.changed_since_approval(),
        "waiting": waiting.collect::<Vec<_>>(), "expires": fold.expires_at,
    })
}
