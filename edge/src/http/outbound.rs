//! Requests to others: Confluence, Forge's keys, the mail provider. Never without a time-out, never following a redirect
//! (a credential must not travel to an address somebody else names).

use core::time::Duration;
use js_sys::Uint8Array;
use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response, WorkerGlobalScope};

/// The longest answer read. Confluence's longest pages are about 5 MB.
const LONGEST_ANSWER: usize = 12 * 1024 * 1024;

/// A request to somebody else.
pub struct Outgoing<'a> {
    /// `GET`, `POST`, `PUT`, `DELETE`.
    pub method: &'static str,
    /// Where to.
    pub url: &'a str,
    /// Headers, values as they are: they may be credentials.
    pub headers: Vec<(&'static str, &'a str)>,
    /// The body, JSON.
    pub body: Option<String>,
    /// How long the answer may take, with its body.
    pub patience: Duration,
}

impl<'a> Outgoing<'a> {
    /// A `GET` without headers.
    #[must_use]
    pub fn get(url: &'a str, patience: Duration) -> Self {
        Self { method: "GET", url, headers: vec![("accept", "application/json")], body: None, patience }
    }
}

/// An answer, whatever its status.
pub struct Incoming {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    headers: Headers,
}

impl Incoming {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

/// No answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// None in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection failed, or broke.
    #[error("no connection")]
    NotConnected,
    /// Longer than anything sensible.
    #[error("the answer is too long")]
    TooLong,
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// If there is none. Whether the other side acted on the request is then unknown.
pub async fn send(outgoing: Outgoing<'_>) -> Result<Incoming, NoAnswer> {
    send_up_to(outgoing, LONGEST_ANSWER).await
}

/// The same, where the answer may have up to `longest` bytes.
///
/// # Errors
/// As [`send`].
pub async fn send_up_to(outgoing: Outgoing<'_>, longest: usize) -> Result<Incoming, NoAnswer> {
    let millis = u32::try_from(outgoing.patience.as_millis()).unwrap_or(u32::MAX);
    let signal = AbortSignal::timeout_with_u32(millis);
    let failed = |_: JsValue| if signal.aborted() { NoAnswer::TimedOut } else { NoAnswer::NotConnected };

    let headers = Headers::new().map_err(failed)?;
    for (name, value) in &outgoing.headers {
        headers.set(name, value).map_err(failed)?;
    }
    let init = RequestInit::new();
    init.set_method(outgoing.method);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&signal));
    if let Some(body) = &outgoing.body {
        headers.set("content-type", "application/json").map_err(failed)?;
        init.set_body(&JsValue::from_str(body));
    }
    init.set_headers_headers(&headers);

    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let answer = JsFuture::from(scope.fetch_with_str_and_init(outgoing.url, &init)).await;
    let answer: Response = answer.map_err(failed)?.unchecked_into();
    let headers = answer.headers();
    let announced = headers.get("content-length").ok().flatten().and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > longest) {
        return Err(NoAnswer::TooLong);
    }
    let body = JsFuture::from(answer.array_buffer().map_err(failed)?).await.map_err(failed)?;
    let body = Uint8Array::new(&body);
    if usize::try_from(body.length()).is_ok_and(|length| length > longest) {
        return Err(NoAnswer::TooLong);
    }
    Ok(Incoming { status: answer.status(), body: body.to_vec(), headers })
}
