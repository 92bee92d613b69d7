//! What a definition must make sense of, so that no page is ever left without a way on.
//!
//! * [`ground`]: where things stand in the document, and what could not be read. * [`graph`]: how pages move.
//! * [`states`], [`targets`], [`approvals`], [`expiry`], [`edits`], [`ways`], [`triggers`], [`automatic`]: the rules.

mod approvals;
mod automatic;
mod chain;
mod edits;
mod expiry;
mod graph;
mod ground;
mod states;
mod targets;
mod triggers;
mod ways;

use super::definition::Definition;
use super::fault::Fault;
use super::read::Findings;
use graph::Moves;
use ground::Ground;

/// Every fault that what could be read has of its own, and every warning.
pub(super) fn check(definition: &Definition, findings: &Findings) -> (Vec<Fault>, Vec<Fault>) {
    let moves = Moves::of(definition);
    let mut ground = Ground::new(definition, findings, &moves);
    states::check(&mut ground);
    targets::check(&mut ground);
    approvals::check(&mut ground);
    expiry::check(&mut ground);
    edits::check(&mut ground);
    triggers::check(&mut ground);
    ways::check(&mut ground);
    automatic::check(&mut ground);
    ground.into_findings()
}
