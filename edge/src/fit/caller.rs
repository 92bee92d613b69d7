//! What handlers are told of the caller. Everything but the OAuth tokens comes from verified claims.

use super::modules::{Kind, Module, kind};
use super::{Verified, jwt};
use crate::http::EdgeError;
use crate::secret::Secret;
use core::time::Duration;
use engine::ids::{AccountId, InvitationId, PageId, SiteId, SpaceId};
use engine::time::Timestamp;
use engine::wire::problem::ProblemKind;
use engine::wire::status::ViewerKind;

/// What Forge promises of an app token.
const PROMISED_TOKEN: Duration = Duration::from_secs(2 * 3600);
/// No token is believed to be good for longer.
const LONGEST_TOKEN: Duration = Duration::from_secs(24 * 3600);

/// Who is calling.
#[derive(Debug)]
pub enum Caller {
    /// A person, from one of our modules.
    Ui(UiCaller),
    /// The platform: an event, the schedule, a lifecycle step.
    Platform(PlatformCaller),
}

/// A person, from one of our modules.
#[derive(Clone, Debug)]
pub struct UiCaller {
    /// The site every row and key begins with.
    pub site: SiteId,
    /// The Confluence site.
    pub cloud_id: String,
    /// The installation's id.
    pub installation: String,
    /// Who.
    pub person: AccountId,
    /// How pages are read for them: with a token of their own, or as the app.
    pub kind: ViewerKind,
    /// How Confluence knows them. The same, but on pages of our own: nobody has a token there.
    pub known_as: ViewerKind,
    /// From where.
    pub module: Module,
    /// The page the macro or byline stands on.
    pub page: Option<PageId>,
    /// The space.
    pub space: Option<SpaceId>,
    /// The person's OAuth token. The browser could have put any text there: it is good for nothing but asking Confluence
    /// as whoever it belongs to, and what Confluence answers must name [`Self::person`] where that matters.
    pub user_token: Option<Secret>,
    /// Whether the licence is active, where there is one.
    pub license_active: Option<bool>,
    /// What somebody without an account was invited to: there where [`Self::kind`] says that they are, and nowhere else.
    pub invitation: Option<InvitationId>,
}

impl UiCaller {
    /// The same person as if they stood on this page. Whether they may see it is Confluence's word, as for any other.
    #[must_use]
    pub fn on(&self, page: &PageId) -> Self {
        Self { page: Some(page.clone()), ..self.clone() }
    }
}

/// The platform.
#[derive(Debug)]
pub struct PlatformCaller {
    /// The site every row and key begins with.
    pub site: SiteId,
    /// The Confluence site.
    pub cloud_id: String,
    /// The installation's id.
    pub installation: String,
    /// The app's OAuth token: opaque, its end is read from it where it can be.
    pub app_token: Option<Secret>,
    /// Whether the licence is active, where there is one.
    pub license_active: Option<bool>,
}

/// Where request headers come from.
pub trait HeaderSource {
    /// The value of a header.
    fn value(&self, name: &str) -> Option<String>;
}

impl HeaderSource for web_sys::Headers {
    fn value(&self, name: &str) -> Option<String> {
        self.get(name).ok().flatten()
    }
}

impl Caller {
    /// Who is calling, by verified claims. Each kind of caller has one OAuth token read and the other one ignored: a
    /// browser can send `x-forge-oauth-system` too.
    ///
    /// # Errors
    /// `wrong-route` if the claims are neither a person's nor the platform's; `not-allowed` if nobody is logged in.
    pub fn of(verified: Verified, headers: &impl HeaderSource) -> Result<Self, EdgeError> {
        let kind = kind(&verified.claims);
        let Verified { claims, cloud_id, environment_id } = verified;
        let site = SiteId::new(format!("{cloud_id}/{environment_id}"));
        let installation = claims.app.installation_id;
        let license_active = claims.app.license.and_then(|license| license.active);
        let secret = |name| headers.value(name).filter(|token| !token.is_empty()).map(Secret::new);
        match (kind, claims.principal, claims.context) {
            (Kind::Person(module), Some(principal), Some(context)) => {
                let account_type = context.account_type.as_deref();
                if principal.is_empty() || principal == "unidentified" || account_type == Some("anonymous") {
                    return Err(EdgeError::refuse(ProblemKind::NotAllowed, "Log in to Confluence first."));
                }
                let (content, space) = context.extension.map_or((None, None), |place| (place.content, place.space));
                // Whoever is not said to be licensed is treated as a guest: what they see, the app must vouch for.
                let kind = if account_type == Some("licensed") { ViewerKind::Licensed } else { ViewerKind::Guest };
                Ok(Self::Ui(UiCaller {
                    site,
                    cloud_id,
                    installation,
                    person: AccountId::new(principal),
                    kind,
                    known_as: kind,
                    module,
                    page: content
                        .filter(|content| content.kind.as_deref().is_none_or(|kind| kind == "page"))
                        .and_then(|content| content.id)
                        .filter(|id| is_content_id(id))
                        .map(PageId::new),
                    space: space.and_then(|space| space.id).filter(|id| is_content_id(id)).map(SpaceId::new),
                    user_token: secret("x-forge-oauth-user"),
                    license_active,
                    invitation: None,
                }))
            }
            (Kind::Platform, None, None) => Ok(Self::Platform(PlatformCaller {
                site,
                cloud_id,
                installation,
                app_token: secret("x-forge-oauth-system"),
                license_active,
            })),
            _ => Err(wrong_route()),
        }
    }
}

/// The person, if a person is calling, from one of these modules.
///
/// # Errors
/// `wrong-route`.
pub fn require_ui(caller: Caller, modules: &[Module]) -> Result<UiCaller, EdgeError> {
    match caller {
        Caller::Ui(caller) if modules.contains(&caller.module) => Ok(caller),
        Caller::Ui(_) | Caller::Platform(_) => Err(wrong_route()),
    }
}

/// The platform, if the platform is calling.
///
/// # Errors
/// `wrong-route`.
pub fn require_platform(caller: Caller) -> Result<PlatformCaller, EdgeError> {
    match caller {
        Caller::Platform(caller) => Ok(caller),
        Caller::Ui(_) => Err(wrong_route()),
    }
}

impl PlatformCaller {
    /// Until when the app's token is good: what it says itself if it is a JWT (nobody but Confluence can check more), or
    /// the two hours Forge promises.
    #[must_use]
    pub fn app_token_until(&self, now: Timestamp) -> Option<Timestamp> {
        let token = self.app_token.as_ref()?;
        let latest = now + LONGEST_TOKEN;
        Some(jwt::unverified_exp(token.expose()).map_or(now + PROMISED_TOKEN, |until| until.min(latest)))
    }
}

impl UiCaller {
    /// The page the macro or byline stands on.
    ///
    /// # Errors
    /// `page-not-found` if the module stands on none: a template, a blog post.
    pub fn page(&self) -> Result<&PageId, EdgeError> {
        self.page.as_ref().ok_or_else(|| {
            EdgeError::refuse(ProblemKind::PageNotFound, "Countersign works on published pages. This is not one.")
        })
    }
}

fn wrong_route() -> EdgeError {
    EdgeError::refuse(ProblemKind::WrongRoute, "This part of Countersign can't make this request.")
}

/// Content ids become part of addresses: decimal digits only.
fn is_content_id(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
