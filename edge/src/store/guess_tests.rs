//! The SQL of an attempt must do what [`Guesses::count`] does. It runs in D1 only, so the two meet in a file: here it is
//! held against the engine, in `tests/edge/store/attempt.test.mjs` against the SQL. `UPDATE_GOLDEN=1` writes it anew.

use super::*;
use serde_json::{Value, json};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/edge/store/attempts.golden.json");

/// A small generator (SplitMix64): the same sequences on every machine, without a seed to write down.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// What happens next to a counter, and the time it happens at.
fn step(numbers: &mut Numbers, guesses: Guesses, now: u64, eager: bool) -> (&'static str, u64) {
    let opens = guesses.locked_until.millis().max(now);
    match numbers.below(100) {
        0 if !eager => ("reset", now),
        1 if !eager => ("hold", now),
        2 if !eager => ("release", now),
        // Just before, exactly at and just after the end of a pause.
        3..=15 => ("attempt", opens.saturating_sub(1)),
        16..=70 => ("attempt", opens),
        71..=80 => ("attempt", opens + 1),
        _ => ("attempt", now + numbers.below(200_000)),
    }
}

fn sequence(seed: u64) -> Value {
    let (mut numbers, mut guesses, mut now) = (Numbers(seed), Guesses::default(), 1_795_255_200_000_u64);
    let mut steps = Vec::new();
    // Every fourth goes on to the last attempt there is.
    let eager = seed.is_multiple_of(4);
    for _ in 0..if eager { 110 } else { 40 } {
        let (what, at) = step(&mut numbers, guesses, now, eager);
        now = at.max(now);
        let mut admitted = false;
        match what {
            "reset" => (guesses.failures, guesses.locked_until) = (0, Timestamp(0)),
            "hold" => guesses.held = true,
            "release" => guesses = Guesses::default(),
            _ => {
                if let Ok(counted) = guesses.count(Timestamp(now)) {
                    (guesses, admitted) = (counted, true);
                }
            }
        }
        steps.push(json!([what, now, admitted, guesses.failures, guesses.locked_until, u8::from(guesses.held)]));
    }
    Value::from(steps)
}

#[test]
fn the_golden_attempts_are_the_engine_s() {
    let golden = json!({
        "free": FREE_FAILURES, "final": FINAL_FAILURE,
        "firstPause": millis(FIRST_PAUSE), "longestPause": millis(LONGEST_PAUSE),
        "columns": ["what", "at", "admitted", "failures", "lockedUntil", "held"],
        "sequences": (0..16).map(sequence).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string(&golden).unwrap().replace("]],[[", "]],\n[[").replace("],[\"", "],\n[\"") + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &text).unwrap();
    }
    let golden_text = std::fs::read_to_string(GOLDEN).unwrap();
    assert!(golden_text == text, "the golden attempts are not the engine's: run the tests with UPDATE_GOLDEN=1");
    assert!(text.contains("\"attempt\"") && text.contains("\"hold\"") && text.contains("\"reset\""));
    assert!(golden["sequences"][0].as_array().unwrap().iter().any(|step| step[3] == FINAL_FAILURE));
}
