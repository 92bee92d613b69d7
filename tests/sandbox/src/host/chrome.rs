//! What surrounds every page: top bar, people, sidebar.

use crate::app::{self, Module};
use crate::model::{Page, Person, Site};
use crate::platform::Progress;
use crate::rights::{self, Principal};
use crate::sandbox::Sandbox;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The site's mark.
pub(super) const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\" width=\"24\" \
height=\"24\"><rect width=\"24\" height=\"24\" rx=\"6\" fill=\"#1868DB\"/><path d=\"M6 15.5c2.2-3.2 4.6-3.2 6-1.6s3.8 \
1.6 6-1.6M6 10.7c2.2-3.2 4.6-3.2 6-1.6s3.8 1.6 6-1.6\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2.2\" \
stroke-linecap=\"round\"/></svg>";

/// What Forge lets a frame do.
pub(super) const FRAME_SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox allow-downloads allow-forms \
allow-modals allow-pointer-lock allow-same-origin allow-scripts";

/// Pages named at the side, at most.
const MOST_IN_TREE: usize = 50;

/// Who is looking, and what the surroundings need to know.
pub(super) struct Chrome {
    /// The person looking.
    pub(super) person: Person,
    people: Vec<Person>,
    tree: Vec<(u64, String)>,
    space_key: String,
    space_name: String,
    dark: bool,
    unread: usize,
    held: usize,
    assets: String,
}

/// The account the browser has switched to.
pub(super) fn account(headers: &HeaderMap) -> Option<String> {
    cookie(headers, "sandbox-person")
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get("cookie")?.to_str().ok()?;
    all.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, v)| v.to_owned())
}

impl Chrome {
    /// Looks around for the browser these headers came from.
    pub(super) fn of(sandbox: &Sandbox, headers: &HeaderMap) -> Option<Self> {
        let wanted = account(headers);
        let held = sandbox.platform.items().iter().filter(|item| item.progress == Progress::Held).count();
        sandbox.look(|world| {
            let site = world.sites.get(app::SITE)?;
            let known = wanted.as_deref().and_then(|account| site.person(account)).filter(|person| !person.app);
            let person = known.or_else(|| site.people.iter().find(|person| !person.app))?.clone();
            let who = Principal::Person(person.account_id.clone());
            let space = site.spaces.first()?;
            let here = |page: &&Page| page.space == space.id && !page.trashed && space.home != Some(page.id);
            let visible = site.pages.values().filter(here).filter(|page| rights::may_view(site, page, &who));
            let mine = world.mails.iter().filter(|mail| !mail.read && mail.to.contains(&person.email));
            Some(Self {
                tree: visible.take(MOST_IN_TREE).map(|page| (page.id, page.current().title.clone())).collect(),
                people: site.people.iter().filter(|person| !person.app).cloned().collect(),
                space_key: space.key.clone(),
                space_name: space.name.clone(),
                dark: cookie(headers, "sandbox-theme").as_deref() == Some("dark"),
                unread: mine.count(),
                held,
                assets: sandbox.setup.assets.clone(),
                person,
            })
        })
    }

    /// Whose rights the person has.
    pub(super) fn who(&self) -> Principal {
        Principal::Person(self.person.account_id.clone())
    }

    /// The whole page. `here` is the path of the sidebar entry that is open.
    pub(super) fn page(&self, title: &str, here: &str, content: &Markup) -> Response {
        self.page_with(StatusCode::OK, title, here, content)
    }

