//! The words of the format.

use crate::token::policy::FactorKind;
use crate::wire::status::Colour;
use crate::workflow::approval::{Exclusion, Mode, StepUp};
use crate::workflow::parameter::Kind;
use crate::workflow::people::Role;
use crate::workflow::transition::CommentRule;
use crate::workflow::trigger::{Event, MessageKind, Operation};

/// A word and what it stands for.
pub(in crate::workflow) type Word<T> = (&'static str, T);

pub(in crate::workflow) const KINDS: [Word<Kind>; 6] = [
    ("string", Kind::String),
    ("number", Kind::Number),
    ("user", Kind::User),
    ("group", Kind::Group),
    ("duration", Kind::Duration),
    ("list", Kind::List),
];

pub(in crate::workflow) const ITEM_KINDS: [Word<Kind>; 5] = [
    ("string", Kind::String),
    ("number", Kind::Number),
    ("user", Kind::User),
    ("group", Kind::Group),
    ("duration", Kind::Duration),
];

pub(super) const COLOURS: [Word<Colour>; 6] = [
    ("grey", Colour::Grey),
    ("blue", Colour::Blue),
    ("green", Colour::Green),
    ("yellow", Colour::Yellow),
    ("red", Colour::Red),
    ("purple", Colour::Purple),
];

pub(super) const ROLES: [Word<Role>; 4] = [
    ("creator", Role::Creator),
    ("last-editor", Role::LastEditor),
    ("space-admin", Role::SpaceAdmin),
    ("editor", Role::Editor),
];

pub(super) const EXCLUSIONS: [Word<Exclusion>; 4] = [
    ("author", Exclusion::Author),
    ("last-editor", Exclusion::LastEditor),
    ("submitter", Exclusion::Submitter),
    ("editors-since-approval", Exclusion::EditorsSinceApproval),
];

pub(super) const MODES: [Word<Mode>; 3] = [("any", Mode::Any), ("all", Mode::All), ("majority", Mode::Majority)];

pub(super) const STEP_UPS: [Word<StepUp>; 3] =
    [("policy", StepUp::Policy), ("off", StepUp::Off), ("required", StepUp::Required)];

pub(super) const FACTORS: [Word<FactorKind>; 3] =
    [("totp", FactorKind::Totp), ("passkey", FactorKind::Passkey), ("mail-code", FactorKind::MailCode)];

/// Whether it is a session.
pub(super) const FRESH: [Word<bool>; 2] = [("each-time", false), ("session", true)];

pub(super) const COMMENT_RULES: [Word<CommentRule>; 2] =
    [("optional", CommentRule::Optional), ("required", CommentRule::Required)];

/// Words of `updated` that are no state's id.
pub(in crate::workflow) const UPDATED: [&str; 3] = ["stay", "initial", "previous"];

pub(super) const EVENTS: [Word<Event>; 7] = [
    ("state-entered", Event::StateEntered),
    ("approval-given", Event::ApprovalGiven),
    ("rejected", Event::Rejected),
    ("reviewer-assigned", Event::ReviewerAssigned),
    ("expired", Event::Expired),
    ("page-updated", Event::PageUpdated),
    ("review-due", Event::ReviewDue),
];

pub(super) const MESSAGE_KINDS: [Word<MessageKind>; 3] =
    [("info", MessageKind::Info), ("warning", MessageKind::Warning), ("error", MessageKind::Error)];

pub(super) const OPERATIONS: [Word<Operation>; 2] = [("read", Operation::Read), ("update", Operation::Update)];

/// An action's word and the members it has besides `action`.
pub(super) const ACTIONS: [Word<&[&str]>; 16] = [
    ("change-state", &["to"]),
    ("assign", &["approval", "who"]),
    ("unassign", &["approval", "who"]),
    ("set-expiration", &["after"]),
    ("clear-expiration", &[]),
    ("set-message", &["kind", "text"]),
    ("clear-messages", &[]),
    ("send-email", &["to", "subject", "text"]),
    ("add-restrictions", &["operation", "who"]),
    ("remove-restrictions", &["operation"]),
    ("publish-page", &["space"]),
    ("copy-page", &["space", "title"]),
    ("add-label", &["label"]),
    ("remove-label", &["label"]),
    ("add-comment", &["text"]),
    ("webhook", &["url"]),
];
