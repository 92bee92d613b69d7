//! Each template walked from its start to its end and around.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, World, account, edit, page, person, selection, start, submission, text, tick};
use engine::ids::{AccountId, ApprovalId, GroupId, PageVersion};
use engine::page::command::{Command, PageNow, Person};
use engine::page::event::PageEvent;
use engine::page::refusal::{Excluded, Refusal};
use engine::wire::status::Decision::{Approve, Reject};
use engine::workflow::parse::{Parameters, parse};
use engine::workflow::template;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Who is in the group of each parameter; the author is in all they could wrongly decide for.
const GROUPS: [(&str, &[&str]); 7] = [
    ("reviewers", &["author", "ben", "carla"]),
    ("owners", &["author", "anna", "ben"]),
    ("compliance", &["author", "carla", "dora", "emil"]),
    ("experts", &["author", "ben", "carla"]),
    ("quality-assurance", &["author", "dora"]),
    ("data-protection", &["author", "anna", "dora"]),
    ("others", &["tom"]),
];

fn walk(id: &str) -> Page {
    let document = template::document(id).unwrap();
    let open = document["parameters"].as_array().unwrap().iter().filter(|parameter| parameter.get("default").is_none());
    let values: Parameters =
        open.map(|parameter| parameter["name"].as_str().unwrap()).map(|name| (name.to_owned(), json!(name))).collect();
    let mut it = Page::of(parse(&document, &values).unwrap());
    it.world = World::new();
    for (group, members) in GROUPS {
        it.world.group(group, members);
    }
    it.run(&start(1));
    assert_eq!(it.state(), "draft", "{id}");
    it
}

fn of(name: &str) -> Person {
    let groups = GROUPS.iter().filter(|(_, members)| members.contains(&name)).map(|(group, _)| GroupId::new(*group));
    Person { groups: groups.collect(), ..person(name) }
}

/// What the author and others wrote, none of it approved yet.
fn written(version: u32, others: &[&str]) -> PageNow {
    let contributors: BTreeSet<AccountId> = others.iter().chain(&["author"]).map(|name| account(name)).collect();
    PageNow { contributors, ..page(version, version) }
}

fn submit(it: &mut Page, now: &PageNow, said: Option<&str>, named: &[(&str, &str)]) -> Result<Vec<PageEvent>, Refusal> {
    let mut command = submission("author", now.clone());
    command.comment = said.map(text);
    let mut assigned: BTreeMap<ApprovalId, BTreeSet<AccountId>> = BTreeMap::new();
    for (approval, name) in named {
        assigned.entry(ApprovalId::new(*approval)).or_default().insert(account(name));
    }
    command.assigned = assigned;
    it.try_run(&Command::Submit(Box::new(command)))
}

fn approve(it: &mut Page, approval: &str, name: &str, now: &PageNow) -> Result<Vec<PageEvent>, Refusal> {
    it.decide_on(approval, of(name), Approve, now.clone())
}

fn reject(it: &mut Page, approval: &str, name: &str, now: &PageNow) {
    it.decide_on(approval, of(name), Reject, now.clone()).unwrap();
}

fn choose(it: &mut Page, name: &str, to: &str, now: &PageNow, said: Option<&str>) -> Result<Vec<PageEvent>, Refusal> {
    let mut command = selection(name, to, now.clone(), it.state_seq());
    command.person = of(name);
    command.comment = said.map(text);
    it.try_run(&Command::Select(Box::new(command)))
}

fn approved_version(it: &Page) -> Option<PageVersion> {
    it.fold.as_ref()?.approved.as_ref().map(|approved| approved.version)
}

fn later(it: &mut Page, days: u64, now: &PageNow) {
    it.after(days);
    it.run(&tick(Some(now.clone())));
}

