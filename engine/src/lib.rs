//! The rules of Countersign, and nothing else.
//!
//! * [`workflow`]: what a workflow definition may say, and whether it makes sense.
//! * [`assignment`]: which pages come under which workflow.
//! * [`page`]: the life of one page under a workflow: commands in, events out, a fold of the events.
//! * [`token`]: the approval token: factors, challenges, the guessing limit, the step-up policy.
//! * [`audit`]: how an event becomes a journal entry that can be hashed, proved and, for its personal parts, erased.
//! * [`reduced`]: what of a page is shown to people without an account.
//! * [`effect`]: what a committed event causes outside the journal.
//! * [`timer`]: what the clock has to do for a page, and when.
//! * [`calendar`]: durations, dates and time zones: when something falls due.
//! * [`wire`]: what the macro and the edge say to each other.
//!
//! There is no clock, no randomness and no I/O here: times, nonces and salts are arguments.
//! That keeps every rule testable natively and makes a replay of the journal give the same bytes.

pub mod assignment;
pub mod audit;
pub mod calendar;
pub mod content;
pub mod content_date;
pub mod effect;
pub mod ids;
mod markup;
pub mod page;
pub mod reduced;
pub mod time;
pub mod timer;
pub mod token;
pub mod wire;
pub mod workflow;
