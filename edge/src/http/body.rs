//! Request bodies: limited in size, typed, and every fault in them said plainly.

use super::EdgeError;
use engine::wire::problem::{Problem, ProblemKind};
use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// The most a person's request may bring: a comment of 4,000 characters fits many times.
pub const UI_MAX: usize = 64 * 1024;
/// The most a request with a workflow's document may bring: the longest document, its values, and white space.
pub const DOCUMENT_MAX: usize = 448 * 1024;
/// The most an event may bring: Confluence describes pages, users and permissions at length.
pub const PLATFORM_MAX: usize = 256 * 1024;

/// How much of a body that is too large is still taken from the wire, so that the caller gets an answer to read and not
/// a broken connection. Only callers with a genuine token come this far.
const DRAINED_MAX: usize = 16 * 1024 * 1024;

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// `too-large`, by what the header says and by what really comes; an internal fault if the connection breaks.
pub async fn read(request: &web_sys::Request, limit: usize) -> Result<Vec<u8>, EdgeError> {
    let announced = request.headers().get("content-length").ok().flatten();
    let announced = announced.and_then(|text| text.parse::<usize>().ok());
    let body = match announced {
        // The platform delivers no more bytes than announced, so the body may be taken in one piece.
        Some(length) if length <= limit => whole(request).await?,
        _ => piecewise(request, limit).await?,
    };
    if body.len() > limit { Err(too_large(limit).into()) } else { Ok(body) }
}

async fn whole(request: &web_sys::Request) -> Result<Vec<u8>, EdgeError> {
    let promise = request.array_buffer().map_err(broken)?;
    let buffer = JsFuture::from(promise).await.map_err(broken)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Keeps at most `limit` bytes, whatever comes.
async fn piecewise(request: &web_sys::Request, limit: usize) -> Result<Vec<u8>, EdgeError> {
    let (mut body, mut length) = (Vec::new(), 0_usize);
    let Some(stream) = request.body() else { return Ok(body) };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    while length <= DRAINED_MAX {
        let step = JsFuture::from(reader.read()).await.map_err(broken)?;
        if Reflect::get(&step, &JsValue::from_str("done")).map_err(broken)?.is_truthy() {
            return if length > limit { Err(too_large(limit).into()) } else { Ok(body) };
        }
        let piece = Uint8Array::new(&Reflect::get(&step, &JsValue::from_str("value")).map_err(broken)?);
        length = length.saturating_add(usize::try_from(piece.length()).unwrap_or(usize::MAX));
        if length > limit {
            body = Vec::new();
        } else {
            body.extend_from_slice(&piece.to_vec());
        }
    }
    let _ = reader.cancel();
    Err(too_large(limit).into())
}

fn broken(_: impl Into<JsValue>) -> EdgeError {
    EdgeError::internal("the request's body could not be read")
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        ProblemKind::TooLarge,
        format!("At most {} KB can be sent at once. Shorten what you typed.", limit / 1024),
    )
}

/// Reads `body` as a JSON object of type `T`.
///
/// # Errors
/// `bad-json` if it isn't JSON; `bad-request` with the place and what was expected if it is JSON of another shape.
/// What the caller sent is not repeated: it may be a code.
#[allow(clippy::result_large_err, reason = "it is small where pointers have 32 bits: in the Worker")]
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    match serde_json::from_slice(body) {
        Ok(value) if is_object => Ok(value),
        _ => Err(what_is_wrong::<T>(body, is_object)),
    }
}

/// The slow way, for bodies known to be wrong: serde's structs take arrays too, and its errors quote the input.
fn what_is_wrong<T: DeserializeOwned>(body: &[u8], is_object: bool) -> Problem {
    if let Err(error) = serde_json::from_slice::<serde_json::Value>(body) {
        let place = format!("line {}, column {}", error.line(), error.column());
        return Problem::new(ProblemKind::BadJson, format!("The JSON breaks off or is malformed at {place}."));
    }
    if !is_object {
        return Problem::new(ProblemKind::BadRequest, "The request must be a JSON object.");
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut reader) else {
        return Problem::new(ProblemKind::BadRequest, "The request must be one JSON object.");
    };
    let path = error.path().to_string();
    let what = without_input(&error.inner().to_string());
    if path == "." {
        Problem::new(ProblemKind::BadRequest, format!("{what}."))
    } else {
        Problem::new(ProblemKind::BadRequest, format!("{path}: {what}.")).at(&path)
    }
}

/// Serde's message without what the caller sent.
fn without_input(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(text, _)| text);
    if let Some((_, expected)) = message.split_once(", expected ") {
        return format!("expected {}", in_plain_words(expected));
    }
    match message.split_once('`') {
        Some(("missing field ", name)) => format!("the field `{name} is missing"),
        Some(("duplicate field ", name)) => format!("the field `{name} is there twice"),
        Some(("unknown field ", _)) => "there is a field that is not known".to_owned(),
        _ => "the value is not acceptable".to_owned(),
    }
}

/// Serde speaks of Rust's types.
fn in_plain_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" => "a whole number",
        "a string" => "text",
        "a sequence" => "a list",
        "a boolean" => "true or false",
        _ if expected.starts_with("struct ") || expected == "a map" => "an object",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::wire::act::{DecisionRequest, SubmitRequest};
    use engine::wire::status::StatusRequest;

    fn refusal<T: DeserializeOwned>(body: &str) -> Problem {
        match json::<T>(body.as_bytes()) {
            Ok(_) => panic!("accepted {body}"),
            Err(problem) => problem,
        }
    }

    #[test]
    fn good_bodies_are_read() {
        assert!(json::<StatusRequest>(b" {}").is_ok());
        assert_eq!(json::<SubmitRequest>(br#"{"page_version":3}"#).unwrap().page_version.0, 3);
    }

    #[test]
    fn broken_json_is_told_from_another_shape() {
        for body in ["", "{", "{\"page_version\":", "nonsense", "{} {}", "\u{1}"] {
            assert_eq!(refusal::<SubmitRequest>(body).kind, ProblemKind::BadJson, "{body}");
        }
        for body in ["[]", "[3,\"\"]", "null", "\"x\"", "{}", "{\"page_version\":\"3\"}", "{\"page_version\":-1}"] {
            assert_eq!(refusal::<SubmitRequest>(body).kind, ProblemKind::BadRequest, "{body}");
        }
    }

    #[test]
    fn the_place_is_named_and_the_input_is_not_repeated() {
        let problem =
            refusal::<DecisionRequest>(r#"{"challenge":"c","decision":"approve","page_version":1,"code":987654}"#);
        assert_eq!(problem.field.as_deref(), Some("code"));
        assert_eq!(problem.detail, "code: expected text.");
        let problem = refusal::<DecisionRequest>(r#"{"challenge":"c","decision":"hunter2","page_version":1}"#);
        assert!(!problem.detail.contains("hunter2"), "{}", problem.detail);
        let problem = refusal::<SubmitRequest>("{}");
        assert_eq!(problem.detail, "the field `page_version` is missing.");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"page_version\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(refusal::<SubmitRequest>(&deep).kind, ProblemKind::BadJson);
    }
}
