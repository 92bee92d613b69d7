//! `cargo xtask operator`: what whoever runs the Worker can do when no admin can. Each request is signed, works once and
//! within minutes, and is written into the journal for all to see.

use crate::arguments::Arguments;
use crate::keys::day_of;
use crate::secrets::random_bytes;
use crate::trouble::{Because, Outcome, trouble};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::env;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const KEY: &str = "OPERATOR_KEY";
const PATH: &str = "/operator/act";
const LABEL: &str = "countersign/operator/v1";

/// Whether it was done.
pub(crate) fn operator(mut arguments: Arguments) -> Outcome<bool> {
    let act = arguments.word();
    let url = required::<String>(&mut arguments, "--url")?;
    let url = address(&url)?;
    let body = match act.as_deref() {
        Some("keys") => json!({ "act": "keys" }),
        Some(act @ ("unlock" | "reset-factors")) => {
            let site = required::<String>(&mut arguments, "--site")?;
            let person = required::<String>(&mut arguments, "--person")?;
            let operator = required::<String>(&mut arguments, "--operator")?;
            let reason = required::<String>(&mut arguments, "--reason")?;
            json!({ "act": act, "site": site, "person": person, "operator": operator, "reason": reason })
        }
        _ => return trouble("Say what to do: cargo xtask operator unlock | reset-factors | keys"),
    };
    arguments.done()?;
    let key = key()?;
    let signed = Signed::now(&key, &body)?;
    let (status, answer) = send(&url, &signed)?;
    println!("{}", told(status, &answer));
    Ok(status == 200)
}

fn required<T: std::str::FromStr>(arguments: &mut Arguments, name: &str) -> Outcome<T>
where
    T::Err: std::fmt::Display,
{
    match arguments.value(name)? {
        Some(value) => Ok(value),
        None => trouble(format!("{name} is missing. `cargo xtask help` shows what is needed.")),
    }
}

/// Where the Worker is. Over the open network only encrypted.
fn address(url: &str) -> Outcome<String> {
    let url = url.trim_end_matches('/');
    let local = ["http://127.0.0.1:", "http://localhost:"].iter().any(|start| url.starts_with(start));
    if (url.starts_with("https://") || local) && !url.chars().any(|c| c.is_whitespace() || c.is_control() || c == '"') {
        Ok(format!("{url}{PATH}"))
    } else {
        trouble("--url is the address of the Worker, such as https://countersign.example.workers.dev")
    }
}

fn key() -> Outcome<Vec<u8>> {
    let Ok(text) = env::var(KEY) else {
        return trouble(format!(
            "Put the key into the environment variable {KEY}; `cargo xtask keys --operator` makes one."
        ));
    };
    match BASE64.decode(text.trim().as_bytes()) {
        Ok(key) if key.len() == 32 => Ok(key),
        _ => trouble(format!("{KEY} is not 32 bytes of base64.")),
    }
}

/// A request with its signature.
struct Signed {
    body: String,
    header: String,
}

impl Signed {
    fn now(key: &[u8], body: &Value) -> Outcome<Self> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis().to_string();
        let nonce = HEXLOWER.encode(random_bytes()?.get(..16).unwrap_or_default());
        let body = body.to_string();
        let header = header(key, &body, &time, &nonce)?;
        Ok(Self { body, header })
    }
}

/// `v1 <time> <nonce> <mac>`; edge/src/operator.rs checks it.
fn header(key: &[u8], body: &str, time: &str, nonce: &str) -> Outcome<String> {
    let digest = HEXLOWER.encode(&Sha256::digest(body.as_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).because(|| "the request could not be signed".to_owned())?;
    for field in [LABEL, "POST", PATH, &digest, time, nonce] {
        mac.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        mac.update(field.as_bytes());
    }
    Ok(format!("v1 {time} {nonce} {}", HEXLOWER.encode(&mac.finalize().into_bytes())))
}

/// By curl, which knows how to speak to the open network. All it is told goes through its standard input: other people on
/// this machine can see a command's arguments.
fn send(url: &str, signed: &Signed) -> Outcome<(u16, String)> {
    let missing = || "curl is needed to reach the Worker; install it".to_owned();
    let mut curl = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "60", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .because(missing)?;
    if let Some(mut stdin) = curl.stdin.take() {
        stdin.write_all(config(url, signed).as_bytes()).because(missing)?;
    }
    let out = curl.wait_with_output().because(missing)?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let status = text.rsplit_once('\n').and_then(|(body, status)| Some((status.parse().ok()?, body.to_owned())));
    match status {
        Some((status, body)) if out.status.success() => Ok((status, body)),
        _ => trouble(
            "The Worker gave no answer. Whether it was done is not known: look into the journal, or run it again (a lock that \
             is gone, or authenticators that are, are not touched twice).",
        ),
    }
}

fn config(url: &str, signed: &Signed) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let lines = [
        format!("url = {}", quoted(url)),
        format!("header = {}", quoted(&format!("countersign-operator: {}", signed.header))),
        "header = \"content-type: application/json\"".to_owned(),
        format!("data-raw = {}", quoted(&signed.body)),
        "write-out = \"\\n%{http_code}\"".to_owned(),
    ];
    lines.join("\n")
}

