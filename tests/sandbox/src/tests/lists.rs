//! Pages by space, label and tree; groups; who administers a space.

use super::{AUTHOR, person, rest, sandbox};
use crate::rights::Principal;
use crate::sandbox::Sandbox;
use crate::{app, edit, label, many, seed, site_router};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt;

fn seeded(wanted: Value) -> (Arc<Sandbox>, u64) {
    let sandbox = sandbox("");
    let wanted: many::Wanted = serde_json::from_value(wanted).unwrap();
    let (first, _) = sandbox.change(|world| many::make(world, app::SITE, &wanted)).unwrap();
    (sandbox, first)
}

/// Every result of a list, portion by portion, and how many calls that took.
async fn all(sandbox: &Arc<Sandbox>, token: &str, first: &str) -> (Vec<Value>, usize) {
    let (mut path, mut found, mut calls) = (first.to_owned(), Vec::new(), 0);
    loop {
        let (status, body) = rest(sandbox, Some(token), "GET", &path, None).await;
        assert_eq!(status, 200, "{body}");
        calls += 1;
        found.extend(body["results"].as_array().unwrap().iter().cloned());
        match body["_links"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => return (found, calls),
        }
    }
}

fn ids(found: &[Value]) -> Vec<u64> {
    found.iter().map(|page| page["id"].as_str().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn ten_thousand_pages_are_listed_in_forty_calls() {
    let (sandbox, first) = seeded(json!({ "space": "65538", "count": 10_000, "label": "old" }));
    assert!(sandbox.platform.items().is_empty(), "they were always there");
    let token = sandbox.token(app::SITE, &Principal::App);
    let began = Instant::now();
    let by_space = "/wiki/api/v2/spaces/65538/pages?limit=250&status=current&sort=id";
    let (found, calls) = all(&sandbox, &token, by_space).await;
    assert_eq!((found.len(), calls), (10_001, 41), "with the home page");
    assert_eq!(ids(&found)[1..], (first..first + 10_000).collect::<Vec<_>>());
    assert_eq!((&found[1]["version"]["number"], &found[1]["spaceId"]), (&json!(1), &json!("65538")));
    let (_, labelled) =
        rest(&sandbox, Some(&token), "GET", "/wiki/rest/api/label?name=old&type=page&limit=1", None).await;
    let label = labelled["label"]["id"].as_str().unwrap();
    let by_label = format!("/wiki/api/v2/labels/{label}/pages?space-id=65538&limit=250&sort=id");
    let (found, calls) = all(&sandbox, &token, &by_label).await;
    assert_eq!((found.len(), calls), (10_000, 40));
    let by_tree = "/wiki/api/v2/pages/98400/descendants?limit=250&depth=10";
    assert_eq!(all(&sandbox, &token, by_tree).await.0.len(), 10_000);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_list_goes_on_where_it_was_though_pages_come_and_go() {
    let (sandbox, first) = seeded(json!({ "space": 65538, "count": 6 }));
    let token = sandbox.token(app::SITE, &Principal::App);
    let path = "/wiki/api/v2/spaces/65538/pages?limit=3&sort=id";
    let (_, body) = rest(&sandbox, Some(&token), "GET", path, None).await;
    let next = body["_links"]["next"].as_str().unwrap().to_owned();
    sandbox.change(|world| world.sites.get_mut(app::SITE).unwrap().pages.remove(&first)).unwrap();
    let (_, body) = rest(&sandbox, Some(&token), "GET", &next, None).await;
    assert_eq!(ids(body["results"].as_array().unwrap()), [first + 2, first + 3, first + 4]);
    for bad in ["cursor=%21", "cursor=YXQ6MQ", "limit=0", "limit=251", "status=lost", "sort=size"] {
        let (status, _) =
            rest(&sandbox, Some(&token), "GET", &format!("{path}&{bad}").replace("limit=3&", ""), None).await;
        assert_eq!(status, 400, "{bad}");
    }
}

#[tokio::test]
async fn the_next_portion_is_named_in_the_header_too() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &Principal::App);
    let uri = format!("/ex/confluence/{}/wiki/api/v2/spaces/65537/pages?limit=2", app::SITE);
    let request = Request::builder().uri(uri).header("authorization", format!("Bearer {token}"));
    let answer = site_router(&sandbox).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let link = answer.headers()["link"].to_str().unwrap().to_owned();
    let body: Value =
        serde_json::from_slice(&axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap()).unwrap();
    assert_eq!(link, format!("<{}>; rel=\"next\"", body["_links"]["next"].as_str().unwrap()));
}

#[tokio::test]
async fn a_tree_has_ancestors_and_descendants_within_limits() {
    let (sandbox, first) = seeded(json!({ "space": 65537, "count": 14, "depth": 14, "parent": "98306" }));
    let token = sandbox.token(app::SITE, &person(AUTHOR));
    let last = first + 13;
    let up = format!("/wiki/api/v2/pages/{last}/ancestors");
    let (found, _) = all(&sandbox, &token, &format!("{up}?limit=250")).await;
    assert_eq!(ids(&found)[..3], [seed::POLICIES_HOME, 98306, first], "from the top");
    assert_eq!(ids(&found).last(), Some(&(last - 1)));
    assert_eq!(ids(&all(&sandbox, &token, &format!("{up}?limit=2")).await.0), [last - 2, last - 1], "the nearest");
    let down = format!("/wiki/api/v2/pages/{}/descendants?limit=4", 98306);
    assert_eq!(ids(&all(&sandbox, &token, &down).await.0), [first, first + 1], "two levels unless asked for more");
    let deep = all(&sandbox, &token, &format!("{down}&depth=10")).await.0;
    assert_eq!((deep.len(), &deep[9]["depth"]), (10, &json!(10)));
    assert_eq!(rest(&sandbox, Some(&token), "GET", &format!("{down}&depth=11"), None).await.0, 400);
}

#[tokio::test]
async fn what_may_not_be_seen_is_in_no_list() {
    let (sandbox, first) = seeded(json!({ "space": 65537, "count": 3, "depth": 3, "label": "old" }));
    sandbox.change(|world| {
        let page = world.sites.get_mut(app::SITE).unwrap().pages.get_mut(&(first + 1)).unwrap();
        page.restriction =
            Some(crate::model::Restriction { accounts: [AUTHOR.to_owned()].into(), ..Default::default() });
    });
    let label = sandbox.look(|world| world.sites[app::SITE].label("old")).unwrap();
    for (account, seen) in [(AUTHOR, 3), ("712020:viewer", 1)] {
        let token = sandbox.token(app::SITE, &person(account));
        let by_label = format!("/wiki/api/v2/labels/{label}/pages");
        assert_eq!(all(&sandbox, &token, &by_label).await.0.len(), seen, "{account}: and nothing below it");
        let by_tree = format!("/wiki/api/v2/pages/{first}/descendants?depth=10");
        assert_eq!(all(&sandbox, &token, &by_tree).await.0.len(), seen - 1, "{account}");
    }
}

#[tokio::test]
async fn labels_are_set_silently_and_a_move_is_told_with_what_was_before() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &Principal::App);
    sandbox
        .change(|world| {
            label::set(world.sites.get_mut(app::SITE).unwrap(), 98305, &["policy".to_owned(), "iso".to_owned()])
        })
        .unwrap();
    assert!(sandbox.platform.items().is_empty());
    let (found, _) = all(&sandbox, &token, "/wiki/api/v2/pages/98305/labels?prefix=global&limit=250").await;
    assert_eq!(found.iter().map(|label| label["name"].as_str().unwrap()).collect::<Vec<_>>(), ["iso", "policy"]);
    assert!(all(&sandbox, &token, "/wiki/api/v2/pages/98305/labels?prefix=my").await.0.is_empty());
    assert_eq!(rest(&sandbox, Some(&token), "GET", "/wiki/rest/api/label?name=none", None).await.0, 404);
    let relocate = |parent, space| {
        sandbox.act(app::SITE, false, |world| edit::relocate(world, app::SITE, 98305, AUTHOR, parent, space))
    };
    relocate(None, Some(65538)).unwrap();
    let event = sandbox.platform.items()[0].body.clone();
    assert_eq!(event["eventType"], "avi:confluence:moved:page");
    assert_eq!(
        (&event["prevContent"]["space"]["key"], &event["content"]["space"]["key"]),
        (&json!("POL"), &json!("HB"))
    );
    assert!(relocate(Some(98306), None).is_ok(), "and back, below another page");
    let (_, page) = rest(&sandbox, Some(&token), "GET", "/wiki/api/v2/pages/98305", None).await;
    assert_eq!((&page["parentId"], &page["spaceId"]), (&json!("98306"), &json!("65537")));
    let below_itself =
        sandbox.act(app::SITE, false, |world| edit::relocate(world, app::SITE, 98306, AUTHOR, Some(98305), None));
    assert!(matches!(below_itself, Err(edit::Refusal::Invalid(_))));
}

