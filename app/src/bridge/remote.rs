//! Typed requests to the edge, through Forge's `invokeRemote`.

use super::transport::{self, Answer};
use super::{Fault, call, object, read, text_at, value_at, write};
use crate::clock;
use engine::wire::problem::{Problem, ProblemKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Why a request brought no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The edge refused, and says why.
    Refused(Box<Problem>),
    /// The browser has no connection.
    Offline,
    /// Forge could not vouch for the request: a session or a token has ended.
    Unverified,
    /// Confluence did not pass the request on.
    Unreachable,
    /// There was no answer in time.
    Silent,
    /// The answer makes no sense to us.
    Garbled,
}

impl Failure {
    /// The kind of refusal, if it is one.
    pub(crate) fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Refused(problem) => Some(problem.kind),
            _ => None,
        }
    }
}

/// Asks the edge.
pub(crate) async fn ask<Question: Serialize, Answer: DeserializeOwned>(
    path: &'static str,
    question: &Question,
) -> Result<Answer, Failure> {
    let body = write(question).ok_or(Failure::Garbled)?;
    let answer = transport::send(path, body).await?;
    read(answer).ok_or(Failure::Garbled)
}

/// Through Forge's `invokeRemote`, which vouches for the person.
pub(crate) fn forge(path: &'static str, question: JsValue) -> Answer {
    Box::pin(send(path, question))
}

async fn send(path: &str, body: JsValue) -> Result<JsValue, Failure> {
    let data = object(&[
        ("path", path.into()),
        ("method", "POST".into()),
        ("headers", object(&[("content-type", "application/json".into())])),
        ("body", body),
        ("invokeType", "ui-remote-fetch".into()),
    ]);
    let envelope = call("invoke", &data).await.map_err(failure_of)?;
    let payload = value_at(&envelope, &["payload"])
        .filter(|_| value_at(&envelope, &["success"]).is_some_and(|success| success.is_truthy()))
        .ok_or_else(unreachable)?;
    if let Some(date) = header(&payload, "date") {
        clock::heard_date(&date);
    }
    let status = value_at(&payload, &["status"]).and_then(|status| status.as_f64()).unwrap_or_default();
    let body = value_at(&payload, &["body"]).unwrap_or_default();
    if (200.0..300.0).contains(&status) {
        return Ok(body);
    }
    if status == 401.0 {
        return Err(Failure::Unverified);
    }
    Err(refused(body))
}

/// What a body with a status of failure says.
pub(crate) fn refused(body: JsValue) -> Failure {
    read(body).map_or(Failure::Garbled, |problem| Failure::Refused(Box::new(problem)))
}

/// Forge hands over headers as lists.
fn header(payload: &JsValue, name: &str) -> Option<String> {
    text_at(payload, &["headers", name]).or_else(|| text_at(payload, &["headers", name, "0"]))
}

fn failure_of(fault: Fault) -> Failure {
    match fault {
        // Forge turns a 401 of the remote into a rejection that only its words tell apart.
        Fault::Refused(words) if words.contains("Forge Invocation Token") => Failure::Unverified,
        Fault::Refused(_) => unreachable(),
        Fault::Silent => Failure::Silent,
    }
}

/// There was no answer.
pub(crate) fn unreachable() -> Failure {
    let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
    if online { Failure::Unreachable } else { Failure::Offline }
}
