//! Paths and queries of requests.

/// Text with `%XX` taken back, `+` as it is. `None` where that is no UTF-8, or a `%` stands without two hex digits.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(16 * high + low).ok()?);
    }
    String::from_utf8(out).ok()
}

/// The pairs of a query, decoded; `+` is a blank. `None` where one cannot be decoded.
pub(super) fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let plain = |text: &str| decoded(&text.replace('+', " "));
            Some((plain(key)?, plain(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        for (text, expected) in [
            ("en-001", Some("en-001")),
            ("%65n%2d1", Some("en-1")),
            ("%E2%86%92+", Some("→+")),
            ("%2e%2E%2f", Some("../")),
            ("%", None),
            ("%2", None),
            ("%zz", None),
            ("%+1", None),
            ("%ff", None),
        ] {
            assert_eq!(decoded(text).as_deref(), expected, "{text}");
        }
        let expected = vec![("q".to_owned(), "a b&c".to_owned()), ("x".to_owned(), String::new())];
        assert_eq!(pairs("q=a+b%26c&x"), Some(expected));
        assert_eq!((pairs(""), pairs("q=%")), (Some(Vec::new()), None));
    }
}
