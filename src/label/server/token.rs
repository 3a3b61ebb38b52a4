//! The token that tells the page from any other page.

use std::fs::File;
use std::io::{self, Read};

use crate::dataset::hex;

/// Bytes of a token; it has two hex digits for each.
const BYTES: usize = 20;

/// A new token, from the random numbers of the system.
pub(super) fn draw() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Whether two tokens are equal, in a time that does not depend on where they differ.
pub(super) fn is_same(token: &str, given: &[u8]) -> bool {
    let token = token.as_bytes();
    let differs = token.iter().zip(given).fold(0, |differs, (a, b)| differs | (a ^ b));
    std::hint::black_box(differs) == 0 && token.len() == given.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (a, b) = (draw().unwrap(), draw().unwrap());
        assert!(a.len() >= 32 && a.bytes().all(|byte| byte.is_ascii_hexdigit()) && a != b);
        assert!(is_same(&a, a.as_bytes()));
        for wrong in ["", &a[1..], &format!("{a}0"), &b] {
            assert!(!is_same(&a, wrong.as_bytes()), "{wrong}");
        }
    }
}
