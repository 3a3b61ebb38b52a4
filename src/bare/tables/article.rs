//! The rows of one article as its claims.

use super::articles::{Articles, Run};
use super::columns::{Rows, Table};
use crate::claim::{ClaimStatus, FieldState, Fragments, Span, list_items};
use crate::extract::LocationCounts;
use crate::formats::claim_rows::{MOST_OF_ARTICLE, OF_ROW, field, fragments};
use crate::formats::jsonl::Reading;
use crate::score::{Beside, ClaimParts, Stream};

/// An article's rows, which must be loaded.
#[derive(Clone, Copy)]
pub(super) struct Article<'a> {
    pub id: &'a str,
    table: &'a Table<'a>,
    runs: &'a [Run],
}

/// What the rows say of the article.
#[derive(Clone, Copy, Default)]
pub(super) struct Said<'a> {
    pub lang: Option<&'a str>,
    pub publisher: Option<&'a str>,
    pub group: Option<&'a str>,
}

/// Buffers that are used again for the next article.
#[derive(Default)]
pub(super) struct Buffers {
    spans: Vec<Span>,
    /// Tags of the gold claims without drafts, one claim behind the other.
    tags: Vec<String>,
    /// Where the tags of each end.
    tag_ends: Vec<u32>,
    /// How many rows the runs of the answer have up to the end of each.
    run_ends: Vec<u32>,
}

impl<'a> Article<'a> {
    /// An article that has rows.
    pub fn of(table: &'a Table<'a>, articles: &'a Articles<'_>, article: usize) -> Article<'a> {
        Article { id: articles.id(article), table, runs: articles.runs(article) }
    }

    /// `None` where rows contradict each other.
    pub fn said(&self) -> Option<Said<'a>> {
        let mut said = Said::default();
        for run in self.runs {
            let rows = self.table.rows(run.part)?;
            let begins_in = rows.begins_in[run.id as usize];
            for (at, value) in [&mut said.lang, &mut said.publisher, &mut said.group].into_iter().enumerate() {
                for text in rows.of_article[at].texts_until(begins_in[at], run.end) {
                    match *value {
                        // Rows may leave it out.
                        _ if text.is_empty() => {}
                        None => *value = Some(text),
                        Some(before) if before == text => {}
                        Some(_) => return None,
                    }
                }
            }
        }
        Some(said)
    }

    /// Hands gold claims over. `None` where something is wrong with one.
    pub fn push_gold(&self, stream: &mut Stream, buffers: &mut Buffers) -> Option<()> {
        buffers.tags.clear();
        buffers.tag_ends.clear();
        self.each_row(Reading::Gold, |row| {
            row.place_into(&mut buffers.spans)?;
            if buffers.spans.is_empty() {
                return None;
            }
            let status = match row.rows.status.get(row.row) {
                "" => ClaimStatus::Gold,
                cell => cell.trim().parse().ok()?,
            };
            if status != ClaimStatus::Draft {
                let tags = row.rows.tags.get(row.row);
                if !tags.is_empty() {
                    buffers.tags.extend(list_items(tags));
                }
                buffers.tag_ends.push(buffers.tags.len() as u32);
            }
            let parts = row.parts(&buffers.spans, status == ClaimStatus::Optional);
            stream.gold(parts, status == ClaimStatus::Draft, row.fields());
            Some(())
        })
    }

    /// Hands claims of an answer over. `None` where something is wrong with one.
    pub fn push_predicted(&self, stream: &mut Stream, lang: &str, buffers: &mut Buffers) -> Option<()> {
        buffers.run_ends.clear();
        let mut rows = 0;
        buffers.run_ends.extend(self.runs.iter().map(|run| {
            rows += run.end - run.start;
            rows
        }));
        let mut counts = LocationCounts::default();
        self.each_row(Reading::Predictions, |row| {
            row.place_into(&mut buffers.spans)?;
            *(if buffers.spans.is_empty() { &mut counts.unlocated } else { &mut counts.exact }) += 1;
            stream.predicted(row.parts(&buffers.spans, false), row.fields(), lang);
            Some(())
        })?;
        stream.located(counts);
        Some(())
    }

    /// `None` where something is wrong with a claim of an answer.
    pub fn check_predicted(&self, buffers: &mut Buffers) -> Option<()> {
        self.each_row(Reading::Predictions, |row| row.place_into(&mut buffers.spans))
    }

    fn each_row(&self, reading: Reading, mut visit: impl FnMut(Row<'a>) -> Option<()>) -> Option<()> {
        let mut size = 0;
        for run in self.runs {
            let rows = self.table.rows(run.part)?;
            for row in run.start..run.end {
                let row = Row { names: &self.table.fields, rows, row, reading };
                size += row.size();
                if size > MOST_OF_ARTICLE {
                    return None;
                }
                visit(row)?;
            }
        }
        Some(())
    }

    /// The row of a claim of the answer; `run_ends` are those of this article.
    fn answered_row(&self, claim: u32, run_ends: &[u32]) -> Option<Row<'a>> {
        let at = run_ends.partition_point(|&end| end <= claim);
        let (run, end) = (self.runs.get(at)?, run_ends[at]);
        let rows = self.table.rows(run.part)?;
        Some(Row { names: &self.table.fields, rows, row: run.end - (end - claim), reading: Reading::Predictions })
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    names: &'a [(String, usize)],
    rows: &'a Rows,
    row: u32,
    reading: Reading,
}

