//! Where we are: which module, which page, whose language.

use crate::bridge::{self, text_at};
use crate::words::browser_locale;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// What Forge says about this frame, as far as it is used here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Context {
    /// The module of the manifest that is shown.
    pub(crate) module_key: Option<String>,
    /// The person's language, as browsers write it.
    pub(crate) locale: Option<String>,
    /// The person's time zone.
    pub(crate) timezone: Option<String>,
    /// Who is looking: the account id.
    pub(crate) account: Option<String>,
    /// The page's content id.
    pub(crate) content_id: Option<String>,
}

impl Context {
    /// Asks Forge. What it does not say stays empty: nothing here is worth failing for.
    pub(crate) async fn ask() -> Self {
        bridge::call("getContext", &JsValue::UNDEFINED).await.map(|answer| Self::read(&answer)).unwrap_or_default()
    }

    fn read(answer: &JsValue) -> Self {
        Self {
            module_key: text_at(answer, &["moduleKey"]),
            locale: text_at(answer, &["locale"]).map(|locale| browser_locale(&locale)),
            timezone: text_at(answer, &["timezone"]),
            account: text_at(answer, &["accountId"]),
            content_id: text_at(answer, &["extension", "content", "id"]),
        }
    }

    /// Whether this is the module of this key.
    pub(crate) fn is_module(&self, key: &str) -> bool {
        self.module_key.as_deref() == Some(key)
    }
}