    /// The same with another status.
    pub(super) fn page_with(&self, status: StatusCode, title: &str, here: &str, content: &Markup) -> Response {
        let mode = if self.dark { "dark" } else { "light" };
        let whole = html! {
            (DOCTYPE)
            html lang="en" data-color-mode=(mode) data-theme="light:light dark:dark spacing:spacing typography:typography shape:shape"
                data-assets=(self.assets) data-space=(self.space_key) data-frame-sandbox=(FRAME_SANDBOX) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " · Sandbox site" }
                    link rel="icon" href="/favicon.ico" type="image/svg+xml";
                    link rel="stylesheet" href="/tokens.css";
                    link rel="stylesheet" href="/_ui/host.css";
                    script src="/_ui/host.js" {}
                }
                body {
                    a .skip href="#content" { "Skip to content" }
                    (self.top())
                    div .below {
                        (self.sidebar(here))
                        main #content tabindex="-1" { (content) }
                    }
                    div #flags role="status" {}
                }
            }
        };
        (status, Html(whole.into_string())).into_response()
    }

    /// A page that says why there is nothing to see.
    pub(super) fn missing(&self, title: &str, why: &str) -> Response {
        let content = html! { div .empty { h1 { (title) } p { (why) } p { a href={"/wiki/spaces/" (self.space_key)} { "Go to the space" } } } };
        self.page_with(StatusCode::NOT_FOUND, title, "", &content)
    }

    fn top(&self) -> Markup {
        html! {
            header .top {
                a .product href={"/wiki/spaces/" (self.space_key)} { (PreEscaped(LOGO)) span { "Sandbox site" } }
                nav .people aria-label="Switch person" {
                    @for (n, person) in self.people.iter().enumerate() {
                        @let current = person.account_id == self.person.account_id;
                        form method="post" action={"/_as/" (person.account_id)} {
                            button .avatar .{"a" (n % 6)} .current[current] data-person=(person.account_id)
                                aria-pressed=(current) title={(person.name) " · " (person.role)} {
                                (initials(&person.name))
                                span .hidden { (person.name) ", " (person.role) }
                            }
                        }
                    }
                    span .me { strong { (self.person.name) } span { (self.person.role) } }
                }
                div .tools {
                    a .tool href="/mailbox" title="Mailbox" aria-label={"Mailbox, " (self.unread) " unread"} {
                        (PreEscaped(ICON_MAIL)) @if self.unread > 0 { span .badge { (self.unread) } }
                    }
                    a .tool href="/behind" title="Behind the scenes" aria-label="Behind the scenes" {
                        (PreEscaped(ICON_BEHIND)) @if self.held > 0 { span .badge .warn { (self.held) } }
                    }
                    button #theme .tool type="button" title="Light or dark" aria-label="Light or dark" { (PreEscaped(ICON_THEME)) }
                }
            }
        }
    }

    fn sidebar(&self, here: &str) -> Markup {
        let space = format!("/wiki/spaces/{}", self.space_key);
        let link = |href: &str, text: &str, icon: &str| {
            html! { a .current[href == here] href=(href) aria-current=[(href == here).then_some("page")] { (PreEscaped(icon)) span { (text) } } }
        };
        let content = html! {
            p .space { span .space-mark { (initials(&self.space_name)) } (self.space_name) }
            (link(&space, "Overview", ICON_HOME))
            (link(&format!("{space}/apps/approval-space"), "Approvals", ICON_CHECK))
            @if self.person.admin { (link("/wiki/admin/approval-settings", "Countersign settings", ICON_GEAR)) }
            h2 { "Pages" @if self.person.editor { a .add href={(space) "/create"} title="New page" aria-label="New page" { "+" } } }
            @for (id, title) in &self.tree { (link(&format!("{space}/pages/{id}"), title, ICON_PAGE)) }
        };
        html! {
            nav .side aria-label="Space" { (content) }
            details .side-small { summary { "Pages and apps" } nav aria-label="Space" { (content) } }
        }
    }
}

/// A frame with one of the app's modules in it.
pub(super) fn frame(sandbox: &Sandbox, module: Module, page: Option<&Page>, space: Option<u64>, title: &str) -> Markup {
    let (key, resource) = (module.key(), module.resource());
    html! {
        iframe .forge-frame src={(sandbox.setup.assets) "/_ctx/" (key) "/" (resource) "/index.html"} title=(title)
            sandbox=(FRAME_SANDBOX) data-module=(key) data-resource=(resource)
            data-page=[page.map(|page| page.id)] data-space=[space] {}
    }
}

/// The byline item's text: from the content property, or the module's own title.
pub(super) fn byline_label(page: &Page) -> Markup {
    let property = page.property(app::BYLINE_PROPERTY);
    let text = |name: &str| property.and_then(|one| one.value.get(name)).and_then(serde_json::Value::as_str);
    let icon = text("icon").filter(|icon| icon.starts_with("data:image/"));
    html! {
        span data-byline-label title=(text("tooltip").unwrap_or("Approval state")) {
            @if let Some(icon) = icon { img src=(icon) alt="" width="16" height="16"; } @else { (PreEscaped(ICON_CHECK)) }
            (text("title").unwrap_or("Approval"))
        }
    }
}

/// An account's picture.
pub(super) fn avatar(site: &Site, account: &str) -> Markup {
    let place = site.people.iter().position(|person| person.account_id == account).unwrap_or(0);
    html! { span .avatar .small .{"a" (place % 6)} aria-hidden="true" { (initials(site.name_of(account))) } }
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
}

const ICON_HOME: &str =
    "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z\"/></svg>";
const ICON_PAGE: &str = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M3.5 1.8h9v12.4h-9zM5.8 5h4.4M5.8 8h4.4M5.8 11h2.6\"/></svg>";
const ICON_CHECK: &str = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"6.2\"/><path d=\"m5.2 8.2 2 2 3.8-4.2\"/></svg>";
const ICON_GEAR: &str = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"2.2\"/><path d=\"M8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4 5 5M11 11l1.6 1.6M12.6 3.4 11 5M5 11l-1.6 1.6\"/></svg>";
const ICON_MAIL: &str =
    "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M1.8 3.5h12.4v9H1.8zM1.8 4l6.2 5 6.2-5\"/></svg>";
const ICON_BEHIND: &str = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M3 2v8M3 13v1M8 2v2M8 7v7M13 2v6M13 11v3\"/><circle cx=\"3\" cy=\"11.5\" r=\"1.5\"/><circle cx=\"8\" cy=\"5.5\" r=\"1.5\"/><circle cx=\"13\" cy=\"9.5\" r=\"1.5\"/></svg>";
const ICON_THEME: &str = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"6.2\"/><path d=\"M8 1.8v12.4a6.2 6.2 0 0 0 0-12.4z\" fill=\"currentColor\"/></svg>";
