//! Article tables and texts.

use super::{ARTICLES, Case, TEXTS, articles, noise, text};

const JSONL: &str = "datasets/t/articles.jsonl";

fn txt(id: &str) -> String {
    format!("datasets/t/articles/{id}.txt")
}

/// A further article with its text.
fn further(name: &str, id: &str, lang: &str, text: &str, expect: &'static str, mention: &'static str) -> Case {
    Case::new(name, ARTICLES, articles(&[(id, lang)]), expect, mention).with(&txt(id), text)
}

/// The text of every article changed.
fn every(name: &str, change: impl Fn(&str) -> String, expect: &'static str, mention: &'static str) -> Case {
    let mut case = Case::new(name, ARTICLES, articles(&[]), expect, mention);
    for (id, _, text) in TEXTS {
        case = case.with(&txt(id), change(text));
    }
    case
}

/// The articles as JSONL, with a first line of its own.
fn jsonl(name: &str, line: &str, expect: &'static str, mention: &'static str) -> Case {
    Case::new(name, JSONL, format!("{line}\n"), expect, mention).without(ARTICLES)
}

pub fn cases() -> Vec<Case> {
    let base_jsonl: String =
        TEXTS.iter().map(|(id, lang, text)| serde_json::json!({"article_id": id, "lang": lang, "text": text}).to_string() + "\n").collect();
    let surrogate = format!("{base_jsonl}{{\"article_id\":\"s\",\"lang\":\"en\",\"text\":\"\\ud83d 5\"}}\n");
    vec![
        Case::new("empty", ARTICLES, "", "error", "articles;empty|no articles|a1"),
        Case::new("dup_id", ARTICLES, articles(&[("a1", "en")]), "error", "duplicate;a1"),
        Case::new("missing_text", ARTICLES, articles(&[]), "error", "text;line 1|a1").without(&txt("a1")),
        jsonl("text_null", "{\"article_id\":\"a1\",\"lang\":\"en\",\"text\":null}", "error", "text;line 1|a1"),
        jsonl("text_number", "{\"article_id\":\"a1\",\"lang\":\"en\",\"text\":5}", "error", "text;line 1|a1"),
        further("text_empty", "e", "en", "", "warn", "e|empty"),
        Case::new("missing_referenced", ARTICLES, articles(&[]).replace("a2,id\n", ""), "error", "a2"),
        Case::new("text_changed", &txt("a1"), text("a1").replace("US border", "U.S. border"), "error", "text|offset|changed|a1"),
        every("text_nfd", |t| t.replace('\u{e9}', "e\u{301}"), "either", ""),
        every("text_crlf", |t| t.replace(", ", ",\r\n").replace("arrested ", "arrested\r\n "), "error", "text|offset|a1"),
        every("text_bom", |t| format!("\u{feff}{t}"), "error", "text|offset|a1"),
        further("text_8mb", "big", "en", &"word ".repeat(1_600_000), "accept", "").claims(3),
        further(
            "text_regex_bait",
            "rx",
            "en",
            &["1".repeat(50_000), "!,".repeat(50_000), " more than".repeat(5000)].concat(),
            "accept",
            "",
        )
        .claims(3),
        further("text_numbers_bait", "rx", "id", &"1.1.1.1,".repeat(20_000), "accept", "").claims(3),
        further("emoji_only", "em", "und", &"\u{1F468}\u{200d}\u{1F469}\u{200d}\u{1F467}".repeat(1000), "accept", "").claims(3),
        further("rtl_mix", "rl", "ar", "\u{202b}\u{642}\u{62a}\u{644} 12 \u{202a} people \u{202c}\u{202c}\u{661}\u{662}", "accept", ""),
        further("nul", "n", "en", "a\u{0}b 5", "either", ""),
        Case::new("lone_surrogate", JSONL, surrogate, "error", "line 5|surrogate|s").without(ARTICLES),
        further("long_s_turkish", "tr", "tr", "\u{130}stanbul'da 5 ki\u{15f}i \u{17f} \u{1e9e} \u{fb01}", "accept", ""),
        Case::new("lang_missing", ARTICLES, "article_id\na1\na2\na3\na4\n", "either", "lang"),
        Case::new("binary", ARTICLES, noise(5, 20_000), "error", "line 1|UTF-8|binary"),
        Case::new("csv_instead", JSONL, "id,lang,text\na1,en,hello\n", "error", "line 1|JSON").without(ARTICLES),
    ]
}
