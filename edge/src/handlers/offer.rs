//! Whether a button is there for somebody, and why not: a sentence, or nothing where it would only be noise.

use super::refusal::excluded_sentence;
use engine::page::refusal::Refusal;
use engine::wire::status::Offer;

/// No button, and no word about it.
pub(super) const NOTHING: Offer = Offer::Closed { why: None };

pub(super) const UNLICENSED: &str =
    "Countersign's licence on this site is not active: pages can be read, nothing can be decided.";

pub(super) const FOR_OTHERS: &str = "The workflow lets only certain people do this.";

/// No button, and why.
pub(super) fn closed(why: impl Into<String>) -> Offer {
    Offer::Closed { why: Some(why.into()) }
}

/// Why somebody who is asked can't decide now.
pub(super) fn why_not(refusal: &Refusal) -> Offer {
    match refusal {
        Refusal::Excluded(excluded) => closed(excluded_sentence(*excluded)),
        Refusal::AlreadyDecided => closed("Your decision is recorded. Others still have to decide."),
        Refusal::ApprovalComplete { approval } => {
            closed(format!("Enough people have decided on \u{201c}{approval}\u{201d}."))
        }
        Refusal::NotYet { approval } => closed(format!(
            "\u{201c}{approval}\u{201d} waits for other approvals. You can decide when they are complete."
        )),
        _ => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::page::refusal::Excluded;

    #[test]
    fn whoever_is_asked_is_told_why_and_whoever_is_not_is_left_alone() {
        let approval = "Policy owners".to_owned();
        for told in [
            Refusal::Excluded(Excluded::Author),
            Refusal::AlreadyDecided,
            Refusal::NotYet { approval: approval.clone() },
            Refusal::ApprovalComplete { approval },
        ] {
            assert!(matches!(why_not(&told), Offer::Closed { why: Some(why) } if why.ends_with('.')), "{told}");
        }
        assert_eq!(why_not(&Refusal::NotReviewer), NOTHING);
    }
}
