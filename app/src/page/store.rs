//! The status on screen, and which answer may replace it. Pure.

use engine::wire::status::{PageStatus, Source};

/// A status and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    /// The status.
    pub(crate) status: PageStatus,
    /// Copy or journal.
    pub(crate) source: Source,
}

impl Held {
    /// Whether this may replace what is on screen: never with a lower seq, and the copy never replaces the journal's
    /// word of the same seq. What would change nothing does not either.
    pub(crate) fn replaces(&self, on_screen: Option<&Self>) -> bool {
        let Some(held) = on_screen else {
            return true;
        };
        if self.status.seq != held.status.seq {
            return self.status.seq > held.status.seq;
        }
        (held.source == Source::Copy || self.source == Source::Journal) && self != held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{Seq, StateId};
    use engine::wire::status::{Colour, StateLabel, WorkflowLabel};

    fn held(seq: u64, source: Source, state: &str) -> Held {
        let status = PageStatus {
            seq: Seq(seq),
            state: StateLabel {
                id: StateId::new(state),
                name: state.to_owned(),
                colour: Colour::Grey,
                is_final: false,
            },
            workflow: WorkflowLabel { name: "Page approval".to_owned(), version: 1 },
            ended: false,
            expires_at: None,
            latest_version: None,
            review: None,
            approved: None,
            changed_since_approval: false,
            history: Vec::new(),
        };
        Held { status, source }
    }

    #[test]
    fn a_lower_seq_never_replaces_a_higher_one() {
        for source in [Source::Copy, Source::Journal] {
            let on_screen = held(5, Source::Copy, "approved");
            assert!(!held(4, source, "draft").replaces(Some(&on_screen)));
            assert!(held(6, source, "draft").replaces(Some(&on_screen)));
        }
    }

    #[test]
    fn anything_replaces_nothing() {
        assert!(held(0, Source::Copy, "draft").replaces(None));
    }

    #[test]
    fn at_the_same_seq_the_journal_is_believed() {
        assert!(held(5, Source::Journal, "b").replaces(Some(&held(5, Source::Copy, "a"))));
        assert!(!held(5, Source::Copy, "b").replaces(Some(&held(5, Source::Journal, "a"))));
        assert!(!held(5, Source::Journal, "a").replaces(Some(&held(5, Source::Journal, "a"))));
    }
}
