use super::*;
use crate::ids::{AccountId, GroupId};
use crate::time::Timestamp;
use crate::workflow::definition::StepUp;

fn subject() -> Subject {
    Subject::plain(&AccountId::new("712020:a"))
}

fn with(factor: FactorKind) -> Evidence {
    Evidence { factor: Some(factor), ..Evidence::default() }
}

fn rule(id: &str, force: Force, who: Who, demand: Demand) -> Rule {
    Rule { id: RuleId::new(id), name: id.to_owned(), force, who, actions: [Action::Approve].into(), demand }
}

fn policy(rules: Vec<Rule>) -> Policy {
    Policy { rules, ..Policy::initial() }
}

const NOW: Timestamp = Timestamp(10_000_000);

#[test]
fn a_required_token_cannot_be_left_out() {
    let asked = Policy::initial().requirement(&StepUp::Policy, &subject(), Action::Approve);
    assert!(!asked.accepts(&Evidence::default(), NOW));
    assert!(asked.accepts(&with(FactorKind::Totp), NOW) && asked.accepts(&with(FactorKind::Passkey), NOW));
    assert!(!asked.accepts(&with(FactorKind::MailCode), NOW) && !asked.accepts(&with(FactorKind::RecoveryCode), NOW));
    let asked = Policy::initial().requirement(&StepUp::Policy, &subject(), Action::Submit);
    assert!(asked.accepts(&Evidence::default(), NOW) && asked.because.is_empty());
}

#[test]
fn where_no_factor_is_left_nothing_is_accepted() {
    let only = |kind| Demand { factors: [kind].into(), ..Demand::standard() };
    let policy = policy(vec![
        rule("a", Force::Required, Who::Everyone, only(FactorKind::Totp)),
        rule("b", Force::Required, Who::Everyone, only(FactorKind::Passkey)),
    ]);
    let asked = policy.requirement(&StepUp::Policy, &subject(), Action::Approve);
    assert_eq!(asked.because.len(), 2);
    for kind in FactorKind::SIGNING {
        assert!(!asked.accepts(&with(kind), NOW));
    }
}

#[test]
fn an_approval_loosens_a_default_and_never_what_is_required() {
    let mut rules = vec![rule("a", Force::Default, Who::Everyone, Demand::standard())];
    assert!(!policy(rules.clone()).requirement(&StepUp::Off, &subject(), Action::Approve).asks());
    rules.push(rule("b", Force::Required, Who::Everyone, Demand::standard()));
    assert!(policy(rules).requirement(&StepUp::Off, &subject(), Action::Approve).asks());
}

#[test]
fn a_rule_is_for_those_it_names() {
    let external = Subject { external: Some(External::Guest), ..subject() };
    let pilot = Subject { groups: [GroupId::new("pilot")].into(), ..subject() };
    let asks = |who: Who, subject: &Subject| {
        policy(vec![rule("a", Force::Default, who, Demand::standard())])
            .requirement(&StepUp::Policy, subject, Action::Approve)
            .asks()
    };
    assert!(asks(Who::External, &external) && !asks(Who::External, &subject()));
    assert!(!asks(Who::Internal, &external) && asks(Who::Internal, &subject()));
    let group = Who::Group { group: GroupId::new("pilot") };
    assert!(asks(group.clone(), &pilot) && !asks(group, &subject()));
}

#[test]
fn a_session_counts_while_it_is_fresh_and_of_a_kind_that_counts() {
    let demand = Demand { fresh: Freshness::Session { minutes: 15 }, ..Demand::standard() };
    let policy = policy(vec![rule("a", Force::Default, Who::Everyone, demand)]);
    let asked = policy.requirement(&StepUp::Policy, &subject(), Action::Approve);
    let session = |kind, minutes: u64| Evidence {
        session: Some((kind, Timestamp(NOW.0 - minutes * 60_000))),
        ..Evidence::default()
    };
    assert!(asked.accepts(&session(FactorKind::Totp, 14), NOW));
    assert!(!asked.accepts(&session(FactorKind::Totp, 15), NOW));
    assert!(!asked.accepts(&session(FactorKind::MailCode, 1), NOW));
    assert!(
        !asked
            .accepts(&Evidence { session: Some((FactorKind::Totp, Timestamp(NOW.0 + 1))), ..Evidence::default() }, NOW)
    );
}

