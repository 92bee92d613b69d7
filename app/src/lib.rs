//! What people see of Countersign inside Confluence. It shows and asks; it decides nothing.
//!
//! * [`page`]: the macro and the byline's popup: one page's status, confirmed, and what the person may do.
//! * [`dialog`]: submitting and signing; [`enrolment`]: setting up an authenticator.
//! * [`settings`]: the settings view; [`space`]: the pages of a space; [`bulk`]: deciding on many of them.
//! * [`hosted`]: the page the Worker serves itself, for passkeys.
//! * [`bridge`]: the only module that knows Forge.
//! * [`ui`]: buttons, notices, fields and the like; [`words`], [`time`], [`advice`]: what they say, as pure functions.

mod advice;
mod bridge;
mod bulk;
mod clock;
mod confirming;
mod context;
mod dates;
mod days;
mod dialog;
mod enrolment;
mod focus;
mod hosted;
mod page;
mod settings;
mod space;
mod time;
mod ui;
mod words;

pub use dialog::offer_dialogs;
pub use hosted::start_hosted;
pub use page::start_macro;
pub use settings::start_settings;
