//! A page's fold out of its stream, and a page's events into a commit.

use super::commit::Commit;
use super::d1::Query;
use super::dashboard::DashboardRow;
use super::fault::DbFault;
use super::journal::{self, Stored};
use super::timer;
use engine::audit::canonical::NotCanonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::effect;
use engine::ids::{PageId, SiteId, StreamId};
use engine::page::apply::{Damaged, apply};
use engine::page::event::PageEvent;
use engine::page::fold::{FOLD_FORMAT, PageFold};
use engine::time::Timestamp;
use engine::workflow::definition::Definition;

/// A page's stream: read it with [`fold`].
#[must_use]
pub fn stream(site: &SiteId, page: &PageId) -> Query<Stored> {
    journal::stream(site, &StreamId::page(page), FOLD_FORMAT)
}

/// Folds a stored stream. [`None`]: the page is not under a workflow.
///
/// # Errors
/// [`DbFault::Unreadable`] if the snapshot or an entry can't be read, or the stream has a gap.
pub fn fold(stored: &Stored) -> Result<Option<PageFold>, DbFault> {
    let snapshot = stored.snapshot.as_ref().map(|snapshot| serde_json::from_str::<PageFold>(&snapshot.fold));
    let mut fold = snapshot.transpose().map_err(|_| DbFault::Unreadable)?;
    for row in &stored.newer {
        let entry: Entry<PageEvent> = row.read()?;
        fold = Some(apply(fold, row.seq, row.at, &entry.event).map_err(|_| DbFault::Unreadable)?);
    }
    Ok(fold)
}

/// Why events could not be recorded: a fault of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// An event without canonical form.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// Events that don't follow from the fold.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// A fold that can't be written.
    #[error("the fold can't be written")]
    Fold,
}

/// What events happened to a page, and on what they were decided.
pub struct Recorded<'a> {
    /// The page.
    pub page: &'a PageId,
    /// The fold they were decided on; [`None`] for a page not under a workflow yet.
    pub before: Option<&'a PageFold>,
    /// The definition the page runs on.
    pub definition: &'a Definition,
    /// Who caused them.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
    /// What happened, in order.
    pub events: &'a [PageEvent],
}

impl Recorded<'_> {
    /// Adds to `commit`: the page's head is still where it was read; the entries; the snapshot, the row for lists and the
    /// effects that follow. Gives back the fold after it.
    ///
    /// # Errors
    /// [`NotRecorded`]: a fault of ours.
    pub fn into_commit(self, site: &SiteId, mut commit: Commit) -> Result<(Commit, Option<PageFold>), NotRecorded> {
        let stream = StreamId::page(self.page);
        let mut seq = self.before.map(|fold| fold.seq).unwrap_or_default();
        commit = commit.require_head(&stream, seq);
        let mut fold = self.before.cloned();
        for event in self.events {
            seq = seq.next();
            let entry = Entry {
                v: ENCODING,
                site: site.clone(),
                stream: stream.clone(),
                at: self.at,
                actor: self.actor.clone(),
                event,
            };
            commit = commit.append(&entry.seal()?, seq);
            fold = Some(apply(fold, seq, self.at, event)?);
        }
        if let Some(fold) = fold.as_ref().filter(|_| !self.events.is_empty()) {
            let json = serde_json::to_string(fold).map_err(|_| NotRecorded::Fold)?;
            commit = commit.snapshot(&stream, seq, FOLD_FORMAT, &json).dashboard(&DashboardRow::of(
                self.page,
                fold,
                self.definition,
            ));
            let effects = effect::of_page_change(self.page, self.before, fold, self.events);
            commit = commit
                .raws(timer::replace_decisive(site, self.page, fold))
                .effects(&effects, &format!("{}/{}", stream, seq.0));
        }
        Ok((commit, fold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::journal::Row;
    use crate::store::sample::Sample;
    use crate::store::snapshot::Snapshot;
    use engine::ids::Seq;

    fn rows(events: &[(Seq, Timestamp, PageEvent)]) -> Vec<Row> {
        let row = |(seq, at, event): &(Seq, Timestamp, PageEvent)| {
            let stream = StreamId::page(&PageId::new("98305"));
            let entry = Entry { v: ENCODING, site: SiteId::new("s"), stream, at: *at, actor: Actor::System, event };
            let sealed = entry.seal().unwrap();
            Row { seq: *seq, at: *at, kind: sealed.kind, entry: Some(sealed.bytes) }
        };
        events.iter().map(row).collect()
    }

    fn history() -> (Vec<(Seq, Timestamp, PageEvent)>, PageFold) {
        let mut events = Vec::new();
        let mut sample = Sample::new();
        for step in [Sample::started, |s: Sample| s.submitted(7), |s: Sample| s.approved(7), |s: Sample| s.edited(8)] {
            sample = step(sample);
            for event in sample.events.clone() {
                events.push((Seq(events.len() as u64 + 1), sample.at(), event));
            }
        }
        (events, sample.fold.unwrap())
    }

    #[test]
    fn a_snapshot_and_what_is_newer_make_the_same_fold_as_the_whole_stream() {
        let (events, expected) = history();
        let newer = rows(&events);
        assert_eq!(fold(&Stored { snapshot: None, newer: newer.clone() }), Ok(Some(expected.clone())));
        for cut in 1..=events.len() {
            let start = fold(&Stored { snapshot: None, newer: newer[..cut].to_vec() }).unwrap().unwrap();
            let json = serde_json::to_string(&start).unwrap();
            let snapshot = Snapshot { seq: start.seq, format: FOLD_FORMAT, fold: json };
            let stored = Stored { snapshot: Some(snapshot), newer: newer[cut..].to_vec() };
            assert_eq!(stored.head(), expected.seq);
            assert_eq!(fold(&stored), Ok(Some(expected.clone())), "cut at {cut}");
        }
        assert_eq!(fold(&Stored::default()), Ok(None));
    }

    #[test]
    fn a_damaged_stream_is_no_fold() {
        let (events, _) = history();
        let mut gap = rows(&events);
        gap.remove(1);
        assert_eq!(fold(&Stored { snapshot: None, newer: gap }), Err(DbFault::Unreadable));
        let mut erased = rows(&events);
        erased[1].entry = None;
        assert_eq!(fold(&Stored { snapshot: None, newer: erased }), Err(DbFault::Unreadable));
    }

    #[test]
    fn the_fold_recorded_is_the_fold_of_the_events() {
        let sample = Sample::new().submitted(7);
        let recorded = Recorded {
            page: &sample.page,
            before: sample.before.as_ref(),
            definition: &sample.definition,
            actor: &sample.actor(),
            at: sample.at(),
            events: &sample.events,
        };
        let site = SiteId::new("s");
        let (_, fold) = recorded.into_commit(&site, Commit::new(&site, sample.at())).unwrap();
        assert_eq!(fold, sample.fold);
    }
}
