//! Canonical text: what makes two spellings of a place, a unit or a name the same.

use unicode_normalization::UnicodeNormalization;

/// Folds text for comparison: NFKC, full case folding, white space runs to one space, no punctuation or white space at the
/// edges. Signs that carry meaning at an edge (`%`, `+`, currency signs) are kept.
///
/// ```
/// use claim_assay::claim::text::fold;
/// assert_eq!(fold(" “The  Associated Press”. "), fold("the associated press"));
/// assert_eq!(fold("STRASSE"), fold("Straße"));
/// ```
pub fn fold(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return text.to_owned();
    }
    let compatible: String = text.nfkc().collect();
    let folded: String = unicase::UniCase::unicode(compatible.as_str()).to_folded_case().nfkc().collect();
    let trimmed = folded.trim_matches(is_edge);
    let mut out = String::with_capacity(trimmed.len());
    for word in trimmed.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// White space and punctuation that a label or an answer may carry at its edges by accident.
fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || (c.is_ascii_punctuation() && !matches!(c, '%' | '$' | '+' | '-' | '#' | '&' | '@'))
        || matches!(c, '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '–' | '—' | '…' | '·' | '¿' | '¡')
        || matches!(c, '。' | '、' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '【' | '】' | '،' | '؛' | '؟' | '।' | '॥')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (a, b) in [
            ("US officials", "us  officials"),
            ("ＡＰ", "ap"),
            ("cafe\u{301}", "caf\u{e9}"),
            ("ﬁnance", "finance"),
            ("«Le Monde»", "le monde"),
            ("路透社。", "路透社"),
            ("person\u{a0}hour", "person hour"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("5%"), fold("5"));
        assert_ne!(fold("percent"), fold("person"));
        assert_eq!(fold(" .,! "), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["İstanbul", "ǅ ΐ", "ẞ", "Ⅻ", "\u{1f80}", "…a…"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }
}
