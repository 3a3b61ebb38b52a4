//! TOML settings read strictly: every value with its place, every unknown key named, all findings at once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::claim::nearest;
use crate::problem::{Column, Problems, Rule};
use crate::report::safe::quoted;

/// A value of the file.
pub type Value<'t> = Spanned<DeValue<'t>>;

/// Parses a file; syntax errors become findings. A byte order mark is skipped.
pub fn parse<'t>(file: &str, text: &'t str, problems: &mut Problems) -> Option<Spanned<DeTable<'t>>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let (line, column) = place(text, error.span().map_or(0, |span| span.start));
        problems.add(file, line, column, Rule::Config, format!("not valid TOML: {}", error.message()));
    }
    errors.is_empty().then_some(root)
}

/// Line and character of a byte offset.
fn place(text: &str, at: usize) -> (u64, Column) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64;
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    let column = before[start..].trim_start_matches('\u{feff}').chars().count() + 1;
    (line, Column::At(u32::try_from(column).unwrap_or(u32::MAX)))
}

/// A table that is being read. It remembers which keys were asked for: those are the known ones.
pub struct Section<'t> {
    /// As a user would name it, such as `[run]`; empty for the top of the file.
    pub name: String,
    /// Byte offset, for findings about the section as a whole.
    pub at: usize,
    table: &'t DeTable<'t>,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    /// The section of a table.
    pub fn new(name: impl Into<String>, table: &'t Spanned<DeTable<'t>>) -> Section<'t> {
        Section { name: name.into(), at: table.span().start, table: table.get_ref(), asked: Vec::new() }
    }

    /// The section of a value; `None` when it is no table.
    pub fn of(name: impl Into<String>, value: &'t Value<'t>) -> Option<Section<'t>> {
        let table = value.get_ref().as_table()?;
        Some(Section { name: name.into(), at: value.span().start, table, asked: Vec::new() })
    }

    /// The value of a key, which is known from now on.
    pub fn get(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v)
    }

    /// Whether a key stands in the file; does not make it known.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(k, _)| k.get_ref() == key)
    }

    /// Every key with its place and value; all are known from now on.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, usize, &'t Value<'t>)> + use<'t> {
        self.table.iter().map(|(k, v)| (k.get_ref().as_ref(), k.span().start, v))
    }

    fn key(&self, key: &str) -> String {
        if self.name.is_empty() { format!("`{key}`") } else { format!("`{key}` of {}", self.name) }
    }
}

/// Reads values of one file and collects what is wrong with them. Every method returns `None` when the key is not there or its
/// value is not valid; the latter is a finding.
pub struct Reader<'p> {
    /// The file's name in findings.
    pub file: &'p str,
    /// Its text.
    pub text: &'p str,
    /// Where findings go.
    pub problems: &'p mut Problems,
}

