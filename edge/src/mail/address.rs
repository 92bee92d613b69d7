//! Addresses a mail can go to or come from. Whatever could end a header, begin another or name a second recipient is none.

/// One address, such as `mira@example.com`.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// The longest address there is (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

impl Address {
    /// Reads an address: a local part of plain characters (RFC 5322 atoms and dots), an `@`, a host name. Quoted local
    /// parts, address literals and characters outside ASCII are refused: no provider takes them all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        let host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let fits = text.len() <= LONGEST && is_dotted(local, atom) && is_dotted(domain, host);
        fits.then(|| Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// It holds personal data.
impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Address")
    }
}

fn is_dotted(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(&fits))
}

/// Who a mail comes from: `Countersign <approvals@example.com>`, or the address alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name shown, if there is one.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

impl Sender {
    /// Reads a sender.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((name, rest)) = text.split_once('<') else {
            return Address::parse(text).map(|address| Self { name: None, address });
        };
        let address = Address::parse(rest.strip_suffix('>')?)?;
        let name = name.trim().trim_matches('"').trim();
        if name.chars().any(|c| c.is_control() || "<>@,;\"".contains(c)) {
            return None;
        }
        Some(Self { name: (!name.is_empty()).then(|| name.to_owned()), address })
    }
}

/// Enough of an address to recognise one's own: `m•••@example.com`.
#[must_use]
pub fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}\u{2022}\u{2022}\u{2022}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address_and_nothing_else() {
        for good in ["mira@example.com", "a.b+c@x.example", "o'neil@e-x.example", "m@localhost"] {
            assert_eq!(Address::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "@",
            "mira",
            "mira@",
            "@example.com",
            "mira@example.com\r\nBcc: x@example.com",
            "mira@example.com, x@example.com",
            "mira@example.com;x@example.com",
            "Mira <mira@example.com>",
            "mira @example.com",
            "a@b@example.com",
            "a..b@example.com",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
            "a@exa_mple.com",
            "müller@example.com",
            "a@example.com\0",
        ] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
        assert!(Address::parse(&format!("{}@example.com", "a".repeat(300))).is_none());
    }

    #[test]
    fn an_address_is_masked_but_known_to_its_owner() {
        assert_eq!(masked("mira@example.com"), "m\u{2022}\u{2022}\u{2022}@example.com");
        assert_eq!(masked("é@x"), "é\u{2022}\u{2022}\u{2022}@x");
        assert_eq!(masked("é@x"), "é\u{2022}\u{2022}\u{2022}@x");
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let sender = Sender::parse("Countersign <approvals@example.com>").unwrap();
        assert_eq!((sender.name.as_deref(), sender.address.as_str()), (Some("Countersign"), "approvals@example.com"));
        assert_eq!(Sender::parse("\"Approvals, Inc\" <a@example.com>"), None);
        assert_eq!(Sender::parse("a@example.com").unwrap().name, None);
        for bad in ["", "Countersign", "A\r\nB <a@example.com>", "A <a@example.com", "A <a@example.com> b", "<>"] {
            assert_eq!(Sender::parse(bad), None, "{bad}");
        }
        assert_eq!(sender.address.domain(), "example.com");
    }
}
