//! The words that the rules know of a language, compiled from the `[cue]` and `[unit]` tables of its lexicon file.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::claim::lexicon::{self, LANGUAGES, Phrases};
use crate::claim::period::token::{Cut, Signs, UNKNOWN, tokenize};

/// What a word may do near a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// Ends the phrase that a figure counts: prepositions, conjunctions, pronouns, frequent verbs.
    Stop,
    /// The link behind a measure: "of", "de", "の".
    Link,
    /// An article or possessive; never inside a span's edge.
    Article,
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// Before a figure, says by how much something changed: "by", "um", "sebesar".
    By,
    /// May stand between a direction word and its figure.
    Via,
    /// May stand between a figure and the direction word behind it.
    Behind,
    /// Before a figure, makes it a level and no difference: "to", "at", "auf".
    Level,
    /// A verb of saying.
    Say,
    /// Before a source: "according to".
    Cite,
    /// Behind a source: "によると".
    CiteAfter,
    /// The source says that it is not so.
    Deny,
    /// The figure is an estimate.
    Estimate,
    /// The figure is about the future.
    Forecast,
    /// The figure is claimed or reproached.
    Alleged,
    /// Before a place.
    In,
    /// Between such a word and the name: "the town of".
    PlaceNoun,
    /// Behind the name of a place: 省, 市.
    PlaceEnd,
    /// The figure behind it is no claim: "page", "Route", "aged".
    NotBefore,
    /// The figure before it is no claim: "Uhr", "years old".
    NotAfter,
    /// A length of time behind it is told as news: "lasted".
    Lasts,
    /// A superlative.
    Superlative,
    /// Opens the scope of a rank: "since", "in".
    Scope,
    /// An adjective that stands before its noun although most stand behind.
    Before,
    /// Ends a phrase that is a name of a body: "ministry", "office".
    Body,
    /// Half: of a percentage point, or of what a link names.
    Half,
    /// Beside the name of a news agency.
    AgencyNoun,
    /// A full stop behind it ends no sentence.
    Abbreviation,
}

impl Cue {
    const NAMED: [(&'static str, Cue); 29] = [
        ("stop", Cue::Stop),
        ("link", Cue::Link),
        ("article", Cue::Article),
        ("up", Cue::Up),
        ("down", Cue::Down),
        ("by", Cue::By),
        ("via", Cue::Via),
        ("behind", Cue::Behind),
        ("level", Cue::Level),
        ("say", Cue::Say),
        ("cite", Cue::Cite),
        ("cite_after", Cue::CiteAfter),
        ("deny", Cue::Deny),
        ("estimate", Cue::Estimate),
        ("forecast", Cue::Forecast),
        ("alleged", Cue::Alleged),
        ("in", Cue::In),
        ("place_noun", Cue::PlaceNoun),
        ("place_end", Cue::PlaceEnd),
        ("not_before", Cue::NotBefore),
        ("not_after", Cue::NotAfter),
        ("lasts", Cue::Lasts),
        ("superlative", Cue::Superlative),
        ("scope", Cue::Scope),
        ("before", Cue::Before),
        ("body", Cue::Body),
        ("half", Cue::Half),
        ("agency_noun", Cue::AgencyNoun),
        ("abbreviation", Cue::Abbreviation),
    ];
}

/// A set of cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cues(u32);

impl Cues {
    pub(super) fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u32) != 0
    }

    pub(super) fn any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|&cue| self.has(cue))
    }
}

/// What a noun of unit counts, and how its phrase goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    /// Hectares, doses: what is measured may follow.
    Measure,
    /// People and things.
    Count,
    /// Lengths of time.
    Time,
    /// Currencies.
    Money,
}

/// A unit: its English lemma or ISO code.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) lemma: String,
    pub(super) sort: Sort,
}

/// Where the head of a counted noun phrase stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Head {
    /// Behind its modifiers: "Chinese nationals".
    #[default]
    Last,
    /// Before them: "warga negara China".
    First,
    /// Behind them, and with a capital letter.
    Capital,
    /// In a script without spaces.
    Unspaced,
}

