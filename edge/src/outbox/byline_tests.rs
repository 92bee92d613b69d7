use super::*;
use crate::store::sample::Sample;

fn title(sample: &Sample) -> String {
    value(sample.fold())["title"].as_str().unwrap().to_owned()
}

#[test]
fn it_says_the_state_and_what_is_approved() {
    let sample = Sample::new().started();
    assert_eq!(title(&sample), "Draft");
    let sample = sample.submitted(7);
    assert_eq!(title(&sample), "In Review: version 7");
    let sample = sample.approved(7);
    assert_eq!(title(&sample), "Approved: version 7");
    let sample = sample.edited(8);
    assert_eq!(title(&sample), "Draft (changed since version 7 was approved)");
    let sample = sample.submitted(8);
    assert_eq!(title(&sample), "In Review: version 8 (version 7 is approved)");
}

#[test]
fn a_page_that_changed_is_never_called_approved_whatever_its_state() {
    let mut sample = Sample::new().submitted(7).approved(7).edited(8);
    let approved = sample.definition.states.iter().find(|state| state.is_final).unwrap().label();
    sample.fold.as_mut().unwrap().state = approved;
    assert!(title(&sample).contains("changed since version 7 was approved"), "{}", title(&sample));
}

#[test]
fn a_page_without_its_workflow_claims_no_state() {
    let mut sample = Sample::new().submitted(7).approved(7);
    sample.fold.as_mut().unwrap().ended = true;
    assert_eq!(title(&sample), "No workflow (version 7 was approved)");
    let mut sample = sample.edited(8);
    assert_eq!(title(&sample), "No workflow (changed since version 7 was approved)");
    sample.fold.as_mut().unwrap().approved = None;
    assert_eq!(title(&sample), "No workflow");
}

#[test]
fn our_own_values_are_ours_also_if_we_died_half_way() {
    let memory = |written: Option<&str>, writing: Option<&str>| Memory {
        written: written.map(str::to_owned),
        writing: writing.map(str::to_owned),
        reported: None,
    };
    let found = json!({ "title": "Draft", "tooltip": "x" });
    // Confluence may give the members in another order.
    let ours = r#"{"tooltip":"x","title":"Draft"}"#;
    assert!(is_ours(&memory(Some(ours), None), &found));
    assert!(is_ours(&memory(Some("{}"), Some(ours)), &found));
    assert!(!is_ours(&memory(Some("{}"), None), &found));
    assert!(!is_ours(&memory(None, None), &found));
}

#[test]
fn a_property_that_was_removed_is_an_alteration_but_only_if_there_was_one() {
    assert_eq!(altered(&Memory::default(), None), None);
    let written = Memory { written: Some("{}".to_owned()), ..Memory::default() };
    assert_eq!(altered(&written, None), Some(Value::Null));
}
