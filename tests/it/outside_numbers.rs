//! Figures against test suites of other projects, where the folder of reference data is at hand (`ASSAY_REFERENCE`).
//!
//! The denominator is every case that holds a digit; what cannot be read is a miss. `tests/data/outside_numbers.csv`
//! keeps the counts: a case less than there fails, and so does a count below `needed`. After an improvement run with
//! `ASSAY_BLESS=1` to write the table; `ASSAY_SHOW=<language or suite>` prints the misses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use claim_assay::claim::number::{Bound, Figure, Form, find_figures};
use rust_decimal::Decimal;
use serde_json::Value;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/outside_numbers.csv");

/// The folders of the three projects.
const SUITES: [&str; 3] = ["duckling_id", "quantulum3_tests", "recognizers_text"];

/// Folders of the suite and the language to read them by.
const RECOGNIZERS: [(&str, &str); 13] = [
    ("English", "en"),
    ("Spanish", "es"),
    ("SpanishMexican", "es-MX"),
    ("French", "fr"),
    ("German", "de"),
    ("Portuguese", "pt"),
    ("Italian", "it"),
    ("Dutch", "nl"),
    ("Turkish", "tr"),
    ("Arabic", "ar"),
    ("Hindi", "hi"),
    ("Chinese", "zh"),
    ("Japanese", "ja"),
];

/// The suite that the floor of a language holds for: the sum over all `MODELS`.
const ALL: &str = "recognizers all models";

/// The files that are read, with their folders.
const MODELS: [(&str, &str); 8] = [
    ("Number", "NumberModel"),
    ("Number", "NumberRangeModel"),
    ("Number", "PercentModel"),
    ("Number", "OrdinalModel"),
    ("NumberWithUnit", "AgeModel"),
    ("NumberWithUnit", "CurrencyModel"),
    ("NumberWithUnit", "DimensionModel"),
    ("NumberWithUnit", "TemperatureModel"),
];

/// Right and all cases by (suite, language).
type Counts = BTreeMap<(String, String), (usize, usize)>;

struct Tally {
    counts: Counts,
    show: Option<String>,
}

impl Tally {
    fn add(&mut self, suite: &str, lang: &str, right: bool, case: impl FnOnce() -> String) {
        let count = self.counts.entry((suite.to_owned(), lang.to_owned())).or_default();
        count.0 += usize::from(right);
        count.1 += 1;
        if !right && suite != ALL && self.show.as_deref().is_some_and(|show| show == lang || show == suite) {
            println!("MISS {suite} {lang}: {}", case());
        }
    }
}

/// The folder of the suites: the named one, or `data` in it. A variable that names neither is an error, not a skip.
fn reference() -> Option<PathBuf> {
    let named = PathBuf::from(std::env::var_os("ASSAY_REFERENCE")?);
    let found = [named.clone(), named.join("data")].into_iter().find(|folder| SUITES.iter().all(|suite| folder.join(suite).is_dir()));
    Some(found.unwrap_or_else(|| panic!("ASSAY_REFERENCE is {}: neither it nor its folder `data` holds {SUITES:?}", named.display())))
}

fn json(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Doubles of 15 digits, with the decimal comma of some cultures.
fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim().trim_end_matches('%').replace(',', ".");
    if text.contains(['e', 'E']) { Decimal::from_scientific(&text).ok() } else { text.parse().ok() }
}

fn close(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() <= b.abs().checked_mul(Decimal::new(1, 12)).unwrap_or_default()
}

/// A value with its place in code points (end exclusive).
#[derive(Debug, Clone, Copy)]
struct Read {
    value: Decimal,
    from: usize,
    to: usize,
    /// An extra reading that the suite has no opinion about.
    may_stay: bool,
    /// The lower end of a range: the suite leaves the scale word of the upper end off it.
    lower: bool,
}

