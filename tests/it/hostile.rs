//! Inputs that mean harm or are simply broken: each is read, and ends as expected, without a panic and with a message that
//! names what is wrong. Cases are in four families; where an expectation differs from the list that they follow,
//! `tests/data/hostile/changed.csv` says why.

mod art;
mod baselines;
mod cfg;
mod commands;
mod csv;
mod gates;
mod ids;
mod sinks;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use claim_assay::dataset::Reading;
use claim_assay::dataset::lint::lint;
use claim_assay::formats::table::{Expected, Table, write};
use claim_assay::problem::Problems;
use claim_assay::workspace::Workspace;

use crate::support::data_file;

/// What must not be shown by any message.
const SECRET: &str = "sk-TESTSECRET-0123456789";

/// How an input may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// It loads.
    Accept,
    /// It loads, and lint names the problem.
    Warn,
    /// It does not load, and the findings name the problem.
    Error,
    /// Either, but neither a panic nor anything shown that should not be.
    Either,
}

impl Expect {
    fn named(name: &str) -> Expect {
        match name {
            "accept" => Expect::Accept,
            "warn" => Expect::Warn,
            "error" => Expect::Error,
            "either" => Expect::Either,
            other => panic!("no outcome {other:?}"),
        }
    }
}

/// One input: the base workspace with some files laid over it (`None` = removed).
struct Case {
    id: String,
    files: Vec<(PathBuf, Option<Vec<u8>>)>,
    expect: &'static str,
    /// Items separated by `;`, alternatives by `|`, without case. `line N` and `line` mean a place as findings show it.
    mention: &'static str,
    /// Gold claims that must be read when it loads.
    claims: Option<usize>,
    /// Whether it must be the same dataset as the base.
    same: bool,
}

impl Case {
    fn new(id: impl Into<String>, file: &str, bytes: impl Into<Vec<u8>>, expect: &'static str, mention: &'static str) -> Case {
        let files = vec![(PathBuf::from(file), Some(bytes.into()))];
        Case { id: id.into(), files, expect, mention, claims: None, same: false }
    }

    fn with(mut self, file: &str, bytes: impl Into<Vec<u8>>) -> Case {
        self.files.push((PathBuf::from(file), Some(bytes.into())));
        self
    }

    fn without(mut self, file: &str) -> Case {
        self.files.push((PathBuf::from(file), None));
        self
    }

    fn claims(mut self, n: usize) -> Case {
        self.claims = Some(n);
        self
    }

    fn same(mut self) -> Case {
        self.same = true;
        self
    }
}

const CLAIMS: &str = "datasets/t/claims.csv";
const ARTICLES: &str = "datasets/t/articles.csv";

/// Language and text of the base articles.
const TEXTS: [(&str, &str, &str); 4] = [
    (
        "a1",
        "en",
        "US border officials arrested more than 37,000 Chinese nationals at the southern border in 2023, ten times the year before, AP reported.",
    ),
    (
        "a2",
        "id",
        "Petugas perbatasan AS menangkap lebih dari 37.000 warga negara Tiongkok pada 2023, 10 kali lipat dari tahun sebelumnya, menurut AP.",
    ),
    (
        "a3",
        "en",
        "Flood watch \u{1F30A}\u{1F468}\u{200d}\u{1F469}\u{200d}\u{1F467}: at least 12 people died, caf\u{e9} owners said on Tuesday.",
    ),
    (
        "a4",
        "ar",
        "\u{642}\u{62a}\u{644} \u{645}\u{627} \u{644}\u{627} \u{64a}\u{642}\u{644} \u{639}\u{646} \u{661}\u{662} \u{634}\u{62e}\u{635}\u{627}.",
    ),
];

fn text(id: &str) -> &'static str {
    TEXTS.iter().find(|(i, ..)| *i == id).map(|(.., text)| *text).unwrap()
}

const COLUMNS: [&str; 14] = [
    "claim_id",
    "article_id",
    "start",
    "end",
    "quote",
    "kind",
    "value",
    "bound",
    "unit",
    "period",
    "place",
    "change",
    "source",
    "tracking_id",
];

/// A row of claims.csv by column.
type Row = BTreeMap<&'static str, String>;

