//! Tables are scored to the same numbers and words as they are read and whole.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;
use polars::prelude::{Categories, Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};
use polars_io::parquet::write::ParquetWriter;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::cli::CommandGuard;
use crate::extract::program::Programs;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

/// How a column is written; what cannot be written so is null.
#[derive(Clone, Copy, Debug)]
enum As {
    Text,
    Category,
    I64,
    I32,
    U32,
    U64,
    I8,
    F64,
    F32,
    Decimal,
    Bool,
    Date,
}

type Rows = Vec<Vec<&'static str>>;

#[derive(Clone, Debug)]
struct Written {
    rows: Rows,
    types: Vec<As>,
    rows_of_a_group: usize,
}

const COLUMNS: [&str; 12] =
    ["article_id", "start", "end", "lang", "kind", "score", "fragments", "quote", "status", "tags", "value", "bound"];

impl Written {
    fn column(&self, at: usize) -> Column {
        let cells: Vec<Option<&str>> = self.rows.iter().map(|row| Some(row[at]).filter(|cell| !cell.is_empty())).collect();
        let number = || Series::new("".into(), cells.iter().map(|cell| cell.and_then(|c| c.parse::<f64>().ok())).collect::<Vec<_>>());
        let cast = |dtype: DataType| number().cast(&dtype).unwrap();
        let column = match self.types[at] {
            As::Text => Series::new("".into(), &cells),
            As::Category => Series::new("".into(), &cells).cast(&DataType::from_categories(Categories::global())).unwrap(),
            As::I64 => cast(DataType::Int64),
            As::I32 => cast(DataType::Int32),
            As::U32 => cast(DataType::UInt32),
            As::U64 => cast(DataType::UInt64),
            As::I8 => cast(DataType::Int8),
            As::F64 => number(),
            As::F32 => cast(DataType::Float32),
            As::Decimal => cast(DataType::Decimal(20, 2)),
            As::Bool => Series::new("".into(), cells.iter().map(|cell| cell.map(|c| c.len() > 1)).collect::<Vec<_>>()),
            As::Date => cast(DataType::Int32).cast(&DataType::Date).unwrap(),
        };
        column.with_name(COLUMNS[at].into()).into_column()
    }

    fn bytes(&self) -> Vec<u8> {
        let columns = (0..COLUMNS.len()).map(|at| self.column(at)).collect();
        let mut frame = DataFrame::new(self.rows.len(), columns).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).with_row_group_size(Some(self.rows_of_a_group)).finish(&mut frame).unwrap();
        bytes
    }
}

/// Articles mostly in order, and few cells that are wrong.
fn written() -> impl Strategy<Value = Written> {
    let cell = |common: &'static [&'static str], rare: &'static [&'static str]| prop_oneof![500 => select(common), 1 => select(rare)];
    let row = (
        select(&["1", "2", "3", "4", "5", "6", "7"][..]),
        select(&[("0", "4"), ("3", "9"), ("7", "20"), ("0", "4294967295")][..]),
        cell(&["", ""], &["en"]),
        cell(&["quantity", "change", ""], &["none"]),
        cell(&["", "0.5", "1", "0.1", "1e-3"], &["1.5", "-0", "x"]),
        cell(&["", "", "1-3;5-9"], &["9-3", "4"]),
        cell(&["", "one", "two"], &["\u{1f30a}"]),
        cell(&["", "gold", "optional", "draft"], &["wrong"]),
        cell(&["", "hard; odd", "hard"], &["[\"odd\"]"]),
        cell(&["", "12", "37000", "0.25", "none"], &["\\none", "1e400", "12,5"]),
        cell(&["", "about", "none"], &["nearly"]),
    );
    let rows = prop::collection::vec(row, 1..24).prop_map(|rows| {
        let cells = |(id, (start, end), lang, kind, score, fragments, quote, status, tags, value, bound)| {
            vec![id, start, end, lang, kind, score, fragments, quote, status, tags, value, bound]
        };
        rows.into_iter().map(cells).collect::<Rows>()
    });
    let types = (
        select(&[As::Text, As::Category, As::I64, As::I8, As::F64][..]),
        select(&[As::Text, As::I64, As::I32, As::U32, As::U64, As::F64][..]),
        select(&[As::Text, As::F64, As::F64, As::F32][..]),
        select(&[As::Text, As::Category][..]),
        select(&[As::Text, As::I64, As::U64, As::F64, As::F32, As::Decimal, As::Bool, As::Date][..]),
    );
    let types = types.prop_map(|(id, place, score, text, value)| {
        vec![id, place, place, As::Text, text, score, As::Text, text, text, As::Text, value, text]
    });
    (rows, any::<bool>(), types, 1..9usize).prop_map(|(mut rows, in_order, types, rows_of_a_group)| {
        if in_order {
            rows.sort_by_key(|row| row[0]);
        }
        Written { rows, types, rows_of_a_group }
    })
}

