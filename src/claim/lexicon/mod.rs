//! Words of each language as data: a TOML file a language, beside this module.
//!
//! A file has tables of its own for each reader (`[separators]` and `[number]` for figures); a reader takes its
//! tables and leaves the others. [`source`] gives the text of a file, `Locale::of` what figures need of it.

mod numbers;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

pub(crate) use numbers::{Numbers, Phrases};

/// The languages that have a lexicon, by their ISO 639-1 code.
pub const LANGUAGES: [&str; 14] = ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "nl", "pt", "ru", "tr", "zh"];

const SOURCES: [&str; 14] = [
    include_str!("ar.toml"),
    include_str!("de.toml"),
    include_str!("en.toml"),
    include_str!("es.toml"),
    include_str!("fr.toml"),
    include_str!("hi.toml"),
    include_str!("id.toml"),
    include_str!("it.toml"),
    include_str!("ja.toml"),
    include_str!("nl.toml"),
    include_str!("pt.toml"),
    include_str!("ru.toml"),
    include_str!("tr.toml"),
    include_str!("zh.toml"),
];

/// What every language shares: signs, currency codes.
const COMMON: &str = include_str!("common.toml");

/// The lexicon file of a language (a BCP-47 tag; only its first subtag counts), for readers of other tables.
pub fn source(tag: &str) -> Option<&'static str> {
    index(&language(tag)).map(|i| SOURCES[i])
}

/// The first subtag in lower case; the older names of Indonesian and Malay (which counts alike) go to `id`.
pub fn language(tag: &str) -> String {
    let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match first.as_str() {
        "in" | "ms" | "ind" | "msa" => "id".to_owned(),
        "yue" | "cmn" | "wuu" => "zh".to_owned(),
        _ => first,
    }
}

fn index(language: &str) -> Option<usize> {
    LANGUAGES.iter().position(|&known| known == language)
}

/// Which sign groups digits and which begins decimals.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Separators {
    /// Signs between groups of three digits, of `.` and `,`. Spaces and apostrophes group everywhere.
    #[serde(default)]
    pub group: String,
    /// Signs before decimals.
    #[serde(default)]
    pub decimal: String,
    /// A sign that may be either before exactly three digits.
    #[serde(default)]
    pub undecided: Option<char>,
    /// Whether a plain space may group (`40 000`).
    #[serde(default)]
    pub spaces: bool,
    /// Other habits, by region subtag.
    #[serde(default)]
    regions: BTreeMap<String, Separators>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    separators: Separators,
    #[serde(default)]
    number: Numbers,
}

/// A language at a place: its number words and its separators.
pub(crate) struct Locale {
    pub separators: Separators,
    pub numbers: &'static super::number::Matcher,
}

impl Locale {
    /// The locale of a BCP-47 tag: `id`, `de-CH`, `es_MX`. An unknown language has digits and signs, and no separators.
    pub fn of(tag: &str) -> Locale {
        let language = language(tag);
        let (file, numbers) = entry(index(&language));
        let region =
            tag.split(['-', '_']).skip(1).find(|part| part.len() == 2 || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())));
        let separators = region.and_then(|r| file.separators.regions.get(&r.to_ascii_uppercase())).unwrap_or(&file.separators);
        Locale { separators: separators.clone(), numbers }
    }
}

type Entry = (File, super::number::Matcher);

fn entry(index: Option<usize>) -> &'static Entry {
    static LOADED: [OnceLock<Entry>; LANGUAGES.len() + 1] = [const { OnceLock::new() }; LANGUAGES.len() + 1];
    let slot = index.unwrap_or(LANGUAGES.len());
    LOADED[slot].get_or_init(|| {
        // A lexicon is part of the program: a test parses all of them, so that the fallback is never used.
        let file = load(index).unwrap_or_else(|_| File { separators: Separators::default(), number: Numbers::default() });
        let matcher = super::number::Matcher::new(&file.number, index.map(|i| LANGUAGES[i]) == Some("tr"));
        (file, matcher)
    })
}

fn load(index: Option<usize>) -> Result<File, toml::de::Error> {
    let common: File = toml::from_str(COMMON)?;
    let Some(index) = index else {
        return Ok(common);
    };
    let mut file: File = toml::from_str(SOURCES[index])?;
    file.number.extend(common.number);
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lexicon_parses() {
        for (i, language) in LANGUAGES.iter().enumerate() {
            let loaded = load(Some(i)).map(|file| file.number.faults());
            assert_eq!(loaded, Ok(Vec::new()), "{language}");
        }
        assert!(load(None).is_ok());
    }

    #[test]
    fn regions_change_separators() {
        assert_eq!(Locale::of("es").separators.decimal, ",");
        assert_eq!(Locale::of("es-MX").separators.decimal, ".");
        assert_eq!(Locale::of("de-Latn-CH").separators.decimal, ".");
        assert_eq!(Locale::of("xx").separators.decimal, "");
    }
}
