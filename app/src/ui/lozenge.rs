//! A state as a coloured label. The word says it; the colour only helps.

use super::el::{El, el};
use engine::wire::status::{Colour, StateLabel};

/// The label of a state.
pub(crate) fn lozenge(state: &StateLabel, testid: &'static str) -> El {
    let class = match state.colour {
        Colour::Grey => "lozenge grey",
        Colour::Blue => "lozenge blue",
        Colour::Green => "lozenge green",
        Colour::Yellow => "lozenge yellow",
        Colour::Red => "lozenge red",
        Colour::Purple => "lozenge purple",
    };
    el("span", class).id(testid).attr("data-state", state.id.as_str()).text(&state.name)
}
