//! Listening. Kept apart from axum's own loop because a fault must be able to break a connection without an answer.

use crate::faults::Broken;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Takes the port, or says what to do.
pub(crate) async fn bind(port: u16, what: &str, flag: &str) -> Result<TcpListener, String> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|why| match why.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Port {port} for the {what} is taken by another program. Stop that program, or choose another port with \
             {flag}."
        ),
        _ => format!("Port {port} for the {what} can't be used: {why}"),
    })
}

/// Answers connections for as long as the sandbox runs.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let router = router.clone();
                async move {
                    let Ok(response) = router.oneshot(request.map(Body::new)).await;
                    match response.extensions().get::<Broken>() {
                        Some(Broken) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                        None => Ok(response),
                    }
                }
            });
            let mut connection = hyper::server::conn::http1::Builder::new();
            connection.timer(TokioTimer::new());
            // A broken connection is the caller's to notice; there is nothing to do about it here.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
