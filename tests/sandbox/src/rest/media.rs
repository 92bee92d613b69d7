//! Files: Confluence sends whoever asks for one to another service, at an address that is good for a while by itself. The
//! caller's credential is nothing to that service.

use super::{Answer, Asked, page};
use crate::model::FileVersion;
use crate::sandbox::{Call, Sandbox};
use crate::{clock, tokens};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// How long an address is good.
const SECONDS: i64 = 60;

/// v1: where an attachment's bytes are.
pub(super) fn download(sandbox: &Sandbox, asked: &Asked<'_>, id: &str, attachment: &str) -> Answer {
    page::visible(sandbox, asked, id, |_, page| {
        let Some(found) = page.attachments.iter().find(|one| one.id() == attachment) else {
            return Answer::not_found(asked.path);
        };
        let newest = found.versions.last().map_or(0, |version| version.number);
        let version = match asked.param("version").map(|text| text.parse::<u32>()) {
            None => newest,
            Some(Ok(version)) if (1..=newest).contains(&version) => version,
            Some(_) => return Answer::bad(asked.path, "There is no such version of this attachment."),
        };
        let file = format!("{}/{attachment}/{version}", page.id);
        let token = tokens::for_file(&sandbox.keys, asked.site, &file, clock::seconds() + SECONDS);
        Answer::found(format!("{}/media/{}/{file}?token={token}", sandbox.setup.site, asked.site))
    })
}

/// Opens a file at the other service.
#[derive(Deserialize)]
pub(crate) struct Ticket {
    #[serde(default)]
    token: String,
}

/// The bytes, to whoever has the address, and nothing but the address.
pub(crate) async fn file(
    State(sandbox): State<Arc<Sandbox>>,
    Path((site, page, attachment, version)): Path<(String, u64, String, u32)>,
    Query(ticket): Query<Ticket>,
    headers: HeaderMap,
) -> Response {
    let name = format!("{page}/{attachment}/{version}");
    let good = tokens::opens_file(&sandbox.keys, &site, &name, &ticket.token, clock::seconds());
    let found: Option<FileVersion> = sandbox.look(|world| {
        let page = world.sites.get(&site)?.pages.get(&page)?;
        let file = page.attachments.iter().find(|one| one.id() == attachment)?;
        file.versions.iter().find(|one| one.number == version).cloned()
    });
    let bytes = found.and_then(|file| data_encoding::BASE64.decode(file.content.as_bytes()).ok());
    let (status, bytes) = match bytes {
        // A credential that came along is one that was given away.
        _ if headers.contains_key(header::AUTHORIZATION) => (StatusCode::BAD_REQUEST, Vec::new()),
        _ if !good => (StatusCode::FORBIDDEN, Vec::new()),
        Some(bytes) => (StatusCode::OK, bytes),
        None => (StatusCode::NOT_FOUND, Vec::new()),
    };
    sandbox.remember(Call {
        n: 0,
        at: clock::iso(clock::millis()),
        site,
        account: None,
        via: "media",
        method: "GET".to_owned(),
        path: format!("/media/{name}"),
        query: String::new(),
        status: status.as_u16(),
        request: None,
        response: None,
    });
    (status, [(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}
