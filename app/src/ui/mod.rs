//! Small pieces every view is built of.

mod bones;
mod button;
mod code;
mod comment;
mod countdown;
mod el;
mod el_view;
mod field;
mod lozenge;
mod names;
mod notice;
mod signature;
mod when;

pub(crate) use bones::{loading, preparing};
pub(crate) use button::{Look, button, never};
pub(crate) use code::{Keys, code_field};
pub(crate) use comment::{comment_field, comment_is_fine, quoted};
pub(crate) use countdown::{countdown, lock_notice};
pub(crate) use el::{El, el};
pub(crate) use field::{Field, text_field};
pub(crate) use lozenge::lozenge;
pub(crate) use names::{folded, names};
pub(crate) use notice::{Tone, failure_notice, notice};
pub(crate) use signature::signature;
pub(crate) use when::{when_ago, when_day, when_exact, when_until};
