//! A baseline: a blessed run as one file that is committed, a line a claim, so that its git diff can be read.
//!
//! It keeps the answers, and is scored again on the gold of the day whenever it is used: an edit of the gold is no regression of
//! the extractor. It holds no time and no id of a run: the same answers on the same gold make the same bytes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::{Formatter, Write};
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::attempt::{Attempt, Attempted, Rescored};
use super::claim_view::ClaimView;
use super::pages::article_pages;
use crate::claim::{Claim, FieldState, Fragments, Span};
use crate::extract::{Answer, LocationCounts, Numbers};
use crate::report::document::{ArticlePage, ReportItem};
use crate::report::safe::quoted;
use crate::score::Standing;
use crate::score::result::{DatasetInfo, ExtractorInfo};

/// The newest format of baselines that this version reads, and the one that it writes.
pub const BASELINE_FORMAT: u64 = 1;

/// What the file says beside its articles.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineHead {
    /// [`BASELINE_FORMAT`].
    pub format: u64,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// The data that it was blessed on.
    pub dataset: DatasetInfo,
    /// How decimals are written.
    pub numbers: Numbers,
    /// Which articles were chosen.
    pub selection: String,
    /// What the numbers below depend on.
    pub signature: String,
    /// The primary criterion when it was blessed.
    pub primary: String,
    /// Its numbers when it was blessed; undefined ones are `null`.
    #[serde(deserialize_with = "share")]
    pub precision: Option<f64>,
    /// See `precision`.
    #[serde(deserialize_with = "share")]
    pub recall: Option<f64>,
    /// See `precision`.
    #[serde(deserialize_with = "share")]
    pub f1: Option<f64>,
}

/// A baseline as its file holds it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What stands above the articles.
    #[serde(rename = "baseline")]
    pub head: BaselineHead,
    #[serde(deserialize_with = "each_once")]
    articles: BTreeMap<String, BaselineArticle>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineArticle {
    outcome: String,
    text_sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    located: LocationCounts,
    #[serde(default, skip_serializing)]
    claims: Vec<BaselineRow>,
}

/// A pair or a lone claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineRow {
    /// What came out when it was blessed.
    outcome: String,
    /// The gold claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gold: Option<String>,
    /// The gold claim's quote where nothing was predicted, for the reader of a diff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<String>,
    /// What was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<BaselineClaim>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BaselineClaim {
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<(u32, u32)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    quote: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "each_once")]
    fields: BTreeMap<String, Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    tracking_id: String,
}

/// The text of the file for an attempt as it scores today. Articles whose text was changed since, or that are gone, are left out.
///
/// # Errors
/// When a value cannot be JSON.
pub fn baseline_text(rescored: &Rescored<'_>) -> serde_json::Result<String> {
    let result = &rescored.evaluation.result;
    let primary = result.criteria.get(&result.primary).map(|score| score.all).unwrap_or_default();
    let head = BaselineHead {
        format: BASELINE_FORMAT,
        extractor: result.extractor.clone(),
        dataset: result.dataset.clone(),
        numbers: rescored.settings.numbers,
        selection: rescored.attempt.selection.clone(),
        signature: result.signature.clone(),
        primary: result.primary.clone(),
        precision: primary.precision,
        recall: primary.recall,
        f1: primary.f1,
    };
    let mut out = format!("{{\n\"baseline\": {},\n\"articles\": {{", serde_json::to_string_pretty(&head)?);
    let pages = article_pages(&rescored.run_articles(), &rescored.evaluation, &rescored.settings, rescored.dataset);
    let mut separator = "\n";
    for page in pages {
        let Some(attempted) = rescored.attempt.articles.get(&page.id) else { continue };
        let answer = &attempted.answer;
        let article = BaselineArticle {
            outcome: answer.outcome.name().to_owned(),
            text_sha256: attempted.text_sha256.clone(),
            message: answer.message.clone(),
            located: answer.located,
            claims: Vec::new(),
        };
        let open = serde_json::to_string(&article)?;
        let open = open.strip_suffix('}').unwrap_or(&open);
        // Writing to a String cannot fail.
        let _ = write!(out, "{separator}{}: {open},\"claims\": [", serde_json::to_string(&page.id)?);
        let mut before_row = "\n";
        for row in rows(&page, attempted) {
            let _ = write!(out, "{before_row}  {}", serde_json::to_string(&row)?);
            before_row = ",\n";
        }
        out.push_str(if before_row == "\n" { "]}" } else { "\n]}" });
        separator = ",\n";
    }
    out.push_str("\n}\n}\n");
    Ok(out)
}

