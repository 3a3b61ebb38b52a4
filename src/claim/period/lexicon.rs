//! The words of a language, compiled from the `[period]` tables of its lexicon file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::begins::Begins;
use super::calendar::Unit;
use super::meaning::Meaning;
use super::template::{Class, Piece, expand};
use super::token::{Cut, Signs, Token, UNKNOWN, tokenize};

/// The languages whose periods are read, each with a lexicon file.
pub const LANGUAGES: [&str; 14] = ["ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "nl", "pt", "ru", "tr", "zh"];

macro_rules! compiled {
    ($($lang:literal),*) => {
        /// The lexicon of a primary language subtag.
        pub(super) fn of_language(lang: &str) -> Option<&'static Lexicon> {
            match lang {
                $($lang => {
                    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
                        // The file is part of the program; a test compiles each of them.
                        Lexicon::compile(include_str!(concat!("../lexicon/", $lang, ".toml")))
                            .expect("the lexicon file is valid")
                    });
                    Some(&*LEXICON)
                })*
                _ => None,
            }
        }
    };
}
compiled!("ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "nl", "pt", "ru", "tr", "zh");

/// The order of figures in a date that does not begin with the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    /// Day, month, year.
    Dmy,
    /// Both orders are in use: 13/05/2024 is clear, 05/06/2024 is not.
    Open,
}

/// A literal of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Literal {
    Word(u32),
    Number(u32),
}

/// Word sequences with a value.
pub(super) type Names<V> = FxHashMap<Literal, Vec<(Vec<Literal>, V)>>;

/// Word sequences by their last word.
pub(super) type Cues = FxHashMap<Literal, Vec<Vec<Literal>>>;

/// A node of the tree of templates.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Sorted by literal.
    pub(super) literals: Vec<(Literal, usize)>,
    pub(super) classes: Vec<(Class, usize)>,
    /// The rules whose template ends here, in the order of the file.
    pub(super) ends: Vec<usize>,
}

/// What a template means, and the words that must stand around it.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) meaning: Meaning,
    pub(super) left: Vec<Literal>,
    pub(super) right: Vec<Literal>,
}

/// A compiled language.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: FxHashMap<String, u32>,
    /// Those of one character.
    signs: Signs,
    prefixes: Vec<String>,
    /// What each word can begin, by its id.
    pub(super) begins: Vec<Begins>,
    pub(super) order: Order,
    pub(super) bare_year: bool,
    pub(super) nodes: Vec<Node>,
    pub(super) rules: Vec<Rule>,
    pub(super) months: Names<i8>,
    pub(super) weekdays: Names<i8>,
    pub(super) numbers: Names<i8>,
    pub(super) ordinals: Names<i8>,
    pub(super) day_suffixes: Names<()>,
    pub(super) year_suffixes: Names<()>,
    pub(super) units: Names<Unit>,
    pub(super) duals: Names<Unit>,
    pub(super) counted: Names<()>,
    pub(super) not_before: Names<()>,
    pub(super) year_cues: Cues,
    pub(super) amount_cues: Cues,
    pub(super) base_cues: Cues,
    pub(super) base_cues_after: Names<()>,
    pub(super) base_amount_cues: Cues,
}

/// The file: tables of other readers are left to them.
#[derive(Deserialize)]
struct File {
    period: Written,
}

/// The `[period]` table as written. Every entry is a template; docs/periods.md explains the keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    order: Order,
    #[serde(default = "yes")]
    bare_year: bool,
    month: Vec<String>,
    weekday: Vec<String>,
    number: Vec<String>,
    ordinal: Vec<String>,
    #[serde(default)]
    day_suffix: Vec<String>,
    #[serde(default)]
    year_suffix: Vec<String>,
    #[serde(default)]
    year_cues: Vec<String>,
    #[serde(default)]
    amount_cues: Vec<String>,
    base_cues: Vec<String>,
    #[serde(default)]
    base_cues_after: Vec<String>,
    #[serde(default)]
    base_amount_cues: Vec<String>,
    #[serde(default)]
    counted: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    prefixes: Vec<String>,
    unit: BTreeMap<String, String>,
    #[serde(default)]
    dual: BTreeMap<String, String>,
    read: BTreeMap<String, Vec<String>>,
}

