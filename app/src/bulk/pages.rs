//! The pages of a list, and those left out of it. Text only, but for links that open a tab of their own.

use crate::{bridge, words};
use engine::ids::PageId;
use engine::wire::bulk::{BulkItem, LeftOut};
use engine::wire::status::Decision;
use leptos::prelude::*;

/// A page's title, as a link: the dialog stays.
pub(super) fn title(page: &PageId, title: String) -> AnyView {
    let page = page.as_str().to_owned();
    view! {
        <button type="button" class="link" data-testid="bulk-title" on:click=move |_| bridge::open_page(&page)>
            {title}<span class="sr">" (opens in a new tab)"</span>
        </button>
    }
    .into_any()
}

/// What would be signed of a page.
pub(super) fn signed(item: &BulkItem) -> AnyView {
    let (page, version) = (item.listed.page.as_str().to_owned(), item.listed.version.0);
    let others: Vec<&str> = item.for_others.iter().map(String::as_str).collect();
    let approval = match words::list(&others).as_str() {
        "" => ["“", &item.approval, "”"].concat(),
        others => ["“", &item.approval, "”, for ", others, " (away)"].concat(),
    };
    let changed = match item.approved_before.map(|before| before.0) {
        None => view! { "No version was approved before, so all of it is new." }.into_any(),
        Some(before) => {
            let label = format!("Changed since version {before}, the last approved one");
            view! {
                {label} ". "
                <button
                    type="button"
                    class="link"
                    data-testid="bulk-compare"
                    on:click=move |_| bridge::open_comparison(&page, before, version)
                >
                    "Compare"
                    <span class="sr">{format!(" “{}” with version {before} (opens in a new tab)", item.title)}</span>
                </button>
            }
            .into_any()
        }
    };
    let instead = item.changes_decision.then(|| {
        view! { <p class="small">"This takes the place of the decision you gave before. Both stay in the record."</p> }
    });
    let hash = item.listed.content_hash.as_str().to_owned();
    view! {
        <li data-testid="bulk-item" data-page=item.listed.page.as_str().to_owned()>
            <p>{title(&item.listed.page, item.title.clone())}</p>
            <p>{format!("Version {version}, for the approval ")} {approval}</p>
            <p class="subtle small">{changed}</p>
            {instead}
            <details class="hash small">
                <summary>"SHA-256 " <code>{words::short_hash(&hash)} "…"</code></summary>
                <code>{hash}</code>
            </details>
        </li>
    }
    .into_any()
}

/// What can't be signed with the list, and why.
pub(super) fn left_out(left_out: &[LeftOut], decision: Decision) -> Option<AnyView> {
    let did = super::outcome::did(decision);
    let lead = match left_out.len() {
        0 => return None,
        1 => format!("1 page can’t be {did} together with others"),
        more => format!("{more} pages can’t be {did} together with others"),
    };
    let rows = left_out.iter().map(|out| {
        let name = match &out.title {
            Some(known) => title(&out.page, known.clone()),
            None => "A page you can’t see".into_any(),
        };
        view! {
            <li data-testid="bulk-left-out" data-kind=out.problem.kind.slug()>
                <p>{name}</p>
                <p class="small">{out.problem.detail.clone()}</p>
            </li>
        }
    });
    Some(
        view! {
            <div class="notice warning" role="note" data-testid="bulk-left-outs">
                <div class="notice-text">
                    <p class="notice-title">{lead}</p>
                    <ul class="apart">{rows.collect_view()}</ul>
                </div>
            </div>
        }
        .into_any(),
    )
}
