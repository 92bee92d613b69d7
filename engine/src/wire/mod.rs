//! What the macro and the edge say to each other. Both ends use these types; there is no second description.
//!
//! Every request is a `POST` with a JSON object, through Forge's `invokeRemote`. The site and the person come from the
//! invocation token, never from the body; for macro and byline the page does too.
//! A refusal is a [`problem::Problem`] with a status other than 2xx.

pub mod act;
pub mod assignments;
pub mod bulk;
pub mod confirm;
pub mod emergency;
pub mod enrolment;
pub mod factors;
pub mod insights;
pub mod invitation;
pub mod invited;
pub mod jobs;
pub mod keys;
pub mod mail_sign;
pub mod me;
pub mod not_me;
pub mod operator;
pub mod passkey;
pub mod policy;
pub mod problem;
pub mod route;
pub mod settings;
pub mod space;
pub mod status;
pub mod workflows;
