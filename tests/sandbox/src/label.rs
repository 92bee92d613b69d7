//! Labels. All are global ones; a site knows each by an id.

use crate::edit::Refusal;
use crate::model::Site;
use std::collections::BTreeSet;

/// What no label may contain, beside white space.
const FORBIDDEN: &str = ":;,.?&[]()#^*@!";

/// Gives a page exactly these labels. Confluence sends no product event for it.
pub(crate) fn set(site: &mut Site, page: u64, names: &[String]) -> Result<(), Refusal> {
    let names: BTreeSet<String> = names.iter().map(|name| known(site, name)).collect::<Result<_, _>>()?;
    site.pages.get_mut(&page).ok_or(Refusal::NotFound)?.labels = names;
    Ok(())
}

/// A label as Confluence keeps it: in small letters, with an id.
pub(crate) fn known(site: &mut Site, name: &str) -> Result<String, Refusal> {
    let bad = |sign: char| sign.is_whitespace() || FORBIDDEN.contains(sign);
    if name.is_empty() || name.chars().count() > 255 || name.contains(bad) {
        return Err(Refusal::Invalid(format!("“{name}” can't be a label.")));
    }
    let name = name.to_lowercase();
    if site.label(&name).is_none() {
        let id = site.fresh_id();
        site.labels.insert(id, name.clone());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app, seed};

    #[test]
    fn labels_are_kept_in_small_letters_under_lasting_ids() {
        let mut site = seed::site(app::SITE);
        set(&mut site, 98305, &["Policy".to_owned(), "iso-27001".to_owned()]).unwrap();
        set(&mut site, 98306, &["policy".to_owned()]).unwrap();
        assert_eq!(site.labels.len(), 2);
        let id = site.label("policy").unwrap();
        set(&mut site, 98305, &[]).unwrap();
        set(&mut site, 98305, &["policy".to_owned()]).unwrap();
        assert_eq!(site.label("policy"), Some(id));
        for bad in ["", "two words", "a,b", "my:own"] {
            assert!(set(&mut site, 98305, &[bad.to_owned()]).is_err(), "{bad}");
        }
        assert_eq!(site.pages[&98305].labels.len(), 1, "a refused change changes nothing");
    }
}
