//! The `otpauth` URI an authenticator app reads from a QR code (Google Authenticator's key URI format).

use super::totp::{DIGITS, STEP_SECONDS, TotpSecret};

/// The URI for this secret. Holds the secret: it is shown once and never logged.
#[must_use]
pub fn uri(secret: &TotpSecret, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escape(issuer), escape(account));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        secret.base32()
    )
}

/// RFC 3986 §2.1: everything but unreserved characters as `%XX`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_add_parameters() {
        let uri = uri(&TotpSecret::new([0; 20]), "Counter:sign", "a&secret=B@x");
        assert_eq!(
            uri,
            "otpauth://totp/Counter%3Asign:a%26secret%3DB%40x?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &issuer=Counter%3Asign&algorithm=SHA1&digits=6&period=30"
        );
    }
}