impl<'a> Row<'a> {
    /// Puts the place of the claim into a buffer: sorted, disjoint spans; none where it has no place. `None` where it is wrong.
    fn place_into(self, spans: &mut Vec<Span>) -> Option<()> {
        let Row { rows, row, .. } = self;
        spans.clear();
        match (rows.start.get(row), rows.end.get(row)) {
            (Some(start), Some(end)) => spans.push(Span::new(start, end)?),
            (None, None) => {}
            _ => return None,
        }
        match rows.fragments.get(row) {
            "" => {}
            cell => {
                let fragments = fragments(cell)?.into_iter().filter_map(|(start, end)| Span::new(start, end));
                spans.clear();
                spans.extend_from_slice(fragments.collect::<Fragments>().spans());
            }
        }
        Some(())
    }

    fn parts<'s>(self, spans: &'s [Span], optional: bool) -> ClaimParts<'s>
    where
        'a: 's,
    {
        let Row { rows, row, .. } = self;
        ClaimParts {
            spans,
            kind: rows.kind.get(row),
            quote: rows.quote.get(row),
            score: rows.score.get(row),
            tracking_id: rows.tracking_id.get(row),
            id: rows.claim_id.get(row),
            optional,
        }
    }

    /// Names and values of the fields, by name.
    fn fields(self) -> impl Iterator<Item = (&'a str, FieldState<&'a str>)> + Clone {
        let state =
            move |(name, column): &'a (String, usize)| Some((name.as_str(), field(self.rows.fields[*column].get(self.row), self.reading)?));
        self.names.iter().filter_map(state)
    }

    /// How much the row holds.
    fn size(self) -> usize {
        let Row { rows, row, .. } = self;
        let of_claim = [&rows.claim_id, &rows.fragments, &rows.quote, &rows.kind, &rows.tracking_id, &rows.tags];
        OF_ROW + of_claim.into_iter().chain(&rows.fields).map(|column| column.get(row).len()).sum::<usize>()
    }
}

/// What stands beside the claims of an article.
pub(super) struct OfRows<'a> {
    pub buffers: &'a Buffers,
    pub predicted: Option<Article<'a>>,
}

impl Beside for OfRows<'_> {
    fn tags(&self, gold: usize) -> &[String] {
        let Buffers { tags, tag_ends, .. } = self.buffers;
        let from = gold.checked_sub(1).map_or(0, |before| tag_ends[before]);
        &tags[from as usize..tag_ends[gold] as usize]
    }

    fn written(&self, predicted: usize, field: &str) -> Option<&str> {
        let mut fields = self.predicted.as_ref()?.answered_row(predicted as u32, &self.buffers.run_ends)?.fields();
        fields.find(|(name, _)| *name == field)?.1.present().copied()
    }
}
