//! The rules: what can be wrong with a workspace or a dataset, and how bad each thing is.

use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The data cannot be scored rightly: nothing is loaded.
    Error,
    /// Probably a slip; the data can be scored.
    Warning,
    /// Worth knowing.
    Info,
}

impl Level {
    /// `error`, `warning` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! rules {
    ($($variant:ident $name:literal $level:ident $(fix $fix:literal)? : $what:literal, $why:literal;)*) => {
        /// A rule. Errors stop a load; warnings and infos do not. `assay lint` shows all of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $what] $variant,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant),*];

            /// The name, as shown behind a finding.
            pub fn name(self) -> &'static str {
                match self { $(Rule::$variant => $name,)* }
            }

            /// How bad it is.
            pub fn level(self) -> Level {
                match self { $(Rule::$variant => Level::$level,)* }
            }

            /// What it finds.
            pub fn what(self) -> &'static str {
                match self { $(Rule::$variant => $what,)* }
            }

            /// Why that matters.
            pub fn why(self) -> &'static str {
                match self { $(Rule::$variant => $why,)* }
            }

            /// What `lint --fix` does about it, if anything.
            pub fn fix(self) -> Option<&'static str> {
                match self { $(Rule::$variant => rules!(@fix $($fix)?),)* }
            }
        }
    };
    (@fix) => { None };
    (@fix $fix:literal) => { Some($fix) };
}

rules! {
    Config "config" Error: "assay.toml or dataset.toml says something that is not valid",
        "a key that is ignored is a setting that is not in force";
    File "file" Error: "a file is missing, is no regular file, is too large or is not UTF-8",
        "what cannot be read whole is not read at all";
    Table "table" Error: "a CSV or JSONL file is damaged: header, quotes, number of fields, conflict markers",
        "a damaged row shifts values into other columns";
    UnknownColumn "unknown-column" Warning: "a column that is no field and no column of the format",
        "a misspelt field would silently never be scored";
    NoRows "no-rows" Warning: "a file has a header and no rows",
        "recall over nothing is undefined";
    ArticleId "article-id" Error: "an article_id is empty, doubled or no safe file name",
        "the id is the name of the text file";
    ArticleColumn "article-column" Error: "a status or a sha256 cell of articles.csv is not valid",
        "the status decides whether an article is scored";
    ArticleText "article-text" Error: "a text starts with a BOM",
        "the BOM would count as a character in every offset";
    ArticleChanged "article-changed" Error: "a text has another SHA-256 than its row says",
        "after an edit the offsets point elsewhere";
    EmptyText "empty-text" Warning: "a text is empty or white space",
        "no claim can stand in it";
    Language "language" Warning: "a lang is no language tag, or not among the languages of dataset.toml",
        "numbers are read by the language";
    PublishedAt "published-at" Warning: "published_at is no ISO 8601 date",
        "relative periods need it";
    SplitCutsGroup "split-cuts-group" Error: "articles of one group_id stand in several splits",
        "the same story on both sides makes a test look better than it is";
    StrayText "stray-text" Warning: "a file in articles/ has no row in articles.csv",
        "it is not part of the dataset";
    CarriageReturn "carriage-return" Info: "a text holds a CR",
        "it is legal and counts as a character; an editor may drop it and shift every offset";
    BidiControl "bidi-control" Warning: "a text or cell holds a bidi control U+202A–202E or U+2066–2069",
        "what is seen is not in the order of what is counted";
    ClaimId "claim-id" Error: "a claim_id is empty or doubled",
        "claims are named by it";
    UnknownArticle "unknown-article" Error: "a claim is in an article that does not exist",
        "it would be missed by everyone";
    Kind "kind" Error: "a kind is empty or not among the kinds of dataset.toml",
        "a misspelt kind is never matched";
    ClaimStatus "claim-status" Error: "a claim's status is unknown",
        "the status decides whether a claim is scored";
    Offset "offset" Error: "a start or end is no whole number, reversed, empty or behind the text",
        "the claim has no place";
    Quote "quote" Error fix "moves the offsets when the quote occurs once": "the quote is not the text at the offsets",
        "one of the two is wrong, and nobody knows which";
    QuotePlace "quote-place" Error: "a claim without offsets has no quote that occurs exactly once",
        "the claim has no place";
    NoQuote "no-quote" Warning: "a claim has offsets and no quote",
        "a wrong offset is not noticed";
    CutCharacter "cut-character" Warning: "a span starts or ends inside a character as it is seen (a grapheme cluster)",
        "half an emoji or a letter without its accent is never meant";
    EdgeSpace "edge-space" Warning fix "trims it; offsets move with the quote": "a quote or cell begins or ends with white space",
        "it costs exact matches, and ids that look equal are not";
    DuplicateClaim "duplicate-claim" Warning: "two claims agree in place, kind and fields",
        "one of them can never be matched";
    NoClaims "no-claims" Error: "an annotator's file says that an article has no claims, and holds one of it",
        "one of the two rows is wrong, and nobody knows which";
    Value "value" Error: "a cell is not a value of its field",
        "it could not be compared";
    Figure "figure" Warning: "a value that no figure in the quote gives",
        "the quote is cut short, or the value was read or typed wrongly";
    RequiredField "required-field" Warning: "a field that the kind requires is not annotated",
        "the field is left out of the counts for this claim";
    Tracking "tracking" Info: "claims of one tracking_id disagree in a key field",
        "in the news they may; between labels it is often a slip";
    TrackingTwice "tracking-twice" Info: "a tracking_id occurs twice in one article",
        "a repeated claim, or a slip in copying rows";
    ClaimInUnscored "claim-in-unscored" Warning: "a claim stands in an article that is skipped or unlabelled",
        "it is never scored";
    Alias "alias" Error: "a row of the alias file is not valid or contradicts another",
        "the same spelling would mean two things";
    Order "order" Info fix "sorts the rows": "rows are not in canonical order",
        "one edited claim should be a diff of one line";
    Form "form" Info fix "rewrites the file": "a file is not in canonical form: delimiter, encoding, quoting, row ends, column order",
        "one edited claim should be a diff of one line";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        let names: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|r| r.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        assert!(names.iter().all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
