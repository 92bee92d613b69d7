//! What Confluence said may be remembered for a minute, per isolate, and never where it decides something grave.

use core::time::Duration;
use engine::ids::SiteId;
use engine::time::Timestamp;
use std::cell::RefCell;
use std::collections::HashMap;

/// Whether an answer of up to a minute ago will do. Never for an override, a change of policy or the reset of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It will.
    Cached,
    /// Confluence is asked.
    Fresh,
}

/// How long a "yes" is remembered.
pub const YES: Duration = Duration::from_secs(60);
/// How long a "no" is remembered: whoever was just given a right should not have to wait for it.
pub const NO: Duration = Duration::from_secs(5);

const MOST_ENTRIES: usize = 2000;

/// Whose answer it is, and to which question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    site: String,
    installation: String,
    account: String,
    question: String,
}

impl Key {
    /// `question` names everything else the answer depends on.
    #[must_use]
    pub fn new(site: &SiteId, installation: &str, account: &str, question: impl Into<String>) -> Self {
        Self {
            site: site.as_str().to_owned(),
            installation: installation.to_owned(),
            account: account.to_owned(),
            question: question.into(),
        }
    }
}

#[derive(Default)]
struct Memory {
    answers: HashMap<Key, (bool, Timestamp)>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Memory {
    fn recall(&self, key: &Key, now: Timestamp) -> Option<bool> {
        self.answers.get(key).filter(|(_, until)| now < *until).map(|(answer, _)| *answer)
    }

    fn keep(&mut self, key: Key, answer: bool, now: Timestamp) {
        if self.answers.len() >= MOST_ENTRIES {
            self.answers.retain(|_, (_, until)| now < *until);
        }
        // Still full of live answers: forgetting all costs a few calls, growing costs the isolate.
        if self.answers.len() >= MOST_ENTRIES {
            self.answers.clear();
        }
        self.answers.insert(key, (answer, now + if answer { YES } else { NO }));
    }
}

/// Answers a yes-or-no question from memory where that will do, else by `ask`. Errors are not remembered.
///
/// # Errors
/// Those of `ask`.
pub async fn remembered<E>(
    key: Key,
    freshness: Freshness,
    now: Timestamp,
    ask: impl Future<Output = Result<bool, E>>,
) -> Result<bool, E> {
    if freshness == Freshness::Cached
        && let Some(answer) = MEMORY.with_borrow(|memory| memory.recall(&key, now))
    {
        return Ok(answer);
    }
    let answer = ask.await?;
    MEMORY.with_borrow_mut(|memory| memory.keep(key, answer, now));
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn key(site: &str, account: &str) -> Key {
        Key::new(&SiteId::new(site), "inst", account, "group g")
    }

    #[test]
    fn a_yes_lasts_a_minute_and_a_no_a_moment() {
        let mut memory = Memory::default();
        memory.keep(key("s", "yes"), true, NOW);
        memory.keep(key("s", "no"), false, NOW);
        assert_eq!(memory.recall(&key("s", "yes"), NOW + Duration::from_millis(59_999)), Some(true));
        assert_eq!(memory.recall(&key("s", "yes"), NOW + YES), None);
        assert_eq!(memory.recall(&key("s", "no"), NOW + Duration::from_secs(4)), Some(false));
        assert_eq!(memory.recall(&key("s", "no"), NOW + NO), None);
    }

    #[test]
    fn one_site_s_answer_is_not_another_s() {
        let mut memory = Memory::default();
        memory.keep(key("s", "a"), true, NOW);
        assert_eq!(memory.recall(&key("t", "a"), NOW), None);
        assert_eq!(memory.recall(&key("s", "b"), NOW), None);
    }

    #[test]
    fn it_never_grows_past_its_bound() {
        let mut memory = Memory::default();
        for number in 0..3 * MOST_ENTRIES {
            memory.keep(key("s", &number.to_string()), true, NOW);
            assert!(memory.answers.len() <= MOST_ENTRIES);
        }
    }
}
