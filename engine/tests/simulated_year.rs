//! A year of a space with 200 pages: edits whose news are lost, doubled, late and out of order, holidays, groups that change,
//! a clock that oversleeps, a new version of every workflow in the middle. At the end everything kept follows from the
//! streams, and every stream tells a whole story.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod common;
mod random;
mod year;

use engine::ids::PageVersion;
use engine::page::apply::replay;
use engine::page::event::{Cause, PageEvent};
use engine::time::Timestamp;
use random::life::Life;
use random::seen::Seen;
use year::projection::Projections;
use year::{PAGES, Year};

#[test]
fn a_year_of_two_hundred_pages() {
    for seed in [1] {
        let mut year = Year::new(seed);
        // Every event is checked as it is recorded: what caused it, who was asked, how many signed.
        year.live();
        let mut rebuilt = Projections::default();
        let mut seen = Seen::default();
        for (number, page) in year.pages.iter().enumerate() {
            let mut again = page.clone();
            again.fold = replay(None, page.events.iter().map(|(seq, at, event)| (*seq, *at, event))).unwrap();
            assert_eq!(again.fold, page.fold);
            rebuilt.commit(number, &again);
            knows_the_page_as_it_is(page);
            approves_only_what_was_there(page);
            seen += page.ledger.seen;
        }
        assert_eq!(rebuilt.folds, year.projections.folds);
        assert_eq!(rebuilt.rows, year.projections.rows);
        assert_eq!(rebuilt.timers, year.projections.timers);
        let events: usize = year.pages.iter().map(|page| page.events.len()).sum();
        println!("{PAGES} pages, {events} events, {:?}, {seen:?}", year.counts);
        let Seen { approvals, rejections, voided, expired, stood_in, reassigned, moved_in_review, .. } = seen;
        assert!(approvals > 100 && rejections > 50 && expired > 50, "enough has happened");
        assert!(
            [voided, stood_in, reassigned, moved_in_review, year.counts.lost, year.counts.ended]
                .iter()
                .all(|one| *one > 0)
        );
    }
}

/// After a last look the newest version known is Confluence's, and a claim to be approved is true of it or outdated.
fn knows_the_page_as_it_is(page: &Life) {
    let (fold, now) = (page.fold.as_ref().unwrap(), page.page());
    assert_eq!(fold.latest.version, now.version);
    if let Some(approved) = &fold.approved {
        let same = approved.version == now.version && approved.content_hash == now.content_hash;
        assert_eq!(fold.changed_since_approval(), !same);
        assert!(!approved.signatures.is_empty());
    }
}

/// What was approved was Confluence's version at that time; or else the approval was voided, or the page known to have
/// changed.
fn approves_only_what_was_there(page: &Life) {
    let version_at = |at: Timestamp| {
        let made = page.sheet.versions.iter().filter(|version| version.made_at <= at.0).count();
        PageVersion(u32::try_from(made).unwrap())
    };
    let mut decided = None;
    for (index, (_, at, event)) in page.events.iter().enumerate() {
        match event {
            PageEvent::Decided { version, .. } => decided = Some(*version),
            PageEvent::StateEntered { cause: Cause::Approved, review: None, .. } => {
                let version = decided.expect("somebody decided");
                let mended = page.events[index..].iter().any(|(_, _, later)| match later {
                    PageEvent::ApprovalVoided { version: voided, .. } => *voided == version,
                    PageEvent::Edited { version: newer, .. } => *newer > version,
                    _ => false,
                });
                assert!(version == version_at(*at) || mended, "version {version:?} was not there any more");
            }
            _ => {}
        }
    }
}
