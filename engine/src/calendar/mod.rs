//! Time as people reckon it: durations, dates, time zones, and when something falls due.
//!
//! The clock is not here: every function is told the time. Time zones come from the database that is built in, never
//! from the machine, so that the same call gives the same instant everywhere.

mod date;
#[cfg(test)]
mod properties;
mod reckon;
mod shown;
mod span;
#[cfg(test)]
mod tests;
mod zone;

pub use date::{CivilDate, CivilDateFault, Weekday};
pub use reckon::{after, at_hour_on_day_of, before, day_of, next_at_hour, next_on_weekday, start_of_day};
pub use shown::shown;
pub use span::{Span, SpanFault};
pub use zone::{Zone, ZoneFault};