impl Reader<'_> {
    /// Adds a finding at a byte offset.
    pub fn error(&mut self, at: usize, message: impl Into<String>) {
        let (line, column) = place(self.text, at);
        self.problems.add(self.file, line, column, Rule::Config, message);
    }

    /// Adds a finding that a key is not there.
    pub fn missing(&mut self, section: &Section<'_>, key: &str, example: &str) {
        self.error(section.at, format!("{} is missing; write {example}", section.key(key)));
    }

    fn wrong_type(&mut self, section: &Section<'_>, key: &str, value: &Value<'_>, expected: &str) {
        let article = if value.get_ref().type_str().starts_with(['a', 'i']) { "an" } else { "a" };
        let message = format!("{} is {article} {}; it must be {expected}", section.key(key), value.get_ref().type_str());
        self.error(value.span().start, message);
    }

    /// A string.
    pub fn string(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<String> {
        let value = section.get(key)?;
        match value.get_ref() {
            DeValue::String(s) => Some(s.clone().into_owned()),
            _ => {
                self.wrong_type(section, key, value, "a string");
                None
            }
        }
    }

    /// A string that passes a check; the check's message follows the key's name.
    pub fn checked(
        &mut self,
        section: &mut Section<'_>,
        key: &'static str,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) -> Option<String> {
        let text = self.string(section, key)?;
        match check(&text) {
            Ok(()) => Some(text),
            Err(message) => {
                let at = self.at(section, key);
                self.error(at, format!("{}: {message}", section.key(key)));
                None
            }
        }
    }

    /// Where the value of a key stands.
    pub fn at(&self, section: &Section<'_>, key: &str) -> usize {
        section.table.iter().find(|(k, _)| k.get_ref() == key).map_or(section.at, |(_, v)| v.span().start)
    }

    /// One of the names.
    pub fn choice(&mut self, section: &mut Section<'_>, key: &'static str, names: &[&str]) -> Option<usize> {
        let text = self.string(section, key)?;
        let found = names.iter().position(|n| *n == text);
        if found.is_none() {
            let near = nearest(&text, names.iter().copied()).map(|n| format!("; did you mean \"{n}\"?")).unwrap_or_default();
            let at = self.at(section, key);
            self.error(at, format!("{} is {}; one of {}{near}", section.key(key), quoted(&text, 40), names.join(", ")));
        }
        found
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<bool> {
        let value = section.get(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(section, key, value, "true or false");
        }
        found
    }

    /// A whole number within a range.
    pub fn integer(&mut self, section: &mut Section<'_>, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = section.get(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong_type(section, key, value, "a whole number");
            return None;
        };
        let found = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|n| range.contains(n));
        if found.is_none() {
            let message = format!("{} is {integer}; it must be a whole number from {} to {}", section.key(key), range.start(), range.end());
            self.error(value.span().start, message);
        }
        found
    }

    /// A finite number within a range; a whole number will do.
    pub fn number(&mut self, section: &mut Section<'_>, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let value = section.get(key)?;
        let written = match value.get_ref() {
            DeValue::Integer(i) if i.radix() == 10 => i.as_str(),
            DeValue::Float(f) => f.as_str(),
            _ => {
                self.wrong_type(section, key, value, "a number");
                return None;
            }
        };
        let found = written.parse::<f64>().ok().filter(|n| n.is_finite() && range.contains(n));
        if found.is_none() {
            let limits = match (range.start().is_finite(), range.end().is_finite()) {
                (true, true) => format!("a number from {} to {}", range.start(), range.end()),
                (true, false) => format!("a finite number of at least {}", range.start()),
                _ => "a finite number".to_owned(),
            };
            self.error(value.span().start, format!("{} is {}; it must be {limits}", section.key(key), quoted(written, 40)));
        }
        found
    }

    /// A length of time such as `"60s"`, `"500ms"` or `"2m"`: more than nothing, less than a day.
    pub fn duration(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<Duration> {
        let value = section.get(key)?;
        let expected = "a length of time in quotes such as \"60s\", \"500ms\" or \"2m\"";
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(section, key, value, expected);
            return None;
        };
        let found = parse_duration(text);
        if found.is_none() {
            let message = format!("{} is {}; it must be {expected}, more than 0 and less than 24h", section.key(key), quoted(text, 40));
            self.error(value.span().start, message);
        }
        found
    }

    /// A list of strings.
    pub fn strings(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<Vec<String>> {
        let value = section.get(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(section, key, value, "a list of strings, such as [\"a\", \"b\"]");
            return None;
        };
        let mut out = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::String(s) => out.push(s.clone().into_owned()),
                other => {
                    let message = format!("{} holds a value of type {}; all must be strings", section.key(key), other.type_str());
                    self.error(item.span().start, message);
                    return None;
                }
            }
        }
        Some(out)
    }

    /// A table of strings; `describe` says what it must be.
    pub fn string_map(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<BTreeMap<String, String>> {
        let inner = self.table(section, key)?;
        let mut out = BTreeMap::new();
        for (name, _, value) in inner.entries() {
            match value.get_ref() {
                DeValue::String(s) => {
                    out.insert(name.to_owned(), s.clone().into_owned());
                }
                other => {
                    let message = format!("{} of {} is of type {}; it must be a string", quoted(name, 40), inner.name, other.type_str());
                    self.error(value.span().start, message);
                }
            }
        }
        Some(out)
    }

    /// A table, `[key]`.
    pub fn table<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Option<Section<'t>> {
        let value = section.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => {
                let name = if section.name.is_empty() { format!("[{key}]") } else { format!("`{key}` of {}", section.name) };
                Some(Section { name, at: value.span().start, table, asked: Vec::new() })
            }
            _ => {
                self.wrong_type(section, key, value, &format!("a table, [{key}]"));
                None
            }
        }
    }

    /// A list of tables, `[[key]]`; empty where there is none.
    pub fn tables<'t>(&mut self, section: &mut Section<'t>, key: &'static str) -> Vec<Section<'t>> {
        let Some(value) = section.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(section, key, value, &format!("a list of tables: write [[{key}]]"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    out.push(Section { name: format!("[[{key}]]"), at: item.span().start, table, asked: Vec::new() });
                }
                _ => self.error(item.span().start, format!("`{key}` must be a list of tables: write [[{key}]]")),
            }
        }
        out
    }

    /// The `format` key that every settings file carries: this version reads format 1.
    pub fn format(&mut self, section: &mut Section<'_>) {
        let Some(value) = section.get("format") else {
            self.missing(section, "format", "format = 1");
            return;
        };
        match value.get_ref() {
            DeValue::Integer(i) if i.radix() == 10 && i.as_str() == "1" => {}
            DeValue::Integer(i) if i.radix() == 10 && !i.as_str().starts_with('-') && i.as_str() != "0" => {
                let message = format!("format = {i} is newer than this version of assay, which reads format 1; update assay");
                self.error(value.span().start, message);
            }
            _ => self.error(value.span().start, "`format` must be the whole number 1"),
        }
    }

    /// Reports every key that was never asked for.
    pub fn finish(&mut self, section: &Section<'_>) {
        for (key, at, _) in section.entries().filter(|(key, ..)| !section.asked.contains(key)) {
            let near = nearest(key, section.asked.iter().copied()).map(|n| format!("; did you mean `{n}`?"));
            let near = near.unwrap_or_else(|| format!("; known are {}", section.asked.join(", ")));
            let place = if section.name.is_empty() { String::new() } else { format!(" in {}", section.name) };
            self.error(at, format!("unknown key {}{place}{near}", quoted(key, 60)));
        }
    }
}

/// `60s`, `500ms`, `2m`, `1h`, `1.5s`: more than nothing, less than a day.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (digits, unit) = text.split_at(split);
    let milliseconds = match unit.trim_start() {
        "ms" => 1.0,
        "s" => 1e3,
        "m" | "min" => 60e3,
        "h" => 3600e3,
        _ => return None,
    };
    let seconds = digits.parse::<f64>().ok()? * milliseconds / 1e3;
    (seconds > 0.0 && seconds < 86_400.0).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten().filter(|d| !d.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, milliseconds) in [("60s", 60_000), ("500ms", 500), ("2m", 120_000), ("1.5s", 1500), ("1h", 3_600_000), ("90 s", 90_000)]
        {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "60", "0s", "-1s", "24h", "1e300s", "nan s", "s", "1d", "1..5s", "0.0000000000001ms"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn places_count_characters() {
        let text = "\u{feff}a = 1\né = x\n";
        assert_eq!(place(text, text.find('x').unwrap()), (2, Column::At(5)));
        assert_eq!(place(text, 3), (1, Column::At(1)));
    }
}
