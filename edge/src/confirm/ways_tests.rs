use super::*;
use crate::confirm::asked::Asked;
use crate::store::recovery::Left;
use engine::ids::{AccountId, FactorId, RuleId, SessionId};
use engine::token::challenge::Act;
use engine::token::guessing::Guesses;
use engine::token::policy::{Action, Demand, Force, Freshness, Policy, Rule, Subject, Who};
use engine::workflow::definition::StepUp;

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);

pub(crate) fn factor(kind: FactorKind, expires_at: Option<Timestamp>) -> Factor {
    Factor {
        id: FactorId::new(kind.as_str()),
        kind,
        secret_sealed: String::new(),
        last_step: 0,
        enrolled_at: Timestamp(0),
        name: None,
        expires_at,
        last_used_at: None,
    }
}

pub(crate) fn session(kind: FactorKind, minutes_ago: u64, identified: bool) -> Session {
    let began_at = Timestamp(NOW.0 - minutes_ago * 60_000);
    let until_at = Timestamp(NOW.0 + 60_000);
    Session { id: SessionId::new("s"), factor: FactorId::new("f"), kind, began_at, until_at, identified }
}

pub(crate) fn standing(factors: Vec<Factor>, sessions: Vec<Session>) -> Standing {
    Standing { factors, sessions, guesses: Guesses::default(), recovery: Left::default() }
}

pub(crate) fn asked(kinds: &[FactorKind], fresh: Freshness, part_11: bool) -> Asked {
    let demand = Demand { factors: kinds.iter().copied().collect(), fresh, meanings: Vec::new(), part_11 };
    let rule = Rule {
        id: RuleId::new("r"),
        name: "Rule".to_owned(),
        force: Force::Required,
        who: Who::Everyone,
        actions: [Action::Approve].into(),
        demand,
    };
    let policy = Policy { rules: vec![rule], ..Policy::initial() };
    Asked::of_policy(&policy, &StepUp::Policy, &Subject::plain(&AccountId::new("me")), Action::Approve)
}

const ALL: [FactorKind; 3] = FactorKind::SIGNING;

#[test]
fn the_strongest_comes_first_and_nothing_weaker_than_what_one_has_by_mail() {
    let each = asked(&ALL, Freshness::EachTime, false);
    let kinds = |factors| Ways::of(&each, &standing(factors, Vec::new()), NOW).kinds;
    assert_eq!(kinds(Vec::new()), [FactorKind::MailCode]);
    assert_eq!(kinds(vec![factor(FactorKind::Totp, None)]), [FactorKind::Totp]);
    assert_eq!(
        kinds(vec![factor(FactorKind::Totp, None), factor(FactorKind::Passkey, None)]),
        [FactorKind::Passkey, FactorKind::Totp]
    );
    let only = asked(&[FactorKind::Passkey], Freshness::EachTime, false);
    let has = standing(vec![factor(FactorKind::Totp, None)], Vec::new());
    assert!(Ways::of(&only, &has, NOW).kinds.is_empty());
}

#[test]
fn what_has_ended_counts_for_nothing_but_its_own_renewal() {
    let each = asked(&[FactorKind::Totp], Freshness::EachTime, false);
    let ends = |at: u64| standing(vec![factor(FactorKind::Totp, Some(Timestamp(at)))], Vec::new());
    assert!(!Ways::of(&each, &ends(NOW.0 + 1), NOW).kinds.is_empty());
    assert!(Ways::of(&each, &ends(NOW.0), NOW).kinds.is_empty());
    let (policy, me) = (Policy::initial(), Subject::plain(&AccountId::new("me")));
    let renewal = Asked::of_act(&policy, &me, Act::RenewFactor);
    assert!(!Ways::of(&renewal, &ends(NOW.0), NOW).kinds.is_empty());
    assert!(Ways::of(&renewal, &ends(1), NOW).kinds.is_empty(), "a year ago");
    let other = FactorId::new("another");
    assert!(Ways::of(&renewal.only(Some(&other)), &ends(NOW.0 + 1), NOW).kinds.is_empty());
}

