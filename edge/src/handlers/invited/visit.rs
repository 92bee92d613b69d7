//! A visit, and what it may be shown now.

use crate::confluence::{Client, ConfluenceError};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::fit::modules::Module;
use crate::handlers::refusal::refused;
use crate::handlers::site::PolicyHead;
use crate::handlers::{app, heal, page};
use crate::hosted::invitation::{over, visit_over};
use crate::hosted::visit;
use crate::http::EdgeError;
use crate::page::{Known, Reading, reading};
use crate::store::d1::Db;
use crate::store::factor::{self, Factor};
use crate::store::invitation::{self, Invitation};
use crate::store::journal::Row;
use crate::store::load::Loading;
use engine::effect::Effect;
use engine::ids::{AccountId, InvitationId, SiteId, TextId};
use engine::page::decide::standing_invitation;
use engine::page::event::PageEvent;
use engine::page::fold::{ApprovalNow, InvitedNow};
use engine::page::refusal::Refusal;
use engine::page::view::ERASED;
use engine::time::Timestamp;
use engine::token::link::{Errand, Going};
use engine::wire::invited::InvitedAnswered;
use engine::wire::problem::ProblemKind as Kind;
use engine::wire::status::{Decision, ViewerKind};

/// An invitation with all the journal says of it. Whoever asks may still be anybody.
pub(super) struct Invited {
    pub(super) site: SiteId,
    pub(super) row: Invitation,
    pub(super) known: Known,
    pub(super) policy: PolicyHead,
    /// The answer that was given, if one was.
    pub(super) answered: Option<InvitedAnswered>,
    /// What the person has to confirm with.
    pub(super) factors: Vec<Factor>,
}

/// Somebody who entered the code that was mailed, not long ago, and nobody did since.
pub(super) struct Visit {
    pub(super) of: Invited,
    pub(super) until: Timestamp,
}

/// The page, and it is what the invitation is about.
pub(super) struct Live<'a> {
    pub(super) approval: &'a ApprovalNow,
    pub(super) invited: &'a InvitedNow,
    pub(super) app: Client,
    pub(super) reading: Reading,
}

impl Invited {
    /// Loads it: two round trips. Another person's invitation is none.
    pub(super) async fn load(
        cx: &Cx,
        db: &Db,
        site: &SiteId,
        id: &InvitationId,
        person: &AccountId,
    ) -> Result<Self, EdgeError> {
        let row = db.ask(invitation::of_id(site, id)).await?.filter(|row| row.person == *person).ok_or_else(over)?;
        let mut loading = Loading::new();
        let slots = page::ask(&mut loading, site, &row.page);
        let answer = loading.add(invitation::answer(site, &row.page, id));
        let factors = loading.add(factor::of_person(site, person));
        let loaded = loading.run(db).await?;
        let (known, policy) = page::read(cx, db, site, &loaded, &slots).await?;
        let answered = loaded.get(&answer)?.as_ref().map(answered).transpose()?;
        let factors = loaded.get(&factors)?;
        Ok(Self { site: site.clone(), row, known, policy, answered, factors })
    }

    /// The invitation, if it stands by the journal and the policy.
    ///
    /// # Errors
    /// `invitation-over`.
    pub(super) fn standing(&self, now: Timestamp) -> Result<(&ApprovalNow, &InvitedNow), EdgeError> {
        let (fold, running) = self.known.under().ok_or_else(over)?;
        let who = (&self.row.id, &self.row.person);
        standing_invitation(Some(fold), &running.workflow(), &self.policy.policy, who, now)
            .map_err(|refusal| refused(&refusal))?;
        fold.review.as_ref().and_then(|review| review.invitation(&self.row.id)).ok_or_else(over)
    }

