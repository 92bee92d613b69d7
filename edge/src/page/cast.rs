//! People and groups the engine asks about while deciding.

use super::fault::PageFault;
use crate::confluence::{Client, group, user};
use crate::random;
use engine::audit::commitment::ErasableText;
use engine::ids::{AccountId, GroupId, TextId};
use engine::page::ROSTER_MAX;
use engine::page::command::{Cast, CastGroup, CastPerson, Command, Needs};
use engine::page::decide::{Situation, Workflow, decide};
use engine::page::event::PageEvent;
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use futures_util::future::{try_join, try_join_all};
use std::collections::{BTreeMap, BTreeSet};

/// How often the engine may ask: for groups, for their members, and once more for an edit that comes before.
const ROUNDS: usize = 4;

/// What was learned of people and groups, each name with a row of erasable text.
pub struct Troupe<'a> {
    app: &'a Client,
    cast: Cast,
    texts: BTreeMap<TextId, ErasableText>,
    /// Names that came along with a group's members.
    heard: BTreeMap<AccountId, String>,
    /// People who cannot see the page, and so cannot be asked.
    kept_out: BTreeSet<AccountId>,
    calls: usize,
}

impl<'a> Troupe<'a> {
    /// Nobody is known yet.
    #[must_use]
    pub fn new(app: &'a Client) -> Self {
        Self {
            app,
            cast: Cast::default(),
            texts: BTreeMap::new(),
            heard: BTreeMap::new(),
            kept_out: BTreeSet::new(),
            calls: 0,
        }
    }

    /// These people cannot see the page: nobody asks them.
    pub fn keep_out(&mut self, people: impl IntoIterator<Item = AccountId>) {
        self.kept_out.extend(people);
    }

    /// Calls made to Confluence so far.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// What is known.
    #[must_use]
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    /// The engine's answer to a command, after as many questions as it has. The page itself is for the caller to bring:
    /// [`Refusal::Unknown`] comes back only where the command lacks it.
    ///
    /// # Errors
    /// [`PageFault`].
    pub async fn decide(
        &mut self,
        fold: Option<&PageFold>,
        workflow: Workflow<'_>,
        command: &Command,
        now: Timestamp,
    ) -> Result<Result<Vec<PageEvent>, Refusal>, PageFault> {
        for _ in 0..ROUNDS {
            match decide(fold, &Situation { workflow, cast: &self.cast, now }, command) {
                Err(Refusal::Unknown(needs)) if !needs.page => self.learn(&needs).await?,
                answer => return Ok(answer),
            }
        }
        Err(PageFault::Broken("the engine asks for people again and again".to_owned()))
    }

    /// Asks Confluence.
    ///
    /// # Errors
    /// If it cannot be asked. Nobody is taken for gone for want of an answer.
    pub async fn learn(&mut self, needs: &Needs) -> Result<(), PageFault> {
        let groups: Vec<&GroupId> =
            needs.groups.iter().filter(|group| !self.cast.groups.contains_key(*group)).collect();
        self.learn_groups(&groups).await?;
        let people: Vec<AccountId> =
            needs.people.iter().filter(|person| !self.cast.people.contains_key(*person)).cloned().collect();
        self.learn_people(&people).await
    }

    async fn learn_groups(&mut self, groups: &[&GroupId]) -> Result<(), PageFault> {
        let app = self.app;
        let asking = groups.iter().map(|id| try_join(group::named(app, id), group::members(app, id, ROSTER_MAX)));
        self.calls = self.calls.saturating_add(groups.len().saturating_mul(2));
        let answers = try_join_all(asking).await?;
        for (id, (named, members)) in groups.iter().zip(answers) {
            let everybody = members.people.iter().map(|one| one.account.clone()).collect();
            let known = CastGroup {
                // A group that was deleted asks nobody; its id is all that is left of it.
                name: named.map_or_else(|| id.as_str().to_owned(), |named| named.name),
                members: (!members.more).then_some(everybody),
            };
            self.heard.extend(members.people.into_iter().map(|one| (one.account, one.name)));
            self.cast.groups.insert((*id).clone(), known);
        }
        Ok(())
    }

    async fn learn_people(&mut self, people: &[AccountId]) -> Result<(), PageFault> {
        if people.is_empty() {
            return Ok(());
        }
        let nameless: Vec<AccountId> =
            people.iter().filter(|person| !self.heard.contains_key(*person)).cloned().collect();
        self.calls = self.calls.saturating_add(1 + nameless.len().div_ceil(100));
        let (profiles, departed) =
            try_join(user::profiles(self.app, &nameless), user::departed(self.app, people)).await?;
        for person in people {
            let heard = self.heard.get(person).cloned();
            let name = heard.or_else(|| profiles.get(person).map(|profile| profile.name.clone()));
            let is_app = profiles.get(person).is_some_and(|profile| profile.is_app);
            let text = erasable(name.unwrap_or_else(|| person.as_str().to_owned()))?;
            let active = !departed.contains(person) && !is_app && !self.kept_out.contains(person);
            self.cast.people.insert(person.clone(), CastPerson { name: text.reference(), active });
            self.texts.insert(text.id.clone(), text);
        }
        Ok(())
    }

    /// Those of the names learned that these events refer to: only they are stored.
    #[must_use]
    pub fn texts(&self, events: &[PageEvent]) -> Vec<&ErasableText> {
        let named: BTreeSet<&TextId> = events.iter().flat_map(PageEvent::texts).collect();
        named.into_iter().filter_map(|id| self.texts.get(id)).collect()
    }
}

/// A text with a row and a salt of its own.
///
/// # Errors
/// [`PageFault::Broken`] if there is no randomness.
pub fn erasable(text: String) -> Result<ErasableText, PageFault> {
    let broken = |_| PageFault::Broken("no randomness".to_owned());
    let id = TextId::new(random::id().map_err(broken)?);
    Ok(ErasableText { id, salt: *random::bytes::<16>().map_err(broken)?, text })
}
