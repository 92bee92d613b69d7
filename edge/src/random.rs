//! The only place that asks for randomness: the platform's CSPRNG (`crypto.getRandomValues` in a Worker).

use crate::http::EdgeError;
use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

/// `N` random bytes, wiped when dropped.
///
/// # Errors
/// An internal fault if the platform has none; then nothing may go on.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, EdgeError> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|error| EdgeError::internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// A random identifier of 128 bits, as text (22 characters of base64url).
///
/// # Errors
/// As [`bytes`].
pub fn id() -> Result<String, EdgeError> {
    Ok(BASE64URL_NOPAD.encode(bytes::<16>()?.as_slice()))
}
