//! What one line holds, borrowed from the file where it can be.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::claim::{Article, Claim, ClaimStatus, FieldState, Fragments, Span};

/// One article of a file. A record that is used again for the next line keeps its buffers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record<'a> {
    /// Line in the file, 1-based.
    pub line: u64,
    /// The article's id, not empty.
    pub id: Cow<'a, str>,
    /// BCP-47 tag.
    pub lang: Option<Cow<'a, str>>,
    /// Headline.
    pub title: Option<Cow<'a, str>>,
    /// Date or date-time of publication.
    pub published_at: Option<Cow<'a, str>>,
    /// Who published it.
    pub publisher: Option<Cow<'a, str>>,
    /// Where it was published.
    pub url: Option<Cow<'a, str>>,
    /// The exact text.
    pub text: Option<Cow<'a, str>>,
    /// Other keys with a short string, in the order of the line: columns to slice by.
    pub columns: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The claims; none where there is an error instead.
    pub claims: RawClaims<'a>,
    /// Predictions only: the extractor says that it has no answer, and why.
    pub error: Option<RecordedError>,
}

/// Why an extractor has no answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedError {
    /// The name of an outcome, or the extractor's own word.
    pub kind: String,
    /// In words.
    pub message: String,
}

/// Field name and state, as written.
pub type RawField<'a> = (Cow<'a, str>, FieldState<Cow<'a, str>>);

/// The claims of one article as written. Their lists stand in one buffer each, so that nothing is allocated for a single claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawClaims<'a> {
    rows: Vec<RawRow<'a>>,
    /// Ends of each row's lists in the buffers; each begins where that of the row before ends.
    ends: Vec<Ends>,
    fields: Vec<RawField<'a>>,
    fragments: Vec<(u32, u32)>,
    tags: Vec<String>,
}

/// What one claim has a single one of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawRow<'a> {
    /// Empty where none is given.
    pub id: Cow<'a, str>,
    /// `start` and `end`, in the file's offset unit; for predictions `start < end` holds only where both are code points.
    pub offsets: Option<(u32, u32)>,
    /// Empty where none is given.
    pub quote: Cow<'a, str>,
    /// Text right before the quote, to tell its occurrences apart.
    pub prefix: Cow<'a, str>,
    /// Text right behind the quote.
    pub suffix: Cow<'a, str>,
    /// Empty where none is given.
    pub kind: Cow<'a, str>,
    /// 0..=1.
    pub score: Option<f64>,
    /// Empty where none is given.
    pub tracking_id: Cow<'a, str>,
    /// Gold only.
    pub status: ClaimStatus,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ends {
    fields: u32,
    fragments: u32,
    tags: u32,
}

/// A claim as written: its place may still have to be found.
#[derive(Clone, Copy, Debug)]
pub struct RawClaim<'r, 'a> {
    /// What it has a single one of; its keys can be asked of the claim itself too.
    pub row: &'r RawRow<'a>,
    /// Names unique, in the order of the line. In predictions only present ones.
    pub fields: &'r [RawField<'a>],
    /// `fragments`, as `[start, end]` pairs in any order.
    pub fragments: &'r [(u32, u32)],
    /// Gold only.
    pub tags: &'r [String],
}

impl<'a> Deref for RawClaim<'_, 'a> {
    type Target = RawRow<'a>;

    fn deref(&self) -> &RawRow<'a> {
        self.row
    }
}

