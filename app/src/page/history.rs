//! What happened to the page.

use super::{Page, phrases};
use crate::ui::{El, el, quoted, when_ago, when_day};
use engine::wire::status::{Happening, HistoryItem};

/// The latest entries, folded away until they are asked for.
pub(super) fn view(page: Page) -> El {
    el("details", "history").id("history").add(el("summary", "").text("History")).live(move || items(page))
}

fn items(page: Page) -> Option<El> {
    page.read(|status| {
        if status.history.is_empty() {
            el("p", "subtle").text("Nothing has happened yet.")
        } else {
            el("ol", "events").add_all(status.history.iter().map(item))
        }
    })
}

fn item(item: &HistoryItem) -> El {
    let meaning = match &item.what {
        Happening::Approved { meaning } if !meaning.is_empty() => {
            Some(el("p", "meaning").text("“").text(meaning).text("”"))
        }
        _ => None,
    };
    let date = match item.what {
        Happening::ExpirySet { at: Some(at) } => Some(when_day(at)),
        _ => None,
    };
    let when = el("span", "subtle").text(" · ").add(when_ago(item.at));
    el("li", "")
        .id("history-item")
        .add(el("p", "").text(&phrases::happened(item)).add_all(date).add(when))
        .add_all(meaning)
        .add_all(quoted(item.comment.as_deref()))
}
