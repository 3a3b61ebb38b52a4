//! Which counts of an article a number is made of: every precision, recall and F1 of a result comes from three sums.

use crate::score::{ArticleInput, Criterion, EvaluatedArticle, Standing, Tally, TallyNames, f_beta, ratio};
use crate::stats::{Counts, OfMetrics};

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Claims under a criterion.
    Criterion(Criterion),
    /// A field over pairs of the primary criterion.
    MatchedField(String),
    /// A field over all claims.
    EndToEndField(String),
    /// Pairs of the error view that are right.
    Right,
    /// Claims under a scheme of the SemEval-2013 view: `strict`, `exact`, `partial`, `type`.
    Semeval(String),
}

/// Which of the three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Matched of predicted.
    Precision,
    /// Matched of gold.
    Recall,
    /// Of both.
    F1,
}

impl Share {
    /// Its name in results.
    pub fn name(self) -> &'static str {
        ["precision", "recall", "f1"][self as usize]
    }

    /// The share of that name.
    pub fn of_name(name: &str) -> Option<Share> {
        [Share::Precision, Share::Recall, Share::F1].into_iter().find(|share| share.name() == name)
    }

    /// The share of counts; `None` where there is nothing to divide by.
    pub fn value(self, counts: Counts) -> Option<f64> {
        let [matched, gold, predicted] = [counts.matched, counts.gold, counts.predicted].map(|count| count as f64);
        match self {
            Share::Precision => ratio(matched, predicted),
            Share::Recall => ratio(matched, gold),
            Share::F1 => f_beta(matched, gold, predicted, 1.0),
        }
    }

    /// The one of three.
    pub fn of<T: Copy>(self, all: &OfMetrics<T>) -> T {
        [all.precision, all.recall, all.f1][self as usize]
    }
}

/// A number of a result that is a share of claims: what is counted, and which share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What is counted.
    pub counted: Counted,
    /// Which share.
    pub share: Share,
}

impl Measure {
    /// The number at a path of the result's JSON, such as `criteria.iou50.f1`; `None` where it is no share of claims.
    pub fn at(path: &str) -> Option<Measure> {
        let parts: Vec<&str> = path.split('.').collect();
        let (counted, share) = match parts.as_slice() {
            ["criteria", name, share] => (Counted::Criterion(name.parse().ok()?), share),
            ["fields", name, "matched", share] => (Counted::MatchedField((*name).to_owned()), share),
            ["fields", name, "end_to_end", share] => (Counted::EndToEndField((*name).to_owned()), share),
            ["semeval", name, share] => (Counted::Semeval((*name).to_owned()), share),
            ["right_f1"] => (Counted::Right, &"f1"),
            _ => return None,
        };
        Some(Measure { counted, share: Share::of_name(share)? })
    }
}

/// A part of the data: articles with these values, and of their claims those with that value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Column of the articles and value; all must hold.
    pub articles: Vec<(String, String)>,
    /// `kind`, `tags` or a field, and its value.
    pub claims: Option<(String, String)>,
}

impl Part {
    /// Whether an article is in it.
    pub fn holds(&self, article: &ArticleInput<'_>) -> bool {
        let has = |(column, value): &(String, String)| match column.as_str() {
            "article_id" => article.id == value,
            _ => article.columns.iter().any(|(c, v)| c == column && v == value),
        };
        self.articles.iter().all(has)
    }

    /// The counts of an article that is in it. `None` for an article that is in no headline, and where the part does not define
    /// the counts: a field or a scheme of a kind or tag.
    pub fn counts(&self, counted: &Counted, evaluated: &EvaluatedArticle, names: &TallyNames) -> Option<Counts> {
        if !matches!(evaluated.standing, Standing::Scored | Standing::Failed) {
            return None;
        }
        let tally = &evaluated.score.tally;
        match &self.claims {
            None => Some(counts(counted, tally, names)),
            Some((column, value)) => {
                let Counted::Criterion(criterion) = counted else { return None };
                let number = names.criteria.iter().position(|c| c == criterion)?;
                Some(of_claims(tally, names, (column, value), number))
            }
        }
    }

    /// Which shares the part defines: all of articles; only recall of gold claims, and of a kind, whose precision is over other pairs.
    pub fn defines(&self, counted: &Counted, share: Share) -> bool {
        match &self.claims {
            None => true,
            Some((column, _)) if column == "kind" => share == Share::Recall || *counted == Counted::Criterion(Criterion::Strict),
            Some(_) => share == Share::Recall,
        }
    }
}

fn counts(counted: &Counted, tally: &Tally, names: &TallyNames) -> Counts {
    let field = |name: &str| {
        let number = names.fields.iter().position(|known| known == name);
        number.and_then(|number| tally.fields.get(&(number as u32))).copied().unwrap_or_default()
    };
    match counted {
        Counted::Criterion(criterion) => {
            let tally = names.criteria.iter().position(|c| c == criterion).and_then(|number| tally.criteria.get(number));
            let tally = tally.copied().unwrap_or_default();
            Counts { matched: tally.matched, gold: tally.gold, predicted: tally.predicted }
        }
        Counted::MatchedField(name) => {
            let field = field(name);
            Counts { matched: field.cor, gold: field.cor + field.inc + field.mis, predicted: field.cor + field.inc + field.spu }
        }
        Counted::EndToEndField(name) => {
            let field = field(name);
            Counts { matched: field.cor, gold: field.gold, predicted: field.predicted }
        }
        Counted::Right => Counts { matched: tally.errors.right, gold: tally.errors.gold, predicted: tally.errors.predicted },
        Counted::Semeval(scheme) => {
            let view = &tally.semeval;
            let (correct, partial) = match scheme.as_str() {
                "strict" => (view.same_both, 0),
                "exact" => (view.same_place, 0),
                "type" => (view.same_kind, 0),
                _ => (view.same_place, view.pairs - view.same_place),
            };
            // Twice everything, because a partial pair is half a credit.
            Counts { matched: 2 * correct + partial, gold: 2 * tally.gold, predicted: 2 * (view.pairs + view.spurious) }
        }
    }
}

fn of_claims(tally: &Tally, names: &TallyNames, (column, value): (&str, &str), criterion: usize) -> Counts {
    if column == "kind" {
        let kind = names.kinds.iter().position(|known| known == value).and_then(|number| tally.kinds.get(&(number as u32)));
        let kind = kind.and_then(|by_criterion| by_criterion.get(criterion)).copied().unwrap_or_default();
        return Counts { matched: kind.gold_matched, gold: kind.gold, predicted: kind.predicted };
    }
    let slice = names.claim_slices.iter().position(|known| known == column);
    let found = slice.and_then(|slice| tally.claim_slices.get(&(slice as u16, value.to_owned())));
    let (gold, matched) = found.and_then(|found| found.found.get(criterion)).copied().unwrap_or_default();
    Counts { matched, gold, predicted: 0 }
}