fn place(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

fn reads(text: &str, figure: &Figure) -> Vec<Read> {
    let (from, to) = (place(text, figure.expression.start), place(text, figure.expression.end));
    let of = |value, lower| Read { value, from, to, may_stay: figure.form == Form::Factor || letters_touch(text, figure), lower };
    std::iter::once(of(figure.value, figure.value_max.is_some())).chain(figure.value_max.map(|max| of(max, false))).collect()
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit() || other_digit(c))
}

/// Digits of the scripts that the suites use besides ASCII.
fn other_digit(c: char) -> bool {
    matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}' | '\u{ff10}'..='\u{ff19}')
}

fn overlaps(read: &Read, expected: &Value) -> bool {
    let at = |key: &str| expected[key].as_u64().map(|n| n as usize);
    match (at("Start"), at("End")) {
        (Some(start), Some(end)) => read.from <= end && start < read.to,
        _ => true,
    }
}

fn fits(read: &Read, value: Decimal) -> bool {
    let scales = [1_000_i64, 1_000_000, 1_000_000_000, 1_000_000_000_000];
    close(read.value, value) || read.lower && scales.iter().any(|&by| close(read.value, value * Decimal::from(by)))
}

/// Every expected value in order at its place, and nothing else; factors that the suite knows nothing of may stay.
fn same(mut got: Vec<Read>, results: &[Value]) -> bool {
    for expected in results {
        let Some(value) = expected["Resolution"]["value"].as_str().and_then(decimal) else {
            return false;
        };
        let Some(at) = got.iter().position(|read| overlaps(read, expected) && fits(read, value)) else {
            return false;
        };
        got.remove(at);
    }
    got.iter().all(|read| read.may_stay)
}

/// Digits with letters written onto them (`1M`, `5mm`, 1ドル) are numbers of the suite in some cases and none in others.
fn letters_touch(text: &str, figure: &Figure) -> bool {
    let letter = |c: char| c.is_alphabetic() && ((c as u32) < 0x2e80 || ('ァ'..='ヺ').contains(&c));
    let digits = |part: &str| part.ends_with(|c: char| c.is_ascii_digit() || other_digit(c));
    let span = &text[figure.span.clone()];
    let bare = span.trim_end_matches(letter);
    digits(span) && text[figure.span.end..].starts_with(letter) || bare.len() < span.len() && digits(bare)
}

fn number_case(text: &str, lang: &str, results: &[Value]) -> bool {
    // In Japanese the suite's numbers leave out percent.
    let percent = |f: &Figure| lang == "ja" && matches!(f.form, Form::Percent);
    let counted = |f: &&Figure| f.form != Form::Ordinal && !percent(f);
    same(find_figures(text, lang).iter().filter(counted).flat_map(|f| reads(text, f)).collect(), results)
}

/// The suite counts percentage points as percent, in Japanese also fractions of a hundred; of a discount (割引) it gives what
/// is left in some cases and the discount in others.
fn percent_case(text: &str, lang: &str, results: &[Value]) -> bool {
    let (mut got, mut left) = (Vec::new(), Vec::new());
    for figure in find_figures(text, lang) {
        let hundredths = lang == "ja" && figure.form == Form::Fraction && text[figure.span.clone()].ends_with("/100");
        if !hundredths && !matches!(figure.form, Form::Percent | Form::Points) {
            continue;
        }
        let discount = text[figure.span.end..].starts_with('引');
        for mut read in reads(text, &figure) {
            if hundredths {
                read.value *= Decimal::ONE_HUNDRED;
            }
            got.push(read);
            left.push(Read { value: if discount { Decimal::ONE_HUNDRED - read.value } else { read.value }, ..read });
        }
    }
    same(got, results) || same(left, results)
}

fn ordinal_case(text: &str, lang: &str, results: &[Value]) -> bool {
    let counted = |f: &&Figure| f.form == Form::Ordinal;
    same(find_figures(text, lang).iter().filter(counted).flat_map(|f| reads(text, f)).collect(), results)
}

