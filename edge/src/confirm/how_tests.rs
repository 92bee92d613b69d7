use super::*;
use crate::confirm::ways::tests::{NOW, asked, factor, session, standing};
use engine::token::guessing::Guesses;
use engine::token::policy::Freshness;

fn kind(refused: Result<How, EdgeError>) -> ProblemKind {
    match refused {
        Err(EdgeError::Refused(problem)) => problem.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_has_no_way_is_told_what_to_do() {
    let each = |kinds: &[FactorKind]| asked(kinds, Freshness::EachTime, false);
    let totp = standing(vec![factor(FactorKind::Totp, None)], Vec::new());
    let nothing = standing(Vec::new(), Vec::new());
    let ended = standing(vec![factor(FactorKind::Totp, Some(NOW))], Vec::new());
    let says = |asked: &Asked, standing: &Standing| no_way(asked, standing, NOW).into_problem().detail;
    assert_eq!(kind(how(&each(&[FactorKind::Totp]), &nothing, NOW)), ProblemKind::NoFactor);
    assert!(says(&each(&[FactorKind::Totp]), &nothing).contains("authenticator app first"));
    assert_eq!(kind(how(&each(&[FactorKind::Passkey]), &totp, NOW)), ProblemKind::NoFactor);
    assert!(says(&each(&[FactorKind::Passkey]), &totp).contains("passkey first"));
    assert_eq!(kind(how(&each(&[FactorKind::Totp]), &ended, NOW)), ProblemKind::NoFactor);
    assert!(says(&each(&[FactorKind::Totp]), &ended).contains("renew it"));
    assert_eq!(kind(how(&each(&[]), &totp, NOW)), ProblemKind::NotAllowed);
    assert!(says(&each(&[]), &totp).contains("leaves no factor you can use"));
}

#[test]
fn a_session_spares_the_code_but_not_the_lock() {
    let quarter = asked(&[FactorKind::Totp], Freshness::Session { minutes: 15 }, false);
    let has = |one| standing(vec![factor(FactorKind::Totp, None)], one);
    let first = how(&quarter, &has(Vec::new()), NOW).unwrap();
    assert_eq!((first.factors.as_slice(), first.begins_session), ([FactorKind::Totp].as_slice(), Some(15)));
    assert!(first.session_until.is_none() && !first.identification && !first.because.is_empty());
    let later = how(&quarter, &has(vec![session(FactorKind::Totp, 5, false)]), NOW).unwrap();
    assert!(later.factors.is_empty() && later.begins_session.is_none());
    assert_eq!(later.session_until, Some(Timestamp(NOW.0 + 10 * 60_000)));
    let mut locked = has(vec![session(FactorKind::Totp, 5, false)]);
    locked.guesses = Guesses { failures: 5, locked_until: Timestamp(NOW.0 + 1), held: false };
    assert_eq!(kind(how(&quarter, &locked, NOW)), ProblemKind::Locked);
}

#[test]
fn part_11_asks_for_a_name_once_and_for_a_factor_each_time() {
    let letter = asked(&[FactorKind::Totp], Freshness::Session { minutes: 15 }, true);
    let has = |one| standing(vec![factor(FactorKind::Totp, None)], one);
    let first = how(&letter, &has(Vec::new()), NOW).unwrap();
    assert!(first.identification && first.begins_session == Some(15));
    let later = how(&letter, &has(vec![session(FactorKind::Totp, 5, true)]), NOW).unwrap();
    assert!(!later.identification && later.factors == [FactorKind::Totp] && later.session_until.is_some());
}
