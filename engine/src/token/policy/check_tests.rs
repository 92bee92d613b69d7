use super::*;
use crate::ids::{AccountId, GroupId, RuleId};
use crate::time::Timestamp;
use crate::token::policy::{Evidence, Subject, Who, change::changes};
use crate::workflow::definition::StepUp;
use proptest::prelude::*;

fn rule(id: &str, force: Force, who: Who, actions: &[Action]) -> Rule {
    Rule {
        id: RuleId::new(id),
        name: format!("Rule {id}"),
        force,
        who,
        actions: actions.iter().copied().collect(),
        demand: Demand::standard(),
    }
}

fn group(id: &str) -> Who {
    Who::Group { group: GroupId::new(id) }
}

/// A sound draft with one rule for everyone and everything, and these besides.
fn with(rules: Vec<Rule>) -> Draft {
    let mut all = vec![rule("all", Force::Required, Who::Everyone, &Action::ALL)];
    all.extend(rules);
    Draft { rules: all, ..Draft::default() }
}

fn places(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.at.as_str()).collect()
}

fn faults_of(draft: Draft) -> Vec<Fault> {
    let faults = check(draft).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| !fault.what.is_empty() && !fault.mend.is_empty()));
    faults
}

fn warnings_of(draft: Draft) -> Vec<Fault> {
    check(draft).unwrap().warnings
}

#[test]
fn the_policy_a_site_starts_with_has_neither_faults_nor_warnings() {
    let draft = Draft::of(&Policy::initial());
    assert_eq!(check(draft.clone()), Ok(Checked { draft, warnings: Vec::new() }));
    assert_eq!(Draft::of(&Policy::initial()).into_policy(1), Policy::initial());
}

#[test]
fn every_fault_is_told_at_once() {
    let mut one = rule("One", Force::Default, group(""), &[]);
    one.name = " ".to_owned();
    one.demand = Demand {
        factors: [FactorKind::RecoveryCode, FactorKind::MailCode].into(),
        fresh: Freshness::Session { minutes: 4 },
        meanings: vec!["x".repeat(301), String::new(), "a".to_owned(), "a ".to_owned()],
        part_11: true,
    };
    let mut two = rule("all", Force::Required, Who::Everyone, &[Action::Approve]);
    two.name = "rule ALL".to_owned();
    two.demand.factors = [FactorKind::RecoveryCode].into();
    let mut draft = with(vec![one, two]);
    draft.enrolment.life_days = Some(0);
    draft.people.managed_domains = ["nodot", "a b.example", "ok.example", "-x.example"].map(str::to_owned).into();
    draft.people.external = ["a@b".to_owned(), "712020:a".to_owned()].map(AccountId::new).into();
    draft.people.internal = [AccountId::new("712020:a")].into();
    assert_eq!(
        places(&faults_of(draft)),
        [
            "/rules/1/id",
            "/rules/1/name",
            "/rules/1/who/group",
            "/rules/1/actions",
            "/rules/1/force",
            "/rules/1/demand/factors",
            "/rules/1/demand/factors",
            "/rules/1/demand/fresh/minutes",
            "/rules/1/demand/meanings/0",
            "/rules/1/demand/meanings/1",
            "/rules/1/demand/meanings/3",
            "/rules/2/id",
            "/rules/2/name",
            "/rules/2/demand/factors",
            "/rules/2/demand/factors",
            "/enrolment/life_days",
            "/people/managed_domains/0",
            "/people/managed_domains/1",
            "/people/managed_domains/2",
            "/people/external/1",
            "/people/internal/0",
        ]
    );
}

