//! Many names in little room.

use super::el::{El, el};
use crate::words;

/// How many of a list are shown before the rest is folded away.
const SHOWN: usize = 6;

/// A list of which only the beginning is shown; the rest opens on a press.
pub(crate) fn folded(class: &str, mut items: Vec<El>) -> El {
    let rest = items.split_off(items.len().min(SHOWN));
    let list = el("ul", class).add_all(items);
    if rest.is_empty() {
        return list;
    }
    el("div", "folded").add(list).add(more(rest.len()).add(el("ul", class).add_all(rest)))
}

/// "Ada, Bo and Cy", or the first six and a press for the others.
pub(crate) fn names(lead: &str, names: &[&str]) -> El {
    let (first, rest) = names.split_at(names.len().min(SHOWN));
    let lead = el("span", "subtle").text(lead);
    if rest.is_empty() {
        return el("p", "names").add(lead).text(&words::list(first));
    }
    let first = el("p", "").add(lead).text(&first.join(", "));
    el("div", "names").add(first).add(more(rest.len()).add(el("p", "").text(&words::list(rest))))
}

fn more(count: usize) -> El {
    let label = ["and ", &count.to_string(), " more"].concat();
    el("details", "more").id("more").add(el("summary", "").text(&label))
}
