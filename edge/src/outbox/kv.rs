//! The copy of a page's status in KV: what a viewer sees first. It is written here and nowhere else, and no decision ever
//! reads it.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::store::load::Loading;
use crate::store::{journal, page as pages, text};
use core::time::Duration;
use engine::ids::{PageId, SiteId, StreamId};
use engine::page::fold::{FOLD_FORMAT, PageFold};
use engine::page::view::Names;
use serde::{Deserialize, Serialize};
use worker::{Delay, KvStore};

/// How often the copy is written in one go if the journal keeps moving.
const MOST_ROUNDS: u32 = 2;
/// KV takes one write a second per key.
const BETWEEN_WRITES: Duration = Duration::from_millis(1100);

/// What KV holds of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// [`FOLD_FORMAT`].
    pub format: u32,
    /// The fold.
    pub fold: PageFold,
    /// The erasable texts it refers to.
    pub names: Names,
}

impl Copy {
    /// The copy of a fold. Texts it does not refer to are left out, so that the same fold always gives the same bytes.
    #[must_use]
    pub fn of(fold: PageFold, mut names: Names) -> Self {
        let wanted = fold.texts();
        names.retain(|id, _| wanted.binary_search(id).is_ok());
        Self { format: FOLD_FORMAT, fold, names }
    }

    /// Reads what KV holds. Another format, or anything else, counts as nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let format: Format = serde_json::from_str(text).ok()?;
        if format.format != FOLD_FORMAT {
            return None;
        }
        serde_json::from_str(text).ok()
    }
}

/// Where the copy of a page lies.
#[must_use]
pub fn key(site: &SiteId, page: &PageId) -> String {
    format!("status/{site}/{page}")
}

/// The copy of a page, if there is one of our format. If KV can't be reached, there is none: the journal will tell.
pub async fn read_copy(kv: &KvStore, site: &SiteId, page: &PageId) -> Option<Copy> {
    Copy::read(&kv.get(&key(site, page)).text().await.ok()??)
}

/// Brings the copy up to the journal's head.
///
/// # Errors
/// What stood in the way.
pub async fn refresh(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let kv = errand.cx.kv().map_err(|_| Obstacle::Settings)?;
    let key = key(errand.site, page);
    for round in 0..MOST_ROUNDS {
        let Some(copy) = from_journal(errand, page).await? else { return Ok(Carried::Done) };
        let head = copy.fold.seq;
        let wanted = serde_json::to_string(&copy).map_err(|_| Obstacle::Copy)?;
        errand.called(1);
        let found = kv.get(&key).text().await.map_err(|_| Obstacle::Copy)?;
        if found.as_deref() != Some(wanted.as_str()) {
            if round > 0 {
                Delay::from(BETWEEN_WRITES).await;
            }
            errand.called(1);
            let put = kv.put(&key, wanted).map_err(|_| Obstacle::Copy)?;
            put.execute().await.map_err(|_| Obstacle::Copy)?;
        }
        if errand.db.ask(journal::head_seq(errand.site, &StreamId::page(page))).await? == head {
            return Ok(Carried::Done);
        }
    }
    // Whoever moved the journal on has put a row of its own behind this one.
    Ok(Carried::Done)
}

/// The page's fold and its texts, out of the journal.
async fn from_journal(errand: &Errand<'_>, page: &PageId) -> Result<Option<Copy>, Obstacle> {
    let mut loading = Loading::new();
    let stored = loading.add(pages::stream(errand.site, page));
    let names = loading.add(text::of_snapshot(errand.site, &StreamId::page(page)));
    let loaded = loading.run(errand.db).await?;
    let stored = loaded.get(&stored)?;
    let Some(fold) = pages::fold(&stored)? else { return Ok(None) };
    let mut names = loaded.get(&names)?;
    if !stored.newer.is_empty() {
        names = errand.db.ask(text::of_ids(errand.site, &fold.texts())).await?;
    }
    Ok(Some(Copy::of(fold, names)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sample::Sample;
    use engine::ids::TextId;

    fn copy() -> Copy {
        let fold = Sample::new().submitted(7).approved(7).fold.unwrap();
        let mut names: Names = fold.texts().into_iter().map(|id| (id.clone(), format!("text {id}"))).collect();
        names.insert(TextId::new("of another page"), "not ours".to_owned());
        Copy::of(fold, names)
    }

    #[test]
    fn what_is_written_reads_back_and_holds_no_text_too_many() {
        let copy = copy();
        let text = serde_json::to_string(&copy).unwrap();
        assert_eq!(Copy::read(&text), Some(copy.clone()));
        assert!(copy.names.contains_key(&TextId::new("name-of-jonas")));
        assert!(!text.contains("not ours"));
    }

    #[test]
    fn another_format_or_garbage_counts_as_nothing() {
        let text = serde_json::to_string(&copy()).unwrap();
        let foreign = text.replacen(&format!("\"format\":{FOLD_FORMAT}"), "\"format\":999", 1);
        assert_ne!(foreign, text);
        for garbage in [foreign.as_str(), "", "null", "{}", "{\"format\":1}", "\u{0}", &text[..text.len() / 2]] {
            assert_eq!(Copy::read(garbage), None, "{garbage}");
        }
    }
}
