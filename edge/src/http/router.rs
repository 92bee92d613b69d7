//! From a request to its handler.

use super::routes::{Takes, most, takes};
use super::{EdgeError, answer, body};
use crate::config;
use crate::cx::{Cx, Lifeline};
use crate::fit;
use crate::fit::caller::{Caller, require_platform, require_ui};
use crate::handlers;
use crate::hosted;
use crate::operator::{BODY_MAX, HEADER, Signature, SignatureFault};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::workflow::schema::SCHEMA;
use worker::{Env, Response};

/// Answers any request.
pub(crate) async fn answer(request: web_sys::Request, env: Env, lifeline: Lifeline) -> web_sys::Response {
    let url = request.url();
    let path = path_of(&url);
    let response = match route(&request, path, env, lifeline).await {
        Ok(response) => response,
        Err(error) => {
            // An unknown path is the caller's text: it does not reach the log.
            error.log(if takes(path).is_some() { path } else { "unknown route" });
            answer::problem(error)
        }
    };
    response.into()
}

async fn route(request: &web_sys::Request, path: &str, env: Env, lifeline: Lifeline) -> Result<Response, EdgeError> {
    // (1) Is there such an address, and does it take this method?
    let Some(takes) = takes(path) else {
        return Err(EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address."));
    };
    let method = request.method();
    if takes == Takes::Operator {
        return operator(request, path, env, lifeline).await;
    }
    if takes == Takes::Anybody {
        return if method == "GET" || method == "HEAD" { open(path) } else { Ok(answer::wrong_method("GET")) };
    }
    if takes == Takes::Fetched {
        if method != "GET" {
            return Ok(answer::wrong_method("GET"));
        }
        return handlers::invited::fetched(&Cx::new(env, lifeline)?, &request.headers(), path).await;
    }
    if takes == Takes::Page {
        if method != "GET" && method != "HEAD" {
            return Ok(answer::wrong_method("GET"));
        }
        return hosted::page::answer(&Cx::new(env, lifeline)?, path).await;
    }
    if method != "POST" {
        return Ok(answer::wrong_method("POST"));
    }
    // (2) Who is calling, and may they call this? Before a byte of the body is read.
    let cx = Cx::new(env, lifeline)?;
    let headers = request.headers();
    if takes == Takes::Hosted {
        if let Err(refusal) = hosted::sender::check(&cx, &headers) {
            // A short body that is left on the wire can break the connection under the answer. A long one may.
            let length = headers.get("content-length").ok().flatten().and_then(|length| length.parse::<usize>().ok());
            if length.is_some_and(|length| length <= body::UI_MAX) {
                let _ = body::read(request, body::UI_MAX).await;
            }
            return Err(refusal);
        }
        let body = body::read(request, body::UI_MAX).await?;
        return handlers::hosted::answer(&cx, &headers, path, &body).await;
    }
    let caller = Caller::of(fit::verify(&cx, &headers).await?, &headers)?;
    match takes {
        Takes::Person(modules) => {
            let caller = require_ui(caller, modules)?;
            let body = body::read(request, most(path)).await?;
            handlers::ui(&cx, &caller, path, body).await
        }
        Takes::Platform | Takes::Anybody | Takes::Operator | Takes::Page | Takes::Hosted | Takes::Fetched => {
            let caller = require_platform(caller)?;
            let body = body::read(request, body::PLATFORM_MAX).await?;
            handlers::platform(&cx, &caller, path, body).await
        }
    }
}

/// A request of whoever runs the Worker. Rules: (1) without a key for it there is no such address, whatever the method, (2) it
/// looks like one of theirs, and says that it is short, before a byte of the body is read, (3) it is theirs, for this very
/// body, and made just now. That it works once is seen to where it is carried out.
async fn operator(request: &web_sys::Request, path: &str, env: Env, lifeline: Lifeline) -> Result<Response, EdgeError> {
    let not_theirs = |detail: &str| EdgeError::refuse(ProblemKind::NotAllowed, detail);
    // (1)
    let Some(key) = config::operator_key(&env)? else {
        return Err(EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address."));
    };
    let method = request.method();
    if method != "POST" {
        return Ok(answer::wrong_method("POST"));
    }
    // (2)
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let signature = header(HEADER).as_deref().and_then(Signature::parse);
    let signature =
        signature.ok_or_else(|| not_theirs("This request is not signed by the operator of this Worker."))?;
    let announced = header("content-length").and_then(|length| length.parse::<usize>().ok());
    if announced.is_none_or(|length| length > BODY_MAX) {
        return Err(EdgeError::refuse(ProblemKind::TooLarge, "An operator's request has to say that it is short."));
    }
    let body = body::read(request, BODY_MAX).await?;
    // (3)
    let cx = Cx::new(env, lifeline)?;
    signature.verify(&key, &method, path, &body, cx.now).map_err(|fault| match fault {
        SignatureFault::Forged => not_theirs("This request is not signed by the operator of this Worker."),
        SignatureFault::TooOldOrTooNew => not_theirs("This request is too old, or your clock is wrong. Sign it anew."),
    })?;
    handlers::operator::act(&cx, &signature, &body).await
}

/// What anybody may read: that the Worker is up, and what a workflow definition looks like.
fn open(path: &str) -> Result<Response, EdgeError> {
    if path == route::SCHEMA {
        return Ok(answer::written(SCHEMA));
    }
    answer::json(&serde_json::json!({ "ok": true }))
}

/// The path of a serialised URL: from the first slash after the host to the query.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_what_lies_between_host_and_query() {
        assert_eq!(path_of("https://edge.example/api/status?x=/api/decision#/y"), "/api/status");
        assert_eq!(path_of("http://127.0.0.1:8787/"), "/");
        assert_eq!(path_of("http://host//api/status"), "//api/status");
    }
}