fn yes() -> bool {
    true
}

impl Lexicon {
    /// Compiles the text of a lexicon file; the error says which entry is wrong.
    pub(super) fn compile(file: &str) -> Result<Self, String> {
        let written = toml::from_str::<File>(file).map_err(|e| e.to_string())?.period;
        let mut words = Words::default();
        let names = |words: &mut Words, entries: &[String], from: i8| -> Result<Names<i8>, String> {
            words.names(entries.iter().zip(from..).map(|(entry, value)| (entry.as_str(), value)))
        };
        let flags = |words: &mut Words, entries: &[String]| -> Result<Names<()>, String> {
            words.names(entries.iter().map(|entry| (entry.as_str(), ())))
        };
        let units = |words: &mut Words, table: &BTreeMap<String, String>| -> Result<Names<Unit>, String> {
            let mut entries = Vec::new();
            for (name, entry) in table {
                let unit = Unit::ALL.iter().find(|(known, _)| known == name);
                entries.push((entry.as_str(), unit.ok_or(format!("unknown unit `{name}`"))?.1));
            }
            words.names(entries.into_iter())
        };
        if (written.month.len(), written.weekday.len(), written.ordinal.len()) != (12, 7, 4) {
            return Err("a language has 12 months, 7 weekdays and 4 ordinals".to_owned());
        }
        let mut lexicon = Self {
            order: written.order,
            bare_year: written.bare_year,
            nodes: vec![Node::default()],
            rules: Vec::new(),
            months: names(&mut words, &written.month, 1)?,
            weekdays: names(&mut words, &written.weekday, 0)?,
            numbers: names(&mut words, &written.number, 1)?,
            ordinals: names(&mut words, &written.ordinal, 1)?,
            day_suffixes: flags(&mut words, &written.day_suffix)?,
            year_suffixes: flags(&mut words, &written.year_suffix)?,
            units: units(&mut words, &written.unit)?,
            duals: units(&mut words, &written.dual)?,
            counted: flags(&mut words, &written.counted)?,
            not_before: flags(&mut words, &written.not_before)?,
            year_cues: words.sequences(&written.year_cues)?,
            amount_cues: words.sequences(&written.amount_cues)?,
            base_cues: words.sequences(&written.base_cues)?,
            base_amount_cues: words.sequences(&written.base_amount_cues)?,
            base_cues_after: flags(&mut words, &written.base_cues_after)?,
            prefixes: written.prefixes,
            words: FxHashMap::default(),
            signs: Signs::default(),
            begins: Vec::new(),
        };
        for (name, templates) in &written.read {
            let meaning = Meaning::named(name).ok_or(format!("unknown meaning `{name}`"))?;
            for template in templates {
                for form in expand(template)? {
                    lexicon.add(meaning, &form, &mut words).map_err(|what| format!("`{template}`: {what}"))?;
                }
            }
        }
        for node in &mut lexicon.nodes {
            node.literals.sort_unstable();
        }
        lexicon.begins = lexicon.beginnings(words.ids.len());
        lexicon.signs = Signs::of(words.ids.iter());
        lexicon.words = words.ids;
        Ok(lexicon)
    }

    /// The tokens with the words of this language.
    pub(super) fn tokens(&self, cut: &Cut) -> Vec<Token> {
        cut.named(&self.signs, |folded, original| {
            if let Some(&id) = self.words.get(folded) {
                return (id, 0);
            }
            self.prefixes
                .iter()
                .filter(|prefix| original.starts_with(prefix.as_str()))
                .find_map(|prefix| Some((*self.words.get(folded.strip_prefix(prefix.as_str())?)?, prefix.len())))
                .unwrap_or((UNKNOWN, 0))
        })
    }

