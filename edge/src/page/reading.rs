//! The page as Confluence has it now.

use crate::confluence::page::{Page, Wanted};
use crate::confluence::{self, Client, ConfluenceError, versions};
use engine::content::ContentHash;
use engine::content_date::date_in_row;
use engine::ids::{PageId, PageVersion};
use engine::page::command::{Command, Edit, PageNow};
use engine::page::fold::PageFold;
use engine::page::roster::needs_contributors;
use engine::token::challenge::ActPage;
use engine::workflow::definition::Definition;
use std::collections::BTreeSet;

/// The page with its body, and the hash over its content.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The page.
    pub page: Page,
    /// Content hash v1 over it.
    pub content_hash: ContentHash,
}

/// Reads the page and its attachments: two calls.
///
/// # Errors
/// `NotFound` if it is in the bin, gone, or hidden from `client`.
pub async fn read(client: &Client, page: &PageId) -> Result<Reading, ConfluenceError> {
    let reading = confluence::page::get(client, page, Wanted { version: None, body: true });
    let listing = confluence::page::attachments(client, page);
    let (page, attachments) = futures_util::future::try_join(reading, listing).await?;
    Ok(Reading { content_hash: page.content_hash(&attachments), page })
}

impl Reading {
    /// As a confirmation binds it.
    #[must_use]
    pub fn act_page(&self) -> ActPage {
        ActPage { page: self.page.id.clone(), version: self.page.version, content_hash: self.content_hash.clone() }
    }

    /// As the engine takes it, for a page that runs on `definition`. Who wrote the versions since the approved one is asked
    /// only where some approval keeps those people from deciding.
    ///
    /// # Errors
    /// If Confluence cannot be asked.
    pub async fn now(
        &self,
        client: &Client,
        fold: Option<&PageFold>,
        definition: &Definition,
    ) -> Result<PageNow, ConfluenceError> {
        let contributors = if definition.states.iter().any(needs_contributors) {
            let approved = fold.and_then(|fold| fold.approved.as_ref());
            let since = approved.map_or(PageVersion(0), |approved| approved.version);
            versions::authors_since(client, &self.page.id, since).await?
        } else {
            BTreeSet::new()
        };
        Ok(PageNow { contributors, ..self.without_contributors(definition) })
    }

    /// The same where nobody has to know who wrote which version.
    #[must_use]
    pub fn without_contributors(&self, definition: &Definition) -> PageNow {
        let page = &self.page;
        let dates = definition.date_headings().filter_map(|heading| {
            let date = date_in_row(&page.storage_body, heading)?;
            Some((heading.to_owned(), date))
        });
        PageNow {
            version: page.version,
            content_hash: self.content_hash.clone(),
            author: page.version_author.clone(),
            creator: page.created_by.clone(),
            contributors: BTreeSet::new(),
            made_at: page.version_created_at,
            dates: dates.collect(),
        }
    }
}

/// The command that records what Confluence has now.
#[must_use]
pub fn edit(fold: &PageFold, now: PageNow) -> Command {
    // Who changed an attachment is not known: the version's author need not be the one.
    let by = (now.version > fold.latest.version).then(|| now.author.clone());
    Command::RecordEdit(Edit { page: now, by })
}
