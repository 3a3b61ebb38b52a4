//! An old text from the new one, when an editor or a checkout changed only its form.

use unicode_normalization::UnicodeNormalization;

/// The text with other line ends, in another Unicode form, or with or without a last line end, that `is_old` knows again by its hash.
pub(super) fn restored(new: &str, is_old: impl Fn(&str) -> bool) -> Option<String> {
    let unix = new.replace("\r\n", "\n");
    let lines = [new.to_owned(), unix.replace('\n', "\r\n"), unix];
    let forms = lines.iter().flat_map(|text| [text.clone(), text.nfc().collect(), text.nfd().collect()]);
    let ends = |text: String| {
        let bare = text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(&text).to_owned();
        [format!("{bare}\n"), format!("{bare}\r\n"), text, bare]
    };
    forms.flat_map(ends).find(|text| is_old(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_editor_does_is_undone() {
        for old in ["a\r\nb\r\n", "a\nb\n", "a\nb", "a\r\nb", "caf\u{e9}\n", "cafe\u{301}\r\n"] {
            for new in
                [old.replace("\r\n", "\n"), old.replace("\r\n", "\n").replace('\n', "\r\n"), old.nfc().collect(), old.trim_end().into()]
            {
                assert_eq!(restored(&new, |text| text == old).as_deref(), Some(old), "{new:?}");
            }
        }
        assert_eq!(restored("a b\n", |text| text == "a  b\n"), None);
    }
}
