//! A whole file: its lines, and what only shows when they are seen together.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::parse::{CLAIM_KEYS, Fault, Faults, parse_into, parse_line};
use super::record::Record;
use crate::claim::{Schema, nearest};
use crate::problem::{Column, FirstProblems, Problems, Rule};
use crate::report::safe::quoted;

/// Longest line, in bytes.
pub const LONGEST_LINE: usize = 16 << 20;

/// Characters of a value that a message shows.
pub(crate) const SHOWN: usize = 80;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A missing field key is *not annotated*, `null` is *absent*; quotes must agree with a text that is given.
    Gold,
    /// Missing and `null` are both absent; error records are allowed.
    Predictions,
}

/// A file without errors.
#[derive(Debug)]
pub struct Read<'a> {
    /// In the order of the file; ids are unique.
    pub records: Vec<Record<'a>>,
    /// What is odd, in words, with file and line.
    pub warnings: Vec<String>,
}

/// Reads the bytes of a file. `file` is its name in messages.
///
/// A file of blank lines has no records and no errors; whether that is enough is for the caller to say.
///
/// # Errors
/// All problems at once.
pub fn read<'a>(bytes: &'a [u8], reading: Reading, file: &str) -> Result<Read<'a>, Problems> {
    if let Some(message) = other_format(bytes) {
        let mut problems = Problems::new();
        problems.add(file, 1, "", Rule::Table, message);
        return Err(problems);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = Reader { file, reading, records: Vec::new(), problems: FirstProblems::of(file), odd_keys: BTreeMap::new() };
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            for (i, line) in lines(text.as_bytes()).enumerate() {
                // The cuts are at line feeds, which are never inside of a code point.
                let line = text.get(line.0..line.1).unwrap_or_default();
                reader.line(i as u64 + 1, line);
                if reader.hopeless(line) {
                    break;
                }
            }
        }
        Err(_) => {
            for (i, (start, end)) in lines(bytes).enumerate() {
                let number = i as u64 + 1;
                match std::str::from_utf8(&bytes[start..end]) {
                    Ok(line) => reader.line(number, line),
                    Err(error) => {
                        let column = String::from_utf8_lossy(&bytes[start..start + error.valid_up_to()]).chars().count() as u32 + 1;
                        let byte = bytes.get(start + error.valid_up_to()).copied().unwrap_or_default();
                        let message = format!("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8");
                        reader.problem(number, Column::At(column), message);
                    }
                }
            }
        }
    }
    reader.finish()
}

/// Reads a good line into a record; `false` for any other one. Unknown keys are counted.
pub(crate) fn read_good_line<'a>(line: &'a str, number: u64, reading: Reading, record: &mut Record<'a>, odd_keys: &mut OddKeys) -> bool {
    let mut faults = Faults::default();
    if line.len() > LONGEST_LINE || !parse_into(line, reading, record, &mut faults) {
        return false;
    }
    record.line = number;
    if reading == Reading::Gold {
        super::gold::check(record, &mut faults);
    }
    for key in faults.odd_keys {
        let (first, count) = odd_keys.entry(key).or_insert((number, 0));
        (*first, *count) = (number.min(*first), *count + 1);
    }
    faults.wrong.is_empty()
}

/// Names the format of a file that only claims to be JSONL.
pub(super) fn other_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("this is UTF-16; save the file as UTF-8"),
        [0x1f, 0x8b, ..] => Some("this is gzip, not UTF-8 text; unpack the file first"),
        [b'P', b'A', b'R', b'1', ..] => Some("this is Parquet; name the file .parquet"),
        _ => None,
    }
}

/// Start and end of each line, without its line feed.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    memchr::memchr_iter(b'\n', bytes).chain((!bytes.ends_with(b"\n")).then_some(bytes.len())).map(move |end| {
        let line = (start, end);
        start = end + 1;
        line
    })
}

