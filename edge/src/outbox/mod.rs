//! What a committed event causes outside: carried out at least once, in order, one at a time per lane.
//!
//! * [`runner`]: claims a row, has it carried out, says how it went.
//! * [`carry`]: which effect is whose.
//! * [`kv`]: the copy viewers read. [`byline`]: the property under the title. [`recheck`]: did the page move meanwhile?
//!   [`mail`]: how a mail is sent; [`code_mail`], [`notice`], [`emergency_mail`], [`review_mail`], [`invitation_mail`], [`digest`]: what for.
//! * [`clock`]: a page whose time has come. [`timers`]: a page's timers.
//! * [`obstacle`]: what stood in the way, as a word for the database and a sentence for admins.
//!
//! Effects are put there by [`crate::store::commit::Commit::effect`], in the batch of what causes them.

pub mod byline;
pub mod carry;
pub mod clock;
pub mod code_mail;
pub mod digest;
pub mod emergency_mail;
pub mod errand;
pub mod invitation_mail;
pub mod kv;
pub mod mail;
pub mod notice;
pub mod obstacle;
pub mod recheck;
pub mod review_mail;
pub mod runner;
pub mod timers;

pub use runner::{drain, kick};