#[test]
fn basic_approval() {
    let mut it = walk("basic-approval");
    let first = written(1, &[]);
    submit(&mut it, &first, None, &[]).unwrap();
    assert_eq!(it.state(), "in-review");
    assert_eq!(approve(&mut it, "review", "author", &first), Err(Refusal::Excluded(Excluded::LastEditor)));
    assert_eq!(approve(&mut it, "review", "tom", &first), Err(Refusal::NotReviewer));
    choose(&mut it, "author", "draft", &first, None).unwrap();
    submit(&mut it, &first, None, &[]).unwrap();
    reject(&mut it, "review", "ben", &first);
    assert_eq!(it.state(), "draft");
    submit(&mut it, &first, None, &[]).unwrap();
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "draft", "an edit ends the review");
    let second = written(2, &[]);
    submit(&mut it, &second, None, &[]).unwrap();
    approve(&mut it, "review", "carla", &second).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("approved", Some(PageVersion(2))));
    it.run(&edit(3, 3, None));
    assert_eq!(it.state(), "draft");
}

#[test]
fn policy_approval() {
    let mut it = walk("policy-approval");
    let first = written(1, &["ben"]);
    submit(&mut it, &first, None, &[]).unwrap();
    assert_eq!(it.state(), "owner-review");
    assert!(matches!(approve(&mut it, "owners", "author", &first), Err(Refusal::Excluded(_))));
    assert_eq!(approve(&mut it, "owners", "ben", &first), Err(Refusal::Excluded(Excluded::EditorSinceApproval)));
    assert_eq!(choose(&mut it, "anna", "draft", &first, None), Err(Refusal::NotForYou), "only its writers withdraw it");
    approve(&mut it, "owners", "anna", &first).unwrap();
    assert_eq!(it.state(), "compliance-review");
    reject(&mut it, "compliance", "carla", &first);
    assert_eq!(it.state(), "draft");
    submit(&mut it, &first, None, &[]).unwrap();
    approve(&mut it, "owners", "anna", &first).unwrap();
    approve(&mut it, "compliance", "carla", &first).unwrap();
    assert_eq!(it.state(), "compliance-review", "two must approve");
    approve(&mut it, "compliance", "dora", &first).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("approved", Some(PageVersion(1))));
    later(&mut it, 364, &first);
    assert_eq!(it.state(), "approved");
    later(&mut it, 3, &first);
    assert_eq!(it.state(), "needs-review");
    submit(&mut it, &first, None, &[]).unwrap();
    assert_eq!(it.state(), "owner-review");
    choose(&mut it, "author", "draft", &first, None).unwrap();
    assert_eq!(it.state(), "draft");
}

#[test]
fn quality_management() {
    let mut it = walk("quality-management");
    let first = written(1, &["carla"]);
    assert!(matches!(submit(&mut it, &first, Some("new"), &[]), Err(Refusal::NameReviewers { .. })));
    let dora = submit(&mut it, &first, Some("new"), &[("technical-review", "dora")]);
    assert!(matches!(dora, Err(Refusal::CannotBeAsked { .. })), "dora is no expert");
    let named = [("technical-review", "ben")];
    assert_eq!(submit(&mut it, &first, None, &named), Err(Refusal::CommentRequired));
    submit(&mut it, &first, Some("new"), &named).unwrap();
    assert_eq!(it.state(), "in-review");
    assert!(matches!(approve(&mut it, "release", "dora", &first), Err(Refusal::NotYet { .. })));
    assert!(
        approve(&mut it, "technical-review", "carla", &first).is_err(),
        "carla was not named, and wrote part of it"
    );
    approve(&mut it, "technical-review", "ben", &first).unwrap();
    assert!(matches!(approve(&mut it, "release", "author", &first), Err(Refusal::Excluded(_))));
    reject(&mut it, "release", "dora", &first);
    assert_eq!(it.state(), "draft");
    submit(&mut it, &first, Some("again"), &named).unwrap();
    approve(&mut it, "technical-review", "ben", &first).unwrap();
    approve(&mut it, "release", "dora", &first).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("effective", Some(PageVersion(1))));
    later(&mut it, 740, &first);
    assert_eq!(it.state(), "periodic-review");
    submit(&mut it, &first, Some("still true"), &named).unwrap();
    approve(&mut it, "technical-review", "ben", &first).unwrap();
    approve(&mut it, "release", "dora", &first).unwrap();
    assert_eq!(it.state(), "effective");
    assert_eq!(choose(&mut it, "ben", "obsolete", &first, Some("old")), Err(Refusal::NotForYou));
    assert_eq!(choose(&mut it, "dora", "obsolete", &first, None), Err(Refusal::CommentRequired));
    choose(&mut it, "dora", "obsolete", &first, Some("replaced")).unwrap();
    assert_eq!(it.state(), "obsolete");
    choose(&mut it, "dora", "draft", &first, Some("needed after all")).unwrap();
    assert_eq!(it.state(), "draft");
}

