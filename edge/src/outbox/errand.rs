//! What carrying out an effect has at hand, and how much of the invocation's allowance it has used.

use super::obstacle::Obstacle;
use crate::confluence::Client;
use crate::cx::Cx;
use crate::store::app;
use crate::store::d1::Db;
use crate::store::installation::{self, Installation};
use core::cell::{Cell, RefCell};
use engine::audit::entry::{Actor, ENCODING, Entry, Sealed};
use engine::audit::fact::PageFact;
use engine::effect::Effect;
use engine::ids::{PageId, SiteId, StreamId};
use engine::time::Timestamp;

/// Statements one invocation may send. Cloudflare's smallest plan allows 50.
const MOST_STATEMENTS: usize = 40;
/// Calls to anything outside one invocation may make. Cloudflare's smallest plan allows 50.
const MOST_CALLS: usize = 40;
/// What one effect may need at most: `(statements, calls)`. Batches count as calls.
const MOST_OF_ONE: (usize, usize) = (22, 20);
/// A mail to one person about one thing.
const OF_A_MAIL: (usize, usize) = (8, 12);

/// One invocation's work for one site.
pub struct Errand<'a> {
    /// Settings and bindings.
    pub cx: &'a Cx,
    /// The journal.
    pub db: &'a Db,
    /// The site.
    pub site: &'a SiteId,
    calls: &'a Cell<usize>,
    app: RefCell<Option<Result<Client, Obstacle>>>,
}

impl<'a> Errand<'a> {
    /// Work for `site`; `calls` is what the invocation made so far.
    #[must_use]
    pub fn new(cx: &'a Cx, db: &'a Db, site: &'a SiteId, calls: &'a Cell<usize>) -> Self {
        Self { cx, db, site, calls, app: RefCell::default() }
    }

    /// Counts calls made outside, other than to the journal.
    pub fn called(&self, times: usize) {
        self.calls.set(self.calls.get().saturating_add(times));
    }

    /// Whether another effect may be begun, if it is a small one: see [`Errand::has_room_for`].
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        self.has_room(OF_A_MAIL)
    }

    /// Whether this effect, just claimed, may be begun.
    #[must_use]
    pub fn has_room_for(&self, effect: Option<&Effect>) -> bool {
        match effect {
            None
            | Some(
                Effect::MailReviewAsked { .. }
                | Effect::MailReminder { .. }
                | Effect::MailOverdue { .. }
                | Effect::MailInvitation { .. }
                | Effect::MailInvitationAnswered { .. }
                | Effect::MailEnrolmentCode { .. }
                | Effect::MailSignCode { .. }
                | Effect::MailInvitationCode { .. }
                | Effect::MailOwner { .. }
                | Effect::MailAdmins { .. }
                | Effect::MailLockedAdmins { .. }
                | Effect::MailAdmin { .. }
                | Effect::MailEmergency { .. }
                | Effect::MailEmergencyAdmins { .. }
                | Effect::MailLocked { .. },
            ) => true,
            // The claim is counted by now.
            Some(_) => self.has_room((MOST_OF_ONE.0 - 1, MOST_OF_ONE.1 - 1)),
        }
    }

    fn has_room(&self, (statements, calls): (usize, usize)) -> bool {
        let used = self.db.used();
        used.statements + statements <= MOST_STATEMENTS && used.batches + self.calls.get() + calls <= MOST_CALLS
    }

    /// Confluence as the app. Whether there is a token is looked up once.
    ///
    /// # Errors
    /// [`Obstacle::NoToken`] if there is no valid token.
    pub async fn app(&self) -> Result<Client, Obstacle> {
        if let Some(known) = self.app.borrow().clone() {
            return known;
        }
        let installation = self.db.ask(installation::of_site(self.site)).await?;
        let client = self.client(installation.as_ref());
        self.app.replace(Some(client.clone()));
        client
    }

    fn client(&self, installation: Option<&Installation>) -> Result<Client, Obstacle> {
        let installation = installation.ok_or(Obstacle::NoToken)?;
        let keyring = self.cx.keyring().map_err(|fault| {
            fault.log("outbox");
            Obstacle::Settings
        })?;
        // A token that no longer opens is as good as none: the next platform call brings another.
        let client = app::client(&self.cx.config, keyring, self.site, installation, crate::clock::now());
        client.ok().flatten().ok_or(Obstacle::NoToken)
    }

    /// A plain fact about a page, ready to be appended.
    #[must_use]
    pub fn page_fact(&self, page: &PageId, fact: PageFact, at: Timestamp) -> Option<Sealed> {
        let entry = Entry {
            v: ENCODING,
            site: self.site.clone(),
            stream: StreamId::page_facts(page),
            at,
            actor: Actor::System,
            event: fact,
        };
        entry.seal().ok()
    }
}