/// The claims of an article by place. Answers to an article that is not labelled are kept too: it may be one day.
fn rows(page: &ArticlePage, attempted: &Attempted) -> Vec<BaselineRow> {
    if page.standing == Standing::Excluded.name() {
        let row = |claim: &Claim| {
            let view = ClaimView { score: claim.score, ..ClaimView::of(claim, &claim.id, &[]) };
            BaselineRow { outcome: page.standing.clone(), gold: None, missed: None, claim: Some(BaselineClaim::of(&view, &claim.id)) }
        };
        return attempted.answer.claims.iter().map(row).collect();
    }
    let row = |item: &ReportItem| BaselineRow {
        outcome: item.outcome.name().to_owned(),
        gold: item.gold.as_ref().map(|gold| gold.name.clone()),
        missed: item.gold.as_ref().filter(|_| item.predicted.is_none()).map(|gold| gold.quote.clone()),
        // A claim without an id is named by its number.
        claim: item.predicted.as_ref().map(|view| BaselineClaim::of(view, if view.name.starts_with('#') { "" } else { &view.name })),
    };
    page.items.iter().map(row).collect()
}

impl BaselineClaim {
    fn of(view: &ClaimView, id: &str) -> BaselineClaim {
        BaselineClaim {
            id: id.to_owned(),
            spans: view.fragments.clone(),
            quote: view.quote.clone(),
            kind: view.kind.clone(),
            fields: view.fields.clone(),
            score: view.score,
            tracking_id: view.tracking_id.clone(),
        }
    }
}

/// A share that has to be there, be it `null`.
fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let share = Option::<f64>::deserialize(deserializer)?;
    match share.filter(|share| !(0.0..=1.0).contains(share)) {
        Some(wrong) => Err(D::Error::custom(format!("{wrong} is not in 0 to 1"))),
        None => Ok(share),
    }
}

/// A map whose keys stand there once: a merge that kept both sides of an article leaves two.
fn each_once<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
    struct EachOnce<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for EachOnce<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
            out.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = entries.next_entry::<String, T>()? {
                match map.entry(key) {
                    Entry::Vacant(place) => drop(place.insert(value)),
                    Entry::Occupied(first) => return Err(A::Error::custom(format!("{} stands there twice", quoted(first.key(), 100)))),
                }
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(EachOnce(PhantomData))
}

/// Reads the text of a baseline.
///
/// # Errors
/// In words: what is wrong and where, and for a newer format that it is newer.
pub fn parse_baseline(text: &str) -> Result<Baseline, String> {
    #[derive(Deserialize)]
    struct Outer {
        baseline: Format,
    }
    #[derive(Deserialize)]
    struct Format {
        format: u64,
    }
    let hint = if text.lines().any(|line| line.starts_with("<<<<<<< ")) { "; it holds an unresolved merge conflict" } else { "" };
    let Outer { baseline: Format { format } } = serde_json::from_str(text).map_err(|e| format!("not a baseline: {e}{hint}"))?;
    match format {
        BASELINE_FORMAT => serde_json::from_str(text).map_err(|e| format!("not a baseline of format {BASELINE_FORMAT}: {e}")),
        newer if newer > BASELINE_FORMAT => {
            Err(format!("format {newer} is newer than {BASELINE_FORMAT}, the newest that this version of assay reads; update assay"))
        }
        other => Err(format!("format {other} does not exist; this version of assay reads {BASELINE_FORMAT}")),
    }
}

impl Baseline {
    /// Number of articles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether it has no article.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The answers, to be scored again.
    ///
    /// # Errors
    /// The claim or the outcome that does not hold, in words.
    pub fn into_attempt(self, name: &str) -> Result<Attempt, String> {
        let articles = self.articles.into_iter().map(|(id, article)| {
            let attempted = attempted(&id, article).map_err(|e| format!("article {id:?}: {e}"))?;
            Ok((id, attempted))
        });
        Ok(Attempt {
            name: name.to_owned(),
            extractor: self.head.extractor,
            numbers: self.head.numbers,
            signature: self.head.signature,
            selection: self.head.selection,
            wall_time_s: None,
            articles: articles.collect::<Result<_, String>>()?,
        })
    }
}

fn attempted(id: &str, article: BaselineArticle) -> Result<Attempted, String> {
    let claims = article.claims.into_iter().filter_map(|row| row.claim).map(claim).collect::<Result<Vec<Claim>, String>>()?;
    let answer = Answer { outcome: article.outcome.parse()?, message: article.message, ..Answer::of_claims(id, claims, article.located) };
    Ok(Attempted { answer, text_sha256: article.text_sha256 })
}

fn claim(stored: BaselineClaim) -> Result<Claim, String> {
    let spans = stored.spans.into_iter().map(|(s, e)| Span::new(s, e).ok_or_else(|| format!("span {s}-{e} is empty or reversed")));
    if let Some(score) = stored.score.filter(|score| !(0.0..=1.0).contains(score)) {
        return Err(format!("score {score} is not in 0 to 1"));
    }
    Ok(Claim {
        id: stored.id,
        fragments: spans.collect::<Result<Fragments, String>>()?,
        quote: stored.quote,
        kind: stored.kind,
        fields: stored.fields.into_iter().map(|(name, value)| (name, value.map_or(FieldState::Absent, FieldState::Present))).collect(),
        score: stored.score,
        tracking_id: stored.tracking_id,
    })
}
