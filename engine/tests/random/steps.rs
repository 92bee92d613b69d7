//! Random sequences of what happens.

use proptest::prelude::*;

/// Something that happens. Numbers are read as choices among what there is.
#[derive(Clone, Debug)]
pub enum Step {
    Start,
    Submit {
        by: u8,
        names: u8,
        comment: bool,
        brings: u8,
    },
    Decide {
        by: u8,
        approval: u8,
        approve: bool,
        brings: u8,
        stale: bool,
        comment: bool,
        meaning: u8,
    },
    Select {
        by: u8,
        way: u8,
        comment: bool,
        stale: bool,
        brings: u8,
    },
    Reassign {
        by: u8,
        approval: u8,
        from: Option<u8>,
        to: u8,
        brings: u8,
    },
    Write {
        by: u8,
        content: u8,
        heard: bool,
        known: bool,
    },
    Attach {
        content: u8,
        heard: bool,
    },
    OldNews {
        version: u8,
    },
    Date {
        days: Option<u8>,
    },
    Look,
    Tick {
        with_page: bool,
    },
    Wait {
        hours: u16,
    },
    /// Until the state's time is over.
    Later,
    MoveTo {
        definition: u8,
        state: u8,
        by: Option<u8>,
    },
    End,
    Membership {
        group: u8,
        who: u8,
    },
    Active {
        who: u8,
    },
    Away {
        who: u8,
        stand_in: Option<u8>,
    },
    /// The initial policy without any rules.
    Policy {
        rules: Option<Vec<[u8; 4]>>,
    },
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let who = || 0_u8..6;
    let often = |chance: f64| prop::bool::weighted(chance);
    let brings = || prop_oneof![3 => Just(0_u8), 1 => any::<u8>()];
    let perhaps = || proptest::option::of(0_u8..6);
    let people = prop_oneof![
        10 => (who(), any::<u8>(), often(0.8), brings()).prop_map(|(by, names, comment, brings)| Step::Submit { by, names, comment, brings }),
        30 => (who(), 0_u8..3, often(0.8), brings(), often(0.03), often(0.8), 0_u8..3)
            .prop_map(|(by, approval, approve, brings, stale, comment, meaning)| Step::Decide { by, approval, approve, brings, stale, comment, meaning }),
        4 => (who(), 0_u8..3, often(0.8), often(0.05), brings()).prop_map(|(by, way, comment, stale, brings)| Step::Select { by, way, comment, stale, brings }),
        6 => (who(), 0_u8..3, perhaps(), who(), brings()).prop_map(|(by, approval, from, to, brings)| Step::Reassign { by, approval, from, to, brings }),
    ];
    let page = prop_oneof![
        4 => (who(), 1_u8..5, often(0.8), often(0.8)).prop_map(|(by, content, heard, known)| Step::Write { by, content, heard, known }),
        1 => (1_u8..5, often(0.8)).prop_map(|(content, heard)| Step::Attach { content, heard }),
        1 => any::<u8>().prop_map(|version| Step::OldNews { version }),
        1 => proptest::option::of(any::<u8>()).prop_map(|days| Step::Date { days }),
        2 => Just(Step::Look),
    ];
    let time = prop_oneof![
        2 => often(0.7).prop_map(|with_page| Step::Tick { with_page }),
        2 => Just(Step::Later),
        1 => prop_oneof![1_u16..48, 24_u16..2_000, 8_000_u16..18_000].prop_map(|hours| Step::Wait { hours }),
    ];
    let world = prop_oneof![
        1 => (any::<u8>(), any::<u8>(), perhaps()).prop_map(|(definition, state, by)| Step::MoveTo { definition, state, by }),
        1 => Just(Step::End),
        1 => Just(Step::Start),
        2 => (0_u8..3, who()).prop_map(|(group, who)| Step::Membership { group, who }),
        1 => who().prop_map(|who| Step::Active { who }),
        5 => (who(), perhaps()).prop_map(|(who, stand_in)| Step::Away { who, stand_in }),
        2 => proptest::option::weighted(0.8, proptest::collection::vec(any::<[u8; 4]>(), 0..5)).prop_map(|rules| Step::Policy { rules }),
    ];
    let step = prop_oneof![24 => people, 4 => page, 3 => time, 4 => world];
    proptest::collection::vec(step, 1..most)
}
