#![allow(clippy::needless_pass_by_value, reason = "what is sent is written where it is handed over")]

use super::sent::Kind;
use super::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn space() -> SpaceId {
    SpaceId::new("65537")
}

fn whole_space() -> Extent {
    Extent::Space(space())
}

fn tree_of(root: &str) -> Extent {
    Extent::Tree { space: space(), root: PageId::new(root) }
}

fn sent(json: Value) -> Sent<SentListed> {
    serde_json::from_value(json).unwrap()
}

fn sent_page() -> Value {
    json!({
        "id": "98305", "status": "current", "title": "Policy", "spaceId": "65537", "parentId": "98304",
        "parentType": "page", "authorId": "712020:first", "createdAt": "2026-11-20T10:00:00.000Z",
        "version": { "number": 7, "authorId": "712020:author", "createdAt": "2026-11-21T10:00:00.123Z" }
    })
}

fn read(page: Value) -> Result<Vec<Listed>, ConfluenceError> {
    listed(&whole_space(), sent(json!({ "results": [page] })).results)
}

#[test]
fn a_listed_page_says_all_a_workflow_starts_with() {
    let page = read(sent_page()).unwrap().remove(0);
    assert_eq!((page.page.as_str(), page.space, page.title.as_str()), ("98305", space(), "Policy"));
    assert_eq!((page.version, page.parent), (PageVersion(7), Some(PageId::new("98304"))));
    assert_eq!((page.version_author.as_str(), page.created_by.as_str()), ("712020:author", "712020:first"));
    assert_eq!(page.version_created_at, Timestamp(1_795_255_200_123));
}

#[test]
fn pages_elsewhere_and_in_the_bin_are_left_out_but_none_is_half_read() {
    for (field, value) in [("spaceId", json!("65538")), ("status", json!("trashed")), ("status", json!("archived"))] {
        let mut page = sent_page();
        page[field] = value;
        assert_eq!(read(page).unwrap(), [], "{field}");
    }
    let mut anonymous = sent_page();
    anonymous["version"]["authorId"] = Value::Null;
    assert_eq!(read(anonymous).unwrap()[0].version_author.as_str(), "unidentified");
    let mut headless = sent_page();
    headless.as_object_mut().unwrap().remove("authorId");
    assert!(read(headless).is_err());
}

