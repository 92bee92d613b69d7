//! Who the app is: the identities sandbox, tests and development share.

/// The app's uuid.
pub(crate) const APP: &str = "7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41";
/// The environment's uuid.
pub(crate) const ENVIRONMENT: &str = "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";
/// The installation on the first site.
pub(crate) const INSTALLATION: &str = "5b6f8a10-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
/// The installation on the second site.
pub(crate) const OTHER_INSTALLATION: &str = "6c7f9b21-3d4e-4f60-9bac-1d2e3f4a5b6c";
/// The site people see.
pub(crate) const SITE: &str = "a11ce000-1111-4222-8333-444455556666";
/// A second one, for checks that nothing crosses over.
pub(crate) const OTHER_SITE: &str = "b0b00000-1111-4222-8333-444455556666";
/// The account the app acts as.
pub(crate) const ACCOUNT: &str = "712020:app-countersign";
/// The content property the byline item is drawn from.
pub(crate) const BYLINE_PROPERTY: &str = "countersign-byline";
/// What a storage body with the macro contains.
pub(crate) const MACRO_MARK: &str = "/static/approval-macro";

/// `ari:cloud:ecosystem::app/…`: the audience of every invocation token.
#[must_use]
pub(crate) fn ari() -> String {
    format!("ari:cloud:ecosystem::app/{APP}")
}

/// `ari:cloud:ecosystem::environment/…`.
#[must_use]
pub(crate) fn environment_ari() -> String {
    format!("ari:cloud:ecosystem::environment/{APP}/{ENVIRONMENT}")
}

/// `ari:cloud:ecosystem::installation/…`.
#[must_use]
pub(crate) fn installation_ari(installation: &str) -> String {
    format!("ari:cloud:ecosystem::installation/{installation}")
}

/// The macro as the editor stores it.
#[must_use]
pub(crate) fn macro_storage() -> String {
    format!(
        "<ac:adf-extension><ac:adf-node type=\"extension\"><ac:adf-attribute key=\"extension-key\">{APP}/{ENVIRONMENT}\
         {MACRO_MARK}</ac:adf-attribute><ac:adf-attribute key=\"extension-type\">com.atlassian.ecosystem\
         </ac:adf-attribute></ac:adf-node></ac:adf-extension>"
    )
}

/// The UI modules of the app and the resource each shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Module {
    /// The macro in the text.
    Macro,
    /// The item under the title.
    Byline,
    /// The app's settings.
    Settings,
    /// The page of a space.
    Space,
}

impl Module {
    /// The module named so in the manifest.
    #[must_use]
    pub(crate) fn by_key(key: &str) -> Option<Self> {
        [Self::Macro, Self::Byline, Self::Settings, Self::Space].into_iter().find(|module| module.key() == key)
    }

    /// Its key in the manifest.
    #[must_use]
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Macro => "approval-macro",
            Self::Byline => "approval-byline",
            Self::Settings => "approval-settings",
            Self::Space => "approval-space",
        }
    }

    /// What Forge calls this kind of module.
    #[must_use]
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Macro => "xen:macro",
            Self::Byline => "confluence:contentBylineItem",
            Self::Settings => "confluence:globalSettings",
            Self::Space => "confluence:spacePage",
        }
    }

    /// The resource it shows.
    #[must_use]
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Macro | Self::Byline => "macro",
            Self::Settings | Self::Space => "settings",
        }
    }
}
