//! One page is moved by itself: read, what was not seen of it recorded, and whoever is asked where it goes asked anew.

use super::migrate::Target;
use super::run::Work;
use super::{BAD_VALUES, Stop, refused, sentence};
use crate::clock;
use crate::confluence::Client;
use crate::outbox::obstacle::Obstacle;
use crate::page::change::Happened;
use crate::page::known::{self, Known, Running};
use crate::page::{PageFault, Troupe, reading};
use crate::store::job::{Noted, Progress};
use engine::audit::entry::Actor;
use engine::ids::{AccountId, PageId, WorkflowId};
use engine::page::command::{Command, Move, Needs, PageNow};
use engine::page::event::Signatory;
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::wire::jobs::JobCounts;
use std::collections::BTreeSet;

/// How often a page is tried again because somebody acted on it.
const ROUNDS: usize = 3;

/// What one page by itself is asked and told.
pub(super) struct Asking<'a> {
    pub(super) work: &'a Work<'a>,
    pub(super) app: &'a Client,
    pub(super) from: &'a WorkflowId,
    pub(super) from_version: Option<u32>,
    pub(super) target: &'a Target<'a>,
}

/// How one page ended up.
enum End {
    Done,
    Skipped,
    Failed(String),
}

impl Asking<'_> {
    /// One page, and how far the job is then.
    pub(super) async fn one(&self, page: &PageId) -> Result<(), Stop> {
        let end = match self.go(page).await {
            Ok(End::Done) => return Ok(()),
            Ok(end) => end,
            Err(Stop::Obstacle(Obstacle::NotFound)) => End::Failed(Obstacle::NotFound.sentence().to_owned()),
            Err(stop) => return Err(stop),
        };
        if self.work.write(self.work.commit(), &progress(page, end), false).await? {
            Ok(())
        } else {
            Err(Obstacle::Contended.into())
        }
    }

    async fn go(&self, page: &PageId) -> Result<End, Stop> {
        let errand = self.work.errand;
        for _ in 0..ROUNDS {
            let known = known::load(errand.db, errand.site, page).await?;
            let Some((fold, under)) = known.under() else { return Ok(End::Skipped) };
            let other_version = self.from_version.is_some_and(|version| version != fold.workflow_version);
            if fold.workflow != *self.from || other_version {
                return Ok(End::Skipped);
            }
            let Some((stored, states)) = &self.target.to else {
                let mut troupe = Troupe::new(self.app);
                let by = self.signatory(&mut troupe).await?;
                return Ok(match self.decide(&mut troupe, &known, under, &Command::End { by }).await? {
                    Ok(Written::Now) => End::Done,
                    Ok(Written::Nothing) => End::Skipped,
                    Ok(Written::Raced) => continue,
                    Err(reason) => End::Failed(reason),
                });
            };
            let running = match Running::of(errand.site, &fold.space, stored) {
                Ok(running) => running,
                Err(PageFault::Broken(_)) => {
                    return Ok(End::Failed(sentence(BAD_VALUES).to_owned()));
                }
                Err(fault) => return Err(fault.into()),
            };
            errand.called(3);
            let reading = reading::read(self.app, page).await?;
            let mut troupe = Troupe::new(self.app);
            // What was not seen of it is recorded first, by the workflow it still runs on.
            let seen = reading.now(self.app, Some(fold), &under.definition).await?;
            if self.unseen(fold, &seen) {
                let edit = reading::edit(fold, seen);
                match self.decide(&mut troupe, &known, under, &edit).await? {
                    // The move may be more than this invocation is allowed besides.
                    Ok(Written::Now) if !errand.may_go_on() => return Err(Stop::Again),
                    Ok(Written::Now | Written::Raced) => continue,
                    Ok(Written::Nothing) => {}
                    Err(reason) => return Ok(End::Failed(reason)),
                }
            }
            let now = reading.now(self.app, Some(fold), &running.definition).await?;
            let by = self.signatory(&mut troupe).await?;
            let command = Command::Move(Box::new(Move { states: (*states).clone(), page: now, by }));
            return Ok(match self.decide(&mut troupe, &known, &running, &command).await? {
                Ok(Written::Now) => End::Done,
                Ok(Written::Nothing) => End::Skipped,
                Ok(Written::Raced) => continue,
                Err(reason) => End::Failed(reason),
            });
        }
        Ok(End::Failed(Obstacle::Contended.sentence().to_owned()))
    }

    fn unseen(&self, fold: &PageFold, now: &PageNow) -> bool {
        now.version != fold.latest.version
            || fold.latest.content_hash.as_ref().is_some_and(|seen| *seen != now.content_hash)
    }

    async fn signatory(&self, troupe: &mut Troupe<'_>) -> Result<Option<Signatory>, Stop> {
        let account: &AccountId = &self.work.job.created_by;
        let needs = Needs { people: BTreeSet::from([account.clone()]), ..Needs::default() };
        troupe.learn(&needs).await?;
        let known = troupe.cast().people.get(account);
        Ok(known.map(|one| Signatory { account: account.clone(), name: one.name.clone() }))
    }

    /// Decides and writes. A move is written together with how far the job is.
    async fn decide(
        &self,
        troupe: &mut Troupe<'_>,
        known: &Known,
        running: &Running,
        command: &Command,
    ) -> Result<Result<Written, String>, Stop> {
        let at = clock::now();
        let calls = troupe.calls();
        let decided = troupe.decide(known.fold.as_ref(), running.workflow(), command, at).await?;
        self.work.errand.called(troupe.calls().saturating_sub(calls));
        let events = match decided {
            Ok(events) if events.is_empty() => return Ok(Ok(Written::Nothing)),
            Ok(events) => events,
            Err(refusal) => return Ok(Err(reason(&refusal))),
        };
        let is_move = matches!(command, Command::Move(_) | Command::End { .. });
        let progress = if is_move { progress(&known.page, End::Done) } else { Progress::default() };
        let texts = troupe.texts(&events);
        let actor = if is_move { &self.work.actor } else { &Actor::System };
        let happened = Happened { known, running, actor, at, events: &events, texts };
        let (commit, _) = happened.into_commit(self.work.errand.site, self.work.commit())?;
        let written = if is_move {
            self.work.write(commit, &progress, false).await?
        } else {
            match commit.run(self.work.errand.db).await {
                Ok(()) => true,
                Err(fault) => refused(fault).map(|()| false)?,
            }
        };
        Ok(Ok(if written { Written::Now } else { Written::Raced }))
    }
}

/// What became of a decision.
enum Written {
    Now,
    Nothing,
    Raced,
}

fn progress(page: &PageId, end: End) -> Progress {
    let one = JobCounts { seen: 1, ..JobCounts::default() };
    let (counts, notes) = match end {
        End::Done => (JobCounts { done: 1, ..one }, Vec::new()),
        End::Skipped => (JobCounts { skipped: 1, ..one }, Vec::new()),
        End::Failed(reason) => {
            (JobCounts { failed: 1, ..one }, vec![Noted { page: page.clone(), failed: true, reason }])
        }
    };
    Progress { cursor: Some(page.as_str().to_owned()), counts, notes }
}

/// As a sentence.
fn reason(refusal: &Refusal) -> String {
    let text = refusal.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_becomes_a_sentence() {
        assert_eq!(reason(&Refusal::NotReviewer), "You are not asked to decide on this page.");
    }
}
