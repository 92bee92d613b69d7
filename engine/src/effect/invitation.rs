//! Who is told of invitations: whoever was invited, and whoever invited them of the answer.

use super::Effect;
use crate::ids::{InvitationId, PageId};
use crate::page::event::PageEvent;
use crate::page::fold::PageFold;
use crate::wire::invitation::InvitationState;
use crate::wire::status::Decision;

/// What invitations among `events` cause. `before` is the fold before them: answered, an invitation may have ended its review.
pub(super) fn of(page: &PageId, before: Option<&PageFold>, events: &[PageEvent]) -> Vec<Effect> {
    let answered = |invitation: &InvitationId, answer: InvitationState| {
        let (_, invited) = before?.review.as_ref()?.invitation(invitation)?;
        Some(Effect::MailInvitationAnswered {
            page: page.clone(),
            person: invited.by.account.clone(),
            name: invited.person.name.text.clone(),
            answer,
        })
    };
    let effects = events.iter().filter_map(|event| match event {
        PageEvent::Invited { invitation, person, .. } => Some(Effect::MailInvitation {
            page: page.clone(),
            person: person.account.clone(),
            invitation: invitation.clone(),
        }),
        PageEvent::Decided { invited: Some(invited), decision, .. } => {
            let answer = match decision {
                Decision::Approve => InvitationState::Approved,
                Decision::Reject => InvitationState::Rejected,
            };
            answered(&invited.invitation, answer)
        }
        PageEvent::Abstained { invitation, .. } => answered(invitation, InvitationState::Abstained),
        _ => None,
    });
    effects.collect()
}
