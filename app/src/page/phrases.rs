//! What the status says, in sentences. Pure.

use crate::words;
use engine::wire::status::{ApprovedView, Happening, HistoryItem, ReviewView};

/// "Version 7 approved by Ada and Bo": a claim about a version, never about the page.
pub(crate) fn approved(view: &ApprovedView) -> String {
    let mut names: Vec<&str> = Vec::new();
    for signature in &view.signatures {
        if !names.contains(&signature.name.as_str()) {
            names.push(&signature.name);
        }
    }
    if names.is_empty() {
        format!("Version {} approved", view.version.0)
    } else {
        format!("Version {} approved by {}", view.version.0, words::list(&names))
    }
}

/// "Version 8 is in review, submitted by Ada".
pub(crate) fn review(view: &ReviewView) -> String {
    format!("Version {} is being reviewed. Submitted by {}", view.version.0, view.submitted_by)
}

/// One line of history.
pub(crate) fn happened(item: &HistoryItem) -> String {
    let version = item.version.map(|version| version.0);
    let of_version = version.map_or_else(|| "the page".to_owned(), |version| format!("version {version}"));
    let by = |verb: &str, did: &str| match item.who.as_deref() {
        Some(who) => format!("{who} {did} {of_version}"),
        None => {
            let mut text = format!("{of_version} was {verb}");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            text
        }
    };
    match &item.what {
        Happening::Started => "The page came under this workflow".to_owned(),
        Happening::Submitted => by("submitted", "submitted") + " for review",
        Happening::Approved { .. } => by("approved", "approved"),
        Happening::Rejected => by("rejected", "rejected"),
        Happening::Edited => {
            let who = item.who.as_deref();
            let edited = who.map_or_else(|| "The page was changed".to_owned(), |who| format!("{who} changed the page"));
            version.map_or_else(|| edited.clone(), |version| format!("{edited}: version {version}"))
        }
        Happening::Entered { state } => format!("The state became “{state}”"),
        Happening::Voided => {
            format!("The approval of {of_version} was taken back: the page had changed before it was recorded")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{PageVersion, Seq};
    use engine::time::Timestamp;
    use engine::wire::status::{Decision, DecisionView};

    fn signed_by(name: &str) -> DecisionView {
        DecisionView {
            name: name.to_owned(),
            decision: Decision::Approve,
            at: Timestamp(0),
            meaning: "Good.".to_owned(),
            signed: true,
            comment: None,
        }
    }

    fn item(what: Happening, who: Option<&str>, version: Option<u32>) -> HistoryItem {
        HistoryItem {
            seq: Seq(1),
            at: Timestamp(0),
            who: who.map(str::to_owned),
            what,
            version: version.map(PageVersion),
            comment: None,
        }
    }

    #[test]
    fn an_approval_is_of_a_version_and_names_everybody_once() {
        let view = ApprovedView {
            version: PageVersion(7),
            at: Timestamp(0),
            signatures: vec![signed_by("Ada"), signed_by("Bo"), signed_by("Ada")],
        };
        assert_eq!(approved(&view), "Version 7 approved by Ada and Bo");
        let nobody = ApprovedView { signatures: vec![], ..view };
        assert_eq!(approved(&nobody), "Version 7 approved");
    }

    #[test]
    fn history_reads_as_sentences() {
        for (item, sentence) in [
            (item(Happening::Started, None, None), "The page came under this workflow"),
            (item(Happening::Submitted, Some("Ada"), Some(2)), "Ada submitted version 2 for review"),
            (item(Happening::Approved { meaning: String::new() }, Some("Bo"), Some(2)), "Bo approved version 2"),
            (item(Happening::Rejected, None, Some(2)), "Version 2 was rejected"),
            (item(Happening::Edited, Some("Ada"), Some(3)), "Ada changed the page: version 3"),
            (item(Happening::Edited, None, None), "The page was changed"),
            (item(Happening::Entered { state: "Draft".to_owned() }, None, None), "The state became “Draft”"),
        ] {
            assert_eq!(happened(&item), sentence);
        }
    }
}
