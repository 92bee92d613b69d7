//! Who may do what on a site.

use crate::model::{Page, Person, Site};

/// Whose rights a request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// A person, through their own token or their browser.
    Person(String),
    /// The app.
    App,
}

impl Principal {
    /// The account it acts as.
    #[must_use]
    pub(crate) fn account(&self) -> &str {
        match self {
            Self::Person(account) => account,
            Self::App => crate::app::ACCOUNT,
        }
    }
}

/// May they see the page?
#[must_use]
pub(crate) fn may_view(site: &Site, page: &Page, who: &Principal) -> bool {
    let Some(restriction) = &page.restriction else {
        return *who == Principal::App || site.person(who.account()).is_some();
    };
    match who {
        Principal::App => !restriction.app_excluded,
        Principal::Person(account) => {
            restriction.accounts.contains(account)
                || groups_of(site, account).any(|group| restriction.groups.contains(group))
        }
    }
}

/// May they change the page?
#[must_use]
pub(crate) fn may_edit(site: &Site, page: &Page, who: &Principal) -> bool {
    may_view(site, page, who) && (*who == Principal::App || is(site, who, |person| person.editor))
}

/// Are they a Confluence administrator?
#[must_use]
pub(crate) fn is_admin(site: &Site, who: &Principal) -> bool {
    is(site, who, |person| person.admin)
}

/// The ids of the groups an account is in.
pub(crate) fn groups_of<'a>(site: &'a Site, account: &'a str) -> impl Iterator<Item = &'a String> {
    site.groups.iter().filter(move |group| group.members.contains(account)).map(|group| &group.id)
}

fn is(site: &Site, who: &Principal, what: impl Fn(&Person) -> bool) -> bool {
    matches!(who, Principal::Person(account) if site.person(account).is_some_and(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Restriction;
    use crate::seed;

    fn person(account: &str) -> Principal {
        Principal::Person(account.to_owned())
    }

    #[test]
    fn everybody_reads_and_some_edit() {
        let site = seed::site(crate::app::SITE);
        let page = &site.pages[&98305];
        for account in ["712020:author", "712020:approver-1", "712020:approver-2", "712020:admin"] {
            assert!(may_edit(&site, page, &person(account)), "{account}");
        }
        for account in ["712020:viewer", "712020:guest"] {
            assert!(may_view(&site, page, &person(account)), "{account}");
            assert!(!may_edit(&site, page, &person(account)), "{account}");
        }
        assert!(!may_view(&site, page, &person("712020:nobody")));
        assert!(is_admin(&site, &person("712020:admin")));
        assert!(!is_admin(&site, &person("712020:author")));
    }

    #[test]
    fn a_restriction_hides_the_page() {
        let mut site = seed::site(crate::app::SITE);
        let page = site.pages.get_mut(&98305).unwrap();
        page.restriction = Some(Restriction {
            accounts: ["712020:author".to_owned()].into(),
            groups: ["countersign-approvers".to_owned()].into(),
            app_excluded: false,
        });
        let page = page.clone();
        assert!(may_view(&site, &page, &person("712020:author")));
        assert!(may_view(&site, &page, &person("712020:approver-2")), "through the group");
        assert!(!may_view(&site, &page, &person("712020:viewer")));
        assert!(may_view(&site, &page, &Principal::App));
        let shut = Page { restriction: Some(Restriction { app_excluded: true, ..Restriction::default() }), ..page };
        assert!(!may_view(&site, &shut, &Principal::App));
    }
}