#[tokio::test]
async fn a_group_has_a_name_and_members_with_time_zones() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &Principal::App);
    let (_, group) =
        rest(&sandbox, Some(&token), "GET", "/wiki/rest/api/group/by-id?id=countersign-approvers", None).await;
    assert_eq!(group["name"], "Policy approvers");
    let members = "/wiki/rest/api/group/countersign-approvers/membersByGroupId";
    let (_, first) = rest(&sandbox, Some(&token), "GET", &format!("{members}?start=0&limit=2"), None).await;
    assert_eq!((&first["size"], first.get("totalSize")), (&json!(2), None));
    assert!(first["_links"]["next"].is_string());
    let (_, rest_of) =
        rest(&sandbox, Some(&token), "GET", &format!("{members}?start=2&shouldReturnTotalSize=true"), None).await;
    assert_eq!((&rest_of["size"], &rest_of["totalSize"], rest_of["_links"].get("next")), (&json!(1), &json!(3), None));
    assert_eq!(rest_of["results"][0]["timeZone"], "Asia/Kolkata");
    assert_eq!(rest(&sandbox, Some(&token), "GET", &members.replace("countersign-", "no-"), None).await.0, 404);
}

#[tokio::test]
async fn a_space_is_administered_by_those_named_for_it() {
    let sandbox = sandbox("");
    for (account, space, may) in [
        ("712020:admin", 65537, true),
        ("712020:space-admin", 65537, true),
        ("712020:space-admin", 65538, false),
        (AUTHOR, 65537, false),
    ] {
        let token = sandbox.token(app::SITE, &person(account));
        let path = format!("/wiki/api/v2/spaces/{space}/operations");
        let (_, body) = rest(&sandbox, Some(&token), "GET", &path, None).await;
        let administer = json!({ "operation": "administer", "targetType": "space" });
        assert_eq!(body["operations"].as_array().unwrap().contains(&administer), may, "{account} {space}");
    }
}

