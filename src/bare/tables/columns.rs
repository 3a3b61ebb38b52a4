//! The columns of both tables, decoded side by side.

use rayon::prelude::*;

use crate::formats::claim_rows::KNOWN;
use crate::formats::parquet::{Offsets, ParquetFile, Scores, Texts};

/// A table of claims.
pub(super) struct Table {
    pub layout: Layout,
    /// The rows in the order of the file.
    pub parts: Vec<Part>,
}

/// Where the columns stand that have a meaning; a file may lack all but the ids.
pub(super) struct Layout {
    pub article_id: usize,
    pub claim_id: Option<usize>,
    pub lang: Option<usize>,
    pub publisher: Option<usize>,
    pub group: Option<usize>,
    pub start: Option<usize>,
    pub end: Option<usize>,
    pub fragments: Option<usize>,
    pub quote: Option<usize>,
    pub tracking_id: Option<usize>,
    pub kind: Option<usize>,
    pub score: Option<usize>,
    pub status: Option<usize>,
    pub tags: Option<usize>,
    /// All others, and their names.
    pub fields: Vec<(usize, String)>,
}

/// Some of the rows.
pub(super) struct Part {
    columns: Vec<Cells>,
    pub rows: u32,
}

/// One column of a part.
enum Cells {
    Texts(Texts),
    Offsets(Offsets),
    Scores(Scores),
}

/// Decodes all columns of both files. `None` where a value is not as it should be.
pub(super) fn decode(files: [&ParquetFile; 2]) -> Option<[Table; 2]> {
    let layouts = [layout(files[0])?, layout(files[1])?];
    let tasks: Vec<(usize, usize, usize)> = (0..2)
        .flat_map(|file| (0..files[file].parts()).map(move |part| (file, part)))
        .flat_map(|(file, part)| (0..files[file].names().len()).map(move |column| (file, part, column)))
        .collect();
    let decoded: Option<Vec<Cells>> =
        tasks.into_par_iter().with_max_len(1).map(|(file, part, column)| cells(files[file], part, column)).collect();
    let mut decoded = decoded?.into_iter();
    let mut parts_of = |file: &ParquetFile| -> Vec<Part> {
        let part = |part| Part { columns: decoded.by_ref().take(file.names().len()).collect(), rows: file.rows(part) as u32 };
        (0..file.parts()).map(part).collect()
    };
    let parts = files.map(&mut parts_of);
    let [gold, predicted] = layouts;
    let [gold_parts, predicted_parts] = parts;
    Some([Table { layout: gold, parts: gold_parts }, Table { layout: predicted, parts: predicted_parts }])
}

fn layout(file: &ParquetFile) -> Option<Layout> {
    let at = |name: &str| file.names().iter().position(|column| column == name);
    let is_field = |(_, name): &(usize, &String)| !KNOWN.contains(&name.as_str());
    Some(Layout {
        article_id: at("article_id")?,
        claim_id: at("claim_id"),
        lang: at("lang"),
        publisher: at("publisher"),
        group: at("group_id"),
        start: at("start"),
        end: at("end"),
        fragments: at("fragments"),
        quote: at("quote"),
        tracking_id: at("tracking_id"),
        kind: at("kind"),
        score: at("score"),
        status: at("status"),
        tags: at("tags"),
        fields: file.names().iter().enumerate().filter(is_field).map(|(column, name)| (column, name.clone())).collect(),
    })
}

fn cells(file: &ParquetFile, part: usize, column: usize) -> Option<Cells> {
    let name = file.names()[column].as_str();
    file.column(part, column, |series| match name {
        "start" | "end" => Offsets::of(series).map(Cells::Offsets),
        "score" => Scores::of(series).map(Cells::Scores),
        // Nothing depends on them, but a value that is no cell is an error.
        "annotator" | "note" => Texts::of(series).map(|_| Cells::Texts(Texts::Empty)),
        _ => Texts::of(series).map(Cells::Texts),
    })
}

impl Part {
    /// The text of a cell; empty in a column of numbers and where there is no such column.
    pub fn text(&self, column: Option<usize>, row: u32) -> &str {
        match column.map(|column| &self.columns[column]) {
            Some(Cells::Texts(texts)) => texts.get(row),
            _ => "",
        }
    }

    pub fn offset(&self, column: Option<usize>, row: u32) -> Option<u32> {
        match &self.columns[column?] {
            Cells::Offsets(offsets) => offsets.get(row),
            _ => None,
        }
    }

    pub fn score(&self, column: Option<usize>, row: u32) -> Option<f64> {
        match &self.columns[column?] {
            Cells::Scores(scores) => scores.get(row),
            _ => None,
        }
    }
}
