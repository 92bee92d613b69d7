//! How somebody confirms what they do: decided and verified in one place, for verdicts and for everything else.
//!
//! ```text
//! asked ── what the policy asks of this person for this action (or, for their own factors, what always is)
//!   │
//!   ├─▶ how ───── the ways they have, the strongest first; why; or why there is none        first request
//!   │
//!   └─▶ prove ─── what they brought, verified: a code counted and compared, a receipt, a session
//!         └─▶ seal ── what must still be so when it is written, and what is used up          second request
//! ```
//!
//! The server decides the ways; nothing a client sends makes a weaker one count. What is enough is the engine's word
//! (`Requirement::accepts`), asked here and again by the rules the entry is decided by.
//!
//! * [`subject`]: who somebody is to the policy.
//! * [`asked`], [`standing`], [`ways`]: what is asked, what somebody has, what of it counts.
//! * [`how`], [`typed`], [`prove`], [`seal`]: the steps above. [`list`]: many pages with one code.

pub(crate) mod asked;
pub(crate) mod how;
pub(crate) mod list;
pub(crate) mod prove;
pub(crate) mod seal;
pub(crate) mod standing;
pub(crate) mod subject;
pub(crate) mod typed;
pub(crate) mod ways;

use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::app;
use crate::http::EdgeError;
use crate::store::d1::Db;
use engine::token::policy::{Action, Policy, Subject};
use engine::wire::status::ViewerKind;

/// Who the caller is to `policy`, as far as its rules about `action` ask.
///
/// # Errors
/// If Confluence has to be asked and can't be.
pub(crate) async fn subject_of(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    policy: &Policy,
    action: Action,
) -> Result<Subject, EdgeError> {
    let asked = subject::Asked {
        site: &caller.site,
        installation: &caller.installation,
        person: &caller.person,
        guest: caller.known_as == ViewerKind::Guest,
        now: cx.now,
    };
    subject::subject(asked, policy, action, async || app::client_for(cx, db, &caller.site).await).await
}