#[tokio::test]
async fn a_deactivated_account_is_known_and_shut_out() {
    let sandbox = sandbox("");
    let (mine, ours) =
        (sandbox.token(app::SITE, &person("712020:approver-1")), sandbox.token(app::SITE, &Principal::App));
    sandbox.change(|world| {
        let people = &mut world.sites.get_mut(app::SITE).unwrap().people;
        people.iter_mut().find(|one| one.account_id == "712020:approver-1").unwrap().deactivated = true;
    });
    assert_eq!(rest(&sandbox, Some(&mine), "GET", "/wiki/rest/api/user/current", None).await.0, 401);
    let asked = json!({ "accountIds": ["712020:approver-1", "712020:approver-2", "712020:nobody"] });
    let (_, body) = rest(&sandbox, Some(&ours), "POST", "/wiki/api/v2/users-bulk", Some(asked)).await;
    let statuses: Vec<&Value> = body["results"].as_array().unwrap().iter().map(|one| &one["accountStatus"]).collect();
    assert_eq!(statuses, ["inactive", "active"]);
    let check = json!({ "subject": { "type": "user", "identifier": "712020:approver-1" }, "operation": "read" });
    let path = "/wiki/rest/api/content/98305/permission/check";
    assert_eq!(rest(&sandbox, Some(&ours), "POST", path, Some(check)).await.1["hasPermission"], false);
}
