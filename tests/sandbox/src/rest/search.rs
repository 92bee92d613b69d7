//! v1: searching for people by name.

use super::{Answer, Asked, user};
use crate::clock;
use crate::model::Person;
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// `GET /search/user?cql=user.fullname~"…"`: of all queries Confluence knows, the one the app asks.
pub(super) fn people(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let cql = asked.param("cql").unwrap_or_default();
    let Some(wanted) = full_name(&cql) else {
        return Answer::bad(asked.path, &format!("Could not parse cql : {cql}"));
    };
    let number = |name: &str, default: usize| asked.param(name).map_or(Ok(default), |text| text.parse());
    let (Ok(start), Ok(limit)) = (number("start", 0), number("limit", 25)) else {
        return Answer::bad(asked.path, "start and limit must be numbers.");
    };
    let filter = asked.param("sitePermissionTypeFilter").unwrap_or_else(|| "none".to_owned());
    let shown = |person: &Person| match filter.as_str() {
        "all" => true,
        "externalCollaborator" => person.guest,
        _ => !person.guest,
    };
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let all: Vec<&Person> = site
            .people
            .iter()
            .filter(|person| !person.deactivated && shown(person) && fits(&person.name, &wanted))
            .collect();
        let result = |person: &&Person| {
            json!({
                "user": user::shape(site, person, asked), "title": person.name, "excerpt": "",
                "url": format!("/people/{}", person.account_id), "breadcrumbs": [], "entityType": "user",
                "iconCssClass": "aui-icon content-type-profile", "lastModified": clock::iso(clock::millis()),
                "score": 0.0,
            })
        };
        let results: Vec<Value> = all.iter().skip(start).take(limit).map(result).collect();
        Answer::ok(json!({
            "results": results, "start": start, "limit": limit, "size": results.len(), "totalSize": all.len(),
            "cqlQuery": cql, "searchDuration": 5,
            "_links": { "base": format!("{}/wiki", sandbox.setup.site), "context": "/wiki" },
        }))
    })
}

/// What is between the quotes of `user.fullname~"…"`; [`None`] if it is something else.
fn full_name(cql: &str) -> Option<String> {
    let quoted = cql.trim().strip_prefix("user.fullname")?.trim_start().strip_prefix('~')?.trim();
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next()?),
            // A quote inside ends the text too early.
            '"' => return None,
            other => text.push(other),
        }
    }
    (!text.trim().is_empty()).then_some(text)
}

/// Every word typed begins a word of the name.
fn fits(name: &str, wanted: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let wanted = wanted.to_lowercase();
    wanted.split_whitespace().all(|part| words.iter().any(|word| word.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_how_its_words_begin() {
        assert!(fits("Priya Raman", "pri"));
        assert!(fits("Priya Raman", "Ram P"));
        assert!(!fits("Priya Raman", "iya"));
    }

    #[test]
    fn quotes_in_what_was_typed_do_not_end_the_query() {
        assert_eq!(full_name("user.fullname~\"pri\"").as_deref(), Some("pri"));
        assert_eq!(full_name(r#"user.fullname ~ "a\"b\\c""#).as_deref(), Some(r#"a"b\c"#));
        assert_eq!(full_name(r#"user.fullname~"a" or user="1""#), None);
        assert_eq!(full_name("type=user"), None);
    }
}
