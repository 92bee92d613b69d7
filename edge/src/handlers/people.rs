//! People, as far as a decision needs them: their name now, and whether an approval asks for them.

use crate::confluence::{Client, Freshness, group, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use engine::ids::{AccountId, GroupId};
use engine::page::command::Reviewer;
use engine::workflow::definition::State;
use std::collections::BTreeSet;

/// The caller as a reviewer of `state`: which of the groups it asks they are in. People it names are asked by name, so
/// where they alone are asked Confluence is not.
pub(super) async fn reviewer(
    cx: &Cx,
    caller: &UiCaller,
    app: &Client,
    state: &State,
    freshness: Freshness,
) -> Result<Reviewer, EdgeError> {
    let asked: BTreeSet<&GroupId> = state.approvals.iter().flat_map(|approval| &approval.reviewers.groups).collect();
    let mut groups = BTreeSet::new();
    for group in asked {
        let one = BTreeSet::from([group.clone()]);
        if group::is_member(app, &caller.site, &caller.installation, &caller.person, &one, freshness, cx.now).await? {
            groups.insert(group.clone());
        }
    }
    Ok(Reviewer { account: caller.person.clone(), groups })
}

/// The person's name as Confluence shows it now; it is recorded with the signature (21 CFR 11.50(a)(1)).
pub(super) async fn name(app: &Client, person: &AccountId) -> Result<String, EdgeError> {
    let profile = user::profile(app, person).await?;
    Ok(profile.map_or_else(|| person.as_str().to_owned(), |profile| profile.name))
}
