//! A code by mail that confirms one challenge: the weakest factor there is, so it is sent only to who has nothing stronger
//! and where the policy lets it count.

use super::page;
use super::passkey::LIST_SCOPE;
use super::refusal::{locked, refused};
use super::site::PolicyHead;
use super::{address, challenge, heal, text};
use crate::confirm::asked::Asked;
use crate::confirm::ways::Ways;
use crate::confirm::{standing, subject_of};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::mail::address::masked;
use crate::page::Known;
use crate::random;
use crate::secret::{seal, sign_code};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::journal::Row;
use crate::store::load::{Loading, Slot};
use crate::store::pending::{self, Mailed};
use crate::store::{consumed, enrolment};
use engine::effect::Effect;
use engine::ids::PageId;
use engine::page::decide::action;
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::token::challenge::{ActChallenge, Asks, BulkChallenge, DecisionChallenge, authentic};
use engine::token::guessing::Lock;
use engine::token::policy::{FactorKind, Policy, Subject};
use engine::wire::mail_sign::{MailSignRequest, MailSignResponse};
use engine::wire::problem::{Problem, ProblemKind};
use engine::workflow::definition::StepUp;

/// Rules: (1) the challenge is ours, theirs, of the page they are on, in time and not used; (2) they are not locked; (3) a
/// mailed code counts for it, and they have nothing stronger that does; (4) there is an address; (5) not too many mails.
/// A newer code takes the place of an older one.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: MailSignRequest) -> Result<MailSignResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let about = About::of(cx, caller, &body.challenge)?;
    let nonce = about.nonce();
    if cx.now > about.expires_at() {
        return Err(over());
    }
    let comment = text::typed("comment", &body.comment)?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let used = loading.add(consumed::by_nonce(site, nonce));
    let context = match about.decided_page() {
        Some(page) => Context::Page(page::ask(&mut loading, site, page)),
        None => Context::Site(loading.add(PolicyHead::query(site))),
    };
    let standing = standing::ask(&mut loading, site, person, cx.now);
    let next_mail = loading.add(enrolment::next_mail_at(site, person, cx.now));
    let loaded = loading.run(&db).await?;
    if loaded.get(&used)?.is_some() {
        return Err(used_already());
    }
    // (2)
    let standing = standing::read(&loaded, &standing)?;
    if let Some(lock) = standing.guesses.lock(cx.now) {
        return Err(locked(lock));
    }
    // (3)
    let (known, policy) = match &context {
        Context::Page(slots) => {
            let (known, policy) = page::read(cx, &db, site, &loaded, slots).await?;
            (Some(known), policy)
        }
        Context::Site(slot) => {
            let policy = PolicyHead::read(loaded.get(slot)?.as_ref())?;
            (None, policy.ok_or_else(|| EdgeError::internal("a challenge of a site without a policy"))?)
        }
    };
    let asked = about.asked(cx, caller, &db, known.as_ref(), &policy.policy).await?;
    if !Ways::of(&asked, &standing, cx.now).takes(FactorKind::MailCode) {
        return Err(not_allowed());
    }
    // (4)
    let address = address::of(cx, &db, site, person).await?.ok_or_else(|| {
        EdgeError::refuse(
            ProblemKind::NotAllowed,
            "Confluence knows no e-mail address for your account, so no code can be sent. Ask a Confluence admin.",
        )
    })?;
    let expires_at = about.expires_at().min(cx.now + sign_code::LIFE);
    let keyring = cx.keyring()?;
    let code = sign_code::make(keyring, sign_code::Of { site, person, nonce })?;
    let sealed = seal::seal(keyring, &pending::challenge_binding(site, person, nonce), body.challenge.as_bytes())?;
    let comment = comment
        .map(|comment| seal::seal(keyring, &pending::comment_binding(site, person, nonce), comment.as_bytes()))
        .transpose()?;
    let mailed = Mailed {
        scope: &about.scope(),
        nonce,
        challenge_sealed: &sealed,
        comment_sealed: comment.as_deref(),
        code_hmac: &code.hmac,
        code_sealed: &code.sealed,
        expires_at,
    };
    let mail = random::id()?;
    let commit = Commit::new(site, cx.now)
        .require_nonce_unused(nonce)
        .require_not_held(person)
        .require_mail_allowed(person)
        .raw(pending::mail(site, person, &mailed, cx.now))
        .raw(enrolment::ask_mail(site, person, &mail, cx.now))
        .effect(&Effect::MailSignCode { person: person.clone(), pending: nonce.to_owned() }, &mail);
    match commit.run(&db).await {
        Ok(()) => {
            heal::carry_out(cx, site);
            Ok(MailSignResponse { sent_to: masked(&address), expires_at })
        }
        Err(CommitFault::Failed(Precondition::Nonce)) => Err(used_already()),
        Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
        // (5)
        Err(CommitFault::Failed(Precondition::Mails)) => {
            let detail = "Several codes were mailed to you within the hour. Use the newest one, or wait and ask again.";
            let mut problem = Problem::new(ProblemKind::TooMany, detail);
            problem.retry_at = loaded.get(&next_mail)?;
            Err(problem.into())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What says what is asked.
enum Context {
    /// The policy, and the workflow the page runs on.
    Page(page::Slots),
    /// The policy alone.
    Site(Slot<Option<Row>>),
}

/// What a challenge is about.
enum About {
    Decision(Box<DecisionChallenge>),
    List(Box<BulkChallenge>),
    Act(Box<ActChallenge>),
}

impl About {
    /// The challenge, if it was made for this person, here.
    fn of(cx: &Cx, caller: &UiCaller, token: &str) -> Result<Self, EdgeError> {
        let keys = challenge::keys(cx)?;
        let about = match authentic::<DecisionChallenge>(&keys, token) {
            Ok(decision) => Self::Decision(Box::new(decision)),
            Err(_) => match authentic::<BulkChallenge>(&keys, token) {
                Ok(list) => Self::List(Box::new(list)),
                Err(_) => Self::Act(Box::new(authentic::<ActChallenge>(&keys, token).map_err(|_| invalid())?)),
            },
        };
        let (site, account) = match &about {
            Self::Decision(decision) => (&decision.site, &decision.account),
            Self::List(list) => (&list.site, &list.account),
            Self::Act(act) => (&act.site, &act.account),
        };
        // A verdict is given where its page is; a token that names a page is good for that page alone.
        let here = match (about.page(), &caller.page) {
            (Some(page), Some(here)) => page == here,
            (Some(_), None) => matches!(about, Self::Act(_)),
            (None, _) => true,
        };
        if *site == caller.site && *account == caller.person && here { Ok(about) } else { Err(invalid()) }
    }

    fn nonce(&self) -> &str {
        match self {
            Self::Decision(decision) => decision.nonce.as_str(),
            Self::List(list) => list.nonce.as_str(),
            Self::Act(act) => act.nonce.as_str(),
        }
    }

    fn expires_at(&self) -> Timestamp {
        match self {
            Self::Decision(decision) => decision.expires_at,
            Self::List(list) => list.expires_at,
            Self::Act(act) => act.expires_at,
        }
    }

    fn page(&self) -> Option<&PageId> {
        match self {
            Self::Decision(decision) => Some(&decision.page),
            Self::List(_) => None,
            Self::Act(act) => act.page.as_ref().map(|on| &on.page),
        }
    }

    /// The page whose workflow says what a verdict is asked for.
    fn decided_page(&self) -> Option<&PageId> {
        matches!(self, Self::Decision(_)).then(|| self.page()).flatten()
    }

    fn scope(&self) -> String {
        match (self.page(), self) {
            (Some(page), _) => format!("page/{page}"),
            (None, Self::List(_)) => LIST_SCOPE.to_owned(),
            (None, Self::Act(act)) => format!("act/{}", act.act.as_str()),
            (None, Self::Decision(_)) => String::new(),
        }
    }

    /// What is asked of the person for it now: the policy may have changed since the challenge was made. What guards one's
    /// own factors is never a mailbox, whatever the policy says.
    async fn asked(
        &self,
        cx: &Cx,
        caller: &UiCaller,
        db: &Db,
        known: Option<&Known>,
        policy: &Policy,
    ) -> Result<Asked, EdgeError> {
        match self {
            Self::Decision(decision) => {
                let known = known.ok_or_else(|| refused(&Refusal::NotUnderWorkflow))?;
                let (_, running) = page::under(known)?;
                let state = running.definition.state(&decision.state);
                let approval = state.and_then(|state| state.approval(&decision.approval));
                let own = approval.map_or(&StepUp::Policy, |approval| &approval.step_up);
                let action = action(decision.decision);
                let subject = subject_of(cx, db, caller, policy, action).await?;
                Ok(Asked::of_policy(policy, own, &subject, action))
            }
            // What counts for all of its pages was reckoned when the list was made, by the policy of then.
            Self::List(list) if list.policy_version != policy.version => Err(refused(&Refusal::ProofMissing)),
            Self::List(list) => Ok(Asked::of_list(&list.factors)),
            Self::Act(act) => {
                let subject = match act.act.asks() {
                    Asks::Policy(action) | Asks::Required(action) => subject_of(cx, db, caller, policy, action).await?,
                    Asks::OwnFactor | Asks::OwnFactorOrRecovery => Subject::plain(&caller.person),
                };
                Ok(Asked::of_act(policy, &subject, act.act))
            }
        }
    }
}

fn invalid() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "This confirmation was not made for you, here. Close it and start again; what you typed is kept.",
    )
}

fn over() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeExpired,
        "This confirmation took too long. Start again; what you typed is kept.",
    )
}

fn used_already() -> EdgeError {
    EdgeError::refuse(ProblemKind::ChallengeUsed, "This confirmation was used already. Close it and start again.")
}

fn not_allowed() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::MailCodeNotAllowed,
        "A mailed code can't confirm this. Use your authenticator or your passkey; if you have none, set one up.",
    )
}