/// What scoring came to, or nothing where it did not come to anything.
fn both(gold: &[u8], predicted: &[u8], options: &[&str]) -> [Option<String>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["gold.parquet", "pred.parquet"].map(|name| folder.path().join(name));
    std::fs::write(&paths[0], gold).unwrap();
    std::fs::write(&paths[1], predicted).unwrap();
    let words = ["score".into(), paths[0].clone().into_os_string(), paths[1].clone().into_os_string()];
    let args = Command::try_parse_from(words.into_iter().chain(options.iter().map(|&option| option.into()))).unwrap().args;
    let settings = settings(&args).unwrap_or_else(|_| panic!("settings"));
    let files = Files { gold: &args.gold, predictions: &args.predictions, extra: args.extra.into(), missing: args.missing.into() };
    let shown = |score: BareScore| {
        let BareScore { result, warnings, notes, gold } = score;
        // How many drafts there are is in the warnings; only a stream counts them beside.
        let gold = GoldNames { drafts: 0, ..gold };
        format!("{}\n{warnings:?}\n{notes:?}\n{gold:?}", serde_json::to_string(&result).unwrap())
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        colour: false,
        progress: false,
        stop: Arc::new(AtomicBool::new(false)),
        programs: Programs::default(),
        commands: CommandGuard::default(),
    };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let as_read = threads.install(|| as_they_are_read(files, &settings, args.ci.intervals(), &Provenance::default()));
    let whole = whole_files(&args, files, &settings, Provenance::default(), &mut terminal).ok();
    [as_read.map(shown), whole.map(shown)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn tables_give_the_same_as_they_are_read_and_whole(
        gold in written(),
        predicted in written(),
        extra in any::<bool>(),
        local in any::<bool>(),
    ) {
        let mut options = vec!["--slices", "kind,lang,tags,value", "--ci", "all", "--resamples", "100"];
        if extra {
            options.extend(["--extra", "ignore"]);
        }
        if local {
            options.extend(["--numbers", "local"]);
        }
        let [as_read, whole] = both(&gold.bytes(), &predicted.bytes(), &options);
        prop_assert_eq!(as_read, whole);
    }
}

#[test]
fn damaged_tables_are_no_good_tables() {
    let row = |id, start, end| vec![id, start, end, "en", "quantity", "0.5", "", "one", "", "hard", "12", "about"];
    let rows = vec![row("1", "0", "4"), row("1", "5", "9"), row("2", "0", "4"), row("3", "7", "9"), row("1", "10", "14")];
    let types =
        vec![As::Text, As::I64, As::I64, As::Text, As::Category, As::F64, As::Text, As::Text, As::Text, As::Text, As::Decimal, As::Text];
    let whole = Written { rows, types, rows_of_a_group: 2 }.bytes();
    let [as_read, plain] = both(&whole, &whole, &[]);
    assert!(as_read.is_some() && as_read == plain, "{as_read:?} {plain:?}");
    for at in (0..whole.len()).step_by(61) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        for (gold, predicted) in [(&damaged, &whole), (&whole, &damaged)] {
            let [as_read, plain] = both(gold, predicted, &["--extra", "ignore"]);
            assert_eq!(as_read, plain, "byte {at}");
        }
    }
}
