//! `FIELD=VALUE` words behind a quote: `more than 37,000 people|quantity value=37000 place="southern border"`.

/// What stands behind a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A word without `=`: a kind.
    Bare(String),
    /// A field and its value.
    Pair(String, String),
}

/// One argument of a command line: the shell has taken its quotes off already.
pub fn word(argument: &str) -> Word {
    match argument.split_once('=') {
        Some((name, value)) => Word::Pair(name.trim().to_owned(), value.to_owned()),
        None => Word::Bare(argument.trim().to_owned()),
    }
}

/// The words of a text: blanks and bars separate them, and a value with blanks stands between double quotes, where `\"` and `\\` are the
/// characters themselves.
///
/// # Errors
/// When a quotation mark is not closed.
pub fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if is_gap(c) {
            chars.next();
            continue;
        }
        let mut name = None;
        let mut part = String::new();
        while let Some(&c) = chars.peek() {
            if is_gap(c) {
                break;
            }
            chars.next();
            match c {
                '=' if name.is_none() => name = Some(std::mem::take(&mut part)),
                '"' if part.is_empty() => quoted_part(&mut chars, &mut part)?,
                c => part.push(c),
            }
        }
        words.push(match name {
            Some(name) => Word::Pair(name, part),
            None => Word::Bare(part),
        });
    }
    Ok(words)
}

fn quoted_part(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, part: &mut String) -> Result<(), String> {
    loop {
        match chars.next() {
            Some('"') => return Ok(()),
            Some('\\') if matches!(chars.peek(), Some('"' | '\\')) => part.extend(chars.next()),
            Some(c) => part.push(c),
            None => return Err("a quotation mark is not closed; write a value with blanks as place=\"southern border\"".to_owned()),
        }
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == '|'
}

/// A quote and what stands behind its first bar; `\|` is a bar of the quote.
pub fn quote_and_words(text: &str) -> (String, &str) {
    let mut quote = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('|') {
        match rest[..at].strip_suffix('\\') {
            Some(before) => {
                quote.push_str(before);
                quote.push('|');
                rest = &rest[at + 1..];
            }
            None => {
                quote.push_str(&rest[..at]);
                return (quote, &rest[at + 1..]);
            }
        }
    }
    quote.push_str(rest);
    (quote, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> Word {
        Word::Pair(name.to_owned(), value.to_owned())
    }

    #[test]
    fn blanks_and_bars_separate_and_quotes_keep_together() {
        let expected = [Word::Bare("quantity".to_owned()), pair("value", "37000"), pair("place", "the \"south\" | x"), pair("note", "a=b")];
        for text in [
            r#"quantity value=37000 place="the \"south\" | x" note=a=b"#,
            "quantity|value=37000| place=\"the \\\"south\\\" | x\"|note=a=b|",
        ] {
            assert_eq!(words(text).unwrap(), expected, "{text}");
        }
        assert_eq!(words(" | ").unwrap(), []);
        assert!(words("place=\"the south").unwrap_err().contains("not closed"));
        assert_eq!([word("place=southern border"), word("rank")], [pair("place", "southern border"), Word::Bare("rank".to_owned())]);
    }

    #[test]
    fn the_first_bar_ends_the_quote() {
        for (text, quote, rest) in [
            ("37,000 people", "37,000 people", ""),
            ("37,000|value=37000|unit=x", "37,000", "value=37000|unit=x"),
            (r"a \| b|event", "a | b", "event"),
            (r"C:\dir", r"C:\dir", ""),
            ("|x", "", "x"),
        ] {
            assert_eq!(quote_and_words(text), (quote.to_owned(), rest), "{text}");
        }
    }
}