impl<'a> RawClaims<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The claims, in the order of the line.
    pub fn iter(&self) -> impl Iterator<Item = RawClaim<'_, 'a>> {
        let mut from = Ends::default();
        self.rows.iter().zip(&self.ends).map(move |(row, &to)| self.between(row, std::mem::replace(&mut from, to), to))
    }

    /// The claim with that number, which must be below [`RawClaims::len`].
    pub fn at(&self, i: usize) -> RawClaim<'_, 'a> {
        let from = i.checked_sub(1).map(|before| self.ends[before]).unwrap_or_default();
        self.between(&self.rows[i], from, self.ends[i])
    }

    fn between<'r>(&'r self, row: &'r RawRow<'a>, from: Ends, to: Ends) -> RawClaim<'r, 'a> {
        RawClaim {
            row,
            fields: &self.fields[range(from.fields, to.fields)],
            fragments: &self.fragments[range(from.fragments, to.fragments)],
            tags: &self.tags[range(from.tags, to.tags)],
        }
    }

    /// Adds a field to the claim that is pushed next.
    pub fn push_field(&mut self, field: RawField<'a>) {
        self.fields.push(field);
    }

    /// Adds fragments to the claim that is pushed next.
    pub fn push_fragments(&mut self, fragments: impl IntoIterator<Item = (u32, u32)>) {
        self.fragments.extend(fragments);
    }

    /// Adds tags to the claim that is pushed next.
    pub fn push_tags(&mut self, tags: impl IntoIterator<Item = String>) {
        self.tags.extend(tags);
    }

    /// Ends a claim with what was pushed for it.
    pub fn push(&mut self, row: RawRow<'a>) {
        self.rows.push(row);
        let ends = Ends { fields: self.fields.len() as u32, fragments: self.fragments.len() as u32, tags: self.tags.len() as u32 };
        self.ends.push(ends);
    }

    /// The fields that were pushed for the claim to come.
    pub(super) fn open_fields(&self) -> &[RawField<'a>] {
        &self.fields[self.ends.last().map_or(0, |ends| ends.fields as usize)..]
    }

    /// Takes out the absent ones among the fields that were pushed for the claim to come.
    pub(super) fn drop_absent(&mut self) {
        let from = self.ends.last().map_or(0, |ends| ends.fields as usize);
        let mut kept = from;
        for i in from..self.fields.len() {
            if self.fields[i].1 != FieldState::Absent {
                self.fields.swap(kept, i);
                kept += 1;
            }
        }
        self.fields.truncate(kept);
    }

    /// The fragments that were pushed for the claim to come.
    pub(super) fn open_fragments(&self) -> &[(u32, u32)] {
        &self.fragments[self.ends.last().map_or(0, |ends| ends.fragments as usize)..]
    }

    /// The row with that number, to be changed.
    pub(super) fn row_mut(&mut self, i: usize) -> &mut RawRow<'a> {
        &mut self.rows[i]
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.ends.clear();
        self.fields.clear();
        self.fragments.clear();
        self.tags.clear();
    }
}

fn range(from: u32, to: u32) -> Range<usize> {
    from as usize..to as usize
}

impl<'a> Record<'a> {
    /// Takes everything out but the buffers.
    pub fn clear(&mut self) {
        let Record { line, id, lang, title, published_at, publisher, url, text, columns, claims, error } = self;
        *line = 0;
        *id = Cow::Borrowed("");
        for value in [lang, title, published_at, publisher, url, text] {
            *value = None;
        }
        columns.clear();
        claims.clear();
        *error = None;
    }

    /// The language, `und` where the line has none.
    pub fn lang(&self) -> &str {
        self.lang.as_deref().unwrap_or("und")
    }

    /// The article as an extractor sees it: language `und` and an empty text where the line has none.
    pub fn article(&self) -> Article {
        let owned = |value: &Option<Cow<'_, str>>| value.as_deref().map(str::to_owned);
        Article {
            id: self.id.clone().into_owned(),
            lang: self.lang().to_owned(),
            title: owned(&self.title),
            published_at: owned(&self.published_at),
            publisher: owned(&self.publisher),
            url: owned(&self.url),
            text: Arc::from(self.text.as_deref().unwrap_or_default()),
        }
    }
}

impl RawClaim<'_, '_> {
    /// Puts the place as written into a buffer: sorted, disjoint spans; none where the claim has no place.
    pub(crate) fn place_into(&self, spans: &mut Vec<Span>) {
        spans.clear();
        if self.fragments.is_empty() {
            spans.extend(self.offsets.and_then(|(start, end)| Span::new(start, end)));
        } else {
            spans.extend_from_slice(self.written_place().spans());
        }
    }

    /// The place as written: the fragments, else start and end; empty where neither is given.
    pub fn written_place(&self) -> Fragments {
        let spans = |pairs: &[(u32, u32)]| pairs.iter().filter_map(|&(start, end)| Span::new(start, end)).collect();
        if self.fragments.is_empty() { spans(self.offsets.as_slice()) } else { spans(self.fragments) }
    }

    /// The claim with everything but its place taken over as written.
    pub fn to_claim(&self, fragments: Fragments) -> Claim {
        let fields = self.fields.iter().map(|(name, state)| {
            let state = match state {
                FieldState::Absent => FieldState::Absent,
                FieldState::Present(value) => FieldState::Present(value.clone().into_owned()),
            };
            (name.clone().into_owned(), state)
        });
        Claim {
            id: self.id.clone().into_owned(),
            fragments,
            quote: self.quote.clone().into_owned(),
            kind: self.kind.clone().into_owned(),
            fields: fields.collect(),
            score: self.score,
            tracking_id: self.tracking_id.clone().into_owned(),
        }
    }
}
