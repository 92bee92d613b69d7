//! One JSON value, one byte string: the part of RFC 8785 (JSON Canonicalization Scheme) that an entry needs.
//!
//! Object members are sorted by name, there is no white space, and strings are escaped as RFC 8785 §3.2.2.2 says.
//! Numbers are integers of at most 2^53 − 1, so the scheme's number formatting comes down to decimal digits.
//! Member names are ASCII, where sorting by UTF-16 units (RFC 8785) and by bytes is the same.

use serde_json::Value;

/// The largest integer every JSON reader keeps exactly.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A number that is not an integer from 0 to 2^53 − 1.
    #[error("a number in an entry must be an integer from 0 to 2^53 - 1")]
    Number,
    /// A member name that isn't ASCII.
    #[error("a member name in an entry must be ASCII")]
    Name,
}

/// The canonical bytes of `value`, as text.
///
/// # Errors
/// [`NotCanonical`] for numbers and names an entry must not hold.
pub fn to_canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let integer = number.as_u64().filter(|n| *n <= INTEGER_MAX).ok_or(NotCanonical::Number)?;
            out.push_str(&integer.to_string());
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_unstable();
            out.push('{');
            for (index, name) in names.into_iter().enumerate() {
                if !name.is_ascii() {
                    return Err(NotCanonical::Name);
                }
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(members.get(name).unwrap_or(&Value::Null), out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_and_strings_escaped() {
        let value = json!({"b": [1, true, null], "a": "é\"\\\n\u{1}\u{7f}", "": {}});
        assert_eq!(to_canonical(&value).unwrap(), "{\"\":{},\"a\":\"é\\\"\\\\\\n\\u0001\u{7f}\",\"b\":[1,true,null]}");
    }

    #[test]
    fn numbers_that_readers_disagree_on_are_refused() {
        for bad in [json!(-1), json!(1.5), json!(INTEGER_MAX + 1), json!(1e3)] {
            assert_eq!(to_canonical(&bad), Err(NotCanonical::Number), "{bad}");
        }
        assert_eq!(to_canonical(&json!({"é": 1})), Err(NotCanonical::Name));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_and_writes_the_same(text in "\\PC*", number in 0..=INTEGER_MAX, name in "[ -~]{0,8}") {
            let value = json!({"n": number, "t": text, "o": {name: [text]}});
            let written = to_canonical(&value).unwrap();
            let read: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(to_canonical(&read).unwrap(), written);
        }
    }
}
