//! What the policy asks for, told apart from the engine's own reckoning: each demand that binds is looked at by itself, and
//! nothing is combined.

use super::confluence::People;
use crate::common::{account, proof};
use engine::ids::{AccountId, GroupId, RuleId, SessionId};
use engine::page::event::{Proof, SessionUse};
use engine::time::Timestamp;
use engine::token::policy::{Action, Demand, External, FactorKind, Force, Freshness, Policy, Rule, Subject, Who};
use engine::workflow::definition::StepUp;

const MINUTE: u64 = 60_000;
const KINDS: [FactorKind; 4] = [FactorKind::Totp, FactorKind::Passkey, FactorKind::MailCode, FactorKind::RecoveryCode];
/// How old a session is.
const AGES: [u64; 8] = [0, 4, 5, 14, 15, 16, 60, 50_000];

/// What somebody brings, grown from a number: mostly a code of an authenticator.
pub fn brought(number: u8, now: u64) -> Proof {
    let mut proof = proof();
    let (kind, session, identified, age) = (number & 3, number >> 2 & 3, number >> 4 & 1 == 0, number >> 5);
    proof.identified = identified;
    if let Some(factor) = &mut proof.factor {
        factor.kind = KINDS[usize::from(kind)];
    }
    if session > 1 {
        proof.factor = None;
    }
    if session % 2 == 1 {
        proof.session = Some(SessionUse {
            session: SessionId::new("s"),
            kind: KINDS[usize::from(kind)],
            began_at: Timestamp(now - AGES[usize::from(age)] * MINUTE),
            identified: age & 1 == 0,
        });
    }
    proof
}

/// The first of all that somebody of good will may bring that is enough.
pub fn good(policy: &Policy, own: &StepUp, by: &AccountId, people: &People, action: Action, now: u64) -> Proof {
    let mut all = [0, 1, 2, 3].map(|number| brought(number, now)).into_iter();
    all.find(|proof| enough(policy, own, by, people, action, proof, Timestamp(now))).unwrap_or_else(proof)
}

/// A policy grown from numbers.
pub fn policy(seeds: &[[u8; 4]]) -> Policy {
    let rules = seeds.iter().enumerate().map(|(index, [who, what, how, more])| Rule {
        id: RuleId::new(format!("r{index}")),
        name: format!("Rule {index}"),
        force: if who & 1 == 0 { Force::Default } else { Force::Required },
        who: match who >> 1 & 3 {
            0 => Who::Everyone,
            1 => Who::External,
            2 => Who::Internal,
            _ => Who::Group { group: GroupId::new(super::documents::GROUPS[usize::from(who >> 3) % 3]) },
        },
        actions: Action::ALL
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| what >> (bit % 5) & 1 == 1)
            .map(|(_, a)| a)
            .collect(),
        demand: Demand {
            // Most people here bring a code of an authenticator.
            factors: KINDS[..3]
                .iter()
                .enumerate()
                .filter(|(bit, _)| *bit == 0 && how & 8 == 0 || how >> bit & 1 == 1)
                .map(|(_, k)| *k)
                .collect(),
            fresh: match how >> 4 & 3 {
                0 | 1 => Freshness::EachTime,
                2 => Freshness::Session { minutes: 5 },
                _ => Freshness::Session { minutes: 15 },
            },
            meanings: if more & 7 == 7 { vec!["So it is.".to_owned(), "I saw it.".to_owned()] } else { Vec::new() },
            part_11: more >> 4 == 15,
        },
    });
    let rules = rules.collect();
    Policy { rules, ..Policy::initial() }
}

/// Who counts as external here.
pub fn is_external(by: &AccountId) -> bool {
    *by == account("fay") || *by == account("ben")
}

/// What the edge knows of somebody.
pub fn subject(by: &AccountId, people: &People) -> Subject {
    let external = is_external(by).then_some(External::Guest);
    Subject { account: by.clone(), external, groups: people.in_groups(by) }
}

/// The demands that bind somebody, each by itself.
pub fn binding(policy: &Policy, own: &StepUp, by: &AccountId, people: &People, action: Action) -> Vec<Demand> {
    let about = |rule: &&Rule| {
        rule.actions.contains(&action)
            && match &rule.who {
                Who::Everyone => true,
                Who::External => is_external(by),
                Who::Internal => !is_external(by),
                Who::Group { group } => people.groups.get(group).is_some_and(|members| members.contains(by)),
            }
    };
    let mut found: Vec<Demand> = Vec::new();
    let mut fallback = None;
    for rule in policy.rules.iter().filter(about) {
        if rule.force == Force::Required {
            found.push(rule.demand.clone());
        } else if fallback.is_none() {
            fallback = Some(rule.demand.clone());
        }
    }
    if let StepUp::Demand(own) = own {
        found.push(own.clone());
    }
    if found.is_empty() {
        match own {
            StepUp::Required => found.push(fallback.unwrap_or_else(Demand::standard)),
            StepUp::Policy => found.extend(fallback),
            StepUp::Off | StepUp::Demand(_) => {}
        }
    }
    found
}

fn satisfies(demand: &Demand, proof: &Proof, at: Timestamp) -> bool {
    let factor = proof.factor.as_ref().is_some_and(|used| demand.factors.contains(&used.kind));
    let session = proof.session.as_ref().is_some_and(|session| match demand.fresh {
        Freshness::EachTime => false,
        Freshness::Session { minutes } => {
            let age = at.0.checked_sub(session.began_at.0);
            demand.factors.contains(&session.kind) && age.is_some_and(|age| age < u64::from(minutes) * MINUTE)
        }
    });
    match (demand.part_11, factor, session) {
        (true, factor, session) => {
            let named_then = proof.session.as_ref().is_some_and(|session| session.identified);
            factor && (proof.identified || session && named_then)
        }
        (false, factor, session) => factor || session,
    }
}

/// Whether what was brought satisfies every demand.
pub fn enough(
    policy: &Policy,
    own: &StepUp,
    by: &AccountId,
    people: &People,
    action: Action,
    proof: &Proof,
    at: Timestamp,
) -> bool {
    binding(policy, own, by, people, action).iter().all(|demand| satisfies(demand, proof, at))
}

/// What an approval may mean: what a demand that binds lets choose from (the first that does), or what the approval says.
pub fn meanings(approval: &engine::workflow::definition::Approval, demands: &[Demand]) -> Vec<String> {
    let limited = demands.iter().map(|demand| &demand.meanings).find(|meanings| !meanings.is_empty());
    limited.cloned().unwrap_or_else(|| [vec![approval.meaning.clone()], approval.other_meanings.clone()].concat())
}