#[test]
fn content_review() {
    let mut it = walk("content-review");
    let first = written(1, &[]);
    submit(&mut it, &first, None, &[]).unwrap();
    reject(&mut it, "content", "ben", &first);
    assert_eq!(it.state(), "draft");
    submit(&mut it, &first, None, &[]).unwrap();
    assert!(matches!(approve(&mut it, "content", "author", &first), Err(Refusal::Excluded(_))));
    approve(&mut it, "content", "ben", &first).unwrap();
    assert_eq!(it.state(), "current");
    later(&mut it, 190, &first);
    assert_eq!(it.state(), "needs-review");
    assert_eq!(choose(&mut it, "ben", "current", &first, None), Err(Refusal::NotForYou));
    choose(&mut it, "author", "current", &first, None).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("current", Some(PageVersion(1))));
    later(&mut it, 190, &first);
    assert_eq!(it.state(), "needs-review", "its time began anew");
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "draft");
    let second = written(2, &[]);
    submit(&mut it, &second, None, &[]).unwrap();
    approve(&mut it, "content", "carla", &second).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("current", Some(PageVersion(2))));
}

#[test]
fn a_date_on_the_page_goes_first() {
    let mut it = walk("content-review");
    let mut first = written(1, &[]);
    first.dates.insert("Review date".to_owned(), "1970-02-01".parse().unwrap());
    submit(&mut it, &first, None, &[]).unwrap();
    approve(&mut it, "content", "ben", &first).unwrap();
    later(&mut it, 20, &first);
    assert_eq!(it.state(), "current");
    later(&mut it, 20, &first);
    assert_eq!(it.state(), "needs-review");
}

#[test]
fn regulated_content() {
    let mut it = walk("regulated-content");
    let first = written(1, &[]);
    assert_eq!(submit(&mut it, &first, None, &[]), Err(Refusal::CommentRequired));
    submit(&mut it, &first, Some("new"), &[]).unwrap();
    for approval in ["owners", "data-protection"] {
        assert!(matches!(approve(&mut it, approval, "author", &first), Err(Refusal::Excluded(_))), "{approval}");
    }
    for name in ["dora", "tom"] {
        assert_eq!(approve(&mut it, "owners", name, &first), Err(Refusal::NotReviewer), "{name}");
    }
    approve(&mut it, "data-protection", "anna", &first).unwrap();
    approve(&mut it, "owners", "anna", &first).unwrap();
    assert_eq!(it.state(), "in-review", "one person is never enough, whatever groups they are in");
    reject(&mut it, "owners", "ben", &first);
    assert_eq!(it.state(), "draft");
    submit(&mut it, &first, Some("again"), &[]).unwrap();
    approve(&mut it, "data-protection", "dora", &first).unwrap();
    approve(&mut it, "owners", "anna", &first).unwrap();
    approve(&mut it, "owners", "ben", &first).unwrap();
    assert_eq!((it.state(), approved_version(&it)), ("approved", Some(PageVersion(1))));
    later(&mut it, 367, &first);
    assert_eq!(it.state(), "needs-review");
    assert_eq!(choose(&mut it, "dora", "retired", &first, Some("old")), Err(Refusal::NotForYou));
    choose(&mut it, "anna", "retired", &first, Some("old")).unwrap();
    assert_eq!(it.state(), "retired");
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "draft");
}

#[test]
fn every_template_is_walked() {
    let walked = ["basic-approval", "policy-approval", "quality-management", "content-review", "regulated-content"];
    assert_eq!(template::all().iter().map(|template| template.id).collect::<Vec<_>>(), walked);
}
