//! The columns of both tables, decoded side by side, a part of the rows at a time.

use std::ops::Range;

use rayon::prelude::*;

use crate::formats::claim_rows::KNOWN;
use crate::formats::parquet::{Offsets, ParquetFile, Scores, Stretches, Texts};

/// The ids of the articles of all rows, by part of the file; decoded first, because they say which rows belong together.
pub(super) type Ids = Vec<Stretches>;

/// A table of claims, of which some of the rows are there.
pub(super) struct Table<'f> {
    file: &'f ParquetFile,
    /// The columns that have no meaning of their own: their names, ascending, and places in [`Rows::fields`].
    pub fields: Vec<(String, usize)>,
    /// By part of the file.
    rows: Vec<Option<Rows>>,
}

/// The rows of one part. A column that the file does not have is empty.
pub(super) struct Rows {
    /// What is said of a whole article.
    pub of_article: OfArticle<Stretches>,
    /// The stretches of `of_article` that each stretch of ids begins in.
    pub begins_in: Vec<OfArticle<u32>>,
    pub claim_id: Texts,
    pub start: Offsets,
    pub end: Offsets,
    pub fragments: Texts,
    pub quote: Texts,
    pub tracking_id: Texts,
    pub kind: Texts,
    pub score: Scores,
    pub status: Texts,
    pub tags: Texts,
    /// In the order of the file.
    pub fields: Vec<Texts>,
}

/// Language, publisher, group.
pub(super) type OfArticle<T> = [T; 3];

/// One column of a part.
enum Cells {
    Stretches(Stretches),
    Texts(Texts),
    Offsets(Offsets),
    Scores(Scores),
}

/// Decodes the ids of both files. `None` where a value is not as it should be, or there are no ids.
pub(super) fn ids(files: [&ParquetFile; 2]) -> Option<[Ids; 2]> {
    let ids = |file: &ParquetFile| -> Option<Ids> {
        let column = file.names().iter().position(|name| name == ARTICLE_ID)?;
        (0..file.parts()).into_par_iter().with_max_len(1).map(|part| file.column(part, column, Stretches::of)).collect()
    };
    let (gold, predicted) = rayon::join(|| ids(files[0]), || ids(files[1]));
    Some([gold?, predicted?])
}

const ARTICLE_ID: &str = "article_id";

impl<'f> Table<'f> {
    /// A table without rows.
    pub fn new(file: &'f ParquetFile) -> Table<'f> {
        let names = file.names().iter().filter(|name| is_field(name)).cloned();
        let mut fields: Vec<(String, usize)> = names.zip(0..).collect();
        fields.sort_unstable();
        Table { file, fields, rows: (0..file.parts()).map(|_| None).collect() }
    }

    /// The rows of a part, which must be loaded.
    pub fn rows(&self, part: u32) -> Option<&Rows> {
        self.rows[part as usize].as_ref()
    }
}

/// Decodes the wanted parts of both files side by side, but those that are there already, and drops all others. `None` where a value
/// is not as it should be.
pub(super) fn load(tables: &mut [Table<'_>; 2], ids: &[Ids; 2], wanted: &[Range<usize>; 2]) -> Option<()> {
    let mut missing = Vec::new();
    for (number, (table, wanted)) in tables.iter_mut().zip(wanted).enumerate() {
        for (part, rows) in table.rows.iter_mut().enumerate() {
            if !wanted.contains(&part) {
                *rows = None;
            } else if rows.is_none() {
                missing.push((number, part));
            }
        }
    }
    let tasks: Vec<(usize, usize, usize)> = missing
        .iter()
        .flat_map(|&(number, part)| (0..tables[number].file.names().len()).map(move |column| (number, part, column)))
        .collect();
    let decode = |(number, part, column): (usize, usize, usize)| cells(tables[number].file, part, column);
    let decoded: Option<Vec<Cells>> = tasks.into_par_iter().with_max_len(1).map(decode).collect();
    let mut decoded = decoded?.into_iter();
    for (number, part) in missing {
        let table = &mut tables[number];
        table.rows[part] = Some(Rows::of(table.file.names(), decoded.by_ref(), &ids[number][part]));
    }
    Some(())
}

fn is_field(name: &str) -> bool {
    !KNOWN.contains(&name)
}

fn cells(file: &ParquetFile, part: usize, column: usize) -> Option<Cells> {
    let name = file.names()[column].as_str();
    if name == ARTICLE_ID {
        return Some(Cells::Texts(Texts::Empty));
    }
    file.column(part, column, |series| match name {
        "lang" | "publisher" | "group_id" => Stretches::of(series).map(Cells::Stretches),
        "start" | "end" => Offsets::of(series).map(Cells::Offsets),
        "score" => Scores::of(series).map(Cells::Scores),
        _ => Texts::of(series).map(Cells::Texts),
    })
}

impl Rows {
    /// Takes a column for each name.
    fn of(names: &[String], cells: &mut impl Iterator<Item = Cells>, ids: &Stretches) -> Rows {
        let mut rows = Rows {
            of_article: OfArticle::default(),
            begins_in: Vec::with_capacity(ids.len()),
            claim_id: Texts::Empty,
            start: Offsets::Empty,
            end: Offsets::Empty,
            fragments: Texts::Empty,
            quote: Texts::Empty,
            tracking_id: Texts::Empty,
            kind: Texts::Empty,
            score: Scores::Empty,
            status: Texts::Empty,
            tags: Texts::Empty,
            fields: Vec::new(),
        };
        for (name, cells) in names.iter().zip(cells) {
            match (name.as_str(), cells) {
                ("lang", Cells::Stretches(cells)) => rows.of_article[0] = cells,
                ("publisher", Cells::Stretches(cells)) => rows.of_article[1] = cells,
                ("group_id", Cells::Stretches(cells)) => rows.of_article[2] = cells,
                ("start", Cells::Offsets(cells)) => rows.start = cells,
                ("end", Cells::Offsets(cells)) => rows.end = cells,
                ("score", Cells::Scores(cells)) => rows.score = cells,
                ("claim_id", Cells::Texts(cells)) => rows.claim_id = cells,
                ("fragments", Cells::Texts(cells)) => rows.fragments = cells,
                ("quote", Cells::Texts(cells)) => rows.quote = cells,
                ("tracking_id", Cells::Texts(cells)) => rows.tracking_id = cells,
                ("kind", Cells::Texts(cells)) => rows.kind = cells,
                ("status", Cells::Texts(cells)) => rows.status = cells,
                ("tags", Cells::Texts(cells)) => rows.tags = cells,
                (name, Cells::Texts(cells)) if is_field(name) => rows.fields.push(cells),
                // Nothing depends on who annotated a claim and on notes; they had to be cells, and are let go.
                _ => {}
            }
        }
        let (mut start, mut stretches) = (0, OfArticle::default());
        for id in 0..ids.len() as u32 {
            for (stretch, column) in stretches.iter_mut().zip(&rows.of_article) {
                *stretch = column.on_from(*stretch, start);
            }
            rows.begins_in.push(stretches);
            start = ids.end_of(id);
        }
        rows
    }
}
