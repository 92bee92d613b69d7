//! What a site looks like when it is new.

use crate::model::{Group, Page, Person, Site, Space, Version, World};
use crate::{app, clock};
use std::collections::BTreeMap;

/// Two sites with the same people and pages, so that a mix-up of sites would be noticed.
#[must_use]
pub(crate) fn world() -> World {
    let sites = [app::SITE, app::OTHER_SITE].map(|id| (id.to_owned(), site(id)));
    World { sites: BTreeMap::from(sites), mails: Vec::new(), ledger: Vec::new() }
}

/// One site.
#[must_use]
pub(crate) fn site(cloud_id: &str) -> Site {
    let installation = if cloud_id == app::SITE { app::INSTALLATION } else { app::OTHER_INSTALLATION };
    let pages = [
        page(98305, "Information Security Policy", SECURITY_POLICY, true),
        page(98306, "Access Control Procedure", ACCESS_CONTROL, true),
        page(98307, "Team Lunch", TEAM_LUNCH, false),
    ];
    Site {
        cloud_id: cloud_id.to_owned(),
        installation: installation.to_owned(),
        people: people(),
        groups: vec![Group {
            id: "countersign-approvers".to_owned(),
            name: "Policy approvers".to_owned(),
            members: ["712020:approver-1", "712020:approver-2", "712020:admin"].map(str::to_owned).into(),
        }],
        spaces: vec![Space { id: 65537, key: "POL".to_owned(), name: "Policies".to_owned() }],
        pages: pages.into_iter().map(|page| (page.id, page)).collect(),
        license: None,
        next_id: 131_072,
    }
}

fn people() -> Vec<Person> {
    let person = |id: &str, name: &str, email: &str, role: &str| Person {
        account_id: format!("712020:{id}"),
        name: name.to_owned(),
        email: email.to_owned(),
        role: role.to_owned(),
        guest: false,
        admin: false,
        editor: true,
        app: false,
    };
    vec![
        person("author", "Mira Okafor", "mira@example.com", "Author"),
        person("approver-1", "Jonas Lindqvist", "jonas@example.com", "Approver"),
        person("approver-2", "Priya Raman", "priya@example.com", "Approver"),
        Person { editor: false, ..person("viewer", "Tom Becker", "tom@example.com", "Viewer") },
        Person { editor: false, guest: true, ..person("guest", "Elena Rossi", "elena@partner.example", "Guest") },
        Person { admin: true, ..person("admin", "Sam Carter", "sam@example.com", "Admin") },
        Person { app: true, ..person("app-countersign", "Countersign", "", "App") },
    ]
}

fn page(id: u64, title: &str, body: &str, with_macro: bool) -> Page {
    let body = if with_macro { format!("{}{body}", app::macro_storage()) } else { body.to_owned() };
    Page {
        id,
        space: 65537,
        parent: None,
        trashed: false,
        versions: vec![Version {
            number: 1,
            title: title.to_owned(),
            body,
            author: "712020:author".to_owned(),
            at: clock::millis(),
            message: String::new(),
        }],
        attachments: Vec::new(),
        properties: Vec::new(),
        restriction: None,
    }
}

const SECURITY_POLICY: &str = "<h2>Purpose</h2><p>This policy says how we protect what customers and colleagues \
entrust to us. It applies to everybody who works for the company, on any device and at any place.</p>\
<h2>Rules</h2><ul><li><p>Information is <strong>public</strong>, <strong>internal</strong> or \
<strong>confidential</strong>; its owner decides which.</p></li><li><p>Confidential information leaves the company \
encrypted, or not at all.</p></li><li><p>Access is given for a reason, recorded, and reviewed every six months.</p>\
</li><li><p>Lost devices are reported within one hour, at any time of day.</p></li></ul><h2>Responsibilities</h2>\
<table><tbody><tr><th><p>Who</p></th><th><p>Does what</p></th></tr><tr><td><p>Policy owner</p></td><td><p>Keeps this \
policy current and answers questions about it.</p></td></tr><tr><td><p>Team leads</p></td><td><p>See that new \
colleagues have read it.</p></td></tr><tr><td><p>Everybody</p></td><td><p>Follows it, and says so when it gets in the \
way.</p></td></tr></tbody></table><h2>Review</h2><p>The policy is reviewed once a year and after every incident.</p>";

const ACCESS_CONTROL: &str = "<h2>Giving access</h2><ol><li><p>The team lead asks for it in the service desk and says \
why it is needed.</p></li><li><p>The system's owner approves or refuses within two working days.</p></li><li><p>The \
administrator sets it up and records the date.</p></li></ol><h2>Taking access away</h2><p>Access ends on the last \
working day, at the latest at 18:00. Privileged access ends at the moment notice is given.</p>\
<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>Emergency access is described on a page of its own.</p>\
</ac:rich-text-body></ac:structured-macro>";

const TEAM_LUNCH: &str = "<p>We meet on Thursdays at 12:15 in the kitchen. Whoever comes first picks the place.</p>\
<ul><li><p>The noodle bar on the corner</p></li><li><p>The market hall</p></li><li><p>Soup at home, if it rains</p>\
</li></ul>";
