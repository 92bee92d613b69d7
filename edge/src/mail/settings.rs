//! Settings of the mail provider.

use super::address::Sender;
use crate::config::{SettingError, Settings, is_http_url, required};
use crate::secret::Secret;

/// What `MAIL_PROVIDER` names, with what it needs.
pub enum MailSettings {
    /// `api`, also if the setting is missing: an HTTP API in the shape of Resend's.
    Api(ApiSettings),
    /// `binding`: Cloudflare's `send_email`, bound as `EMAIL`.
    Binding {
        /// `MAIL_FROM`. Cloudflare wants an address of a domain that may send.
        from: Sender,
    },
}

/// Settings of the HTTP API.
pub struct ApiSettings {
    /// `MAIL_API_URL`, without a slash at its end.
    pub url: String,
    /// `MAIL_FROM`: the sender, as it is.
    pub from: String,
    /// `MAIL_API_KEY`.
    pub key: Secret,
}

/// Reads the mail provider's settings.
///
/// # Errors
/// Names the first setting that is missing or wrong.
pub fn read(settings: &impl Settings) -> Result<MailSettings, SettingError> {
    let from = required(settings, "MAIL_FROM")?;
    let sender = Sender::parse(&from)
        .ok_or(SettingError::Wrong { name: "MAIL_FROM", expected: "an address, or a name and <an address>" })?;
    match settings.text("MAIL_PROVIDER").as_deref() {
        None | Some("" | "api") => {}
        Some("binding") => return Ok(MailSettings::Binding { from: sender }),
        Some(_) => return Err(SettingError::Wrong { name: "MAIL_PROVIDER", expected: "api or binding" }),
    }
    let mut url = required(settings, "MAIL_API_URL")?;
    if !is_http_url(&url) {
        return Err(SettingError::Wrong { name: "MAIL_API_URL", expected: "an http(s) address" });
    }
    url.truncate(url.trim_end_matches('/').len());
    let key = Secret::new(required(settings, "MAIL_API_KEY")?);
    Ok(MailSettings::Api(ApiSettings { url, from, key }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::table;

    #[test]
    fn the_http_api_is_what_there_is_unless_the_binding_is_named() {
        for named in [None, Some(""), Some("api")] {
            let mut settings = table();
            if let Some(named) = named {
                settings.0.insert("MAIL_PROVIDER", named);
            }
            let Ok(MailSettings::Api(api)) = read(&settings) else { panic!("{named:?}") };
            assert_eq!(api.url, "https://mail.example");
        }
        let mut settings = table();
        settings.0.insert("MAIL_PROVIDER", "binding");
        settings.0.remove("MAIL_API_URL");
        settings.0.remove("MAIL_API_KEY");
        let Ok(MailSettings::Binding { from }) = read(&settings) else { panic!("binding") };
        assert_eq!(from.address.as_str(), "no-reply@example.com");
    }

    #[test]
    fn what_is_wrong_is_named_and_not_shown() {
        for (name, wrong) in [
            ("MAIL_PROVIDER", "smtp"),
            ("MAIL_FROM", "A\r\nBcc: x <a@example.com>"),
            ("MAIL_FROM", "nobody"),
            ("MAIL_API_URL", "mail.example"),
            ("MAIL_API_KEY", ""),
        ] {
            let mut settings = table();
            settings.0.insert(name, wrong);
            let Err(fault) = read(&settings) else { panic!("{name} {wrong:?}") };
            assert!(fault.to_string().contains(name), "{fault}");
            assert!(wrong.is_empty() || !fault.to_string().contains(wrong), "{fault}");
        }
    }
}