/// The answer, for people.
fn told(status: u16, answer: &str) -> String {
    let Ok(answer) = serde_json::from_str::<Value>(answer) else { return format!("The Worker answered {status}.") };
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if status != 200 {
        let hint = if status == 404 && text("kind") == "no-such-route" {
            " The Worker has no OPERATOR_KEY, or this is not its address."
        } else {
            ""
        };
        return format!("Refused ({status}): {} {}{hint}", text("title"), text("detail"));
    }
    if answer.get("keys").is_some() {
        return keys(&answer);
    }
    format!("{} It is in the journal, and its owner and the admins are told by mail.", text("said"))
}

fn keys(answer: &Value) -> String {
    let number = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
    let list = answer.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut lines: Vec<String> = list
        .iter()
        .map(|key| {
            let part = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{:<32} {}", part("id"), part("check"))
        })
        .collect();
    let (sites, done, stuck) = (number("sites"), number("done"), number("stuck"));
    lines.push(format!(
        "{done} of {sites} sites have everything under the newest key; {stuck} hold what does not open."
    ));
    if list.len() > 1 {
        lines.push(match answer.get("removable_from").and_then(Value::as_u64) {
            Some(at) if done == sites => format!("The older keys can be removed from {} on.", moment(at)),
            _ => "Keep the older keys for now.".to_owned(),
        });
    }
    lines.join("\n")
}

/// A time in milliseconds, for people.
fn moment(at: u64) -> String {
    let minutes = at.div_ceil(60_000);
    format!("{} {:02}:{:02} UTC", day_of(minutes / 1440), minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_the_worker_checks() {
        // The same as in edge/src/operator.rs.
        let nonce = "0123456789abcdef0123456789abcdef";
        let header = header(&[7; 32], r#"{"act":"keys"}"#, "1795255200000", nonce).unwrap();
        assert_eq!(
            header,
            format!("v1 1795255200000 {nonce} 9af6cc2e5bbc02ed9d7d7db2da56970a14bd1080d4c4f3e4da7638aa774ecd44")
        );
    }

    #[test]
    fn only_an_encrypted_or_a_local_address_is_taken() {
        assert_eq!(address("https://edge.example/").unwrap(), "https://edge.example/operator/act");
        assert!(address("http://127.0.0.1:8787").is_ok());
        for wrong in ["http://edge.example", "edge.example", "https://e\"\nurl = x", "http://127.0.0.1.example"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_breaks_out_of_what_curl_is_told() {
        let signed = Signed { body: json!({ "reason": "a \"b\" \\ \n url = x" }).to_string(), header: "v1".to_owned() };
        let config = config("https://edge.example/operator/act", &signed);
        assert_eq!(config.lines().count(), 5, "{config}");
        assert!(config.contains(r#"\\\"b\\\" \\\\\\\\ \\n url"#) || config.contains(r#"\\\"b\\\""#), "{config}");
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words() {
        let answer = json!({ "kind": "no-such-route", "title": "There is nothing here", "detail": "x" }).to_string();
        assert!(told(404, &answer).contains("no OPERATOR_KEY"));
        assert!(told(502, "<html>").contains("502"));
        let keys = |keys: &[&str], done: u32| {
            let keys: Vec<Value> = keys.iter().map(|id| json!({ "id": id, "check": "0a" })).collect();
            let answer =
                json!({ "keys": keys, "sites": 2, "done": done, "stuck": 0, "removable_from": 1_795_255_200_001_u64 });
            told(200, &answer.to_string())
        };
        assert!(keys(&["k2", "k1"], 1).contains("1 of 2 sites") && keys(&["k2", "k1"], 1).contains("Keep the older"));
        assert!(keys(&["k2", "k1"], 2).ends_with("can be removed from 2026-11-21 10:01 UTC on."));
        assert!(!keys(&["k2"], 2).contains("older"));
    }
}