/// Every amount has its value and its currency at its place, and no other figure stands there but the lower
/// end of a range, of which the suite may know the upper one only. Units without a number, which
/// the suite lists too, are not asked for, and figures elsewhere in the text are no amounts.
fn unit_case(text: &str, lang: &str, results: &[Value]) -> bool {
    let mut got: Vec<(Read, &str)> = Vec::new();
    let figures = find_figures(text, lang);
    for figure in &figures {
        let currency = figure.currency.as_ref().map_or("", |(_, code)| *code);
        got.extend(reads(text, figure).into_iter().map(|read| (read, currency)));
    }
    let amounts: Vec<&Value> = results.iter().filter(|expected| !expected["Resolution"]["value"].is_null()).collect();
    let all = amounts.iter().all(|expected| {
        let Some(value) = expected["Resolution"]["value"].as_str().and_then(decimal) else {
            return false;
        };
        let wanted = expected["Resolution"]["isoCurrency"].as_str();
        let same_money = |code: &str| code.is_empty() || wanted.is_none_or(|wanted| wanted == code);
        let found = got.iter().position(|(read, code)| overlaps(read, expected) && close(read.value, value) && same_money(code));
        found.map(|at| got.remove(at)).is_some()
    });
    all && !got.iter().any(|(read, _)| {
        !read.may_stay && !read.lower && amounts.iter().any(|expected| expected["Start"].is_u64() && overlaps(read, expected))
    })
}

/// An interval as the suite writes it: `[20,30)`, `(100,)`. Ends of two-sided ones are compared without their brackets:
/// ours are ranges as written, theirs are half-open by convention.
#[derive(Debug, PartialEq)]
enum Interval {
    Both(Decimal, Decimal),
    From(Decimal, bool),
    To(Decimal, bool),
}

fn interval(text: &str) -> Option<Interval> {
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    // With decimal commas in it the middle comma is the one that splits.
    let commas: Vec<usize> = inner.match_indices(',').map(|(at, _)| at).collect();
    let (low, high) = inner.split_at(*commas.get(commas.len() / 2)?);
    let high = &high[1..];
    match (decimal(low), decimal(high)) {
        (Some(a), Some(b)) => Some(Interval::Both(a, b)),
        (Some(a), None) => Some(Interval::From(a, text.starts_with('['))),
        (None, Some(b)) => Some(Interval::To(b, text.ends_with(']'))),
        (None, None) => None,
    }
}

fn equal(a: &Interval, b: &Interval) -> bool {
    match (a, b) {
        (Interval::Both(a, b), Interval::Both(c, d)) => close(*a, *c) && close(*b, *d),
        (Interval::From(a, x), Interval::From(b, y)) | (Interval::To(a, x), Interval::To(b, y)) => close(*a, *b) && x == y,
        _ => false,
    }
}

/// Ranges and bounded figures as intervals; a lower and an upper bound side by side are one interval.
fn intervals(text: &str, lang: &str) -> Vec<(Interval, usize, usize)> {
    let mut all: Vec<(Interval, usize, usize)> = Vec::new();
    for figure in find_figures(text, lang) {
        let (start, end) = (figure.expression.start, figure.expression.end);
        let v = figure.value;
        let next = match (figure.bound, figure.value_max) {
            (_, Some(max)) => Interval::Both(v, max),
            (Some(Bound::Exactly), _) => Interval::Both(v, v),
            (Some(Bound::MoreThan), _) => Interval::From(v, false),
            (Some(Bound::AtLeast), _) => Interval::From(v, true),
            (Some(Bound::LessThan), _) => Interval::To(v, false),
            (Some(Bound::AtMost), _) => Interval::To(v, true),
            _ => continue,
        };
        if let Some((last, _, last_end)) = all.last_mut()
            && joined(&text[(*last_end).min(start)..start])
        {
            let both = match (&*last, &next) {
                (Interval::From(a, _), Interval::To(b, _)) | (Interval::To(b, _), Interval::From(a, _)) if a < b => {
                    Some(Interval::Both(*a, *b))
                }
                _ => None,
            };
            if let Some(both) = both {
                (*last, *last_end) = (both, end);
                continue;
            }
        }
        all.push((next, start, end));
    }
    all
}

