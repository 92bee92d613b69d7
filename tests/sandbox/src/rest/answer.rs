//! Answers in the shapes the two generations of the API have.

use crate::edit::Refusal;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer to a REST call.
pub(crate) struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Option<Value>,
    /// Where it sends the caller.
    pub location: Option<String>,
}

impl Answer {
    /// 200
    #[must_use]
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body), location: None }
    }

    /// 204
    #[must_use]
    pub(crate) fn no_content() -> Self {
        Self { status: 204, body: None, location: None }
    }

    /// 302
    #[must_use]
    pub(crate) fn found(location: String) -> Self {
        Self { status: 302, body: None, location: Some(location) }
    }

    /// A refusal in the shape of the API the path belongs to.
    #[must_use]
    pub(crate) fn refusal(path: &str, status: u16, message: &str) -> Self {
        let body = if path.starts_with("/wiki/api/v2/") {
            let code =
                StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
            let code = code.to_uppercase().replace(' ', "_");
            json!({ "errors": [{ "status": status, "code": code, "title": message, "detail": null }] })
        } else {
            json!({ "statusCode": status, "message": message })
        };
        Self { status, body: Some(body), location: None }
    }

    /// 404
    #[must_use]
    pub(crate) fn not_found(path: &str) -> Self {
        Self::refusal(path, 404, "Not Found")
    }

    /// 400
    #[must_use]
    pub(crate) fn bad(path: &str, message: &str) -> Self {
        Self::refusal(path, 400, message)
    }

    /// 401 without a usable credential.
    #[must_use]
    pub(crate) fn unauthorized(path: &str) -> Self {
        Self::refusal(path, 401, "Unauthorized")
    }

    /// 401 with a credential that does not reach this far.
    #[must_use]
    pub(crate) fn scope_mismatch() -> Self {
        let body = json!({ "code": 401, "message": "Unauthorized; scope does not match" });
        Self { status: 401, body: Some(body), location: None }
    }

    /// A refused change.
    #[must_use]
    pub(crate) fn refused(path: &str, why: Refusal) -> Self {
        match why {
            Refusal::NotFound => Self::not_found(path),
            Refusal::Conflict(message) => Self::refusal(path, 409, &message),
            Refusal::Invalid(message) => Self::bad(path, &message),
        }
    }

    /// As an HTTP response.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let location = self.location.and_then(|location| HeaderValue::from_str(&location).ok());
        let Some(body) = self.body else {
            let mut response = status.into_response();
            response.headers_mut().extend(location.map(|location| (header::LOCATION, location)));
            return response;
        };
        let link = next_link(&body);
        let mut response = (status, Json(body)).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// v2 says where the next portion is in a header, too.
fn next_link(body: &Value) -> Option<HeaderValue> {
    let next = body.pointer("/_links/next")?.as_str().filter(|next| next.starts_with("/wiki/api/v2/"))?;
    HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()
}
