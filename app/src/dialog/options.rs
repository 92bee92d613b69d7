//! What a search for people offers. Pure, but for asking Confluence.

use crate::bridge::{self, Found};
use engine::ids::AccountId;
use engine::wire::status::Candidate;

/// Options shown at once; whoever is not among them is found by typing more.
const SHOWN_MAX: usize = 20;
/// Letters Confluence is asked for at least.
const TYPED_MIN: usize = 2;

/// Where people are looked for.
#[derive(Clone)]
pub(crate) enum Source {
    /// Among these.
    Listed(Vec<Candidate>),
    /// Among everybody Confluence shows the person.
    Confluence,
    /// Among Confluence's groups: what is chosen stands with the group's id for an account.
    Groups,
}

/// What stands beneath the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing.
    Closed,
    /// Letters are missing.
    TypeMore,
    /// Confluence is being asked.
    Searching,
    /// These were found; `more` if there are others.
    Found {
        /// Who.
        people: Vec<Found>,
        /// Whether some were left out.
        more: bool,
    },
    /// The search failed, because of this.
    Failed(&'static str),
}

impl Look {
    /// How many can be chosen from.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Found { people, .. } => people.len(),
            _ => 0,
        }
    }

    /// What is said of it where groups are looked for.
    pub(super) fn words_for_groups(&self) -> String {
        match self {
            Self::Found { people, .. } if people.is_empty() => "No group was found by this name.".to_owned(),
            Self::Found { people, more: false } if people.len() == 1 => "1 group found.".to_owned(),
            Self::Found { people, more: false } => format!("{} groups found.", people.len()),
            other => other.words(),
        }
    }

    /// What is said of it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Closed => String::new(),
            Self::TypeMore => "Type at least two letters of a name.".to_owned(),
            Self::Searching => "Searching…".to_owned(),
            Self::Found { people, .. } if people.is_empty() => "Nobody was found by this name.".to_owned(),
            Self::Found { people, more: false } if people.len() == 1 => "1 person found.".to_owned(),
            Self::Found { people, more: false } => format!("{} people found.", people.len()),
            Self::Found { people, more: true } => {
                format!("The first {} are shown. Type more to narrow them down.", people.len())
            }
            Self::Failed(why) => format!("{why} Type on to try again."),
        }
    }
}

impl Source {
    pub(super) fn is_groups(&self) -> bool {
        matches!(self, Self::Groups)
    }

    /// What can be said at once; nothing if Confluence has to be asked.
    pub(super) fn at_once(&self, typed: &str, without: &[AccountId]) -> Option<Look> {
        match self {
            Self::Listed(candidates) => {
                let wanted = typed.trim().to_lowercase();
                let fits = candidates.iter().filter(|one| one.name.to_lowercase().contains(&wanted));
                let people =
                    fits.map(|one| Found { account: one.account.clone(), name: one.name.clone(), guest: false });
                Some(found(people, without))
            }
            Self::Confluence | Self::Groups if typed.trim().is_empty() => Some(Look::Closed),
            Self::Confluence | Self::Groups if typed.trim().chars().count() < TYPED_MIN => Some(Look::TypeMore),
            Self::Confluence | Self::Groups => None,
        }
    }
}

/// Asks Confluence.
pub(super) async fn search(source: &Source, typed: &str, without: &[AccountId]) -> Look {
    let sought = match source {
        Source::Groups => bridge::search_groups(typed.trim()).await,
        Source::Confluence | Source::Listed(_) => bridge::search_people(typed.trim()).await,
    };
    match sought {
        Ok(people) => found(people.into_iter(), without),
        Err(why) => Look::Failed(why),
    }
}

fn found(people: impl Iterator<Item = Found>, without: &[AccountId]) -> Look {
    let mut people: Vec<Found> = people.filter(|one| !without.contains(&one.account)).take(SHOWN_MAX + 1).collect();
    let more = people.len() > SHOWN_MAX;
    people.truncate(SHOWN_MAX);
    Look::Found { people, more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(count: usize) -> Source {
        let person = |n: usize| Candidate { account: AccountId::new(n.to_string()), name: format!("Person {n}") };
        Source::Listed((0..count).map(person).collect())
    }

    #[test]
    fn a_list_is_narrowed_down_by_typing() {
        assert_eq!(listed(3).at_once("", &[]).map(|look| look.count()), Some(3));
        assert_eq!(listed(3).at_once(" PERSON 2", &[]).map(|look| look.count()), Some(1));
        assert_eq!(
            listed(3).at_once("", &[AccountId::new("1")]).map(|look| look.count()),
            Some(2),
            "whoever is chosen is not offered"
        );
        let none = listed(3).at_once("nobody", &[]).map(|look| look.words());
        assert_eq!(none.as_deref(), Some("Nobody was found by this name."));
    }

    #[test]
    fn two_hundred_people_are_not_shown_at_once() {
        let Some(look) = listed(200).at_once("", &[]) else { panic!("a list answers at once") };
        assert_eq!(look.count(), SHOWN_MAX);
        assert!(look.words().contains("Type more"));
        let exact = listed(SHOWN_MAX).at_once("", &[]);
        assert_eq!(exact.map(|look| look.words()), Some("20 people found.".to_owned()));
    }

    #[test]
    fn confluence_is_not_asked_for_one_letter() {
        let words = |typed| Source::Confluence.at_once(typed, &[]).map(|look| look.words());
        assert_eq!(words(" "), Some(String::new()));
        assert_eq!(words("j"), Some("Type at least two letters of a name.".to_owned()));
        assert_eq!(words("jo"), None);
    }
}
