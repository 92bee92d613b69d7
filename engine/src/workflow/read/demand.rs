//! What a verdict is confirmed with.

use super::node::Node;
use super::text::Text;
use super::{collect, set, words};
use crate::token::policy::check::{MEANINGS_MAX, OF_RECOVERY};
use crate::token::policy::rule::{SESSION_MINUTES_MAX, SESSION_MINUTES_MIN};
use crate::token::policy::{Demand, FactorKind, Freshness};
use crate::workflow::approval::StepUp;

pub(super) fn step_up(node: &Node<'_>) -> Option<StepUp> {
    if node.members().is_some() {
        let object = node.object("A step-up", &["demand"])?;
        let demanded = object.need("demand", "It says what a verdict is confirmed with.")?;
        return demand(&demanded).map(StepUp::Demand);
    }
    if !node.is_text() {
        node.wrong_type("\"policy\", \"off\", \"required\" or { \"demand\": … }");
        return None;
    }
    node.word_or("step-up", &words::STEP_UPS, " or { \"demand\": … }")
}

fn demand(node: &Node<'_>) -> Option<Demand> {
    let object = node.object("A demand", &["factors", "fresh", "meanings", "part_11"])?;
    let factors = object.need("factors", "It lists the kinds of factors of which one has to be used.");
    let factors = factors.map(|list| (set(&list, "factors", words::FACTORS.len(), factor), list));
    let part_11 = object.flag("part_11");
    if let Some((found, list)) = &factors
        && part_11
        && found.contains(&FactorKind::MailCode)
    {
        list.fault(
            "A mailed code is no signature component of one's own, so it does not go with “part_11”.",
            "Remove \"mail-code\", or “part_11”.",
        );
    }
    if let Some((found, list)) = &factors
        && found.is_empty()
        && list.is_list_of_nothing()
    {
        list.fault("Nothing would satisfy this demand: no factor is listed.", "List \"totp\", \"passkey\" or both.");
    }
    Some(Demand {
        factors: factors.map(|(found, _)| found).unwrap_or_default(),
        fresh: object.get("fresh").and_then(|node| fresh(&node)).unwrap_or(Freshness::EachTime),
        meanings: object.get("meanings").map(|list| meanings(&list)).unwrap_or_default(),
        part_11,
    })
}

fn factor(node: &Node<'_>) -> Option<FactorKind> {
    if node.says("recovery-code") {
        node.fault("A recovery code signs nothing.", OF_RECOVERY);
        return None;
    }
    node.word("factor", &words::FACTORS)
}

fn fresh(node: &Node<'_>) -> Option<Freshness> {
    let object = node.object("“fresh”", &["is", "minutes"])?;
    let is = object.need("is", "Write \"each-time\" or \"session\".")?;
    if !is.word("freshness", &words::FRESH)? {
        if object.has("minutes") {
            object.fault(
                "minutes",
                "What is asked each time has no duration.",
                "Remove it, or write \"is\": \"session\".",
            );
        }
        return Some(Freshness::EachTime);
    }
    let minutes = object.need("minutes", "It says how long nothing is asked again.")?;
    let minutes = minutes.number(SESSION_MINUTES_MIN, SESSION_MINUTES_MAX)?;
    Some(Freshness::Session { minutes })
}

/// Meanings to choose from, each once.
pub(super) fn meanings(list: &Node<'_>) -> Vec<String> {
    let read = collect(list, "meanings", MEANINGS_MAX, |node| Some((node.text(&Text::CHOICE)?, node.at().to_owned())));
    let mut found: Vec<String> = Vec::new();
    for (text, at) in read {
        if found.contains(&text) {
            list.context().fault(at, "This is in the list already.", "Remove one of the two.");
        } else {
            found.push(text);
        }
    }
    found
}