#[test]
fn a_place_is_good_for_its_own_extent_only() {
    let label = |name: &str| Extent::Label { space: space(), label: name.to_owned() };
    let links = json!({ "results": [], "_links": { "next": "/wiki/api/v2/x?limit=2&cursor=eyJhIjoxfQ%3D%3D" } });
    let next = portion(&whole_space(), sent(links), |at| Place::Space { at }).unwrap().next.unwrap();
    assert!(next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{next}");
    assert_eq!(Place::read(&next, &whole_space()), Ok(Place::Space { at: "eyJhIjoxfQ%3D%3D".to_owned() }));
    assert!(Place::read(&next, &label("policy")).is_err());
    assert!(Place::read(&next, &tree_of("1")).is_err());
    let down = Place::Tree(Walk::from(&PageId::new("1"), 2)).write().unwrap();
    assert!(Place::read(&down, &tree_of("1")).is_ok());
    assert!(Place::read(&down, &tree_of("2")).is_err(), "another tree");
    let sly = Place::Space { at: "x&status=trashed".to_owned() }.write().unwrap();
    for bad in ["", "x", "!", sly.as_str(), &"A".repeat(4001), &next[1..]] {
        assert!(Place::read(bad, &whole_space()).is_err(), "{bad}");
    }
}

#[test]
fn a_label_is_the_shared_one_of_that_name() {
    let found = |label: Value| serde_json::from_value::<FoundLabel>(json!({ "label": label })).unwrap();
    let label = |name: &str, prefix: &str| found(json!({ "id": "7", "name": name, "prefix": prefix, "label": name }));
    assert_eq!(label("policy", "global").id_if_named("Policy"), Some("7".to_owned()));
    assert_eq!(label("policies", "global").id_if_named("policy"), None);
    assert_eq!(label("policy", "my").id_if_named("policy"), None);
}

#[test]
fn ids_and_names_stay_within_their_places() {
    let odd = SpaceId::new("1/../2?x");
    assert_eq!(space_path(&odd, 250), "/wiki/api/v2/spaces/1%2F..%2F2%3Fx/pages?status=current&sort=id&limit=250");
    assert_eq!(label_by_name("A&b"), "/wiki/rest/api/label?name=a%26b&type=page&limit=1");
    assert_eq!(label_path("7", &space(), 5), "/wiki/api/v2/labels/7/pages?space-id=65537&sort=id&limit=5");
    let ids = ["1".to_owned(), "2&id=3".to_owned()];
    assert_eq!(by_id(&ids), "/wiki/api/v2/pages?status=current&limit=250&id=1&id=2%26id%3D3");
}

/// A tree as Confluence would show it.
struct Tree(BTreeMap<u64, (u64, Kind)>);

impl Tree {
    /// What is below, ten levels down, higher ones first.
    fn below(&self, root: u64) -> Vec<Node> {
        let (mut found, mut level) = (Vec::new(), vec![root]);
        for depth in 1..=10 {
            level = self.0.iter().filter(|(_, (parent, _))| level.contains(parent)).map(|(id, _)| *id).collect();
            found.extend(level.iter().map(|id| Node::of(*id, self.0[id].1, depth)));
        }
        found
    }

    /// What a call answers, and the cursor to the next portion.
    fn answer(&self, path: &str) -> (Vec<Node>, Option<String>) {
        let (place, query) = path.split_once('?').unwrap();
        let root = place.split('/').nth(5).unwrap().parse().unwrap();
        let given = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let limit: usize = given("limit").unwrap().parse().unwrap();
        let start: usize = given("cursor").map_or(0, |start| start.parse().unwrap());
        let mut all = self.below(root);
        let next = (all.len() > start + limit).then(|| (start + limit).to_string());
        all.drain(..start);
        all.truncate(limit);
        (all, next)
    }
}

/// Reads a tree to its end; after each portion only the cursor is left. All pages found, and how many calls it took.
fn walk(tree: &Tree, root: u64, size: usize) -> (Vec<u64>, usize) {
    let extent = tree_of(&root.to_string());
    let (mut walk, mut found, mut calls) = (Walk::from(&PageId::new(root.to_string()), size), Vec::new(), 0);
    while let Some((path, _)) = walk.path() {
        calls += 1;
        assert!(calls < 1000, "it does not end");
        let (nodes, next) = tree.answer(&path);
        if walk.step(&nodes, next).unwrap() {
            found.extend(nodes.into_iter().filter_map(Node::into_current_page).map(|id| id.parse::<u64>().unwrap()));
        }
        if !walk.is_over() {
            let Ok(Place::Tree(again)) = Place::read(&Place::Tree(walk).write().unwrap(), &extent) else { panic!() };
            walk = again;
        }
    }
    (found, calls)
}

#[test]
fn a_tree_deeper_than_confluence_shows_is_listed_once_and_whole() {
    // Three chains of 35 below page 1, interleaved; in one of them every fifth is a folder.
    let mut tree = Tree(BTreeMap::new());
    for chain in 0..3_u64 {
        let mut parent = 1;
        for step in 0..35_u64 {
            let id = 100 + step * 7 + chain;
            let kind = if chain == 2 && step % 5 == 4 { Kind::Folder } else { Kind::Page };
            tree.0.insert(id, (parent, kind));
            parent = id;
        }
    }
    let expected: Vec<u64> = tree.0.iter().filter(|(_, (_, kind))| *kind == Kind::Page).map(|(id, _)| *id).collect();
    for size in [1, 2, 7, 30, 249] {
        let (mut found, _) = walk(&tree, 1, size);
        found.sort_unstable();
        assert_eq!(found, expected, "in portions of {size}");
    }
}

#[test]
fn a_flat_tree_takes_a_call_for_each_portion() {
    let tree = Tree((2..=501).map(|id| (id, (1, Kind::Page))).collect());
    let (found, calls) = walk(&tree, 1, MOST_DESCENDANTS);
    assert_eq!((found.len(), calls), (500, 3));
}

#[test]
fn a_bottomless_tree_is_refused() {
    let tree = Tree((2..=100).map(|id| (id, (id - 1, Kind::Page))).collect());
    let mut walk = Walk::from(&PageId::new("1"), 50);
    let outcome = loop {
        let Some((path, _)) = walk.path() else { break Ok(()) };
        let (nodes, next) = tree.answer(&path);
        if let Err(error) = walk.step(&nodes, next) {
            break Err(error);
        }
    };
    assert_eq!(outcome, Err(ConfluenceError::Unreadable("bottom of a tree")));
}
