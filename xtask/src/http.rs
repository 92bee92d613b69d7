//! As much of HTTP as it takes to ask a server on this machine whether it is up, and to tell it to begin.

use std::io::{BufRead, BufReader, Read, Write};
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
    read(BufReader::new(stream))
}

/// Reads an answer no further than it says it goes: not every server closes the connection when asked to.
fn read(mut answer: impl BufRead) -> Option<(u16, String)> {
    let mut line = String::new();
    answer.read_line(&mut line).ok()?;
    let status = line.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    let mut length = 0;
    loop {
        line.clear();
        answer.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = String::new();
    answer.take(length).read_to_string(&mut body).ok()?;
    Some((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_to_their_end_and_no_further() {
        let answer = |text: &str| read(text.as_bytes());
        assert_eq!(answer("HTTP/1.1 204 No Content\r\nx: y\r\n\r\n"), Some((204, String::new())));
        assert_eq!(answer("HTTP/1.0 500 Oh\r\nContent-Length: 4\r\n\r\nwhat else"), Some((500, "what".to_owned())));
        assert_eq!(answer("SSH-2.0-OpenSSH\r\n\r\n"), None);
        assert_eq!(answer(""), None);
    }
}
