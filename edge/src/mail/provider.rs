//! The port: whoever carries mails. Which one does is a setting.

use super::address::Address;
use super::api::MailApi;
use super::binding::MailBinding;
use super::settings::MailSettings;
use super::{Mail, MailError};

/// Carries mails.
pub trait Provider {
    /// Hands over a mail to this address. `key` is the same each time the same mail is tried.
    ///
    /// # Errors
    /// If it was not taken, or it is not known.
    fn carry(&self, mail: &Mail, to: &Address, key: &str) -> impl Future<Output = Result<(), MailError>>;
}

/// The provider of these settings.
pub enum Mailer {
    /// An HTTP API in the shape of Resend's.
    Api(MailApi),
    /// Cloudflare's own.
    Binding(MailBinding),
}

impl Mailer {
    /// The provider these settings name.
    ///
    /// # Errors
    /// If what they name is not bound.
    pub fn of(settings: MailSettings, env: &worker::Env) -> Result<Self, worker::Error> {
        Ok(match settings {
            MailSettings::Api(settings) => Self::Api(MailApi::new(settings)),
            MailSettings::Binding { from } => Self::Binding(MailBinding::new(env, from)?),
        })
    }

    /// Hands over a mail.
    ///
    /// # Errors
    /// If its address is none a mail can go to, it was not taken, or it is not known.
    pub async fn send(&self, mail: &Mail, key: &str) -> Result<(), MailError> {
        let to = Address::parse(&mail.to).ok_or(MailError::BadAddress)?;
        match self {
            Self::Api(api) => api.carry(mail, &to, key).await,
            Self::Binding(binding) => binding.carry(mail, &to, key).await,
        }
    }
}
