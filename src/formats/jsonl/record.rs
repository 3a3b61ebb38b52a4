//! What one line holds, borrowed from the file where it can be.

use std::borrow::Cow;
use std::sync::Arc;

use crate::claim::{Article, Claim, ClaimStatus, FieldState, Fragments, Span};

/// One article of a file. Gold always has [`Content::Claims`].
#[derive(Clone, Debug, PartialEq)]
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
    /// The claims, or why there are none.
    pub content: Content<'a>,
}

/// The claims of a line, or why there are none.
#[derive(Clone, Debug, PartialEq)]
pub enum Content<'a> {
    /// The claims, in the order of the line.
    Claims(Vec<RawClaim<'a>>),
    /// Predictions only: the extractor says that it has no answer.
    Error {
        /// The name of an outcome, or the extractor's own word.
        kind: String,
        /// In words.
        message: String,
    },
}

/// A claim as written: its place may still have to be found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawClaim<'a> {
    /// Empty where none is given.
    pub id: Cow<'a, str>,
    /// `start` and `end`, in the file's offset unit; for predictions `start < end` holds only where both are code points.
    pub offsets: Option<(u32, u32)>,
    /// `fragments`, as `[start, end]` pairs in any order.
    pub fragments: Vec<(u32, u32)>,
    /// Empty where none is given.
    pub quote: Cow<'a, str>,
    /// Text right before the quote, to tell its occurrences apart.
    pub prefix: Cow<'a, str>,
    /// Text right behind the quote.
    pub suffix: Cow<'a, str>,
    /// Empty where none is given.
    pub kind: Cow<'a, str>,
    /// Field name to state, in the order of the line, names unique. In predictions only present ones.
    pub fields: Vec<(Cow<'a, str>, FieldState<Cow<'a, str>>)>,
    /// 0..=1.
    pub score: Option<f64>,
    /// Empty where none is given.
    pub tracking_id: Cow<'a, str>,
    /// Gold only.
    pub status: ClaimStatus,
    /// Gold only.
    pub tags: Vec<String>,
}

impl<'a> Record<'a> {
    /// The article as an extractor sees it: language `und` and an empty text where the line has none.
    pub fn article(&self) -> Article {
        let owned = |value: &Option<Cow<'_, str>>| value.as_deref().map(str::to_owned);
        Article {
            id: self.id.clone().into_owned(),
            lang: self.lang.as_deref().unwrap_or("und").to_owned(),
            title: owned(&self.title),
            published_at: owned(&self.published_at),
            publisher: owned(&self.publisher),
            url: owned(&self.url),
            text: Arc::from(self.text.as_deref().unwrap_or_default()),
        }
    }

    /// The claims; none where the line is an error record.
    pub fn claims(&self) -> &[RawClaim<'a>] {
        self.content.claims()
    }
}

impl<'a> Content<'a> {
    /// The claims; none where there is an error instead.
    pub fn claims(&self) -> &[RawClaim<'a>] {
        match self {
            Content::Claims(claims) => claims,
            Content::Error { .. } => &[],
        }
    }
}

impl RawClaim<'_> {
    /// The place as written: the fragments, else start and end; empty where neither is given.
    pub fn written_place(&self) -> Fragments {
        let spans = |pairs: &[(u32, u32)]| pairs.iter().filter_map(|&(start, end)| Span::new(start, end)).collect();
        if self.fragments.is_empty() { spans(self.offsets.as_slice()) } else { spans(&self.fragments) }
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
