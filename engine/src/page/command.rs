//! What somebody, the clock, or Confluence wants of a page.

use super::event::{InvitedAttachment, Proof, Signatory};
use crate::audit::commitment::TextRef;
use crate::calendar::CivilDate;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, GroupId, InvitationId, PageVersion, Seq, SpaceId, StateId};
use crate::time::Timestamp;
use crate::token::policy::{Policy, Subject};
use crate::wire::status::Decision;
use std::collections::{BTreeMap, BTreeSet};

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Put the page under the workflow, unless it is under one already.
    Start(Start),
    /// Submit for review.
    Submit(Box<Submit>),
    /// Approve or reject.
    Decide(Box<Decide>),
    /// Pick a transition.
    Select(Box<Select>),
    /// Ask somebody in another's place, or besides.
    Reassign(Box<Reassign>),
    /// Ask somebody without an account besides.
    Invite(Box<Invite>),
    /// Take an invitation back.
    RevokeInvitation(Box<RevokeInvitation>),
    /// Decide nothing, though invited to.
    Abstain(Box<Abstain>),
    /// Ask to decide in the reviewers' place.
    AskEmergency(Box<AskEmergency>),
    /// Take that request back.
    WithdrawEmergency {
        /// Who, a Confluence admin.
        by: Signatory,
    },
    /// Decide in the reviewers' place, as was asked for.
    DecideEmergency(Box<DecideEmergency>),
    /// Confluence says the content is now this.
    RecordEdit(Edit),
    /// The clock: whatever time has run out.
    Tick(Tick),
    /// Put the page on another workflow, or another version of the same.
    Move(Box<Move>),
    /// Take the page out of its workflow.
    End {
        /// Who, where a person did.
        by: Option<Signatory>,
    },
}

/// Put the page under the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The space it is in.
    pub space: SpaceId,
    /// Its version.
    pub version: PageVersion,
    /// The date on the page the initial state's expiry reads, where it reads one.
    pub dates: Dates,
}

/// Dates on the page, by the heading of their row; see [`crate::content_date`].
pub type Dates = BTreeMap<String, CivilDate>;

/// The page as Confluence has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageNow {
    /// The version.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// Who wrote that version.
    pub author: AccountId,
    /// Who created the page.
    pub creator: AccountId,
    /// Who wrote the versions since the last approved one, as far as Confluence was asked; see
    /// [`needs_contributors`](super::roster::needs_contributors).
    pub contributors: BTreeSet<AccountId>,
    /// When Confluence made that version.
    pub made_at: Timestamp,
    /// Dates on it.
    pub dates: Dates,
}

/// Submit for review.
#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    /// The space the page is in, should it not be under the workflow yet.
    pub space: SpaceId,
    /// Who, with rights.
    pub person: Person,
    /// Who, as recorded.
    pub by: Signatory,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// Its title.
    pub title: TextRef,
    /// What they say.
    pub comment: Option<TextRef>,
    /// Whom they name as reviewers, where an approval lets them.
    pub assigned: BTreeMap<ApprovalId, BTreeSet<AccountId>>,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// A person, as far as what they may do goes. Confluence's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub account: AccountId,
    /// Those of the groups the workflow names that they are in.
    pub groups: BTreeSet<GroupId>,
    /// Whether they may edit the page.
    pub may_edit: bool,
    /// Whether they administer the space.
    pub space_admin: bool,
    /// People who are away and named this person to decide for them.
    pub stands_in_for: Vec<StandIn>,
}

/// Somebody who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// Who is away.
    pub account: AccountId,
    /// Those of the groups the workflow names that they are in.
    pub groups: BTreeSet<GroupId>,
}

/// Approve or reject.
#[derive(Clone, Debug, PartialEq)]
pub struct Decide {
    /// Who, with rights.
    pub reviewer: Person,
    /// Who, as recorded.
    pub by: Signatory,
    /// For which approval.
    pub approval: ApprovalId,
    /// The verdict.
    pub decision: Decision,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// The seq at which the state was entered, as the challenge bound it.
    pub state_seq: Seq,
    /// The meaning, as the challenge bound it.
    pub meaning: String,
    /// What they say.
    pub comment: Option<TextRef>,
    /// The consumed challenge and factor.
    pub proof: Proof,
    /// The policy in force.
    pub policy: Policy,
    /// Who they are to it.
    pub subject: Subject,
    /// The invitation it answers: there where `reviewer` has no account, and nowhere else.
    pub invited: Option<InvitationId>,
}

/// How something other than a verdict was confirmed, and what had to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmed {
    /// The consumed challenge and factor, where there was one.
    pub proof: Option<Proof>,
    /// The policy in force.
    pub policy: Policy,
    /// Who they are to it.
    pub subject: Subject,
}

