//! Whether the approved version is the one on screen. Pure.
//!
//! The copy a viewer is shown first never answers this; only the journal's head and Confluence's own word together do.

use engine::ids::PageVersion;

/// What is known of the page's current version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VersionLook {
    /// Being asked.
    Checking,
    /// Confluence said so, after the journal was read.
    Seen(PageVersion),
    /// It could not be learned, because of this.
    Unknown(String),
}

impl VersionLook {
    /// A page's version never goes down: a late answer with a lower one is an old answer.
    pub(crate) fn followed_by(&self, next: Self) -> Self {
        match (self, next) {
            (Self::Seen(held), Self::Seen(new)) => Self::Seen(new.max(*held)),
            (_, next) => next,
        }
    }
}

/// What may be said about the approved version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No version was ever approved: there is nothing to compare.
    NothingApproved,
    /// Not known yet.
    Checking,
    /// The page is at the approved version.
    Current,
    /// The page moved on, to this version.
    ChangedTo(PageVersion),
    /// The version's number is the same, but what belongs to it is not.
    ChangedWithin,
    /// It could not be confirmed, because of this; what the journal knew is said with it.
    Unconfirmed {
        /// Why not.
        reason: String,
        /// Whether the journal has seen a change.
        known_change: bool,
    },
}

/// Compares the approved version with what is known of the current one.
pub(crate) fn verdict(approved: Option<PageVersion>, changed: bool, look: &VersionLook) -> Verdict {
    let Some(approved) = approved else {
        return Verdict::NothingApproved;
    };
    match look {
        VersionLook::Checking => Verdict::Checking,
        VersionLook::Unknown(reason) => Verdict::Unconfirmed { reason: reason.clone(), known_change: changed },
        VersionLook::Seen(now) if *now > approved => Verdict::ChangedTo(*now),
        VersionLook::Seen(now) if *now < approved => Verdict::Unconfirmed {
            reason: "Confluence answered with an older version of the page.".to_owned(),
            known_change: changed,
        },
        VersionLook::Seen(_) if changed => Verdict::ChangedWithin,
        VersionLook::Seen(_) => Verdict::Current,
    }
}

impl Verdict {
    /// The sentence to show; empty where there is nothing to say.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::NothingApproved => String::new(),
            Self::Checking => "Checking whether this is the version you see…".to_owned(),
            Self::Current => "This is the version you see.".to_owned(),
            Self::ChangedTo(version) => format!("Changed since: the page is now at version {}.", version.0),
            Self::ChangedWithin => {
                "Changed since: an attachment was added, replaced or removed after the approval.".to_owned()
            }
            Self::Unconfirmed { reason, known_change: false } => format!("Could not be confirmed: {reason}"),
            Self::Unconfirmed { reason, known_change: true } => {
                format!("The page has changed since. Its version now could not be confirmed: {reason}")
            }
        }
    }

    /// The word that styles and tests tell it by.
    pub(crate) fn slug(&self) -> &'static str {
        match self {
            Self::NothingApproved => "nothing",
            Self::Checking => "checking",
            Self::Current => "current",
            Self::ChangedTo(_) | Self::ChangedWithin => "changed",
            Self::Unconfirmed { .. } => "unconfirmed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V7: PageVersion = PageVersion(7);
    const V8: PageVersion = PageVersion(8);

    #[test]
    fn nothing_is_claimed_before_both_have_answered() {
        assert_eq!(verdict(Some(V7), false, &VersionLook::Checking), Verdict::Checking);
        assert_eq!(verdict(Some(V7), true, &VersionLook::Checking), Verdict::Checking);
        let unknown = VersionLook::Unknown("no answer.".to_owned());
        let said = verdict(Some(V7), false, &unknown);
        assert_eq!(said.slug(), "unconfirmed");
        assert_eq!(said.sentence(), "Could not be confirmed: no answer.");
        assert!(verdict(Some(V7), true, &unknown).sentence().starts_with("The page has changed since."));
    }

    #[test]
    fn the_approved_version_is_current_only_if_nothing_changed() {
        assert_eq!(verdict(Some(V7), false, &VersionLook::Seen(V7)), Verdict::Current);
        assert_eq!(verdict(Some(V7), true, &VersionLook::Seen(V7)), Verdict::ChangedWithin);
    }

    #[test]
    fn a_newer_version_is_a_change_whatever_the_journal_has_heard() {
        for heard in [false, true] {
            let said = verdict(Some(V7), heard, &VersionLook::Seen(V8));
            assert_eq!(said, Verdict::ChangedTo(V8));
            assert_eq!(said.sentence(), "Changed since: the page is now at version 8.");
        }
    }

    #[test]
    fn an_older_version_confirms_nothing() {
        assert_eq!(verdict(Some(V8), false, &VersionLook::Seen(V7)).slug(), "unconfirmed");
    }

    #[test]
    fn without_an_approval_there_is_nothing_to_say() {
        let said = verdict(None, true, &VersionLook::Seen(V7));
        assert_eq!(said, Verdict::NothingApproved);
        assert_eq!(said.sentence(), "");
    }

    #[test]
    fn a_late_answer_does_not_turn_the_version_back() {
        let seen = VersionLook::Seen(V8);
        assert_eq!(seen.followed_by(VersionLook::Seen(V7)), VersionLook::Seen(V8));
        assert_eq!(VersionLook::Checking.followed_by(VersionLook::Seen(V7)), VersionLook::Seen(V7));
        assert_eq!(seen.followed_by(VersionLook::Unknown(String::new())), VersionLook::Unknown(String::new()));
    }
}
