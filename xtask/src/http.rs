//! As much of HTTP as it takes to ask a server on this machine whether it is up, and to tell it to begin.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// The status and the body, or [`None`] if nobody answered.
pub(crate) fn request(method: &str, port: u16, path: &str, timeout: Duration) -> Option<(u16, String)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, timeout).ok()?;
    stream.set_read_timeout(Some(timeout)).ok()?;
    let head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n");
    let body = if method == "POST" { "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}" } else { "\r\n" };
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Option<(u16, String)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn answers_are_read() {
        assert_eq!(parse("HTTP/1.1 204 No Content\r\nx: y\r\n\r\n"), Some((204, String::new())));
        assert_eq!(parse("HTTP/1.0 500 Oh\r\n\r\nwhat"), Some((500, "what".to_owned())));
        assert_eq!(parse("SSH-2.0-OpenSSH\r\n\r\n"), None);
    }
}