    /// Adds one expanded template to the tree.
    fn add(&mut self, meaning: Meaning, form: &[Piece], words: &mut Words) -> Result<(), String> {
        let open = form.iter().position(|piece| *piece == Piece::Open);
        let close = form.iter().position(|piece| *piece == Piece::Close);
        let left = words.literals(&form[..open.unwrap_or(0)])?;
        let right = words.literals(&form[close.map_or(form.len(), |at| at + 1)..])?;
        let core = &form[open.map_or(0, |at| at + 1)..close.unwrap_or(form.len())];
        let mut at = 0;
        for piece in core {
            match piece {
                Piece::Text(_) => {
                    for literal in words.literals(std::slice::from_ref(piece))? {
                        let known = self.nodes[at].literals.iter().find(|(known, _)| *known == literal);
                        at = match known {
                            Some((_, next)) => *next,
                            None => {
                                let next = self.grow();
                                self.nodes[at].literals.push((literal, next));
                                next
                            }
                        };
                    }
                }
                Piece::Class(class) => {
                    let known = self.nodes[at].classes.iter().find(|(known, _)| known == class);
                    at = match known {
                        Some((_, next)) => *next,
                        None => {
                            let next = self.grow();
                            self.nodes[at].classes.push((*class, next));
                            next
                        }
                    };
                }
                Piece::Open | Piece::Close => return Err("more than one `<` or `>`".to_owned()),
            }
        }
        if at == 0 {
            return Err("it can be empty".to_owned());
        }
        self.nodes[at].ends.push(self.rules.len());
        self.rules.push(Rule { meaning, left, right });
        Ok(())
    }

    fn grow(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }
}

/// The interned words of a language.
#[derive(Default)]
struct Words {
    ids: FxHashMap<String, u32>,
}

impl Words {
    /// The literals of a form without classes.
    fn literals(&mut self, form: &[Piece]) -> Result<Vec<Literal>, String> {
        let mut out = Vec::new();
        for piece in form {
            let Piece::Text(text) = piece else {
                return Err("only words can stand here".to_owned());
            };
            let tokens = tokenize(text, |folded| {
                let next = self.ids.len() as u32;
                *self.ids.entry(folded.to_owned()).or_insert(next)
            });
            out.extend(tokens.iter().map(|t| t.number.map_or(Literal::Word(t.id), |(n, _)| Literal::Number(n))));
        }
        Ok(out)
    }

    fn sequences(&mut self, entries: &[String]) -> Result<Cues, String> {
        let mut out = Cues::default();
        for entry in entries {
            for form in expand(entry)? {
                let literals = self.literals(&form)?;
                let last = *literals.last().ok_or(format!("`{entry}` can be empty"))?;
                out.entry(last).or_default().push(literals);
            }
        }
        Ok(out)
    }

    fn names<'a, V: Copy>(&mut self, entries: impl Iterator<Item = (&'a str, V)>) -> Result<Names<V>, String> {
        let mut out = Names::default();
        for (entry, value) in entries {
            for form in expand(entry)? {
                let literals = self.literals(&form)?;
                let first = *literals.first().ok_or(format!("`{entry}` can be empty"))?;
                out.entry(first).or_default().push((literals, value));
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lexicon_compiles() {
        for lang in LANGUAGES {
            let lexicon = of_language(lang).unwrap_or_else(|| panic!("{lang} has no lexicon"));
            assert!(lexicon.rules.len() > 30, "{lang} reads only {} forms", lexicon.rules.len());
        }
    }

    #[test]
    fn a_broken_file_says_what_is_wrong() {
        let whole = include_str!("../lexicon/en.toml");
        for (from, to, what) in [
            ("[period.read]", "[period.read]\nnonsense = [\"x\"]", "unknown meaning `nonsense`"),
            ("[period.unit]", "[period.unit]\nfortnight = \"fortnight\"", "unknown unit `fortnight`"),
            ("[period]", "[period]\ncolour = \"red\"", "colour"),
        ] {
            let error = Lexicon::compile(&whole.replacen(from, to, 1)).expect_err(what);
            assert!(error.contains(what), "{error}");
        }
    }
}
