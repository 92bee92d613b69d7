//! Sorting and paging of the list. Pure.

use engine::wire::insights::{Filter, PersonLine};
use std::cmp::Reverse;

/// People on one page of the list.
pub(super) const PAGE: usize = 25;

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Name,
    Standing,
    LastUse,
    Failures,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) by: By,
    pub(super) backwards: bool,
}

impl Sort {
    /// After a press on a column's head: the other way round, or by that column.
    pub(super) fn pressed(self, by: By) -> Self {
        // Of what counts up, the most is looked for first.
        let first = matches!(by, By::LastUse | By::Failures);
        Self { by, backwards: if self.by == by { !self.backwards } else { first } }
    }
}

/// Those who are wanted, in order.
pub(super) fn arranged<'a>(people: &'a [PersonLine], filter: &Filter, sort: Sort) -> Vec<&'a PersonLine> {
    let mut wanted: Vec<&PersonLine> = people.iter().filter(|person| filter.keeps(person)).collect();
    let name = |person: &PersonLine| (person.name.to_lowercase(), person.account.clone());
    match (sort.by, sort.backwards) {
        (By::Name, false) => wanted.sort_by_cached_key(|person| name(person)),
        (By::Name, true) => wanted.sort_by_cached_key(|person| Reverse(name(person))),
        (By::Standing, false) => wanted.sort_by_cached_key(|person| (person.standing, name(person))),
        (By::Standing, true) => wanted.sort_by_cached_key(|person| (Reverse(person.standing), name(person))),
        (By::LastUse, false) => wanted.sort_by_cached_key(|person| (person.last_use, name(person))),
        (By::LastUse, true) => wanted.sort_by_cached_key(|person| (Reverse(person.last_use), name(person))),
        (By::Failures, false) => wanted.sort_by_cached_key(|person| (failures(person), name(person))),
        (By::Failures, true) => wanted.sort_by_cached_key(|person| (Reverse(failures(person)), name(person))),
    }
    wanted
}

/// Who is locked comes before who is not, whatever is counted.
fn failures(person: &PersonLine) -> (bool, u32, u32) {
    (person.lock.is_some(), person.failures, person.failures_of_late)
}

/// The page a number stands for, counted from 0: the last one where there are fewer.
pub(super) fn page(page: usize, count: usize) -> usize {
    page.min(count.saturating_sub(1) / PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::AccountId;
    use engine::time::Timestamp;
    use engine::token::guessing::Lock;
    use engine::wire::insights::{AskedBy, Standing};

    fn person(name: &str, last_use: u64, failures: u32) -> PersonLine {
        PersonLine {
            account: AccountId::new(name),
            name: name.to_owned(),
            external: None,
            asked: [AskedBy::Workflow].into(),
            standing: if last_use == 0 { Standing::NeverEnrolled } else { Standing::Enrolled },
            lock: None,
            factors: Vec::new(),
            recovery_left: 0,
            last_use: (last_use > 0).then_some(Timestamp(last_use)),
            last_seen: None,
            failures,
            failures_of_late: failures,
            reminded_at: None,
        }
    }

    #[test]
    fn a_column_sorts_and_a_second_press_turns_it_round() {
        let mut people = vec![person("Bo", 3, 0), person("ann", 0, 2), person("Cy", 9, 1)];
        people[0].lock = Some(Lock::UntilUnlocked);
        let names = |sort: Sort| -> Vec<String> {
            arranged(&people, &Filter::default(), sort).iter().map(|person| person.name.clone()).collect()
        };
        let by_name = Sort { by: By::Name, backwards: false };
        assert_eq!(names(by_name), ["ann", "Bo", "Cy"]);
        assert_eq!(names(by_name.pressed(By::Name)), ["Cy", "Bo", "ann"]);
        assert_eq!(names(by_name.pressed(By::LastUse)), ["Cy", "Bo", "ann"]);
        assert_eq!(names(by_name.pressed(By::Failures)), ["Bo", "ann", "Cy"], "who is locked comes first");
        assert_eq!(names(by_name.pressed(By::Standing)), ["Bo", "Cy", "ann"]);
    }

    #[test]
    fn a_page_that_is_no_more_is_the_last() {
        assert_eq!((page(0, 0), page(3, 26), page(1, 26), page(1, 25)), (0, 1, 1, 0));
    }
}
