//! What is about to be signed, exactly as the authenticated record says it. Text only.

use crate::words;
use engine::content::{Change, ChangeKind};
use engine::ids::PageVersion;
use engine::wire::act::{Changes, Shown};
use leptos::prelude::*;

/// Title, version, what changed, the meaning (with what it is chosen from, where there is a choice), and what the content
/// hash does not cover.
pub(crate) fn view(shown: &Shown, choice: Option<AnyView>) -> AnyView {
    let others: Vec<&str> = shown.for_others.iter().map(String::as_str).collect();
    let approval = match words::list(&others).as_str() {
        "" => shown.approval.clone(),
        others => [&shown.approval, ", for ", others, " (away)"].concat(),
    };
    let instead = shown.changes_decision.then(|| {
        view! { <p data-testid="changes-decision">"This takes the place of the decision you gave before. Both stay in the record."</p> }
    });
    view! {
        <div class="shown" data-testid="shown">
            {facts(&shown.title, shown.version, &approval, &shown.content_hash)}
            {instead}
            {changes(&shown.changes)}
            {choice}
            {statement(&shown.meaning)}
            <p class="subtle small" data-testid="not-covered">
                "You sign the title, the text and the attachments of this version. Not covered: included pages, what other \
                 macros put out, and live data."
            </p>
        </div>
    }
    .into_any()
}

/// Which version of which page, for which approval, by which hash.
pub(crate) fn facts(title: &str, version: PageVersion, approval: &str, hash: &str) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"Page"</dt>
            <dd data-testid="shown-title">{title.to_owned()}</dd>
            <dt>"Version"</dt>
            <dd data-testid="shown-version">{version.0}</dd>
            <dt>"Approval"</dt>
            <dd data-testid="shown-approval">{approval.to_owned()}</dd>
            <dt>"Content"</dt>
            <dd>
                <details class="hash">
                    <summary>
                        <span class="label">"SHA-256 "</span>
                        <code>{words::short_hash(hash)} "…"</code>
                    </summary>
                    <code data-testid="shown-hash">{hash.to_owned()}</code>
                </details>
            </dd>
        </dl>
    }
    .into_any()
}

/// What the signature means.
pub(crate) fn statement(meaning: &str) -> AnyView {
    view! {
        <figure class="statement">
            <figcaption>"With this you state:"</figcaption>
            <blockquote data-testid="shown-meaning">{meaning.to_owned()}</blockquote>
        </figure>
    }
    .into_any()
}

/// What the signature may mean, where there is a choice.
pub(crate) fn meanings(meanings: &[String], chosen: &str, choose: Callback<String>) -> Option<AnyView> {
    (meanings.len() > 1).then(|| {
        let options = meanings.iter().enumerate().map(|(index, meaning)| {
            let id = ["meaning-", &index.to_string()].concat();
            let (is_chosen, meaning) = (meaning == chosen, meaning.clone());
            let words = meaning.clone();
            view! {
                <div class="radio">
                    <input
                        type="radio"
                        name="meaning"
                        id=id.clone()
                        data-testid=id.clone()
                        prop:checked=is_chosen
                        on:change=move |_| choose.run(meaning.clone())
                    />
                    <label for=id>{words}</label>
                </div>
            }
        });
        view! {
            <fieldset class="radios" id="meanings" data-testid="meanings">
                <legend>"Your signature means"</legend>
                {options.collect_view()}
            </fieldset>
        }
        .into_any()
    })
}

fn changes(changes: &Changes) -> AnyView {
    match changes {
        Changes::FirstApproval => view! {
            <p data-testid="changes" data-changes="first">
                "No version of this page has been approved before, so all of it is new."
            </p>
        }
        .into_any(),
        Changes::Unknown { version, reason } => view! {
            <div class="notice warning" data-testid="changes" data-changes="unknown">
                <div class="notice-text">
                    <p class="notice-title">{format!("What changed since version {} is not known", version.0)}</p>
                    <p>{reason.clone()} " Compare the versions in the page’s history before you decide."</p>
                </div>
            </div>
        }
        .into_any(),
        Changes::Since { version, changes, cut } => since(version.0, changes, *cut),
    }
}

fn since(version: u32, changes: &[Change], cut: bool) -> AnyView {
    let list = if changes.is_empty() {
        view! { <p>"No paragraph differs. Formatting or attachments may."</p> }.into_any()
    } else {
        view! { <ul class="changes">{changes.iter().map(change).collect_view()}</ul> }.into_any()
    };
    let more = cut.then(|| {
        view! { <p class="small">"There are more changes than are shown here: compare the versions in the page’s history."</p> }
    });
    view! {
        <section data-testid="changes" data-changes="since">
            <h3>{format!("Changed since version {version}, the last approved one")}</h3>
            // A keyboard must be able to scroll a long list.
            <div class="scroll" tabindex="0" role="group" aria-label="Changes">{list}</div>
            {more}
        </section>
    }
    .into_any()
}

fn change(change: &Change) -> AnyView {
    let text = change.text.clone();
    match change.kind {
        ChangeKind::Added => {
            view! { <li class="added"><span class="sr">"Added: "</span><ins>{text}</ins></li> }.into_any()
        }
        ChangeKind::Removed => {
            view! { <li class="removed"><span class="sr">"Removed: "</span><del>{text}</del></li> }.into_any()
        }
    }
}
