//! What a site looks like when it is new.

use crate::model::{Group, Page, Person, Site, Space, Version, World};
use crate::{app, clock};
use std::collections::{BTreeMap, BTreeSet};

/// Two sites with the same people and pages, so that a mix-up of sites would be noticed.
#[must_use]
pub(crate) fn world() -> World {
    let sites = [app::SITE, app::OTHER_SITE].map(|id| (id.to_owned(), site(id)));
    World { sites: BTreeMap::from(sites), mails: Vec::new(), ledger: Vec::new() }
}

/// The home page of the space of policies.
pub(crate) const POLICIES_HOME: u64 = 98304;
/// The home page of the handbook.
const HANDBOOK_HOME: u64 = 98400;
const POLICIES: u64 = 65537;
const HANDBOOK: u64 = 65538;

/// One site.
#[must_use]
pub(crate) fn site(cloud_id: &str) -> Site {
    let installation = if cloud_id == app::SITE { app::INSTALLATION } else { app::OTHER_INSTALLATION };
    let pages = [
        page(POLICIES, POLICIES_HOME, None, "Policies", POLICIES_WELCOME),
        page(POLICIES, 98305, Some(POLICIES_HOME), "Information Security Policy", &with_macro(SECURITY_POLICY)),
        page(POLICIES, 98306, Some(POLICIES_HOME), "Access Control Procedure", &with_macro(ACCESS_CONTROL)),
        page(POLICIES, 98307, Some(POLICIES_HOME), "Team Lunch", TEAM_LUNCH),
        page(HANDBOOK, HANDBOOK_HOME, None, "Handbook", HANDBOOK_WELCOME),
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
        spaces: vec![
            Space {
                id: POLICIES,
                key: "POL".to_owned(),
                name: "Policies".to_owned(),
                home: Some(POLICIES_HOME),
                admins: ["712020:space-admin".to_owned()].into(),
            },
            Space {
                id: HANDBOOK,
                key: "HB".to_owned(),
                name: "Handbook".to_owned(),
                home: Some(HANDBOOK_HOME),
                admins: BTreeSet::new(),
            },
        ],
        labels: BTreeMap::new(),
        pages: pages.into_iter().map(|page| (page.id, page)).collect(),
        license: None,
        next_id: 131_072,
    }
}

fn people() -> Vec<Person> {
    let person = |id: &str, name: &str, email: &str, role: &str, time_zone: &str| Person {
        account_id: format!("712020:{id}"),
        name: name.to_owned(),
        email: email.to_owned(),
        role: role.to_owned(),
        guest: false,
        admin: false,
        editor: true,
        app: false,
        time_zone: Some(time_zone.to_owned()).filter(|zone| !zone.is_empty()),
        email_visible: false,
        deactivated: false,
    };
    vec![
        person("author", "Mira Okafor", "mira@example.com", "Author", "Africa/Lagos"),
        person("approver-1", "Jonas Lindqvist", "jonas@example.com", "Approver", "Europe/Stockholm"),
        person("approver-2", "Priya Raman", "priya@example.com", "Approver", "Asia/Kolkata"),
        Person { editor: false, ..person("viewer", "Tom Becker", "tom@example.com", "Viewer", "America/New_York") },
        Person {
            editor: false,
            guest: true,
            ..person("guest", "Elena Rossi", "elena@partner.example", "Guest", "Europe/Rome")
        },
        Person { admin: true, ..person("admin", "Sam Carter", "sam@example.com", "Admin", "Europe/London") },
        person("space-admin", "Nadia Haddad", "nadia@example.com", "Space admin", "Asia/Beirut"),
        Person { app: true, ..person("app-countersign", "Countersign", "", "App", "") },
    ]
}

fn with_macro(body: &str) -> String {
    format!("{}{body}", app::macro_storage())
}

fn page(space: u64, id: u64, parent: Option<u64>, title: &str, body: &str) -> Page {
    Page {
        id,
        space,
        parent,
        trashed: false,
        versions: vec![Version {
            number: 1,
            title: title.to_owned(),
            body: body.to_owned(),
            author: "712020:author".to_owned(),
            at: clock::millis(),
            message: String::new(),
        }],
        attachments: Vec::new(),
        properties: Vec::new(),
        restriction: None,
        labels: BTreeSet::new(),
    }
}

const POLICIES_WELCOME: &str = "<p>The rules we work by. Each page names its owner; changes are approved.</p>";

const HANDBOOK_WELCOME: &str = "<p>How we work, for those who are new here and those who forgot.</p>";

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