/// A gap of a conjunction at most, without a full stop.
fn joined(gap: &str) -> bool {
    let variable = gap.ends_with(|c: char| c.is_alphabetic() && (c as u32) < 0x2e80 && c != 'و')
        || !gap.is_ascii() && gap.contains(|c: char| c.is_ascii_alphabetic());
    gap.chars().count() <= 9 && !gap.contains(['.', '。', ';']) && !variable
}

fn range_case(text: &str, lang: &str, results: &[Value]) -> bool {
    let mut got = intervals(text, lang);
    for expected in results {
        let Some(wanted) = expected["Resolution"]["value"].as_str().and_then(interval) else {
            return false;
        };
        let at = got.iter().position(|(interval, start, end)| {
            let read = Read { value: Decimal::ZERO, from: place(text, *start), to: place(text, *end), may_stay: false, lower: false };
            equal(interval, &wanted) && overlaps(&read, expected)
        });
        let Some(at) = at else { return false };
        got.remove(at);
    }
    got.is_empty()
}

fn recognizers(root: &Path, tally: &mut Tally) {
    for (folder, lang) in RECOGNIZERS {
        for (part, model) in MODELS {
            let path = root.join(format!("recognizers_text/Specs/{part}/{folder}/{model}.json"));
            if !path.exists() {
                continue;
            }
            for case in json(&path) {
                let text = case["Input"].as_str().unwrap_or_default();
                let results = case["Results"].as_array().cloned().unwrap_or_default();
                if !has_digit(text) {
                    continue;
                }
                let right = match model {
                    "NumberModel" => number_case(text, lang, &results),
                    "NumberRangeModel" => range_case(text, lang, &results),
                    "PercentModel" => percent_case(text, lang, &results),
                    "OrdinalModel" => ordinal_case(text, lang, &results),
                    _ => unit_case(text, lang, &results),
                };
                let case = || {
                    let expected: Vec<String> = results.iter().map(|r| format!("{}={}", r["Text"], r["Resolution"]["value"])).collect();
                    let got: Vec<String> = find_figures(text, lang).iter().map(show).collect();
                    format!("{text}\n     expected {}\n     got      {}", expected.join(" "), got.join(" "))
                };
                tally.add(&format!("recognizers {model}"), lang, right, case);
                tally.add(ALL, lang, right, String::new);
            }
        }
    }
}

fn show(figure: &Figure) -> String {
    let max = figure.value_max.map(|v| format!("..{v}")).unwrap_or_default();
    format!(
        "{}{max}[{}]{}@{:?}",
        figure.value,
        figure.bound.map_or("", Bound::name),
        format!("{:?}", figure.form).to_lowercase(),
        figure.span
    )
}

/// The suite gives the middle of a range, and 1 for a dozen.
fn quantulum(root: &Path, tally: &mut Tally) {
    for file in ["quantities", "quantities.ambiguity"] {
        let path = root.join(format!("quantulum3_tests/quantulum3/_lang/en_US/tests/{file}.json"));
        for case in json(&path) {
            let text = case["req"].as_str().unwrap_or_default();
            if !has_digit(text) {
                continue;
            }
            let figures = find_figures(text, "en");
            let mut got: Vec<Decimal> = figures.iter().map(|f| f.value_max.map_or(f.value, |max| (f.value + max) / Decimal::TWO)).collect();
            let results = case["res"].as_array().cloned().unwrap_or_default();
            let right = results.iter().all(|expected| {
                let dozen = expected["unit"] == "dozen";
                let Some(value) = decimal(&expected["value"].to_string()) else {
                    return false;
                };
                let value = if dozen { value * Decimal::from(12) } else { value };
                got.iter().position(|&v| close(v, value)).map(|at| got.remove(at)).is_some()
            });
            tally.add(&format!("quantulum3 {file}"), "en", right, || {
                let expected: Vec<String> = results.iter().map(|r| format!("{}={}", r["surface"], r["value"])).collect();
                format!(
                    "{text}\n     expected {}\n     got      {}",
                    expected.join(" "),
                    figures.iter().map(show).collect::<Vec<_>>().join(" ")
                )
            });
        }
    }
}

