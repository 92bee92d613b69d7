//! Deciding nothing, though invited to. It claims nothing about the content, so the mailbox that was proved is enough.

use super::sign::recorded;
use super::visit::{Live, Visit, outside};
use crate::clock;
use crate::cx::Cx;
use crate::handlers::refusal::{clash, refused};
use crate::handlers::{heal, page, text};
use crate::http::EdgeError;
use crate::page::Troupe;
use crate::page::change::Happened;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::ids::StreamId;
use engine::page::command::{Abstain, Command};
use engine::page::refusal::Refusal;
use engine::token::guessing::Lock;
use engine::wire::invited::{InvitedAbstainRequest, InvitedAnswered};

/// How often a lost race is run again.
const ROUNDS: usize = 5;

/// Rules: (1) the visit stands; (2) what was answered stays, and is told again; (3) the page is what was disclosed, and what
/// is on screen; (4) the invitation stands when it is written, by the policy that is in force then, and nobody had their own
/// codes locked meanwhile.
pub(super) async fn handle(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: InvitedAbstainRequest,
) -> Result<InvitedAnswered, EdgeError> {
    let reason = text::typed("reason", &body.reason)?.map(text::erasable).transpose()?;
    let db = Db::new(cx.db()?);
    // (1)
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    // (2)
    if let Some(answered) = &of.answered {
        return Ok(answered.clone());
    }
    // (3)
    let Live { app, reading, .. } = of.live(cx, &db).await?;
    if body.page_version != reading.page.version {
        return Err(of.moved(cx));
    }
    let (site, person) = (&of.site, &of.row.person);
    let state_seq = of.known.fold.as_ref().map(|fold| fold.state_seq).unwrap_or_default();
    let mut troupe = Troupe::new(&app);
    for _ in 0..ROUNDS {
        let (known, policy) = page::load(cx, &db, site, &of.row.page).await?;
        let (fold, running) = page::under(&known)?;
        let command = Command::Abstain(Box::new(Abstain {
            invitation: of.row.id.clone(),
            person: person.clone(),
            page: reading.now(&app, Some(fold), &running.definition).await?,
            state_seq,
            reason: reason.as_ref().map(ErasableText::reference),
            policy: policy.policy.clone(),
        }));
        // The time of the entry is that of its commit: an edit in between came before it.
        let at = clock::now();
        let events = match troupe.decide(known.fold.as_ref(), running.workflow(), &command, at).await? {
            Ok(events) => events,
            // After a lost answer, or a second press, a refusal may only mean that it is recorded.
            Err(refusal) => {
                return match recorded(&db, &of).await {
                    Ok(Some(answered)) => Ok(answered),
                    _ => Err(outside(refused(&refusal), &of, cx)),
                };
            }
        };
        let actor = Actor::person(person);
        let texts = reason.iter().chain(troupe.texts(&events)).collect();
        let happened = Happened { known: &known, running, actor: &actor, at, events: &events, texts };
        // (4)
        let commit = Commit::new(site, at).require_not_held(person).require_head(&StreamId::policy(), policy.head);
        let (commit, _) = happened.into_commit(site, commit)?;
        match commit.run(&db).await {
            Ok(()) => {
                heal::carry_out(cx, site);
                return recorded(&db, &of).await?.ok_or_else(|| refused(&Refusal::InvitationOver));
            }
            Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow | Precondition::Policy)) => {}
            Err(CommitFault::Failed(Precondition::Held)) => {
                return Err(crate::handlers::refusal::locked(Lock::UntilUnlocked));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(clash())
}
