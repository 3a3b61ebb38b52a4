//! News text of each language in articles of one length, made from the paragraphs of the dataset `tenfold`; where that has none,
//! from a text beside this module and the texts of the test cases of the rules.

use std::fs;

use claim_assay::claim::Article;

/// Every language that the rules read.
pub const LANGS: [&str; 14] = ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "nl", "pt", "ru", "tr", "zh"];

/// Characters that an article has at least.
const LENGTH: usize = 3_000;

/// So many articles of a language; the same for the same number.
pub fn articles(lang: &str, count: usize) -> Vec<Article> {
    let paragraphs = paragraphs(lang);
    let article = |number: usize| {
        let (mut text, mut length) = (String::new(), 0);
        for paragraph in paragraphs.iter().cycle().skip(number * 7 % paragraphs.len()) {
            if length >= LENGTH {
                break;
            }
            text.push_str(paragraph);
            text.push_str("\n\n");
            length += paragraph.chars().count() + 2;
        }
        Article {
            id: format!("{lang}-{number}"),
            lang: lang.to_owned(),
            published_at: Some("2025-10-16".to_owned()),
            text: text.into(),
            ..Article::default()
        }
    };
    (0..count).map(article).collect()
}

fn paragraphs(lang: &str) -> Vec<String> {
    let mut rows = csv::Reader::from_path("datasets/tenfold/articles.csv").unwrap();
    let ids = rows.records().map(Result::unwrap).filter(|row| &row[1] == lang).map(|row| row[0].to_owned());
    let texts = ids.map(|id| fs::read_to_string(format!("datasets/tenfold/articles/{id}.txt")).unwrap());
    let found: Vec<String> = texts.flat_map(|text| text.split("\n\n").map(|p| p.trim().to_owned()).collect::<Vec<_>>()).collect();
    if !found.is_empty() {
        return found;
    }
    let mut rows = csv::Reader::from_path(format!("tests/data/rules/{lang}.csv")).unwrap();
    let cases = rows.records().map(|row| row.unwrap()[0].replace(['[', ']'], ""));
    let beside = fs::read_to_string(format!("benches/news/{lang}.txt")).unwrap();
    beside.split("\n\n").map(|p| p.trim().to_owned()).chain(cases).collect()
}
