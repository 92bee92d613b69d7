//! What the pages of a list have in common: what they may be signed with, and what the signatures may mean.

use super::judge::Candidate;
use crate::confirm::asked::Asked;
use crate::confirm::how;
use crate::confirm::standing::Standing;
use crate::http::EdgeError;
use engine::time::Timestamp;
use engine::token::policy::{External, FactorKind, Requirement};
use engine::wire::bulk::BulkItem;
use engine::wire::confirm::How;
use engine::wire::problem::ProblemKind;
use std::collections::BTreeSet;

/// Pages that can be signed together.
#[derive(Default)]
pub(super) struct Together {
    pub(super) items: Vec<BulkItem>,
    pub(super) meanings: Vec<String>,
    requirement: Requirement,
    external: Option<External>,
}

impl Together {
    /// One more page. Rules: (1) the signatures can mean the same, the one that was `chosen` where one was; (2) what is asked
    /// for all of them can be confirmed at once.
    ///
    /// # Errors
    /// `sign-alone`: the page does not go with those before it. `locked`.
    pub(super) fn take(
        &mut self,
        one: Candidate,
        chosen: Option<&str>,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<(), EdgeError> {
        // (1)
        let mut meanings = one.meanings;
        if !self.items.is_empty() {
            meanings = self.meanings.iter().filter(|meaning| meanings.contains(meaning)).cloned().collect();
        }
        if meanings.is_empty() || chosen.is_some_and(|chosen| !meanings.iter().any(|meaning| meaning == chosen)) {
            return Err(EdgeError::refuse(
                ProblemKind::SignAlone,
                "A signature means something else on this page than on the others. Open it and sign it there, or pick it with pages like it.",
            ));
        }
        // (2)
        let requirement = and(&self.requirement, &one.asked.requirement);
        let external = self.external.or(one.asked.external);
        match how::how(&Asked::of_pages(requirement.clone(), external), standing, now) {
            Err(error) if error.kind() == ProblemKind::Locked => return Err(error),
            Err(_) => {
                return Err(EdgeError::refuse(
                    ProblemKind::SignAlone,
                    "This page has to be confirmed in another way than the others. Open it and sign it there, or pick it with pages like it.",
                ));
            }
            Ok(_) => {}
        }
        self.items.push(one.item);
        (self.meanings, self.requirement, self.external) = (meanings, requirement, external);
        Ok(())
    }

    /// How the list is confirmed: once. What confirms a list begins no session for anything else.
    ///
    /// # Errors
    /// As [`how::how`].
    pub(super) fn how(&self, standing: &Standing, now: Timestamp) -> Result<How, EdgeError> {
        let how = how::how(&Asked::of_pages(self.requirement.clone(), self.external), standing, now)?;
        Ok(How { begins_session: None, ..how })
    }

    /// Kinds of factors that count for each page that asks for one.
    pub(super) fn factors(&self) -> BTreeSet<FactorKind> {
        self.requirement.factors().filter(|kind| FactorKind::SIGNING.contains(kind)).collect()
    }
}

/// What satisfies both, and why it is asked.
fn and(before: &Requirement, more: &Requirement) -> Requirement {
    let demand = match (&before.demand, &more.demand) {
        (Some(before), Some(more)) => Some(before.clone().and(more)),
        (before, more) => before.clone().or_else(|| more.clone()),
    };
    let mut because = before.because.clone();
    because.extend(more.because.iter().filter(|one| !before.because.contains(one)).cloned());
    Requirement { demand, because }
}