/// A claim with every field, over a phrase of an article.
fn row(id: &str, article: &str, quote: &str) -> Row {
    let at = text(article).find(quote).unwrap();
    let start = text(article)[..at].chars().count();
    let end = start + quote.chars().count();
    let cells = [
        id,
        article,
        &start.to_string(),
        &end.to_string(),
        quote,
        "quantity",
        "37000",
        "more_than",
        "people",
        "2023",
        "US southern border",
        "10",
        "AP",
        "t1",
    ];
    COLUMNS.iter().copied().zip(cells.map(str::to_owned)).collect()
}

fn set(row: &Row, cells: &[(&'static str, &str)]) -> Row {
    let mut row = row.clone();
    row.extend(cells.iter().map(|(column, cell)| (*column, (*cell).to_owned())));
    row
}

fn r1() -> Row {
    row("c1", "a1", "more than 37,000 Chinese nationals")
}

fn r2() -> Row {
    row("c2", "a2", "lebih dari 37.000 warga negara Tiongkok")
}

fn r3() -> Row {
    let cells = [
        ("value", "12"),
        ("bound", "at_least"),
        ("period", ""),
        ("place", ""),
        ("change", ""),
        ("source", "caf\u{e9} owners"),
        ("tracking_id", "t2"),
    ];
    set(&row("c3", "a3", "at least 12 people died"), &cells)
}

fn claims_of(columns: &[&'static str], rows: &[Row]) -> String {
    write(columns, rows.iter().map(|row| columns.iter().map(|c| row.get(c).cloned().unwrap_or_default())))
}

/// claims.csv with the first row in place of the base's.
fn claims_with(first: Row) -> String {
    claims_of(&COLUMNS, &[first, r2(), r3()])
}

fn base_claims() -> String {
    claims_with(r1())
}

/// articles.csv of the base, with further rows.
fn articles(further: &[(&str, &str)]) -> String {
    let rows = TEXTS.iter().map(|(id, lang, _)| (*id, *lang)).chain(further.iter().copied());
    write(&["article_id", "lang"], rows.map(|(id, lang)| [id, lang]))
}

const CONFIG: &str = "# a workspace\nformat = 1\nname = \"w\"\n\n[dataset]\npath = \"datasets/t\"\n\n[[extractor]]\nid = \"good\"\nkind = \"predictions\"\n\
    path = \"predictions.jsonl\"\n\n[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.5\n";

/// Bytes without a pattern, the same each time.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn base(dir: &Path) {
    fs::create_dir_all(dir.join("datasets/t/articles")).unwrap();
    let toml = "format = 1\nname = \"t\"\nversion = \"1\"\nkinds = [\"quantity\", \"change\"]\n";
    for (file, content) in
        [("assay.toml", CONFIG), ("datasets/t/dataset.toml", toml), (CLAIMS, base_claims().as_str()), (ARTICLES, articles(&[]).as_str())]
    {
        fs::write(dir.join(file), content).unwrap();
    }
    for (id, _, text) in TEXTS {
        fs::write(dir.join(format!("datasets/t/articles/{id}.txt")), text).unwrap();
    }
}

/// What became of an input.
struct End {
    loaded: bool,
    claims: usize,
    hash: String,
    findings: Problems,
}

fn open(dir: &Path) -> End {
    let failed = |findings| End { loaded: false, claims: 0, hash: String::new(), findings };
    let workspace = match Workspace::load(dir) {
        Ok(workspace) => workspace,
        Err(problems) => return failed(problems),
    };
    match workspace.dataset() {
        Err(problems) => failed(problems),
        Ok(dataset) => {
            let findings = lint(&workspace.root, &Reading::of(&workspace.root, &workspace.dataset_dir()));
            End { loaded: true, claims: dataset.claims.len(), hash: dataset.hash(), findings }
        }
    }
}

/// Whether the findings name what they must.
fn mentions(findings: &str, mention: &str) -> bool {
    let findings = findings.to_lowercase();
    let has = |alternative: &str| match alternative.strip_prefix("line ") {
        Some(number) => findings.contains(&format!(":{number}:")),
        None if alternative == "line" => findings.split(':').any(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())),
        None => findings.contains(&alternative.to_lowercase()),
    };
    mention.split(';').filter(|item| !item.is_empty()).all(|item| item.split('|').any(has))
}

/// A changed expectation: outcome, what must be mentioned, and why.
type Changed = BTreeMap<String, (String, String, String)>;

fn changed() -> Changed {
    let mut problems = Problems::new();
    let bytes = fs::read(data_file("hostile/changed.csv")).unwrap();
    let table = Table::read(
        "changed.csv",
        bytes,
        Expected { needed: &["case", "expect", "mention", "reason"], known: &[], open: false },
        &mut problems,
    );
    assert!(problems.is_empty(), "{problems}");
    let table = table.unwrap();
    let cell = |row, name| table.cell(row, table.column(name)).to_owned();
    (0..table.len()).map(|row| (cell(row, "case"), (cell(row, "expect"), cell(row, "mention"), cell(row, "reason")))).collect()
}

/// Runs the cases of a family and reports all that end otherwise than expected.
fn check(family: &str, cases: Vec<Case>) {
    let changed = changed();
    let good = tempfile::tempdir().unwrap();
    base(good.path());
    let good = open(good.path());
    assert!(good.loaded && good.claims == 3, "{}", good.findings);
    let mut wrong = Vec::new();
    let (total, mut changes) = (cases.len(), 0);
    let mut ids = std::collections::BTreeSet::new();
    for case in cases {
        assert!(ids.insert(case.id.clone()), "{} twice", case.id);
        let id = format!("{family}_{}", case.id);
        let change = changed.get(&id);
        changes += usize::from(change.is_some());
        let (expect, mention) = change.map_or((case.expect, case.mention), |(expect, mention, reason)| {
            assert!(!reason.is_empty() && (expect, mention) != (&case.expect.to_owned(), &case.mention.to_owned()), "{id} is not changed");
            (expect.as_str(), mention.as_str())
        });
        let dir = tempfile::tempdir().unwrap();
        base(dir.path());
        for (file, content) in &case.files {
            match content {
                Some(bytes) => fs::write(dir.path().join(file), bytes).unwrap(),
                None => fs::remove_file(dir.path().join(file)).unwrap(),
            }
        }
        let end = open(dir.path());
        let findings = end.findings.to_string();
        let said = findings.replace(&dir.path().display().to_string(), "");
        let mut fail = |why: String| wrong.push(format!("{id}: {why}\n    {}", said.chars().take(600).collect::<String>()));
        let expect = Expect::named(expect);
        match (expect, end.loaded) {
            (Expect::Accept | Expect::Warn, false) => fail("was refused".to_owned()),
            (Expect::Error, true) => fail("was loaded".to_owned()),
            _ => {}
        }
        if matches!(expect, Expect::Error | Expect::Warn) && !mentions(&said, mention) {
            fail(format!("does not mention {mention:?}"));
        }
        if end.loaded && case.claims.is_some_and(|n| n != end.claims) {
            fail(format!("{} claims were read", end.claims));
        }
        if end.loaded && case.same && end.hash != good.hash {
            fail("is another dataset than the base".to_owned());
        }
        if findings.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
            fail("shows control characters".to_owned());
        }
        if findings.lines().any(|l| ["::", "##["].iter().any(|command| l.trim_start().starts_with(command))) {
            fail("forges a CI command".to_owned());
        }
        if findings.contains(SECRET) || findings.contains("root:x:0") {
            fail("shows what it should not".to_owned());
        }
    }
    println!("hostile {family}: {total} cases run, {changes} with a changed expectation");
    let unknown: Vec<&String> =
        changed.keys().filter(|id| id.strip_prefix(family).and_then(|i| i.strip_prefix('_')).is_some_and(|i| !ids.contains(i))).collect();
    assert!(unknown.is_empty(), "changed.csv names cases that are not there: {unknown:?}");
    assert!(wrong.is_empty(), "{} of {total} cases end otherwise than expected:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn csv_files() {
    check("csv", csv::cases());
}

#[test]
fn article_files() {
    check("art", art::cases());
}

#[test]
fn article_ids() {
    check("ids", ids::cases());
}

#[test]
fn settings() {
    check("cfg", cfg::cases());
}
