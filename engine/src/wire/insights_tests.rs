use super::*;

fn person(account: &str, standing: Standing) -> PersonLine {
    PersonLine {
        account: AccountId::new(account),
        name: account.to_uppercase(),
        external: None,
        asked: [AskedBy::Workflow].into(),
        standing,
        lock: None,
        factors: Vec::new(),
        recovery_left: 0,
        last_use: None,
        last_seen: None,
        failures: 0,
        failures_of_late: 0,
        reminded_at: None,
    }
}

fn factor(factor_kind: FactorKind, stage: Stage) -> FactorView {
    FactorView {
        id: FactorId::new("f"),
        factor_kind,
        name: None,
        enrolled_at: Timestamp(0),
        expires_at: None,
        last_used_at: None,
        stage,
    }
}

#[test]
fn the_factor_that_goes_on_longest_speaks_for_its_owner() {
    use Stage::{Counts, Expired, Over, Soon};
    assert_eq!(Standing::of([Expired, Soon, Counts], true, true), Standing::Enrolled);
    assert_eq!(Standing::of([Expired, Soon], true, true), Standing::ExpiresSoon);
    assert_eq!(Standing::of([Expired, Over], true, false), Standing::Expired);
    assert_eq!(Standing::of([Expired], true, true), Standing::Expired, "a mailed code is for who has nothing stronger");
    assert_eq!(Standing::of([Over], true, false), Standing::Ended);
    assert_eq!(Standing::of([Over], true, true), Standing::MailboxOnly);
    assert_eq!(Standing::of([], false, true), Standing::MailboxOnly);
    assert_eq!(Standing::of([], false, false), Standing::NeverEnrolled);
}

#[test]
fn external_people_are_counted_apart_and_who_is_no_approver_not_at_all() {
    let mut people = vec![person("a", Standing::Enrolled), person("b", Standing::NeverEnrolled)];
    people.push(PersonLine { external: Some(External::Guest), ..person("c", Standing::NeverEnrolled) });
    people.push(PersonLine { asked: BTreeSet::new(), ..person("d", Standing::Enrolled) });
    people[0].factors = vec![factor(FactorKind::Totp, Stage::Counts), factor(FactorKind::Passkey, Stage::Expired)];
    people[1].lock = Some(Lock::UntilUnlocked);
    let inside = Counts::of(&people, false);
    assert_eq!((inside.people, inside.locked, inside.totp, inside.passkey), (2, 1, 1, 0));
    assert_eq!((inside.standing(Standing::Enrolled), inside.standing(Standing::NeverEnrolled)), (1, 1));
    let outside = Counts::of(&people, true);
    assert_eq!((outside.people, outside.standing(Standing::NeverEnrolled), outside.locked), (1, 1, 0));
    let all: u32 = inside.standings.iter().sum();
    assert_eq!(all, inside.people, "everybody is counted once");
}

#[test]
fn every_part_of_a_filter_has_to_fit() {
    let mut one = person("712020:jonas", Standing::Enrolled);
    one.name = "Jonas Lindqvist".to_owned();
    one.factors = vec![factor(FactorKind::Totp, Stage::Soon)];
    let keeps = |filter: Filter| filter.keeps(&one);
    assert!(keeps(Filter::default()));
    assert!(keeps(Filter { text: " LINDQ ".to_owned(), ..Filter::default() }));
    assert!(keeps(Filter { text: "712020:j".to_owned(), ..Filter::default() }));
    assert!(!keeps(Filter { text: "priya".to_owned(), ..Filter::default() }));
    assert!(!keeps(Filter { standing: Some(Standing::Expired), ..Filter::default() }));
    assert!(keeps(Filter { standing: Some(Standing::Enrolled), locked: Some(false), ..Filter::default() }));
    assert!(!keeps(Filter { locked: Some(true), ..Filter::default() }));
    assert!(keeps(Filter { factor_kind: Some(FactorKind::Totp), external: Some(false), ..Filter::default() }));
    assert!(!keeps(Filter { factor_kind: Some(FactorKind::Passkey), ..Filter::default() }));
    assert!(!keeps(Filter { external: Some(true), ..Filter::default() }));
    assert!(!keeps(Filter { who: Listed::Others, ..Filter::default() }));
    one.asked.clear();
    assert!(Filter { who: Listed::Others, ..Filter::default() }.keeps(&one));
    assert!(Filter { who: Listed::Everybody, ..Filter::default() }.keeps(&one));
    assert!(!Filter::default().keeps(&one));
}

#[test]
fn nobody_is_reminded_twice_a_day_or_without_need() {
    let now = Timestamp(10 * 24 * 3_600_000);
    let mut one = person("a", Standing::NeverEnrolled);
    assert!(one.can_be_reminded(now));
    one.reminded_at = Some(Timestamp(now.0 - 24 * 3_600_000 + 1));
    assert!(!one.can_be_reminded(now));
    one.reminded_at = Some(Timestamp(now.0 - 24 * 3_600_000));
    assert!(one.can_be_reminded(now));
    assert!(PersonLine { standing: Standing::Expired, ..one.clone() }.can_be_reminded(now));
    assert!(!PersonLine { standing: Standing::Enrolled, ..one.clone() }.can_be_reminded(now));
    assert!(!PersonLine { asked: BTreeSet::new(), ..one }.can_be_reminded(now));
}