#[test]
fn lists_have_limits_and_sessions_their_edges() {
    let session = |minutes| {
        let mut one = rule("s", Force::Required, Who::Everyone, &[Action::Approve]);
        one.demand.fresh = Freshness::Session { minutes };
        faults_of(with(vec![one])).len()
    };
    assert_eq!([4, 5, 43_200, 43_201].map(session), [1, 0, 0, 1]);
    let rules = |count: usize| {
        let rules = (1..count).map(|n| rule(&format!("r{n}"), Force::Required, Who::Everyone, &[Action::Approve]));
        places(&faults_of(with(rules.collect()))).len()
    };
    assert_eq!((rules(RULES_MAX), rules(RULES_MAX + 1)), (0, 1));
    let meanings = |count: usize| {
        let mut one = rule("m", Force::Required, Who::Everyone, &[Action::Approve]);
        one.demand.meanings = (0..count).map(|n| format!("Meaning {n}")).collect();
        faults_of(with(vec![one])).len()
    };
    assert_eq!((meanings(MEANINGS_MAX), meanings(MEANINGS_MAX + 1)), (0, 1));
    let life = |days| {
        let mut draft = with(Vec::new());
        draft.enrolment.life_days = days;
        faults_of(draft).len()
    };
    assert_eq!([None, Some(1), Some(3650), Some(3651)].map(life), [0, 0, 0, 1]);
    let mut draft = with(Vec::new());
    draft.people.managed_domains = (0..=DOMAINS_MAX).map(|n| format!("d{n}.example")).collect();
    draft.people.external = (0..=ACCOUNTS_MAX).map(|n| AccountId::new(format!("a{n}"))).collect();
    assert_eq!(places(&faults_of(draft)), ["/people/managed_domains", "/people/external"]);
}

#[test]
fn domains_are_tidied_up() {
    let mut draft = with(Vec::new());
    draft.people.managed_domains = [" @Example.COM ", "partner.example."].map(str::to_owned).into();
    let tidied = check(draft).unwrap().draft.people.managed_domains;
    assert_eq!(tidied, ["example.com", "partner.example"].map(str::to_owned).into());
}

#[test]
fn a_mailed_code_does_not_go_with_part_11_and_part_11_not_with_a_default_rule() {
    let mut one = rule("one", Force::Required, Who::Everyone, &[Action::Approve]);
    one.demand.part_11 = true;
    assert!(faults_of(with(vec![one.clone()])).is_empty());
    one.demand.factors.insert(FactorKind::MailCode);
    assert_eq!(places(&faults_of(with(vec![one.clone()]))), ["/rules/1/demand/factors"]);
    one.demand.factors.remove(&FactorKind::MailCode);
    one.force = Force::Default;
    assert_eq!(places(&faults_of(with(vec![one]))), ["/rules/1/force"]);
}

