//! Which module keys are a person's and which are the platform's. The one table that says so.
//!
//! What the tokens of events, schedules and lifecycle calls name as their module is not documented for certain: the
//! endpoint's key, the trigger's, or the scheduled trigger's. So the platform's calls are told by what they lack:
//! neither `principal` nor `context`, and a module that is none of those a person can call from.

use super::claims::Claims;

/// A module of ours that people use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Module {
    /// The macro in a page's text.
    Macro,
    /// The item under a page's title.
    Byline,
    /// The site-wide settings.
    Settings,
    /// The space's overview.
    Space,
}

/// The endpoint the modules above call through: a token may name it in the module's place.
const UI_ENDPOINT: &str = "edge";

/// The module of this key.
#[must_use]
pub fn by_key(key: &str) -> Option<Module> {
    match key {
        "approval-macro" => Some(Module::Macro),
        "approval-byline" => Some(Module::Byline),
        "approval-settings" => Some(Module::Settings),
        "approval-space" => Some(Module::Space),
        _ => None,
    }
}

/// What kind of call a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person's, from this module.
    Person(Module),
    /// The platform's own.
    Platform,
    /// Neither: it is genuine, but nothing here takes it.
    Neither,
}

/// What kind of call these claims are for.
#[must_use]
pub fn kind(claims: &Claims) -> Kind {
    let key = claims.app.module.key.as_str();
    match (&claims.principal, &claims.context) {
        (Some(_), Some(context)) => {
            let named = context.module_key.as_deref();
            match by_key(key) {
                // Where both name a module, they name the same one.
                Some(module) if named.is_none_or(|named| named == key || named == UI_ENDPOINT) => Kind::Person(module),
                None if key == UI_ENDPOINT => named.and_then(by_key).map_or(Kind::Neither, Kind::Person),
                _ => Kind::Neither,
            }
        }
        (None, None) if by_key(key).is_none() && key != UI_ENDPOINT => Kind::Platform,
        _ => Kind::Neither,
    }
}
