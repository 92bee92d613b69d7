//! Asking somebody without an account: a disclosure of one version, and of the attachments named.

use super::whom::{self, Whom};
use crate::confluence::page::ListedAttachment;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::acting::{Acting, Doing};
use crate::handlers::refusal::refused;
use crate::handlers::{page, text};
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use crate::random;
use crate::store::invited;
use data_encoding::HEXLOWER;
use engine::audit::commitment::ErasableText;
use engine::ids::InvitationId;
use engine::page::command::{Command, Confirmed, Invite};
use engine::page::event::{InvitedAttachment, Signatory};
use engine::page::refusal::Refusal;
use engine::token::challenge::Act;
use engine::wire::act::Acted;
use engine::wire::invitation::{
    ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, AttachmentChoice, AttachmentsRequest, AttachmentsResponse, InviteRequest,
};
use engine::wire::problem::{Problem, ProblemKind};

/// Which attachments could go with an invitation. Rules: (1) to whoever may see the page, and may edit it.
pub(in crate::handlers) async fn attachments(
    cx: &Cx,
    caller: &UiCaller,
    _: AttachmentsRequest,
) -> Result<AttachmentsResponse, EdgeError> {
    let (acting, _) = Acting::begin(cx, caller).await?;
    let (reading, listed) = acting.read_listed(None).await?;
    // (1)
    if !acting.may_edit(&reading).await? {
        return Err(refused(&Refusal::MayNotEdit));
    }
    let choice = |one: ListedAttachment| AttachmentChoice {
        why_not: too_large(&one).then(|| "It is larger than 25 MB, and would not be shown.".to_owned()),
        id: one.attachment.id,
        title: one.title,
        size: one.attachment.size,
    };
    let mut attachments: Vec<AttachmentChoice> = listed.into_iter().map(choice).collect();
    attachments.sort_by(|one, other| one.title.cmp(&other.title).then_with(|| one.id.cmp(&other.id)));
    Ok(AttachmentsResponse { page_version: reading.page.version, attachments })
}

/// Rules: (1) what was typed is a name and one mail address, (2) whoever invites may see the page and has the version under
/// review before them, (3) each attachment named is the page's now, and not too large to be shown, (4) the address is of
/// nobody who is asked in Confluence: of no managed domain, and neither the author's, the submitter's nor their own, (5) the
/// engine agrees, at a head of the stream that has not moved, and it is confirmed where the policy asks for that. The person
/// is kept in the batch that invites them, and not otherwise.
pub(in crate::handlers) async fn handle(cx: &Cx, caller: &UiCaller, body: InviteRequest) -> Result<Acted, EdgeError> {
    // Without these nobody could come.
    cx.hosted()?;
    // (1)
    let name = whom::name(&body.name)?;
    let address = whom::address(&body.address)?;
    let (acting, known) = Acting::begin(cx, caller).await?;
    let doing = Doing { act: Act::Invite, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    let (fold, _) = page::under(&known)?;
    if fold.state_seq > body.seq {
        return Err(refused(&Refusal::ReviewRestarted));
    }
    let state_seq = fold.state_seq;
    let (reading, listed) = acting.read_listed(Some(body.page_version)).await?;
    let may_edit = acting.may_edit(&reading).await?;
    if !may_edit {
        return Err(refused(&Refusal::MayNotEdit));
    }
    // (3)
    let (attachments, titles) = named(&body, listed)?;
    // (4)
    let submitter = fold.review.as_ref().and_then(|review| review.submitted_by.as_ref()).map(|by| &by.account);
    let inside = [Some(&caller.person), Some(&reading.page.version_author), submitter];
    whom::outside(&acting, &address, inside.into_iter().flatten()).await?;
    let to = Whom::of(&acting, &address).await?;
    let to_name = text::erasable(name)?;
    let by_name = acting.name().await?;
    let invitation = InvitationId::new(HEXLOWER.encode(random::bytes::<16>()?.as_slice()));
    let putting = to.putting(cx, &caller.site, &to_name)?;
    let also = invited::put(&caller.site, &putting, cx.now);
    let texts: Vec<&ErasableText> = [&to_name, &by_name].into_iter().chain(&titles).collect();
    // (5)
    let command = async |_: &Known, running: &Running, confirmed: &Confirmed| {
        Ok(Command::Invite(Box::new(Invite {
            invitation: invitation.clone(),
            approval: body.approval.clone(),
            to: Signatory { account: to.account(), name: to_name.reference() },
            address: to.address(),
            attachments: attachments.clone(),
            page: reading.without_contributors(&running.definition),
            state_seq,
            may_edit,
            by: Signatory { account: caller.person.clone(), name: by_name.reference() },
            confirmed: confirmed.clone(),
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let on = async || Ok(reading.act_page());
    let doing = Doing { also: &also, ..doing };
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}

/// The attachments named, and their file names as texts.
fn named(
    body: &InviteRequest,
    listed: Vec<ListedAttachment>,
) -> Result<(Vec<InvitedAttachment>, Vec<ErasableText>), EdgeError> {
    let wrong = |detail: String| Err(Problem::new(ProblemKind::BadField, detail).at("attachments").into());
    if body.attachments.len() > ATTACHMENTS_MAX {
        return wrong(format!("Choose at most {ATTACHMENTS_MAX} attachments."));
    }
    let (mut attachments, mut titles) = (Vec::new(), Vec::new());
    let mut missing = body.attachments.clone();
    for one in listed.into_iter().filter(|one| body.attachments.contains(&one.attachment.id)) {
        if too_large(&one) {
            return wrong("An attachment you chose is larger than 25 MB. Leave it out.".to_owned());
        }
        missing.remove(&one.attachment.id);
        let title = text::erasable(one.title)?;
        attachments.push(InvitedAttachment {
            id: one.attachment.id,
            version: one.attachment.version,
            title: title.reference(),
        });
        titles.push(title);
    }
    if missing.is_empty() {
        Ok((attachments, titles))
    } else {
        wrong("An attachment you chose is not on this page any more. Open the list again and choose anew.".to_owned())
    }
}

fn too_large(one: &ListedAttachment) -> bool {
    one.attachment.size > ATTACHMENT_BYTES_MAX
}
