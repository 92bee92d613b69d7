//! What admins and authors send: workflow documents, Comala's, pages in storage format, dates and durations.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod fuzz;

use engine::calendar::{CivilDate, Span, Zone};
use engine::content::{Content, ContentHash, changes as differences, content_hash, paragraphs};
use engine::content_date::date_in_row;
use engine::ids::PageVersion;
use engine::reduced::reduced;
use engine::workflow::import::comala;
use engine::workflow::parse::{Parameters, check, document_of};
use fuzz::{changes, for_a_while, spoilt, text, tree};
use proptest::prelude::*;
use serde_json::Value;

fn documents() -> Vec<Value> {
    let texts = [
        include_str!("definitions/full.json"),
        include_str!("definitions/plain.json"),
        include_str!("../src/workflow/builtin.json"),
        include_str!("../src/workflow/templates/regulated-content.json"),
        include_str!("../src/workflow/templates/quality-management.json"),
    ];
    texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

#[test]
fn a_workflow_document_is_read_or_its_faults_are_named() {
    let seeds = documents();
    for_a_while((spoilt(seeds.len()), changes()), |((seed, changes), values)| {
        let document = tree(&seeds[seed], &changes);
        let values: Parameters =
            serde_json::from_value(tree(&serde_json::json!({ "approvers": "g", "minimum": 1 }), &values))
                .unwrap_or_default();
        match check(&document, &values) {
            // What was accepted is accepted again as it is written down, and means the same.
            Ok(checked) => {
                let again = check(&document_of(&checked.definition), &Parameters::default())
                    .unwrap_or_else(|faults| panic!("{faults:?}: {document}"));
                assert_eq!(again.definition, checked.definition);
            }
            Err(faults) => assert!(!faults.is_empty(), "refused without a word: {document}"),
        }
    });
}

#[test]
fn a_workflow_of_comala_is_taken_over_or_reported() {
    let texts = [
        include_str!("fixtures/comala/basic-approval.json"),
        include_str!("fixtures/comala/content-expiry.json"),
        include_str!("fixtures/comala/publishing.json"),
        include_str!("fixtures/comala/quality.json"),
        include_str!("fixtures/comala/unknown-members.json"),
    ];
    let seeds: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    for_a_while(spoilt(seeds.len()), |(seed, changes)| {
        let source = tree(&seeds[seed], &changes);
        let taken = comala(&source);
        // What is called faultless is.
        let checked = check(&taken.document, &Parameters::default());
        assert!(taken.faults.is_empty() || checked.is_err(), "{source}");
    });
}

const PAGES: [&str; 3] = [
    "<h1>Policy</h1><p>Keep &amp; guard.</p><table><tbody><tr><th>Review by</th><td><time datetime=\"2027-01-31\" /></td></tr></tbody></table>",
    "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"title\">x</ac:parameter><ac:plain-text-body><![CDATA[a < b && c]]></ac:plain-text-body></ac:structured-macro><p>&#65;&#x42;&nbsp;</p>",
    "<table><tr><td>Review by</td><td>2027-01-31<table><tr><td>Review by</td><td>soon</td></tr></table></td></tr></table><ul><li>one</li><li>two<br/>three</li></ul>",
];

#[test]
fn a_page_of_any_markup_is_read_once() {
    for_a_while((spoilt(PAGES.len()), changes(), any::<String>()), |((seed, changes), others, heading)| {
        let (old, new) = (text(PAGES[seed], &changes), text(PAGES[seed], &others));
        let read = paragraphs(&new);
        // Text for a reader holds no more than what was there; an entity is at most as long as it is written.
        assert!(read.iter().map(String::len).sum::<usize>() <= new.len() * 4 + 16);
        for heading in ["Review by", &heading] {
            let _ = date_in_row(&new, heading);
        }
        let content = |version, body| Content { version: PageVersion(version), title: "t", body };
        let found = differences(&content(1, old.as_str()), &content(2, new.as_str()));
        assert_eq!(found.is_empty(), paragraphs(&old) == read);
        let hash = |body: &str| -> ContentHash { content_hash("t", body, &[]) };
        assert_eq!(hash(&old) == hash(&new), old == new);
    });
}

/// Whatever stands on a page, a person without an account is sent tags of the list and text, and nothing else.
#[test]
fn a_reduced_page_holds_nothing_but_plain_tags() {
    const KEPT: &str = " p h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tr th td strong b em i u s del sub sup code pre \
                        blockquote br hr div ";
    let hostile = [
        "<p onclick=\"x()\">a</p><script>alert(1)</script><img src=x onerror=x()><a href=\"javascript:x()\">b</a>",
        "<ac:structured-macro ac:name=\"html\"><ac:plain-text-body><![CDATA[<script>x()</script>]]></ac:plain-text-body></ac:structured-macro>",
        "<td colspan=\"2&quot; onload=&quot;x\">&lt;script&gt;</td><svg><style>*{}</style></svg><p>]]>&#60;b&#62;</p>",
    ];
    let seeds: Vec<&str> = PAGES.iter().chain(&hostile).copied().collect();
    for_a_while(spoilt(seeds.len()), |(seed, changes)| {
        let html = reduced(&text(seeds[seed], &changes)).html;
        let mut rest = html.as_str();
        let mut open = Vec::new();
        while let Some((before, after)) = rest.split_once('<') {
            assert!(!before.contains('>'), "a bracket in the text: {html}");
            let (tag, after) = after.split_once('>').unwrap_or_else(|| panic!("a tag without an end: {html}"));
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let plain = name.trim_start_matches('/');
            assert!(!plain.is_empty() && KEPT.contains(&format!(" {plain} ")), "<{tag}> in {html}");
            for attribute in attributes.split_whitespace() {
                let (what, value) = attribute.split_once('=').unwrap_or((attribute, ""));
                let number = value.trim_matches('"').bytes().all(|byte| byte.is_ascii_digit());
                assert!(["colspan", "rowspan"].contains(&what) && number, "<{tag}> in {html}");
            }
            match name.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{html}"),
                None if ["br", "hr"].contains(&name) => {}
                None => open.push(name),
            }
            rest = after;
        }
        assert!(!rest.contains('>') && open.is_empty(), "{open:?} is left open in {html}");
    });
}

#[test]
fn dates_durations_and_zones_are_read_as_they_are_written() {
    let seeds = [
        "P1Y2M10D",
        "PT36H",
        "P2W",
        "2027-01-31",
        "2024-02-29",
        "Europe/Stockholm",
        "UTC",
        "Etc/GMT+12",
        "-P1D",
        "P0D",
    ];
    for_a_while((spoilt(seeds.len()), any::<String>()), |((seed, changes), other)| {
        for typed in [text(seeds[seed], &changes), other] {
            if let Ok(span) = typed.parse::<Span>() {
                assert_eq!(span.to_string().parse::<Span>().ok(), Some(span), "{typed:?}");
            }
            if let Ok(date) = typed.parse::<CivilDate>() {
                assert_eq!(date.to_string().parse::<CivilDate>().ok(), Some(date), "{typed:?}");
            }
            if let Ok(zone) = typed.parse::<Zone>() {
                assert!(zone.name().parse::<Zone>().is_ok(), "{typed:?}");
            }
        }
    });
}
