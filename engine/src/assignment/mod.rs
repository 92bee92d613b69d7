//! Which pages come under which workflow.
//!
//! * [`rule`]: a rule, a level's ordered list of them, and the event that sets it.
//! * [`resolve`](mod@resolve): the rule that decides for a page, and those it overrules.
//! * [`check`](mod@check): whether a list makes sense.

pub mod check;
pub mod resolve;
pub mod rule;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use check::{Checked, check};
pub use resolve::{Assigned, Explanation, Level, PageFacts, explain, needs, resolve};
pub use rule::{AssignmentEvent, Mode, Rule, Rules, Scope};
