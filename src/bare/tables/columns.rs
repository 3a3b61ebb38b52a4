//! The columns of both tables, decoded side by side.

use rayon::prelude::*;

use crate::formats::claim_rows::KNOWN;
use crate::formats::parquet::{Offsets, ParquetFile, Scores, Stretches, Texts};

/// A table of claims.
pub(super) struct Table {
    /// The names of the columns that have no meaning of their own.
    pub fields: Vec<String>,
    /// The rows in the order of the file.
    pub parts: Vec<Part>,
}

/// Some of the rows. A column that the file does not have is empty.
pub(super) struct Part {
    pub article_id: Stretches,
    /// What is said of a whole article.
    pub of_article: OfArticle<Stretches>,
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
    /// By [`Table::fields`].
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

/// Decodes all columns of both files. `None` where a value is not as it should be, or there are no ids.
pub(super) fn decode(files: [&ParquetFile; 2]) -> Option<[Table; 2]> {
    if !files.iter().all(|file| file.names().iter().any(|name| name == "article_id")) {
        return None;
    }
    let tasks: Vec<(usize, usize, usize)> = (0..2)
        .flat_map(|file| (0..files[file].parts()).map(move |part| (file, part)))
        .flat_map(|(file, part)| (0..files[file].names().len()).map(move |column| (file, part, column)))
        .collect();
    let decoded: Option<Vec<Cells>> =
        tasks.into_par_iter().with_max_len(1).map(|(file, part, column)| cells(files[file], part, column)).collect();
    let mut decoded = decoded?.into_iter();
    Some(files.map(|file| {
        let mut part = |_| Part::of(file.names(), decoded.by_ref());
        let parts = (0..file.parts()).map(&mut part).collect();
        Table { fields: file.names().iter().filter(|name| is_field(name)).cloned().collect(), parts }
    }))
}

fn is_field(name: &str) -> bool {
    !KNOWN.contains(&name)
}

fn cells(file: &ParquetFile, part: usize, column: usize) -> Option<Cells> {
    let name = file.names()[column].as_str();
    file.column(part, column, |series| match name {
        "article_id" | "lang" | "publisher" | "group_id" => Stretches::of(series).map(Cells::Stretches),
        "start" | "end" => Offsets::of(series).map(Cells::Offsets),
        "score" => Scores::of(series).map(Cells::Scores),
        _ => Texts::of(series).map(Cells::Texts),
    })
}

impl Part {
    /// Takes a column for each name.
    fn of(names: &[String], cells: &mut impl Iterator<Item = Cells>) -> Part {
        let mut part = Part {
            article_id: Stretches::default(),
            of_article: OfArticle::default(),
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
                ("article_id", Cells::Stretches(ids)) => part.article_id = ids,
                ("lang", Cells::Stretches(cells)) => part.of_article[0] = cells,
                ("publisher", Cells::Stretches(cells)) => part.of_article[1] = cells,
                ("group_id", Cells::Stretches(cells)) => part.of_article[2] = cells,
                ("start", Cells::Offsets(cells)) => part.start = cells,
                ("end", Cells::Offsets(cells)) => part.end = cells,
                ("score", Cells::Scores(cells)) => part.score = cells,
                ("claim_id", Cells::Texts(cells)) => part.claim_id = cells,
                ("fragments", Cells::Texts(cells)) => part.fragments = cells,
                ("quote", Cells::Texts(cells)) => part.quote = cells,
                ("tracking_id", Cells::Texts(cells)) => part.tracking_id = cells,
                ("kind", Cells::Texts(cells)) => part.kind = cells,
                ("status", Cells::Texts(cells)) => part.status = cells,
                ("tags", Cells::Texts(cells)) => part.tags = cells,
                (name, Cells::Texts(cells)) if is_field(name) => part.fields.push(cells),
                // Nothing depends on who annotated a claim and on notes; they had to be cells, and are let go.
                _ => {}
            }
        }
        part
    }
}
