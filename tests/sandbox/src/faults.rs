//! Trouble on request: slow answers, refusals, connections that break before or after the work is done.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Trouble {
    /// The answer takes this much longer.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing is done and this status is answered.
    Status {
        /// The status.
        status: u16,
        /// Seconds for `Retry-After`.
        #[serde(default, rename = "retryAfter", skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// The connection breaks before anything is done.
    Drop,
    /// It is done, and then the connection breaks: the answer is lost.
    Lost,
}

/// Trouble for the requests it fits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// Told when it is added, to take it away again.
    #[serde(default)]
    pub id: u64,
    /// The method; nothing or `*` means any.
    #[serde(default)]
    pub method: Option<String>,
    /// How the path begins. For REST calls the part before `/wiki` may be left out.
    pub path: String,
    /// How often it strikes; nothing means until it is taken away.
    #[serde(default)]
    pub times: Option<u32>,
    /// What goes wrong.
    #[serde(flatten)]
    pub trouble: Trouble,
}

/// The faults waiting.
#[derive(Default)]
pub(crate) struct Faults {
    list: Mutex<Vec<Fault>>,
}

impl Faults {
    /// Adds one and says its id.
    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let mut list = self.list.lock();
        let id = list.iter().map(|fault| fault.id).max().unwrap_or(0) + 1;
        list.push(Fault { id, ..fault });
        id
    }

    /// Takes one away, or all.
    pub(crate) fn clear(&self, id: Option<u64>) {
        self.list.lock().retain(|fault| id.is_some_and(|id| fault.id != id));
    }

    /// Those waiting.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.list.lock().clone()
    }

    /// What strikes this request: the first fitting fault, which is used up once.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Option<Trouble> {
        let mut list = self.list.lock();
        let place = list.iter().position(|fault| fault.fits(method, path))?;
        let fault = list.get_mut(place)?;
        let trouble = fault.trouble.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                list.remove(place);
            }
        }
        Some(trouble)
    }
}

impl Fault {
    fn fits(&self, method: &str, path: &str) -> bool {
        let method_fits =
            self.method.as_deref().is_none_or(|wanted| wanted == "*" || wanted.eq_ignore_ascii_case(method));
        let short = path.strip_prefix("/ex/confluence/").and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)));
        method_fits && (path.starts_with(&self.path) || short.is_some_and(|short| short.starts_with(&self.path)))
    }
}

/// Marks a response that must never reach the caller: the connection is broken instead.
#[derive(Clone, Copy)]
pub(crate) struct Broken;

fn broken() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Broken);
    response
}

/// Lets faults strike the routes it is laid around.
pub(crate) async fn layer(
    State(sandbox): State<Arc<crate::sandbox::Sandbox>>,
    request: Request,
    next: Next,
) -> Response {
    match sandbox.faults.strike(request.method().as_str(), request.uri().path()) {
        None => next.run(request).await,
        Some(Trouble::Slow { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(Trouble::Drop) => broken(),
        Some(Trouble::Lost) => {
            next.run(request).await;
            broken()
        }
        Some(Trouble::Status { status, retry_after }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let message = status.canonical_reason().unwrap_or("Fault");
            let body = axum::Json(serde_json::json!({ "statusCode": status.as_u16(), "message": message }));
            let mut response = (status, body).into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(method: &str, path: &str, times: Option<u32>, trouble: Trouble) -> Fault {
        Fault { id: 0, method: Some(method.to_owned()), path: path.to_owned(), times, trouble }
    }

    #[test]
    fn a_fault_strikes_as_often_as_asked() {
        let faults = Faults::default();
        faults.add(fault("GET", "/wiki/api/v2/pages", Some(2), Trouble::Drop));
        let path = "/ex/confluence/some-site/wiki/api/v2/pages/1";
        assert_eq!(faults.strike("POST", path), None);
        assert_eq!(faults.strike("GET", "/mail/emails"), None);
        assert_eq!(faults.strike("GET", path), Some(Trouble::Drop));
        assert_eq!(faults.strike("GET", path), Some(Trouble::Drop));
        assert_eq!(faults.strike("GET", path), None);
    }

    #[test]
    fn a_lasting_fault_stays_until_taken_away() {
        let faults = Faults::default();
        let id = faults.add(fault("*", "/mail", None, Trouble::Slow { ms: 1 }));
        assert_eq!(faults.strike("POST", "/mail/emails"), faults.strike("POST", "/mail/emails"));
        faults.clear(Some(id + 1));
        assert!(faults.strike("POST", "/mail/emails").is_some());
        faults.clear(Some(id));
        assert_eq!(faults.strike("POST", "/mail/emails"), None);
    }
}