struct Reader<'a, 'f> {
    file: &'f str,
    reading: Reading,
    records: Vec<Record<'a>>,
    problems: FirstProblems<'f>,
    odd_keys: OddKeys,
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self, number: u64, line: &'a str) {
        if line.bytes().all(|b| b.is_ascii_whitespace()) {
            return;
        }
        let mut faults = Faults::default();
        if line.len() > LONGEST_LINE {
            let message = format!("the line is {} bytes long, over the limit of {LONGEST_LINE}; write one article a line", line.len());
            faults.wrong.push(Fault { message, ..Fault::default() });
        } else if let Some(mut record) = parse_line(line, self.reading, &mut faults) {
            record.line = number;
            if self.reading == Reading::Gold {
                super::gold::check(&mut record, &mut faults);
            }
            if faults.wrong.is_empty() {
                self.records.push(record);
            } else {
                faults.id = Some(record.id);
            }
        }
        for key in faults.odd_keys {
            self.odd_keys.entry(key).or_insert((number, 0)).1 += 1;
        }
        for fault in faults.wrong {
            let column = match (fault.byte, place_of(&fault)) {
                (Some(byte), _) => Column::At(line.char_indices().take_while(|(at, _)| *at < byte).count() as u32 + 1),
                (None, place) => Column::from(&*place),
            };
            let message = match &faults.id {
                Some(id) => format!("article {}: {}", quoted(id, SHOWN), fault.message),
                None => fault.message,
            };
            self.problem(number, column, message);
        }
    }

    fn problem(&mut self, line: u64, column: impl Into<Column>, message: String) {
        self.problems.add(line, column, Rule::Table, || message);
    }

    /// Whether the file is no JSONL at all, so that each further line would only repeat the complaint.
    fn hopeless(&self, line: &str) -> bool {
        self.records.is_empty() && self.problems.count() == 1 && matches!(line.trim_ascii(), "{" | "[")
    }

    fn finish(mut self) -> Result<Read<'a>, Problems> {
        let mut first_lines: FxHashMap<&str, u64> = FxHashMap::default();
        first_lines.reserve(self.records.len());
        let mut doubled = Vec::new();
        for record in &self.records {
            if let Some(first) = first_lines.insert(&record.id, record.line) {
                let id = quoted(&record.id, SHOWN);
                doubled
                    .push((record.line, format!("duplicate article {id}; line {first} has it already, and only one of them can be meant")));
            }
        }
        for (line, message) in doubled {
            self.problem(line, "id", message);
        }
        self.problems.finish()?;
        let warnings = odd_key_warnings(self.file, &self.odd_keys);
        Ok(Read { records: self.records, warnings })
    }
}

/// `claims[2].start`, as far as a fault knows.
fn place_of(fault: &Fault) -> String {
    match (fault.claim, &fault.key) {
        (Some(claim), Some(key)) => format!("claims[{claim}].{key}"),
        (Some(claim), None) => format!("claims[{claim}]"),
        (None, Some(key)) => key.clone(),
        (None, None) => String::new(),
    }
}

/// At most this many unknown keys are warned of one by one.
const ODD_KEYS_SHOWN: usize = 20;

/// Unknown key of a claim to the line where it came first and how often it came.
pub(crate) type OddKeys = BTreeMap<String, (u64, u64)>;

/// What is said of unknown keys.
pub(crate) fn odd_key_warnings(file: &str, odd_keys: &OddKeys) -> Vec<String> {
    let mut warnings: Vec<String> = odd_keys
        .iter()
        .take(ODD_KEYS_SHOWN)
        .map(|(key, (line, count))| {
            let claims = if *count == 1 { "1 claim".to_owned() } else { format!("{count} claims") };
            format!("{file}:{line}: unknown key {} in {claims}, ignored{}", quoted(key, SHOWN), meant_key(key))
        })
        .collect();
    if odd_keys.len() > ODD_KEYS_SHOWN {
        warnings.push(format!("{file}: {} more unknown keys in claims, ignored", odd_keys.len() - ODD_KEYS_SHOWN));
    }
    warnings
}

/// Names that other tools use, and ours.
const OTHER_NAMES: [(&str, &str); 10] = [
    ("confidence", "score"),
    ("probability", "score"),
    ("text", "quote"),
    ("span", "quote"),
    ("type", "kind"),
    ("label", "kind"),
    ("claim_type", "kind"),
    ("track_id", "tracking_id"),
    ("cluster", "tracking_id"),
    ("attributes", "fields"),
];

fn meant_key(key: &str) -> String {
    let schema = Schema::default();
    if schema.field(key).is_some() {
        return format!("; fields stand in \"fields\": {{\"{key}\": …}}");
    }
    let other = OTHER_NAMES.iter().find(|(theirs, _)| *theirs == key).map(|(_, ours)| *ours);
    match other.or_else(|| nearest(key, CLAIM_KEYS)) {
        Some(ours) => format!("; did you mean {ours:?}?"),
        None => String::new(),
    }
}
