//! Length-prefixed fields, so that no two records run together.

/// Writes length-prefixed fields.
pub struct Fields {
    pub(super) bytes: Vec<u8>,
    pub(super) overflow: bool,
}

impl Fields {
    /// A text.
    pub fn text(&mut self, text: &str) {
        match u32::try_from(text.len()) {
            Ok(length) => self.bytes.extend_from_slice(&length.to_be_bytes()),
            Err(_) => self.overflow = true,
        }
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A number.
    pub fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&8_u32.to_be_bytes());
        self.bytes.extend_from_slice(&number.to_be_bytes());
    }
}

/// Reads length-prefixed fields.
pub struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn field(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (field, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        self.rest = rest;
        Some(field)
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'a str> {
        core::str::from_utf8(self.field()?).ok()
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        self.field()?.try_into().ok().map(u64::from_be_bytes)
    }

    /// A number of 32 bits.
    pub fn number32(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }
}