#[test]
fn to_the_letter_of_part_11_the_first_signature_names_its_signer_and_each_uses_a_factor() {
    let demand = Demand { fresh: Freshness::Session { minutes: 15 }, part_11: true, ..Demand::standard() };
    let policy = policy(vec![rule("a", Force::Required, Who::Everyone, demand)]);
    let asked = policy.requirement(&StepUp::Policy, &subject(), Action::Approve);
    let factor = with(FactorKind::Totp);
    assert!(!asked.accepts(&factor, NOW) && !asked.allows_many());
    assert!(asked.accepts(&Evidence { identified: true, ..factor }, NOW));
    let session = Some((FactorKind::Totp, Timestamp(NOW.0 - 60_000)));
    assert!(asked.accepts(&Evidence { session, identified_before: true, ..factor }, NOW));
    assert!(
        !asked.accepts(&Evidence { session, ..factor }, NOW),
        "a session that somebody began without naming themselves"
    );
    assert!(!asked.accepts(&Evidence { identified_before: true, ..factor }, NOW), "no session");
    assert!(!asked.accepts(&Evidence { session, identified: true, ..Evidence::default() }, NOW));
}

#[test]
fn one_factor_for_a_list_counts_for_each_page_of_it_and_no_longer_than_the_list() {
    let each = policy(vec![rule("a", Force::Required, Who::Everyone, Demand::standard())]);
    let asked = each.requirement(&StepUp::Policy, &subject(), Action::Approve);
    let opened = |kind, ago: u64| Evidence {
        many: true,
        opened: Some((kind, Timestamp(NOW.0 - ago * 60_000))),
        ..Evidence::default()
    };
    assert!(asked.allows_many());
    assert!(asked.accepts(&opened(FactorKind::Totp, 0), NOW) && asked.accepts(&opened(FactorKind::Totp, 10), NOW));
    assert!(!asked.accepts(&opened(FactorKind::Totp, 11), NOW), "the list is over");
    assert!(!asked.accepts(&opened(FactorKind::MailCode, 0), NOW), "of a kind that does not count");
    let ahead = Evidence { opened: Some((FactorKind::Totp, Timestamp(NOW.0 + 1))), ..opened(FactorKind::Totp, 0) };
    assert!(!asked.accepts(&ahead, NOW), "opened later than now");
    assert!(!asked.accepts(&Evidence { many: false, ..opened(FactorKind::Totp, 0) }, NOW), "one of no list");
    assert!(!asked.accepts(&Evidence { opened: None, ..opened(FactorKind::Totp, 0) }, NOW), "a list nobody opened");
}

#[test]
fn to_the_letter_of_part_11_nothing_is_signed_together() {
    let demand = Demand { part_11: true, ..Demand::standard() };
    let policy = policy(vec![rule("a", Force::Required, Who::Everyone, demand)]);
    let asked = policy.requirement(&StepUp::Policy, &subject(), Action::Approve);
    let alone = Evidence { identified: true, ..with(FactorKind::Totp) };
    assert!(asked.accepts(&alone, NOW) && !asked.allows_many());
    let opened = Some((FactorKind::Totp, NOW));
    assert!(!asked.accepts(&Evidence { many: true, ..alone }, NOW), "whatever else was brought");
    assert!(!asked.accepts(&Evidence { many: true, opened, ..alone }, NOW));
    assert!(!asked.accepts(&Evidence { many: true, opened, identified: true, ..Evidence::default() }, NOW));
}

#[test]
fn who_is_external_is_told_by_lists_then_guests_then_domains() {
    let a = AccountId::new("a");
    let mut people = People::default();
    assert_eq!(people.external(&a, false, None), None);
    assert_eq!(people.external(&a, true, None), Some(External::Guest));
    people.managed_domains.insert("example.com".to_owned());
    assert_eq!(people.external(&a, false, Some("Example.com")), None);
    assert_eq!(people.external(&a, false, Some("partner.example")), Some(External::UnmanagedDomain));
    assert_eq!(people.external(&a, false, None), Some(External::UnmanagedDomain));
    people.internal.insert(a.clone());
    assert_eq!(people.external(&a, false, Some("partner.example")), None);
    assert_eq!(people.external(&a, true, None), Some(External::Guest));
    people.external.insert(a.clone());
    assert_eq!(people.external(&a, false, Some("example.com")), Some(External::Listed));
}