/// Numbers of a sentence and of the same sentence with its numbers written out.
fn quantulum_expand(root: &Path, tally: &mut Tally) {
    let path = root.join("quantulum3_tests/quantulum3/_lang/en_US/tests/expand.json");
    for case in json(&path) {
        let (text, written) = (case["req"].as_str().unwrap_or_default(), case["res"].as_str().unwrap_or_default());
        if !has_digit(text) {
            continue;
        }
        let values = |text: &str| find_figures(text, "en").iter().map(|f| f.value).collect::<Vec<_>>();
        let right = values(text) == values(written);
        tally.add("quantulum3 expand", "en", right, || format!("{text} {:?}\n     {written} {:?}", values(text), values(written)));
    }
}

fn duckling(root: &Path, tally: &mut Tally) {
    for file in ["numeral_id", "money_id"] {
        let text = std::fs::read_to_string(root.join(format!("duckling_id/{file}.jsonl"))).unwrap();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let case: Value = serde_json::from_str(line).unwrap();
            let text = case["text"].as_str().unwrap_or_default();
            if !has_digit(text) {
                continue;
            }
            let figures = find_figures(text, "id");
            let right =
                decimal(&case["value"].to_string()).is_some_and(|value| figures.len() == 1 && figures[0].value == value.normalize());
            tally
                .add(&format!("duckling {file}"), "id", right, || format!("{line} got {:?}", figures.iter().map(show).collect::<Vec<_>>()));
        }
    }
}

/// The least share of right cases, in percent.
fn floor(suite: &str) -> usize {
    match suite {
        "duckling numeral_id" | "quantulum3 quantities" => 95,
        ALL => 90,
        _ => 0,
    }
}

#[test]
fn suites_of_other_projects_are_read() {
    let Some(root) = reference() else {
        println!("NOT RUN figures against other projects' suites: ASSAY_REFERENCE is not set");
        return;
    };
    let mut tally = Tally { counts: Counts::new(), show: std::env::var("ASSAY_SHOW").ok() };
    recognizers(&root, &mut tally);
    quantulum(&root, &mut tally);
    quantulum_expand(&root, &mut tally);
    duckling(&root, &mut tally);
    let rows: Vec<[String; 5]> = tally
        .counts
        .iter()
        .map(|((suite, lang), (right, all))| {
            let needed = (all * floor(suite)).div_ceil(100);
            [suite.clone(), lang.clone(), all.to_string(), right.to_string(), needed.to_string()]
        })
        .collect();
    let mut table = String::from("suite,language,cases,right,needed\n");
    rows.iter().for_each(|row| table.push_str(&format!("{}\n", row.join(","))));
    if std::env::var_os("ASSAY_BLESS").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    for row in rows.iter().filter(|row| row[4] != "0") {
        let low = row[3].parse::<usize>().unwrap() < row[4].parse::<usize>().unwrap();
        println!("{:<24} {} {}/{} needed {}{}", row[0], row[1], row[3], row[2], row[4], if low { "  LOW" } else { "" });
    }
    let committed = std::fs::read_to_string(TABLE).unwrap_or_default();
    assert_eq!(table, committed, "the counts have changed");
    let low: Vec<_> = rows.iter().filter(|row| row[3].parse::<usize>().unwrap() < row[4].parse::<usize>().unwrap()).collect();
    assert!(low.is_empty(), "below the floor: {low:?}");
}
