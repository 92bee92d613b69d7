//! The byline under a page's title: a content property that any editor can write and that travels with a copied page. It
//! is a hint, kept in step with the journal; whatever else is found there is journalled and written over.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::confluence::property::{self, Outcome, Property};
use crate::store::byline::{self, Memory};
use crate::store::commit::Commit;
use crate::store::load::Loading;
use crate::store::page as pages;
use crate::{clock, random};
use engine::audit::commitment::ErasableText;
use engine::audit::fact::PageFact;
use engine::ids::{PageId, TextId};
use engine::page::fold::PageFold;
use serde_json::{Value, json};

/// The property's key, as the app's manifest names it.
pub const KEY: &str = "countersign-byline";

/// What the byline says of a fold. No names: editors and copies could keep them after they were erased.
#[must_use]
pub fn value(fold: &PageFold) -> Value {
    let state = &fold.state.name;
    let approved = fold.approved.as_ref().map(|approved| approved.version.0);
    let (title, tooltip) = match (&fold.review, approved) {
        _ if fold.ended => no_workflow(approved, fold.changed_since_approval()),
        (Some(review), None) => (
            format!("{state}: version {}", review.version.0),
            format!("Version {} is under review. No version has been approved yet.", review.version.0),
        ),
        (Some(review), Some(approved)) => (
            format!("{state}: version {} (version {approved} is approved)", review.version.0),
            format!("Version {} is under review. Version {approved} is the approved one.", review.version.0),
        ),
        (None, None) => (state.clone(), "No version of this page has been approved.".to_owned()),
        (None, Some(approved)) if fold.changed_since_approval() => (
            format!("{state} (changed since version {approved} was approved)"),
            format!("Version {approved} was approved. The page has changed since."),
        ),
        (None, Some(approved)) => {
            (format!("{state}: version {approved}"), format!("Version {approved} is the approved one."))
        }
    };
    json!({ "title": title, "tooltip": format!("{tooltip} Open for details.") })
}

/// Of a page that was taken out of its workflow. What was approved stays approved.
fn no_workflow(approved: Option<u32>, changed: bool) -> (String, String) {
    let taken_out = "This page was taken out of its workflow.";
    match approved {
        None => ("No workflow".to_owned(), taken_out.to_owned()),
        Some(approved) if changed => (
            format!("No workflow (changed since version {approved} was approved)"),
            format!("{taken_out} Version {approved} was approved. The page has changed since."),
        ),
        Some(approved) => (
            format!("No workflow (version {approved} was approved)"),
            format!("{taken_out} Version {approved} is the approved one."),
        ),
    }
}

/// Whether a value is one we wrote, or may have been about to write when the Worker died.
fn is_ours(memory: &Memory, found: &Value) -> bool {
    [&memory.written, &memory.writing]
        .into_iter()
        .flatten()
        .any(|text| serde_json::from_str::<Value>(text).is_ok_and(|ours| ours == *found))
}

/// What was found in place of our value, where somebody else put it: [`Value::Null`] if they removed it.
fn altered(memory: &Memory, found: Option<&Property>) -> Option<Value> {
    match found {
        Some(property) if is_ours(memory, &property.value) => None,
        Some(property) => Some(property.value.clone()),
        None => memory.written.is_some().then_some(Value::Null),
    }
}

/// Brings the byline up to the journal's head.
///
/// # Errors
/// What stood in the way.
pub async fn refresh(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    let mut loading = Loading::new();
    let stored = loading.add(pages::stream(errand.site, page));
    let memory = loading.add(byline::of_page(errand.site, page));
    let loaded = loading.run(errand.db).await?;
    let Some(fold) = pages::fold(&loaded.get(&stored)?)? else { return Ok(Carried::Done) };
    let memory = loaded.get(&memory)?.unwrap_or_default();
    let wanted = value(&fold);

    errand.called(1);
    let found = property::get(&app, page, KEY).await?;
    if found.as_ref().is_some_and(|property| property.value == wanted) {
        if memory.written.as_deref() != Some(wanted.to_string().as_str()) {
            let commit = Commit::new(errand.site, clock::now());
            commit.raw(byline::written(errand.site, page, &wanted.to_string())).run(errand.db).await?;
        }
        return Ok(Carried::Done);
    }

    // What is about to be lost is journalled first, and what is about to be written is remembered as ours.
    let altered = altered(&memory, found.as_ref()).map(|value| value.to_string());
    prepare(errand, page, &wanted, &memory, altered.as_deref()).await?;
    errand.called(2);
    let known = |property: &Property| {
        is_ours(&memory, &property.value) || altered.as_deref() == Some(property.value.to_string().as_str())
    };
    let outcome = property::set(&app, page, KEY, &wanted, known).await?;
    let mut commit = Commit::new(errand.site, clock::now());
    if let Outcome::WasAltered { found } = outcome {
        // Somebody wrote between our reading and our writing.
        commit = journalled(errand, page, &found.to_string(), commit)?;
    }
    commit.raw(byline::written(errand.site, page, &wanted.to_string())).run(errand.db).await?;
    Ok(Carried::Fact(fold.seq))
}

async fn prepare(
    errand: &Errand<'_>,
    page: &PageId,
    wanted: &Value,
    memory: &Memory,
    altered: Option<&str>,
) -> Result<(), Obstacle> {
    let mut commit = Commit::new(errand.site, clock::now());
    let news = altered.filter(|altered| memory.reported.as_deref() != Some(*altered));
    if let Some(altered) = news {
        commit = journalled(errand, page, altered, commit)?;
    }
    commit.raw(byline::writing(errand.site, page, &wanted.to_string(), news)).run(errand.db).await?;
    Ok(())
}

fn journalled(errand: &Errand<'_>, page: &PageId, found: &str, commit: Commit) -> Result<Commit, Obstacle> {
    let salt = random::bytes::<16>().map_err(|_| Obstacle::Settings)?;
    let id = random::id().map_err(|_| Obstacle::Settings)?;
    let text = ErasableText { id: TextId::new(id), salt: *salt, text: found.to_owned() };
    let fact = PageFact::BylineAltered { found: text.reference() };
    let sealed = errand.page_fact(page, fact, clock::now()).ok_or(Obstacle::Database)?;
    Ok(commit.text(&text).append_fact(&sealed))
}

#[cfg(test)]
#[path = "byline_tests.rs"]
mod tests;