    /// The same, with the page as Confluence has it now. Rules: (1) the invitation stands; (2) the page can be read; (3) it
    /// is, to the last byte, what was disclosed: otherwise nothing of it is shown, and the review is looked at again.
    ///
    /// # Errors
    /// `invitation-over`; `confluence-unavailable`.
    pub(super) async fn live(&self, cx: &Cx, db: &Db) -> Result<Live<'_>, EdgeError> {
        // (1)
        let (approval, invited) = self.standing(cx.now)?;
        let review = self.known.fold.as_ref().and_then(|fold| fold.review.as_ref()).ok_or_else(over)?;
        // (2)
        let app = app::client_for(cx, db, &self.site).await?;
        let reading = match reading::read(&app, &self.row.page).await {
            Err(ConfluenceError::NotFound(_)) => return Err(self.moved(cx)),
            other => other?,
        };
        // (3)
        if reading.page.version != review.version || reading.content_hash != review.content_hash {
            return Err(self.moved(cx));
        }
        Ok(Live { approval, invited, app, reading })
    }

    /// The page is not what it was when they were invited.
    pub(super) fn moved(&self, cx: &Cx) -> EdgeError {
        heal::look(cx, &self.site, Effect::Recheck { page: self.row.page.clone() });
        over()
    }

    /// A text of the page's stream, or that it was erased.
    pub(super) fn text(&self, id: &TextId) -> String {
        self.known.names.get(id).map_or_else(|| ERASED.to_owned(), Clone::clone)
    }

    /// The person as other handlers know callers.
    pub(super) fn caller(&self) -> UiCaller {
        let cloud_id = self.site.as_str().split('/').next().unwrap_or_default().to_owned();
        UiCaller {
            site: self.site.clone(),
            cloud_id,
            installation: String::new(),
            person: self.row.person.clone(),
            kind: ViewerKind::Invited,
            known_as: ViewerKind::Invited,
            module: Module::Macro,
            page: Some(self.row.page.clone()),
            space: None,
            user_token: None,
            license_active: None,
            invitation: Some(self.row.id.clone()),
        }
    }
}

impl Visit {
    /// The visit of a request. Rules: (1) the cookie is ours, in time, and of this errand; (2) it is the newest visit to this
    /// invitation.
    ///
    /// # Errors
    /// `link-over`: the code has to be entered anew.
    pub(super) async fn of(cx: &Cx, db: &Db, headers: &web_sys::Headers) -> Result<Self, EdgeError> {
        // (1)
        let going = going(cx, headers).ok_or_else(visit_over)?;
        let of = Invited::load(cx, db, &going.site, &InvitationId::new(&going.about), &going.account).await?;
        // (2)
        if of.row.visit != going.nonce {
            return Err(visit_over());
        }
        Ok(Self { of, until: going.expires_at })
    }
}

/// The visit a cookie speaks of, if it is to an invitation.
pub(super) fn going(cx: &Cx, headers: &web_sys::Headers) -> Option<Going> {
    visit::of(cx, headers).ok().filter(|going| going.errand == Errand::Invited)
}

/// What was answered, for whoever did.
pub(super) fn answered(row: &Row) -> Result<InvitedAnswered, EdgeError> {
    let event: PageEvent = row.read()?.event;
    let (decision, version, standing) = match event {
        PageEvent::Decided { decision, version, invited: Some(used), .. } => (Some(decision), version, used.standing),
        PageEvent::Abstained { version, standing, .. } => (None, version, standing),
        _ => return Err(EdgeError::internal("an answer to an invitation is none")),
    };
    let did = match decision {
        Some(Decision::Approve) => format!("You approved version {}.", version.0),
        Some(Decision::Reject) => format!("You rejected version {}.", version.0),
        None => format!("You abstained from deciding on version {}.", version.0),
    };
    let sentence = format!("{did} It is recorded, with what stands behind it: {}.", standing.phrase());
    Ok(InvitedAnswered { decision, sentence, version, at: row.at })
}

/// A refusal in a visit. What says how things stand inside, is not for whoever stands outside.
pub(super) fn outside(error: EdgeError, of: &Invited, cx: &Cx) -> EdgeError {
    match error.kind() {
        Kind::PageMoved | Kind::PageNotFound => of.moved(cx),
        Kind::WrongState
        | Kind::NotUnderWorkflow
        | Kind::NoSuchApproval
        | Kind::ApprovalComplete
        | Kind::AlreadyDecided
        | Kind::NotReviewer
        | Kind::NotYet => refused(&Refusal::InvitationOver),
        _ => error,
    }
}