/// How counted noun phrases are built.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Noun {
    pub(super) head: Head,
    /// Endings of nouns behind a figure of more than one; the first such word is the head.
    pub(super) plural: Vec<String>,
    /// Endings that look like `plural` and are not.
    pub(super) not_plural: Vec<String>,
    /// Endings of participles: out of the phrase where they have a complement.
    pub(super) participle: Vec<String>,
    /// Endings of words that modify a noun.
    pub(super) modifier: Vec<String>,
    /// Beginnings of verbs.
    pub(super) verb_prefix: Vec<String>,
    /// Endings of verbs and adverbs.
    pub(super) verb: Vec<String>,
    /// What is measured may stand right behind the measure: "400 dosis vaksin".
    pub(super) abut: bool,
    /// An unknown noun's lemma is a word of the pivot language.
    pub(super) pivot: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    cue: Tables,
    unit: BTreeMap<String, BTreeMap<String, Phrases>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tables {
    words: BTreeMap<String, Phrases>,
    noun: Noun,
    /// Names of news agencies and papers, with their usual English form.
    agency: BTreeMap<String, Phrases>,
}

/// What is known of a phrase.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) cues: Cues,
    /// Index into the units.
    pub(super) unit: Option<u16>,
    /// Index into the agencies.
    pub(super) agency: Option<u16>,
}

/// A compiled language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: FxHashMap<String, u32>,
    stems: FxHashMap<String, u32>,
    /// Words and stems of one character.
    signs: Signs,
    /// Lengths of stems in characters, the longest first.
    stem_lengths: Vec<usize>,
    next: FxHashMap<(u32, u32), u32>,
    /// The nodes behind first words, by the id of the word; 0 for none.
    firsts: Vec<u32>,
    entries: Vec<Entry>,
    pub(super) units: Vec<Unit>,
    pub(super) agencies: Vec<String>,
    pub(super) noun: Noun,
    proclitics: &'static [&'static str],
}

/// What is written onto the front of Arabic words, the longest first.
const ARABIC_PROCLITICS: [&str; 9] = ["وبال", "وال", "بال", "فال", "لل", "ال", "و", "ب", "ل"];

