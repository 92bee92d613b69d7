//! The `Authorization` header.

/// The token of a `Bearer` header. The scheme's case does not matter (RFC 9110, 11.1), everything else does.
#[must_use]
pub fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_is_one() {
        assert_eq!(token("Bearer a.b.c"), Some("a.b.c"));
        assert_eq!(token("bearer a.b.c"), Some("a.b.c"));
        for header in ["", "Bearer", "Bearer ", "JWT a.b.c", "Basic a.b.c", "a.b.c"] {
            assert_eq!(token(header), None, "{header}");
        }
    }
}
