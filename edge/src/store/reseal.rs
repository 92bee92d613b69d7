//! How far a site is on its way under the newest key.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::SiteId;
use engine::time::Timestamp;
use serde::Deserialize;

/// Stands in [`Progress::place`] once a pass has looked at everything. It sorts behind every place.
pub const AT_END: &str = "~";

/// Whether it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It goes on.
    Open,
    /// Everything was under the newest key.
    Done,
    /// What is left cannot be opened.
    Stuck,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Stuck => "stuck",
        }
    }
}

/// A site's row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Progress {
    /// The site.
    pub site: SiteId,
    /// The keys it was about, newest first, commas between.
    pub ring: String,
    /// Whether it goes on.
    pub state: State,
    /// The last text looked at: the column,
    pub place: String,
    /// the person,
    pub person: String,
    /// and which one.
    pub id: String,
    /// Texts there were to be sealed anew.
    pub total: u64,
    /// Those that were.
    pub resealed: u64,
    /// Those of this pass that do not open.
    pub unopened: u64,
    /// The key everything was under when that last was so.
    pub settled: String,
    /// Since when the newest key is the newest.
    pub newest_since: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A site that wants looking after: its time has come, or the keys are others than the last time.
#[must_use]
pub fn due(now: Timestamp, ring: &str) -> Query<Option<Progress>> {
    Query::first(Statement::of_all_sites(sql!("reseal/due")).int(now).text(ring))
}

/// The site's row.
#[must_use]
pub fn of_site(site: &SiteId) -> Query<Option<Progress>> {
    Query::first(Statement::of(site, sql!("reseal/get")))
}

impl Progress {
    fn of(&self, sql: &'static str) -> Statement {
        Statement::of(&self.site, sql)
    }

    /// Nobody else went on meanwhile. It belongs before everything that follows.
    #[must_use]
    pub fn require(&self) -> Statement {
        let statement = self.of(sql!("reseal/require")).text(&self.ring).text(self.state.as_str());
        statement.text(&self.place).text(&self.person).text(&self.id).int(self.resealed).int(self.unopened)
    }

    /// A pass begins, for these keys.
    #[must_use]
    pub fn begin(
        &self,
        ring: &str,
        (total, resealed): (u64, u64),
        newest_since: Timestamp,
        now: Timestamp,
    ) -> Statement {
        self.of(sql!("reseal/begin")).text(ring).int(total).int(resealed).int(newest_since).int(now)
    }

    /// Counts what the statement before this one sealed anew.
    #[must_use]
    pub fn count(&self) -> Statement {
        self.of(sql!("reseal/count"))
    }

    /// A pass has come this far.
    #[must_use]
    pub fn come_to(&self, at: [&str; 3], unopened: u64, now: Timestamp) -> Statement {
        let [place, person, id] = at;
        self.of(sql!("reseal/move")).text(place).text(person).text(id).int(unopened).int(now)
    }

    /// Nothing is to be done before `next_at`. `settled`: the key everything is under.
    #[must_use]
    pub fn end(
        &self,
        ring: &str,
        settled: Option<&str>,
        newest_since: Timestamp,
        now: Timestamp,
        next_at: Timestamp,
    ) -> Statement {
        let state = if settled.is_some() { State::Done } else { State::Stuck };
        let statement = self.of(sql!("reseal/end")).text(ring).text(state.as_str()).opt_text(settled);
        statement.int(newest_since).int(next_at).int(now)
    }
}

/// Sites by the keys they have seen and how far they are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Standing {
    /// As [`Progress::ring`].
    pub ring: String,
    /// Whether it goes on.
    pub state: State,
    /// How many sites.
    pub sites: u64,
    /// The latest [`Progress::newest_since`] of them.
    pub since: Timestamp,
}

/// For the operator: how far all sites are. It names none of them.
#[must_use]
pub fn everywhere() -> Query<Vec<Standing>> {
    Query::all(Statement::of_all_sites(sql!("reseal/everywhere")))
}