impl Lexicon {
    /// The lexicon of a language tag; an empty one where the language is not known.
    pub(super) fn of(tag: &str) -> &'static Lexicon {
        static LOADED: [OnceLock<Lexicon>; LANGUAGES.len() + 1] = [const { OnceLock::new() }; LANGUAGES.len() + 1];
        let language = lexicon::language(tag);
        let index = LANGUAGES.iter().position(|&known| known == language).unwrap_or(LANGUAGES.len());
        // A lexicon is part of the program: a test compiles all of them, so that the fallback is never used.
        LOADED[index].get_or_init(|| lexicon::source(&language).and_then(|file| Lexicon::compile(file, &language).ok()).unwrap_or_default())
    }

    /// Compiles the text of a lexicon file; the error says which table is wrong.
    fn compile(file: &str, language: &str) -> Result<Lexicon, String> {
        let file = toml::from_str::<File>(file).map_err(|e| e.to_string())?;
        let mut this = Lexicon { noun: file.cue.noun, entries: vec![Entry::default()], ..Lexicon::default() };
        for (name, phrases) in &file.cue.words {
            let (_, cue) = Cue::NAMED.iter().find(|(known, _)| known == name).ok_or(format!("unknown cue `{name}`"))?;
            for phrase in phrases.iter() {
                this.entry(&phrase)?.cues.0 |= 1 << *cue as u32;
            }
        }
        for (sort, table) in &file.unit {
            let sort = match sort.as_str() {
                "measure" => Sort::Measure,
                "count" => Sort::Count,
                "time" => Sort::Time,
                "money" => Sort::Money,
                _ => return Err(format!("unknown sort of unit `{sort}`; one of measure, count, time, money")),
            };
            for (lemma, phrases) in table {
                let unit = Some(u16::try_from(this.units.len()).map_err(|e| e.to_string())?);
                this.units.push(Unit { lemma: lemma.clone(), sort });
                for phrase in phrases.iter() {
                    this.entry(&phrase)?.unit = unit;
                }
            }
        }
        for (name, phrases) in &file.cue.agency {
            let agency = Some(u16::try_from(this.agencies.len()).map_err(|e| e.to_string())?);
            this.agencies.push(name.clone());
            for phrase in phrases.iter() {
                this.entry(&phrase)?.agency = agency;
            }
        }
        let mut lengths: Vec<usize> = this.stems.keys().map(|stem| stem.chars().count()).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        this.stem_lengths = lengths;
        this.signs = Signs::of(this.words.iter().chain(&this.stems));
        this.firsts = vec![0; this.words.len() + this.stems.len()];
        for (&(_, word), &node) in this.next.iter().filter(|((node, _), _)| *node == 0) {
            this.firsts[word as usize] = node;
        }
        if language == "ar" {
            this.proclitics = &ARABIC_PROCLITICS;
        }
        Ok(this)
    }

    /// The entry of a phrase; a `*` at its end stands for any ending of its last word.
    fn entry(&mut self, phrase: &str) -> Result<&mut Entry, String> {
        let (text, stem) = phrase.strip_suffix('*').map_or((phrase, false), |text| (text, true));
        let mut parts = Vec::new();
        let tokens = tokenize(text, |folded| {
            parts.push(folded.to_owned());
            0
        });
        if tokens.is_empty() || parts.len() < tokens.len() {
            return Err(format!("`{phrase}` must have words and no digits"));
        }
        let mut node = 0;
        let last = parts.len() - 1;
        for (i, part) in parts.into_iter().enumerate() {
            let fresh = (self.words.len() + self.stems.len()) as u32;
            let table = if stem && i == last { &mut self.stems } else { &mut self.words };
            let word = *table.entry(part).or_insert(fresh);
            let grown = self.entries.len() as u32;
            node = *self.next.entry((node, word)).or_insert(grown);
            if node == grown {
                self.entries.push(Entry::default());
            }
        }
        Ok(&mut self.entries[node as usize])
    }

    /// The ids of the words of a text, [`UNKNOWN`] for all others.
    pub(super) fn ids(&self, cut: &Cut) -> Vec<u32> {
        cut.ids(&self.signs, |folded| self.word(folded))
    }

    fn word(&self, folded: &str) -> u32 {
        self.whole_or_stem(folded)
            .or_else(|| self.proclitics.iter().filter_map(|p| folded.strip_prefix(p)).find_map(|rest| self.whole_or_stem(rest)))
            .unwrap_or(UNKNOWN)
    }

    fn whole_or_stem(&self, folded: &str) -> Option<u32> {
        if let Some(&id) = self.words.get(folded) {
            return Some(id);
        }
        let mut stems = self.stem_lengths.iter().filter_map(|&length| {
            let end = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).nth(length)?;
            self.stems.get(&folded[..end])
        });
        stems.next().copied()
    }

    /// The longest phrase that begins with these words, and of how many it is.
    pub(super) fn longest(&self, ids: &[u32]) -> Option<(Entry, usize)> {
        let (mut node, mut found) = (0, None);
        for (i, &id) in ids.iter().enumerate() {
            let next = if i == 0 { self.firsts.get(id as usize) } else { self.next.get(&(node, id)) };
            let Some(&next) = next.filter(|&&next| next != 0) else { break };
            node = next;
            let entry = self.entries[node as usize];
            if entry.cues != Cues::default() || entry.unit.is_some() || entry.agency.is_some() {
                found = Some((entry, i + 1));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lexicon_compiles_and_knows_the_usual_cues_and_units() {
        for language in LANGUAGES {
            let lexicon = Lexicon::compile(lexicon::source(language).unwrap(), language).unwrap_or_else(|e| panic!("{language}: {e}"));
            for needed in [Cue::Stop, Cue::Up, Cue::Down, Cue::Say, Cue::Deny, Cue::Estimate, Cue::Forecast, Cue::Alleged] {
                assert!(lexicon.entries.iter().any(|e| e.cues.has(needed)), "{language} has no {needed:?}");
            }
            for needed in ["person", "hectare", "tonne", "household", "house", "job", "dose", "USD", "EUR", "day", "kilometre"] {
                assert!(lexicon.units.iter().any(|u| u.lemma == needed), "{language} has no {needed}");
            }
        }
    }

    #[test]
    fn a_broken_file_says_what_is_wrong() {
        for (file, what) in [
            ("[cue.words]\nstpo = \"in\"", "unknown cue `stpo`"),
            ("[unit.weight]\ntonne = \"ton\"", "unknown sort of unit `weight`"),
            ("[cue.words]\nstop = \"in 3\"", "no digits"),
            ("[cue.nouns]\nhead = \"last\"", "nouns"),
        ] {
            let error = Lexicon::compile(file, "en").unwrap_err();
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn an_unknown_language_has_no_words() {
        assert!(Lexicon::of("xx").entries.is_empty());
        assert!(Lexicon::of("xx").longest(&Lexicon::of("xx").ids(&Cut::new("in"))).is_none());
    }
}
