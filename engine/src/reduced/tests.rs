use super::*;
use proptest::prelude::*;

fn html(storage: &str) -> String {
    reduced(storage).html
}

#[test]
fn what_is_text_stays() {
    assert_eq!(
        html("<h1>One &amp; two</h1><p>A <strong>b</strong>.</p>"),
        "<h1>One &amp; two</h1><p>A <strong>b</strong>.</p>"
    );
    assert_eq!(html("<ul><li>x</li><li>y<br/>z</li></ul>"), "<ul><li>x</li><li>y<br>z</li></ul>");
    assert_eq!(
        html(
            r#"<table data-x="1"><tbody><tr><td colspan="2" style="x">a</td><td rowspan="1e9">b</td></tr></tbody></table>"#
        ),
        r#"<table><tbody><tr><td colspan="2">a</td><td>b</td></tr></tbody></table>"#
    );
}

#[test]
fn nothing_that_runs_or_reaches_out_is_left() {
    for hostile in [
        "<script>alert(1)</script>",
        "<p onclick=\"alert(1)\">x</p>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<iframe src=\"https://evil.example\"></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<style>*{background:url(https://evil.example)}</style>",
        "<p><![CDATA[<script>alert(1)</script>]]></p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<<script>script>alert(1)<</script>/script>",
        "<p\"><img src=x onerror=alert(1)>",
        "<td colspan=\"2\" onclick=\"x\">y</td>",
        "<td colspan='2\" onclick=\"x'>y</td>",
        "<ri:url ri:value=\"&quot;&gt;&lt;script&gt;\"/>",
        "<ac:structured-macro ac:name=\"&lt;script&gt;\"/>",
    ] {
        let html = html(hostile);
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("<a") && !html.contains("<svg"),
            "{html}"
        );
        assert_only_our_tags(&html);
    }
}

#[test]
fn what_is_missing_is_named_and_counted() {
    let storage = r#"<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">X-1</ac:parameter></ac:structured-macro>
        <ac:image><ri:attachment ri:filename="a.png"/></ac:image>
        <ac:structured-macro ac:name="info"><ac:rich-text-body><p>Mind.</p></ac:rich-text-body></ac:structured-macro>"#;
    let reduced = reduced(storage);
    assert!(reduced.html.contains("<em>[macro “jira” not shown]</em>") && !reduced.html.contains("X-1"));
    assert!(reduced.html.contains("[image not shown]</em>[file “a.png”]"));
    assert!(reduced.html.contains("<blockquote><p>Mind.</p></blockquote>"));
    assert_eq!(
        reduced.left_out.into_iter().collect::<Vec<_>>(),
        [("image".to_owned(), 1), ("macro “jira”".to_owned(), 1)]
    );
}

#[test]
fn tasks_say_whether_they_are_done() {
    let task = |status| {
        format!(
            "<ac:task-list><ac:task><ac:task-id>7</ac:task-id><ac:task-status>{status}</ac:task-status>\
             <ac:task-body>Do</ac:task-body></ac:task></ac:task-list>"
        )
    };
    assert_eq!(html(&task("complete")), "<ul><li>\u{2611} Do</li></ul>");
    assert_eq!(html(&task("incomplete")), "<ul><li>\u{2610} Do</li></ul>");
}

#[test]
fn a_panel_of_the_new_editor_is_said_once() {
    let storage = "<ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">note</ac:adf-attribute>\
                   <ac:adf-content><p>Mind.</p></ac:adf-content></ac:adf-node>\
                   <ac:adf-fallback><p>Mind.</p></ac:adf-fallback></ac:adf-extension>";
    assert_eq!(html(storage), "<blockquote><p>Mind.</p></blockquote>");
}

#[test]
fn a_text_cannot_be_turned_round() {
    assert_eq!(html("<p>pay \u{202E}001\u{202C} now\u{0}</p>"), "<p>pay 001 now</p>");
}

#[test]
fn hostile_pages_take_time_in_proportion() {
    let storage = "<div><x></y>".repeat(100_000);
    assert_only_our_tags(&html(&storage));
}

/// A reader of our own, that knows nothing of how it was written: tags of the list, spans of cells, balanced.
fn assert_only_our_tags(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| unreachable!("a tag without an end: {part}"));
        assert!(!text.contains('>') && !text.contains('"'), "{part}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (name, spans) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(matches!(element(name), Element::Kept(known) if known == name), "{tag}");
        for span in spans.split_whitespace() {
            let (what, number) = span.split_once('=').unwrap();
            assert!(matches!(what, "colspan" | "rowspan") && matches!(name, "td" | "th"), "{tag}");
            assert!(number.trim_matches('"').parse::<u16>().is_ok(), "{tag}");
        }
        if !is_void(name) {
            open.push(name);
        }
        assert!(open.len() <= DEEPEST, "too deep");
    }
    assert!(open.is_empty(), "{open:?}");
}

proptest! {
    #[test]
    fn any_text_becomes_only_our_tags(storage in "\\PC{0,300}") {
        assert_only_our_tags(&html(&storage));
    }

    #[test]
    fn any_jumble_becomes_only_our_tags(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<p>"), Just("</p>"), Just("<td colspan=\"3\">"), Just("</td>"), Just("<script>"), Just("</script>"),
                Just("<![CDATA["), Just("]]>"), Just("<!--"), Just("-->"), Just("<ac:structured-macro ac:name=\"x\">"),
                Just("</ac:structured-macro>"), Just("<br/>"), Just("&lt;"), Just("&#60;"), Just("<"), Just(">"), Just("\""),
                Just("<a href='"), Just("'>"), Just("<ac:image>"), Just("</ac:image>"), Just("onload=x"), Just("<svg/"),
            ],
            0..60,
        )
    ) {
        assert_only_our_tags(&html(&parts.concat()));
    }
}
