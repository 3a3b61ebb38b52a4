//! What is told of two annotators.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::disagreement::Disagreement;
use super::joint::JointAlpha;
use super::labels::Labels;
use crate::stats::{Method, NoInterval};

/// Two annotators over the articles that both labelled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct PairAgreement {
    /// The names of both; the gold is `gold`.
    pub annotators: [String; 2],
    /// Over all articles.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// The 95 % interval of F1 by criterion; `null` where there is none.
    pub ci: BTreeMap<String, F1Interval>,
    /// By language.
    pub by_lang: Vec<Slice>,
    /// By article.
    pub by_article: Vec<Slice>,
    /// By kind.
    pub by_kind: Vec<KindAgreement>,
    /// By article, then by place.
    pub disagreements: Vec<Disagreement>,
}

/// The numbers of two annotators over some articles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Numbers {
    /// Articles that both labelled.
    pub articles: u64,
    /// Of these, those in which both found no claims.
    pub empty_articles: u64,
    /// Articles with more pairs than are looked at; their claims are paired among the likeliest ones.
    pub thinned: u64,
    /// Agreement on places, by criterion.
    pub spans: BTreeMap<String, SpanAgreement>,
    /// Agreement on kinds, over pairs that overlap.
    pub kinds: Labels,
    /// Agreement on fields, over pairs of the primary criterion in which both annotated the field.
    pub fields: BTreeMap<String, Labels>,
    /// Pairs of the primary criterion.
    pub pairs: u64,
    /// Of these, those in which no field that both annotated differs.
    pub all_fields_same: u64,
}

/// Agreement on places under one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct SpanAgreement {
    /// Claims of both that are paired.
    pub matched: u64,
    /// Claims of either annotator, without optional ones and those paired with one.
    pub claims: [u64; 2],
    /// `2 matched / (claims of one + claims of the other)`; `null` where neither has any.
    pub f1: Option<f64>,
}

/// The 95 % interval of F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct F1Interval {
    /// Lower and upper end; `null` where there is no interval.
    pub f1: Option<[f64; 2]>,
    /// How it was made.
    pub method: Method,
    /// Whether there are too few units to rely on it.
    pub unreliable: bool,
    /// Units that were resampled: articles, or the groups that they are in.
    pub units: u64,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NoInterval>,
}

/// The articles with one value of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Slice {
    /// The language, or the id of the article.
    pub value: String,
    /// Over these articles.
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// Claims of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct KindAgreement {
    /// The kind.
    pub kind: String,
    /// Claims of that kind of either annotator.
    pub claims: [u64; 2],
    /// Pairs of the primary criterion in which both say so.
    pub both: u64,
    /// Pairs of the primary criterion in which one says so, and the other another kind.
    pub one: u64,
    /// `2 both / (claims of one + claims of the other)`.
    pub f1: Option<f64>,
}

/// All of it: who labelled how much, and how far each two agree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Agreement {
    /// The dataset.
    pub dataset: Named,
    /// Which articles were looked at, such as `lang=id`; `all` for all.
    pub selection: String,
    /// The criterion over whose pairs fields are compared.
    pub primary: String,
    /// The gold, then the annotators by name.
    pub annotators: Vec<Labelled>,
    /// Each two of them, in that order.
    pub pairs: Vec<PairAgreement>,
    /// All annotators but the gold at once; `null` for fewer than three.
    pub joint: Option<JointAlpha>,
}

/// Name and version of the dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// How much an annotator labelled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Labelled {
    /// The name of the file, or `gold`.
    pub name: String,
    /// Articles, with claims or without.
    pub articles: u64,
    /// Articles without claims.
    pub empty_articles: u64,
    /// Claims in them.
    pub claims: u64,
    /// Claims that are left out because their status is `draft`.
    pub drafts: u64,
}
