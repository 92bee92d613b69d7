//! What a token says, as far as we read it. Atlassian adds claims as it likes: unknown ones are passed over.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// The claims.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom: one text. A list is not accepted.
    pub aud: String,
    /// When it was issued, in seconds.
    pub iat: u64,
    /// From when it is good, in seconds.
    #[serde(default)]
    pub nbf: Option<u64>,
    /// Until when it is good, in seconds.
    pub exp: u64,
    /// Its own id.
    #[serde(default)]
    pub jti: Option<String>,
    /// The app, its installation and environment.
    pub app: App,
    /// Where in Confluence; only in a person's calls.
    #[serde(default)]
    pub context: Option<Context>,
    /// Whose call it is; only in a person's calls.
    #[serde(default)]
    pub principal: Option<String>,
    /// Only in Isolated Cloud.
    #[serde(default, rename = "icLabel", deserialize_with = "is_there")]
    pub has_ic_label: bool,
}

/// The app as installed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// The app's id.
    pub id: String,
    /// The installation's id.
    pub installation_id: String,
    /// Where to call Confluence.
    pub api_base_url: String,
    /// The environment.
    pub environment: Environment,
    /// The module that called.
    pub module: Module,
    /// The installation again, with its sites.
    pub installation: Installation,
    /// The licence; only paid apps in production have one.
    #[serde(default)]
    pub license: Option<License>,
}

/// A Forge environment.
#[derive(Clone, Debug, Deserialize)]
pub struct Environment {
    /// `ari:cloud:ecosystem::environment/<app uuid>/<environment uuid>`.
    pub id: String,
}

/// A module of the manifest.
#[derive(Clone, Debug, Deserialize)]
pub struct Module {
    /// Its key.
    pub key: String,
}

/// An installation.
#[derive(Clone, Debug, Deserialize)]
pub struct Installation {
    /// Its id.
    pub id: String,
    /// The sites it is for.
    pub contexts: Vec<InstallationContext>,
}

/// A site an installation is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstallationContext {
    /// The product.
    #[serde(default)]
    pub name: Option<String>,
    /// Where to call it.
    #[serde(default)]
    pub api_base_url: Option<String>,
    /// The site.
    pub cloud_id: String,
}

/// A licence.
#[derive(Clone, Debug, Deserialize)]
pub struct License {
    /// Whether it is active.
    #[serde(default)]
    pub active: Option<bool>,
}

/// Where in Confluence a person's call comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The site.
    pub cloud_id: String,
    /// The environment, by uuid or by its whole name.
    #[serde(default)]
    pub environment_id: Option<String>,
    /// The module.
    #[serde(default)]
    pub module_key: Option<String>,
    /// Licensed, a guest, or nobody in particular.
    #[serde(default)]
    pub account_type: Option<String>,
    /// The person again.
    #[serde(default)]
    pub account_id: Option<String>,
    /// The place.
    #[serde(default)]
    pub extension: Option<Extension>,
}

/// The place on the site.
#[derive(Clone, Debug, Deserialize)]
pub struct Extension {
    /// The content a macro or byline stands on.
    #[serde(default)]
    pub content: Option<Content>,
    /// The space.
    #[serde(default)]
    pub space: Option<Space>,
}

/// A piece of content.
#[derive(Clone, Debug, Deserialize)]
pub struct Content {
    /// Its id.
    #[serde(default, deserialize_with = "text_or_number")]
    pub id: Option<String>,
    /// What it is.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// A space.
#[derive(Clone, Debug, Deserialize)]
pub struct Space {
    /// Its id.
    #[serde(default, deserialize_with = "text_or_number")]
    pub id: Option<String>,
}

/// Any value, even `null`, counts: the claim's mere presence decides.
fn is_there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}

/// Ids of content are decimal digits, quoted or not.
fn text_or_number<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(u64),
    }
    Ok(Option::<Id>::deserialize(value)?.map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    }))
}
