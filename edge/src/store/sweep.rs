//! What has had its time. Called for a site by Confluence's hourly schedule.

use super::enrolment::window_start;
use super::sql;
use super::statement::Statement;
use engine::ids::SiteId;
use engine::time::Timestamp;

/// How long rows that ran out are kept all the same, so that a late repetition still finds its answer.
const GRACE_MS: u64 = 24 * 3600 * 1000;
/// How long carried out effects are kept, for whoever has to find out what happened.
const DONE_MS: u64 = 7 * 24 * 3600 * 1000;

/// Deletes used challenges, sessions, what waited for a mail or a passkey, and enrolments that ran out, codes that opened no invitation, mails that count no more, and effects carried out long ago.
#[must_use]
pub fn sweep(site: &SiteId, now: Timestamp) -> Vec<Statement> {
    let before = |by: u64| now.millis().saturating_sub(by);
    vec![
        Statement::of(site, sql!("sweep/consumed")).int(before(GRACE_MS)),
        Statement::of(site, sql!("sweep/session")).int(before(GRACE_MS)),
        Statement::of(site, sql!("sweep/pending")).int(before(GRACE_MS)),
        Statement::of(site, sql!("sweep/enrolment")).int(before(GRACE_MS)),
        Statement::of(site, sql!("sweep/invitation")).int(now),
        Statement::of(site, sql!("sweep/mail")).int(window_start(now)),
        Statement::of(site, sql!("sweep/outbox")).int(before(DONE_MS)),
    ]
}
