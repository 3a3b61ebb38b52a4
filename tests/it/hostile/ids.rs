//! Article ids that are more than names.

use super::{ARTICLES, CLAIMS, Case, articles, base_claims};

const IDS: [(&str, &str); 22] = [
    ("dotdot", "../../../etc/passwd"),
    ("abs", "/etc/passwd"),
    ("win", "..\\..\\windows\\win.ini"),
    ("con", "CON"),
    ("nul_txt", "nul.txt"),
    ("colon", "a:b"),
    ("dot", "."),
    ("dotdot_only", ".."),
    ("slash", "a/b/c"),
    ("long", ""),
    ("newline", "a\nb"),
    ("quote", "a\"b'c"),
    ("space", " "),
    ("emoji", "\u{1F4A9}"),
    ("dash", "--help"),
    ("pct", "%2e%2e%2f"),
    ("esc", "\u{1b}[31mred"),
    ("html", "<b>x</b>"),
    ("bidi", "\u{202e}gpj.exe"),
    ("comma", "a,b;c|d"),
    ("hash", "#frag?query=1"),
    ("nul", "a\u{0}b"),
];

pub fn cases() -> Vec<Case> {
    let long = "i".repeat(5000);
    IDS.iter()
        .map(|&(name, id)| {
            let id = if name == "long" { long.as_str() } else { id };
            let quoted = id.replace('"', "\"\"");
            let claims = format!("{}x1,\"{quoted}\",6,7,5,quantity,5,,,,,,,\n", base_claims());
            let safe = matches!(name, "con" | "nul_txt" | "dash");
            let case = Case::new(name, ARTICLES, articles(&[(id, "en")]), "either", "").with(CLAIMS, claims);
            if safe { case.with(&format!("datasets/t/articles/{id}.txt"), "About 5 people.").claims(4) } else { case }
        })
        .collect()
}
