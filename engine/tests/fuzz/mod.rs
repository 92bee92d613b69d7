//! How valid input is spoilt, and how long that goes on.
//!
//! Each property is tried for `COUNTERSIGN_FUZZ_SECONDS` (a second, if nothing is set; `cargo xtask fuzz` sets more). What
//! breaks it is shrunk to the fewest changes that still do. With `PROPTEST_RNG_SEED` set, the inputs are the same each time.

// The engine knows no clock; what tries it does.
#![allow(dead_code, unreachable_pub, clippy::disallowed_methods)]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use std::fmt::Debug;
use std::time::{Duration, Instant};

/// Cases between two looks at the clock.
const AT_ONCE: u32 = 64;
/// The longest that one input may take, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tries `check` on inputs, as long as it was asked for. It fails by panicking, or by taking too long.
pub fn for_a_while<S: Strategy>(inputs: S, check: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let seconds = std::env::var("COUNTERSIGN_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    for round in 0_u64.. {
        if Instant::now() >= end {
            break;
        }
        let mut config =
            Config { cases: AT_ONCE, failure_persistence: None, max_shrink_time: 30_000, ..Config::default() };
        if let RngSeed::Fixed(seed) = config.rng_seed {
            config.rng_seed = RngSeed::Fixed(seed.wrapping_add(round));
        }
        let tried = TestRunner::new(config).run(&inputs, |input| {
            let began = Instant::now();
            check(input);
            let took = began.elapsed();
            prop_assert!(took < PATIENCE, "it took {took:?}");
            Ok(())
        });
        if let Err(fault) = tried {
            panic!("{fault}");
        }
    }
}

/// What is done to an input, where, and how much.
pub type Change = (u8, u16, u16);

/// A few changes; none now and then.
pub fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec(any::<Change>(), 0..8)
}

/// One of so many seeds, and what is done to it.
pub fn spoilt(seeds: usize) -> impl Strategy<Value = (usize, Vec<Change>)> {
    (0..seeds, changes())
}

/// Bytes that mean something to some parser.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\x80",
    b"\xf0\x9f\x94\x91",
    b"\xe2\x80\xae",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b".",
    b"-",
    b"=",
    b"/",
    b"+",
    b"_",
    b"null",
    b"true",
    b"1e999",
    b"-0",
    b"18446744073709551616",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&",
    b"&#x110000;",
    b"&amp;",
    b"<td>",
    b"<tr>",
    b"</table>",
    b"PT",
    b"P1Y",
    b"2026-02-30",
    b"\r\n",
    b" ",
    b"\xd9\xa1",
    b"\xef\xbc\x91",
    b"${",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x9f",
    b"\xbf",
    b"\xff\xff\xff\xff",
];

/// The seed with the changes made.
pub fn bytes(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut out = seed.to_vec();
    for &(what, at, more) in changes {
        let place = usize::from(at) % (out.len() + 1);
        let end = (place + 1 + usize::from(more) % 40).min(out.len());
        match what % 8 {
            0 if place < out.len() => out[place] ^= 1 << (more % 8),
            1 if place < out.len() => out[place] = more.to_le_bytes()[0],
            2 => drop(out.drain(place..end)),
            3 => drop(out.splice(place..place, PIECES[usize::from(more) % PIECES.len()].iter().copied())),
            4 => out.truncate(place),
            5 => {
                let again = out[place..end].to_vec();
                out.splice(place..place, again);
            }
            // The same again and again: what takes time by the square shows.
            6 => {
                let again = out[place..end].to_vec();
                for _ in 0..usize::from(more) % 2000 {
                    if out.len() > 200_000 {
                        break;
                    }
                    out.splice(place..place, again.iter().copied());
                }
            }
            7 => {
                let other = usize::from(more) % (out.len() + 1);
                let moved = out.split_off(other.max(place));
                out.splice(0..0, moved);
            }
            _ => {}
        }
    }
    out
}

/// The same of a text.
pub fn text(seed: &str, changes: &[Change]) -> String {
    String::from_utf8_lossy(&bytes(seed.as_bytes(), changes)).into_owned()
}

fn leaf(more: u16) -> Value {
    let leaves = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("\u{0}"),
        json!("\u{202e}"),
        json!("١٢٣٤٥٦"),
        json!("x".repeat(5000)),
        json!([]),
        json!({}),
        json!([[[[]]]]),
        json!("${a}"),
        json!("${"),
        json!("P1D"),
        json!("PT0S"),
        json!("-P99999999Y"),
        json!("2026-02-30"),
        json!("a/b~0~1"),
        json!({ "is": "group", "group": "g" }),
        json!("9007199254740993"),
        json!(4_294_967_296_u64),
    ];
    leaves[usize::from(more) % leaves.len()].clone()
}

/// Pointers to everything in a document.
fn places(of: &Value, at: String, found: &mut Vec<String>) {
    match of {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, format!("{at}/{index}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(name, item)| {
            places(item, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
        }),
        _ => {}
    }
    found.push(at);
}

/// The seed with the changes made to its tree: it stays JSON.
pub fn tree(seed: &Value, changes: &[Change]) -> Value {
    let mut out = seed.clone();
    for &(what, at, more) in changes {
        let mut found = Vec::new();
        places(&out, String::new(), &mut found);
        let other = out.pointer(&found[usize::from(more) % found.len()]).cloned().unwrap_or_default();
        let Some(place) = out.pointer_mut(&found[usize::from(at) % found.len()]) else { continue };
        match (what % 8, place) {
            (0, place) => *place = leaf(more),
            // Another part of the same document in this place.
            (1, place) if other.to_string().len() < 20_000 => *place = other,
            (2, Value::Object(members)) => {
                let name = members.keys().nth(usize::from(more) % members.len().max(1)).cloned();
                name.map(|name| members.remove(&name));
            }
            (2, Value::Array(items)) if !items.is_empty() => drop(items.remove(usize::from(more) % items.len())),
            (3, Value::Object(members)) => drop(
                members
                    .insert(["x", "", "id", "is", "$ref", "__proto__"][usize::from(more) % 6].to_owned(), leaf(more)),
            ),
            (3, Value::Array(items)) => items.push(leaf(more)),
            (4, Value::Array(items)) if !items.is_empty() => {
                let again = items[usize::from(more) % items.len()].clone();
                for _ in 0..usize::from(more) % 60 {
                    items.push(again.clone());
                }
            }
            (5, place) => {
                let mut inner = place.take();
                for _ in 0..usize::from(more) % 100 {
                    inner = if what & 8 == 0 { json!([inner]) } else { json!({ "x": inner }) };
                }
                *place = inner;
            }
            (6, Value::String(text)) => *text = self::text(text, &[(what >> 3, more, at)]),
            (7, Value::Number(_)) => {
                *place_of(&mut out, &found[usize::from(at) % found.len()]) = json!(u64::from(more) << (more % 48));
            }
            _ => {}
        }
    }
    out
}

fn place_of<'a>(value: &'a mut Value, pointer: &str) -> &'a mut Value {
    value.pointer_mut(pointer).unwrap()
}
