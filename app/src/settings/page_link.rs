//! A page as an admin names it: by its number, or by a link to it.

use engine::ids::PageId;

/// A page's number, alone or in a link.
pub(in crate::settings) fn page_of(typed: &str) -> Option<PageId> {
    let typed = typed.trim();
    let after = |mark: &str| typed.split_once(mark).map(|(_, rest)| rest);
    // Older links name it in the query, below an address that has `/pages/` in it, too.
    let in_link = || after("pageId=").or_else(|| after("/pages/"));
    let is_plain = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    let from = if is_plain { Some(typed) } else { in_link() };
    let number: String = from?.chars().take_while(char::is_ascii_digit).collect();
    (1..=19).contains(&number.len()).then(|| PageId::new(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_in_what_people_paste() {
        let of = |typed| page_of(typed).map(|page| page.as_str().to_owned());
        for typed in [
            " 98305 ",
            "https://example.atlassian.net/wiki/spaces/POL/pages/98305/Information+Security",
            "https://example.atlassian.net/wiki/spaces/POL/pages/98305",
            "https://example.atlassian.net/wiki/pages/viewpage.action?pageId=98305&x=1",
        ] {
            assert_eq!(of(typed).as_deref(), Some("98305"), "{typed}");
        }
        for typed in ["", "POL", "https://example.atlassian.net/wiki/x/AbC", "12345678901234567890"] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }
}
