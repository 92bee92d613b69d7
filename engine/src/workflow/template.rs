//! Workflows to begin with, in the same format as any other. Whoever takes one gets a copy of their own to change.

use serde_json::Value;

/// A workflow to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// In a sentence, what it does.
    pub summary: &'static str,
    text: &'static str,
}

const TEMPLATES: [Template; 5] = [
    Template {
        id: "basic-approval",
        name: "Basic approval",
        summary: "One person of a group approves a page; any edit starts over.",
        text: include_str!("templates/basic-approval.json"),
    },
    Template {
        id: "policy-approval",
        name: "Policy approval in two stages",
        summary: "Owners approve, then compliance; nobody approves their own work; reviewed again every year.",
        text: include_str!("templates/policy-approval.json"),
    },
    Template {
        id: "quality-management",
        name: "Quality management with signatures",
        summary: "Technical review by people the author names, then release by quality assurance, each signed with its meaning.",
        text: include_str!("templates/quality-management.json"),
    },
    Template {
        id: "content-review",
        name: "Content review on expiry",
        summary: "Approved pages stay current for a while; then somebody confirms them or has changes approved.",
        text: include_str!("templates/content-review.json"),
    },
    Template {
        id: "regulated-content",
        name: "Regulated and personal-data content",
        summary: "Owners and data protection decide side by side, and every verdict is confirmed with an approval token.",
        text: include_str!("templates/regulated-content.json"),
    },
];

/// Every template, the simplest first.
#[must_use]
pub fn all() -> &'static [Template] {
    &TEMPLATES
}

/// The document of the template of this id, parameters not filled in.
#[must_use]
pub fn document(id: &str) -> Option<Value> {
    let template = TEMPLATES.iter().find(|template| template.id == id)?;
    serde_json::from_str(template.text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::parse::{Parameters, check};
    use serde_json::json;

    /// Values for the parameters that have none of their own: groups, which only a site can know.
    fn values(document: &Value) -> Parameters {
        let parameters = document["parameters"].as_array().unwrap();
        let open = parameters.iter().filter(|parameter| parameter.get("default").is_none());
        open.map(|parameter| {
            assert_eq!(parameter["type"], "group", "only groups are left open");
            let name = parameter["name"].as_str().unwrap();
            (name.to_owned(), json!(format!("group-{name}")))
        })
        .collect()
    }

    #[test]
    fn each_has_neither_fault_nor_warning() {
        for template in all() {
            let document = document(template.id).unwrap();
            let checked =
                check(&document, &values(&document)).unwrap_or_else(|faults| panic!("{}: {faults:#?}", template.id));
            assert_eq!(checked.warnings, [], "{}", template.id);
            assert_eq!(checked.definition.id.as_str(), template.id);
            assert_eq!(checked.definition.name, template.name);
            assert!(checked.definition.triggers.is_empty(), "no template may wait for what is not carried out yet");
        }
    }

    #[test]
    fn each_says_what_it_needs() {
        for template in all() {
            let document = document(template.id).unwrap();
            let faults = check(&document, &Parameters::new()).unwrap_err();
            assert_eq!(faults.len(), values(&document).len(), "{}: {faults:#?}", template.id);
            for parameter in document["parameters"].as_array().unwrap() {
                assert!(parameter["label"].is_string() && parameter["description"].is_string(), "{parameter}");
            }
            for state in document["states"].as_array().unwrap() {
                assert!(state["description"].is_string() && state["colour"].is_string(), "{state}");
            }
        }
    }

    #[test]
    fn in_the_regulated_one_every_verdict_is_confirmed_and_nobody_decides_on_their_own_work() {
        use crate::token::policy::{FactorKind, Freshness};
        use crate::workflow::approval::{Exclusion, Mode, StepUp};
        let document = document("regulated-content").unwrap();
        let definition = check(&document, &values(&document)).unwrap().definition;
        let approvals: Vec<_> = definition.states.iter().flat_map(|state| &state.approvals).collect();
        assert_eq!(approvals.len(), 2);
        for approval in &approvals {
            let StepUp::Demand(demand) = &approval.step_up else { panic!("{:?}", approval.step_up) };
            assert!(!demand.factors.contains(&FactorKind::MailCode), "control of a mailbox is no signature");
            assert_eq!(demand.factors, [FactorKind::Totp, FactorKind::Passkey].into());
            assert!(demand.part_11 && demand.fresh == Freshness::EachTime);
            assert!(approval.other_meanings.len() >= 2, "what it means is chosen (21 CFR 11.50(a)(3))");
            assert!(approval.comment_on_reject && !approval.change_decision && !approval.delegate);
            for exclusion in
                [Exclusion::Author, Exclusion::LastEditor, Exclusion::Submitter, Exclusion::EditorsSinceApproval]
            {
                assert!(approval.exclude.contains(&exclusion));
            }
        }
        assert!(approvals.iter().any(|approval| approval.mode == Mode::Minimum(2)), "two people at least");
    }
}