#[test]
fn waiting_for_its_end_makes_no_mailbox_of_an_authenticator() {
    let each = asked(&ALL, Freshness::EachTime, false);
    let day = 24 * 60 * 60_000;
    let ended = |kind, days: u64| factor(kind, Some(Timestamp(NOW.0 - days * day)));
    let kinds = |factors| Ways::of(&each, &standing(factors, Vec::new()), NOW).kinds;
    for kind in [FactorKind::Totp, FactorKind::Passkey] {
        for days in [0, 1, 89] {
            assert!(kinds(vec![ended(kind, days)]).is_empty(), "{kind:?} {days}");
        }
        assert_eq!(kinds(vec![ended(kind, 90)]), [FactorKind::MailCode], "{kind:?}: as if it had been removed");
        let both = vec![ended(kind, 90), ended(kind, 1)];
        assert!(kinds(both).is_empty(), "{kind:?}: one of them can be renewed");
    }
    // What would not count if it were renewed stands in nobody's way.
    let mailbox_or_passkey = asked(&[FactorKind::MailCode, FactorKind::Passkey], Freshness::EachTime, false);
    let has = standing(vec![ended(FactorKind::Totp, 1)], Vec::new());
    assert_eq!(Ways::of(&mailbox_or_passkey, &has, NOW).kinds, [FactorKind::MailCode]);
    let narrowed = each.only(Some(&FactorId::new("another")));
    let has = standing(vec![factor(FactorKind::Totp, None)], Vec::new());
    assert!(Ways::of(&narrowed, &has, NOW).kinds.is_empty(), "asking for one factor hides no other");
}

#[test]
fn recovery_codes_sign_nothing() {
    let (policy, me) = (Policy::initial(), Subject::plain(&AccountId::new("me")));
    let mut has = standing(Vec::new(), Vec::new());
    has.recovery.count = 3;
    for act in Act::ALL {
        let takes = Ways::of(&Asked::of_act(&policy, &me, *act), &has, NOW).takes(FactorKind::RecoveryCode);
        assert_eq!(takes, *act == Act::AddFactor, "{act:?}");
    }
    assert!(!Ways::of(&asked(&ALL, Freshness::EachTime, false), &has, NOW).takes(FactorKind::RecoveryCode));
    has.recovery.count = 0;
    assert!(!Ways::of(&Asked::of_act(&policy, &me, Act::AddFactor), &has, NOW).takes(FactorKind::RecoveryCode));
}

#[test]
fn a_session_counts_as_long_as_the_policy_now_in_force_lets_it() {
    let quarter = asked(&[FactorKind::Totp], Freshness::Session { minutes: 15 }, false);
    let counts = |asked: &Asked, one| {
        Ways::of(asked, &standing(vec![factor(FactorKind::Totp, None)], vec![one]), NOW).session.is_some()
    };
    assert!(counts(&quarter, session(FactorKind::Totp, 14, false)));
    assert!(!counts(&quarter, session(FactorKind::Totp, 15, false)));
    assert!(!counts(&quarter, session(FactorKind::MailCode, 1, false)));
    assert!(!counts(
        &asked(&[FactorKind::Totp], Freshness::Session { minutes: 5 }, false),
        session(FactorKind::Totp, 14, true)
    ));
    assert!(!counts(&asked(&[FactorKind::Totp], Freshness::EachTime, false), session(FactorKind::Totp, 1, true)));
}

#[test]
fn to_the_letter_of_part_11_a_series_begins_with_a_name_and_each_signature_uses_a_factor() {
    let letter = asked(&[FactorKind::Totp], Freshness::Session { minutes: 15 }, true);
    let has = |one| standing(vec![factor(FactorKind::Totp, None)], one);
    let first = has(Vec::new());
    let ways = Ways::of(&letter, &first, NOW);
    assert!(ways.needs_factor(&letter) && ways.needs_identification(&letter));
    let nameless = has(vec![session(FactorKind::Totp, 1, false)]);
    assert!(Ways::of(&letter, &nameless, NOW).needs_identification(&letter));
    let later = has(vec![session(FactorKind::Totp, 1, true)]);
    let ways = Ways::of(&letter, &later, NOW);
    assert!(ways.needs_factor(&letter) && !ways.needs_identification(&letter));
}