/// Pick a transition.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// Where to.
    pub to: StateId,
    /// Who, with rights.
    pub person: Person,
    /// Who, as recorded.
    pub by: Signatory,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// Its title.
    pub title: TextRef,
    /// The seq at which the state the person saw was entered.
    pub state_seq: Seq,
    /// What they say.
    pub comment: Option<TextRef>,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// Ask somebody in another's place, or besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Reassign {
    /// For which approval.
    pub approval: ApprovalId,
    /// In whose place; [`None`]: besides those asked already.
    pub from: Option<AccountId>,
    /// Whom.
    pub to: Signatory,
    /// Whether that account is in use and can see the page.
    pub to_can_see: bool,
    /// Who wants it, with rights.
    pub person: Person,
    /// Who wants it, as recorded.
    pub by: Signatory,
    /// What they say.
    pub comment: Option<TextRef>,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// Ask somebody without an account besides: a disclosure of the page's version to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Invite {
    /// The new invitation.
    pub invitation: InvitationId,
    /// For which approval.
    pub approval: ApprovalId,
    /// Whom, and by which name.
    pub to: Signatory,
    /// A commitment of their address.
    pub address: TextRef,
    /// Attachments disclosed with the version, each of the page as it is now.
    pub attachments: Vec<InvitedAttachment>,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// The seq at which the state the person saw was entered.
    pub state_seq: Seq,
    /// Whether whoever invites may edit the page.
    pub may_edit: bool,
    /// Who invites, as recorded.
    pub by: Signatory,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// Take an invitation back.
#[derive(Clone, Debug, PartialEq)]
pub struct RevokeInvitation {
    /// Which.
    pub invitation: InvitationId,
    /// Whether they may: who may edit the page, and admins.
    pub may: bool,
    /// The page as Confluence has it now: what is complete without the invitation leaves its state.
    pub page: PageNow,
    /// Who, as recorded.
    pub by: Signatory,
}

/// Decide nothing, though invited to.
#[derive(Clone, Debug, PartialEq)]
pub struct Abstain {
    /// The invitation.
    pub invitation: InvitationId,
    /// What stands for whoever was invited.
    pub person: AccountId,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// The seq at which the state they saw was entered.
    pub state_seq: Seq,
    /// Why.
    pub reason: Option<TextRef>,
    /// The policy in force.
    pub policy: Policy,
}

/// Ask to decide in the reviewers' place: emergency access to a review that is stuck. By a Confluence admin, which was asked
/// of Confluence before.
#[derive(Clone, Debug, PartialEq)]
pub struct AskEmergency {
    /// Who.
    pub by: Signatory,
    /// For which approval.
    pub approval: ApprovalId,
    /// What shall be decided.
    pub decision: Decision,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// The seq at which the state the admin saw was entered.
    pub state_seq: Seq,
    /// Why.
    pub reason: TextRef,
    /// Whether nobody else is known who could second it.
    pub alone: bool,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// Decide in the reviewers' place, as was asked for. By a Confluence admin.
#[derive(Clone, Debug, PartialEq)]
pub struct DecideEmergency {
    /// Who.
    pub by: Signatory,
    /// The place of the request in the page's stream.
    pub asked_seq: Seq,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// How it was confirmed.
    pub confirmed: Confirmed,
}

/// A change of content that Confluence told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The page now.
    pub page: PageNow,
    /// Who edited, where it is known: who changed an attachment is not.
    pub by: Option<AccountId>,
}

/// The clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The page as Confluence has it now. A state that asks for approvals cannot be entered without it.
    pub page: Option<PageNow>,
}

/// Put the page on another workflow, or another version of the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Which of the new workflow's states stands for which of the old one's; states of the same id stand for each other, and
    /// what is left goes to the initial state.
    pub states: BTreeMap<StateId, StateId>,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// Who, where a person did.
    pub by: Option<Signatory>,
}

/// What is known of people and groups while deciding. The engine says what it lacks: see
/// [`Refusal::Unknown`](super::refusal::Refusal::Unknown).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    /// People, by account.
    pub people: BTreeMap<AccountId, CastPerson>,
    /// Groups.
    pub groups: BTreeMap<GroupId, CastGroup>,
}

/// A person who may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastPerson {
    /// Their name now, as a row of erasable text.
    pub name: TextRef,
    /// Whether the account is in use.
    pub active: bool,
}

/// A group that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastGroup {
    /// Its name.
    pub name: String,
    /// Its members; [`None`] if there are more than [`super::ROSTER_MAX`].
    pub members: Option<BTreeSet<AccountId>>,
}

/// What the engine has to be told before it can decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// People whose names are needed.
    pub people: BTreeSet<AccountId>,
    /// Groups whose members are needed.
    pub groups: BTreeSet<GroupId>,
    /// Whether the page as it is now is needed.
    pub page: bool,
}

impl Needs {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.groups.is_empty() && !self.page
    }
}
