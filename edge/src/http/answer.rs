//! Answers: always JSON (Forge takes nothing else), never stored, never sniffed.

use super::EdgeError;
use engine::wire::problem::{Problem, ProblemKind};
use serde::Serialize;
use worker::{Headers, Response};

thread_local! {
    /// Every answer carries the same headers and a `Response` copies what it is given: one object serves them all.
    static HEADERS: Result<web_sys::Headers, wasm_bindgen::JsValue> = headers();
}

fn headers() -> Result<web_sys::Headers, wasm_bindgen::JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

/// 200 with `value`.
///
/// # Errors
/// An internal fault if `value` cannot be written as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Response, EdgeError> {
    with_status(200, value)
}

/// 200 with `value`, and a cookie. Unlike the others it has headers of its own.
///
/// # Errors
/// An internal fault if `value` cannot be written as JSON, or the cookie is none.
pub fn with_cookie<T: Serialize + ?Sized>(value: &T, cookie: &str) -> Result<Response, EdgeError> {
    let body = serde_json::to_vec(value).map_err(|error| EdgeError::internal(format!("answer: {error}")))?;
    let headers = headers().map(Headers).map_err(|_| EdgeError::internal("no headers"))?;
    headers.set("set-cookie", cookie)?;
    Ok(Response::builder().with_status(200).with_headers(headers).fixed(body))
}

/// `status` with `value`.
///
/// # Errors
/// An internal fault if `value` cannot be written as JSON.
pub fn with_status<T: Serialize + ?Sized>(status: u16, value: &T) -> Result<Response, EdgeError> {
    let body = serde_json::to_vec(value).map_err(|error| EdgeError::internal(format!("answer: {error}")))?;
    Ok(raw(status, body))
}

/// 200 with JSON that is written already.
#[must_use]
pub fn written(json: &str) -> Response {
    raw(200, json.as_bytes().to_vec())
}

/// The answer to a request that was not carried out.
pub(crate) fn problem(error: EdgeError) -> Response {
    let problem = error.into_problem();
    match serde_json::to_vec(&problem) {
        Ok(body) => raw(problem.status, body),
        Err(_) => raw(500, FALLBACK.as_bytes().to_vec()),
    }
}

/// The answer to a method a known address does not take.
pub(crate) fn wrong_method(takes: &str) -> Response {
    let problem = Problem::new(ProblemKind::WrongMethod, format!("Use {takes}."));
    let answer = problem_with_own_headers(&problem);
    let _ = answer.headers().set("allow", takes);
    answer
}

fn problem_with_own_headers(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).unwrap_or_else(|_| FALLBACK.as_bytes().to_vec());
    let headers = headers().map(Headers).unwrap_or_default();
    Response::builder().with_status(problem.status).with_headers(headers).fixed(body)
}

const FALLBACK: &str = r#"{"type":"urn:countersign:problem:internal","kind":"internal","title":"Something went wrong on our side","status":500,"detail":"Try again."}"#;

fn raw(status: u16, body: Vec<u8>) -> Response {
    let shared = HEADERS.with(|headers| headers.as_ref().ok().cloned());
    let headers = shared.map(Headers).unwrap_or_default();
    Response::builder().with_status(status).with_headers(headers).fixed(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_resort_is_a_problem_too() {
        let problem: Problem = serde_json::from_str(FALLBACK).unwrap();
        assert_eq!(problem.kind, ProblemKind::Internal);
        assert_eq!(problem.title, ProblemKind::Internal.title());
    }
}