#[test]
fn a_default_rule_that_never_counts_is_told() {
    use Force::{Default, Required};
    let never = |rules: Vec<Rule>| {
        let mut draft = Draft { rules, ..Draft::default() };
        draft.rules.push(rule(
            "grave",
            Required,
            Who::Everyone,
            &[Action::ChangePolicy, Action::ResetFactor, Action::Override],
        ));
        places(&warnings_of(draft)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (approve, both) = (&[Action::Approve][..], &[Action::Approve, Action::Reject][..]);
    let none: [&str; 0] = [];
    assert_eq!(
        never(vec![rule("a", Default, Who::Everyone, both), rule("b", Default, group("g"), approve)]),
        ["/rules/1"]
    );
    assert_eq!(never(vec![rule("b", Default, group("g"), approve), rule("a", Default, Who::Everyone, both)]), none);
    assert_eq!(never(vec![rule("a", Default, Who::Everyone, approve), rule("b", Default, group("g"), both)]), none);
    assert_eq!(never(vec![rule("b", Default, group("g"), approve), rule("c", Default, group("h"), approve)]), none);
    let halves = vec![
        rule("i", Default, Who::Internal, approve),
        rule("e", Default, Who::External, approve),
        rule("a", Default, Who::Everyone, approve),
    ];
    assert_eq!(never(halves), ["/rules/2"]);
    // What is required of everyone takes a default rule's place wherever it stands.
    assert_eq!(
        never(vec![rule("a", Default, Who::Everyone, approve), rule("r", Required, Who::Everyone, approve)]),
        ["/rules/0"]
    );
}

#[test]
fn rules_that_leave_no_factor_are_told_for_those_they_can_both_mean() {
    let only = |id: &str, who: Who, kind: FactorKind, actions: &[Action]| {
        let mut one = rule(id, Force::Required, who, actions);
        one.demand.factors = [kind].into();
        one
    };
    let (totp, passkey) = (FactorKind::Totp, FactorKind::Passkey);
    let pair = |one: Who, two: Who, action: Action| {
        warnings_of(with(vec![only("x", one, totp, &[action]), only("y", two, passkey, &[action])]))
    };
    let told = pair(Who::Everyone, Who::External, Action::Approve);
    assert_eq!(places(&told), ["/rules/2/demand/factors"]);
    assert!(told[0].what.contains("approve a page"), "{}", told[0].what);
    let told = pair(Who::Everyone, group("g"), Action::ChangePolicy);
    assert!(told[0].what.contains("nobody it means could change this policy again"), "{}", told[0].what);
    // Nobody is both.
    assert_eq!(pair(Who::Internal, Who::External, Action::Approve), []);
    // Each two of three share a factor, and all three none.
    let mut three = Vec::new();
    for (id, left) in
        [("x", [totp, passkey]), ("y", [passkey, FactorKind::MailCode]), ("z", [totp, FactorKind::MailCode])]
    {
        let mut one = rule(id, Force::Required, Who::Everyone, &[Action::Reject]);
        one.demand.factors = left.into();
        three.push(one);
    }
    let mut draft = with(three);
    draft.rules[0].demand.factors.insert(FactorKind::MailCode);
    assert_eq!(places(&warnings_of(draft)), ["/rules/3/demand/factors"]);
}

#[test]
fn what_would_undo_everything_else_is_told_when_it_is_unguarded() {
    let draft =
        Draft { rules: vec![rule("a", Force::Required, Who::Everyone, &[Action::Approve])], ..Draft::default() };
    let told = warnings_of(draft);
    assert_eq!(places(&told), ["/rules", "/rules", "/rules"]);
    assert!(told[0].what.contains("change this policy"));
    let halves = [Who::Internal, Who::External]
        .map(|who| rule(if who == Who::Internal { "i" } else { "e" }, Force::Required, who, &Action::ALL));
    assert_eq!(warnings_of(Draft { rules: halves.into(), ..Draft::default() }), []);
}

#[test]
fn settings_that_change_nothing_are_told() {
    let mut one = rule("m", Force::Required, Who::Everyone, &[Action::Submit]);
    one.demand.meanings = vec!["Mine.".to_owned()];
    let mut draft = with(vec![one]);
    draft.people.managed_domains = ["example.com".to_owned()].into();
    assert_eq!(places(&warnings_of(draft.clone())), ["/rules/1/demand/meanings", "/people/managed_domains"]);
    draft.rules.push(rule("e", Force::Required, Who::External, &[Action::Approve]));
    assert_eq!(places(&warnings_of(draft)), ["/rules/1/demand/meanings"]);
}

#[test]
fn an_admin_without_a_factor_that_counts_is_not_let_lock_the_door() {
    let subject = Subject::plain(&AccountId::new("admin"));
    let policy = |kinds: &[FactorKind]| {
        let mut draft = with(Vec::new());
        draft.rules[0].demand.factors = kinds.iter().copied().collect();
        draft.into_policy(2)
    };
    let (totp, passkey, mail) = (FactorKind::Totp, FactorKind::Passkey, FactorKind::MailCode);
    assert!(!leaves(&policy(&[totp, passkey]), &subject, &[].into()));
    assert!(!leaves(&policy(&[passkey]), &subject, &[totp].into()));
    assert!(leaves(&policy(&[totp, passkey]), &subject, &[totp].into()));
    assert!(leaves(&policy(&[mail]), &subject, &[].into()), "everybody has a mailbox");
    assert!(leaves(&Draft::default().into_policy(2), &subject, &[].into()), "nothing is asked");
}

#[test]
fn why_somebody_is_asked_is_said_plainly() {
    use crate::token::policy::External;
    let mut external = rule("ext", Force::Required, Who::External, &[Action::Approve]);
    external.name = "Partners".to_owned();
    let policy = with(vec![external]).into_policy(1);
    let guest = Subject { external: Some(External::UnmanagedDomain), ..Subject::plain(&AccountId::new("a")) };
    let why = policy.requirement(&StepUp::Demand(Demand::standard()), &guest, Action::Approve).why(&guest);
    assert_eq!(
        why,
        [
            "The site's rule “Rule all” asks everyone for it. No workflow can ask for less.",
            "The site's rule “Partners” asks external users for it. You count as one because your account's address is \
             outside the organisation's domains. No workflow can ask for less.",
            "The workflow asks for it in this approval.",
        ]
    );
    let nothing = Draft::default().into_policy(1).requirement(&StepUp::Policy, &guest, Action::Approve);
    assert_eq!(nothing.why(&guest), ["No rule asks you for anything here."]);
}

#[test]
fn a_demand_reads_like_a_sentence() {
    let mut demand = Demand::standard();
    assert_eq!(demand.phrase(), "a passkey or an authenticator app, each time");
    demand.factors.insert(FactorKind::MailCode);
    for (minutes, said) in
        [(15, "15 minutes"), (60, "1 hour"), (120, "2 hours"), (1440, "1 day"), (43_200, "30 days"), (90, "90 minutes")]
    {
        demand.fresh = Freshness::Session { minutes };
        assert_eq!(demand.phrase(), format!("a passkey, an authenticator app or a mailed code, once in {said}"));
    }
}

#[test]
fn what_changes_is_said_before_it_is_confirmed() {
    let before = with(vec![
        rule("a", Force::Default, Who::External, &[Action::Approve]),
        rule("b", Force::Default, group("g"), &[Action::Reject]),
    ]);
    assert_eq!(changes(&before, &before), Vec::<String>::new());
    let mut after = before.clone();
    after.rules.swap(1, 2);
    assert_eq!(changes(&before, &after), ["The order of default rules changes: the first that means somebody counts."]);
    let mut after = before.clone();
    after.rules[1].force = Force::Required;
    after.rules[1].actions = [Action::Reject].into();
    after.rules[1].demand.fresh = Freshness::Session { minutes: 15 };
    after.rules.remove(2);
    after.rules.push(rule("c", Force::Required, Who::Internal, &[Action::Submit]));
    after.people.managed_domains = ["example.com".to_owned()].into();
    after.enrolment = Enrolment { life_days: None, mail_proof: false };
    assert_eq!(
        changes(&before, &after),
        [
            "“Rule a” is required: no workflow can ask for less.",
            "“Rule a” is also about those who reject a page.",
            "“Rule a” is no longer about those who approve a page.",
            "“Rule a” asks for a passkey or an authenticator app, once in 15 minutes; until now for a passkey or an authenticator app, each time.",
            "New rule “Rule c”: required of people of the organisation, to submit a page for review: a passkey or an authenticator app, each time.",
            "The rule “Rule b” is removed: asked of members of a group, to reject a page: a passkey or an authenticator app, each time.",
            "A factor set up from now on counts until it is removed.",
            "A first factor needs no mailed code any more: whoever has a person's session can set one up.",
            "Managed mail domains: example.com added.",
        ]
    );
}

#[test]
fn of_two_sessions_the_shorter_counts_and_each_time_beats_both() {
    let (short, long) = (Freshness::Session { minutes: 15 }, Freshness::Session { minutes: 60 });
    assert_eq!((short.stricter(long), long.stricter(short)), (short, short));
    let each_time = Freshness::EachTime;
    assert_eq!((short.stricter(each_time), each_time.stricter(long)), (each_time, each_time));
}

fn demands() -> impl Strategy<Value = Demand> {
    let kinds = proptest::sample::subsequence(FactorKind::SIGNING.to_vec(), 1..=3);
    let fresh = prop_oneof![Just(Freshness::EachTime), (5_u32..60).prop_map(|minutes| Freshness::Session { minutes })];
    (kinds, fresh, any::<bool>()).prop_map(|(kinds, fresh, part_11)| Demand {
        factors: kinds.into_iter().collect(),
        fresh,
        meanings: Vec::new(),
        part_11,
    })
}

fn random_rules(force: Force) -> impl Strategy<Value = Vec<Rule>> {
    let who = prop_oneof![Just(Who::Everyone), Just(Who::External), Just(Who::Internal), Just(group("g")),];
    let one = (who, proptest::sample::subsequence(vec![Action::Approve, Action::Submit], 1..=2), demands());
    proptest::collection::vec(one, 0..5).prop_map(move |rules| {
        let rules = rules.into_iter().enumerate();
        rules
            .map(|(n, (who, actions, demand))| Rule { demand, ..rule(&format!("r{n}"), force, who, &actions) })
            .collect()
    })
}

fn subjects() -> impl Strategy<Value = Subject> {
    (any::<bool>(), any::<bool>()).prop_map(|(external, member)| Subject {
        account: AccountId::new("a"),
        external: external.then_some(crate::token::policy::External::Guest),
        groups: member.then(|| GroupId::new("g")).into_iter().collect(),
    })
}

fn own() -> impl Strategy<Value = StepUp> {
    prop_oneof![Just(StepUp::Policy), Just(StepUp::Off), Just(StepUp::Required), demands().prop_map(StepUp::Demand)]
}

const NOW: Timestamp = Timestamp(100_000_000);

/// Everything somebody could bring.
fn evidence() -> Vec<Evidence> {
    let kinds = [
        None,
        Some(FactorKind::RecoveryCode),
        Some(FactorKind::MailCode),
        Some(FactorKind::Totp),
        Some(FactorKind::Passkey),
    ];
    let mut all = Vec::new();
    for factor in kinds {
        for session in kinds {
            for minutes in [0_u64, 5, 20, 59, 60] {
                for (identified, identified_before) in [(false, false), (true, false), (false, true)] {
                    let session = session.map(|kind| (kind, Timestamp(NOW.0 - minutes * 60_000)));
                    let opened = kinds.map(|kind| kind.map(|kind| (kind, Timestamp(NOW.0 - minutes * 60_000))));
                    let alone = Evidence { factor, session, identified, identified_before, ..Evidence::default() };
                    all.push(alone);
                    all.extend(opened.map(|opened| Evidence { many: true, opened, ..alone }));
                }
            }
        }
    }
    all
}

fn accepted(rules: Vec<Rule>, own: &StepUp, subject: &Subject) -> Vec<Evidence> {
    let policy = Draft { rules, ..Draft::default() }.into_policy(1);
    let asked = policy.requirement(own, subject, Action::Approve);
    evidence().into_iter().filter(|evidence| asked.accepts(evidence, NOW)).collect()
}

proptest! {
    /// Whatever an approval or a default rule says, what is required alone refuses is refused.
    #[test]
    fn a_lower_level_never_loosens_what_is_required(
        required in random_rules(Force::Required),
        default in random_rules(Force::Default),
        own in own(),
        subject in subjects(),
    ) {
        let least = accepted(required.clone(), &StepUp::Off, &subject);
        let mut rules = required;
        rules.extend(default);
        for one in accepted(rules, &own, &subject) {
            prop_assert!(least.contains(&one), "{one:?}");
        }
    }

    /// One required rule more, and nothing is accepted that was not.
    #[test]
    fn a_required_rule_more_makes_nothing_acceptable(
        rules in random_rules(Force::Required),
        more in random_rules(Force::Required),
        own in prop_oneof![Just(StepUp::Off), demands().prop_map(StepUp::Demand)],
        subject in subjects(),
    ) {
        let before = accepted(rules.clone(), &own, &subject);
        let mut rules = rules;
        rules.extend(more);
        for one in accepted(rules, &own, &subject) {
            prop_assert!(before.contains(&one), "{one:?}");
        }
    }

    #[test]
    fn the_order_of_required_rules_does_not_matter(
        rules in random_rules(Force::Required).prop_shuffle().prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
        own in own(),
        subject in subjects(),
    ) {
        let (one, other) = rules;
        prop_assert_eq!(accepted(one, &own, &subject), accepted(other, &own, &subject));
    }

    /// What is put in force is read again as it was written.
    #[test]
    fn a_policy_is_kept_as_it_was_written(rules in random_rules(Force::Required)) {
        let policy = Draft { rules, ..Draft::default() }.into_policy(3);
        let kept: Policy = serde_json::from_str(&serde_json::to_string(&policy).unwrap()).unwrap();
        prop_assert_eq!(kept, policy);
    }
}
