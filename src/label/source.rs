//! Who suggests claims: stored runs, the built-in rules, or the files of annotators.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::claim::number::{LocalReading, read_local};
use crate::claim::{Article, Claim, FieldState, FieldType, Fields, Schema, decimal};
use crate::dataset::Annotations;
use crate::extract::Numbers;
use crate::extract::rules::{Rules, find_claims};
use crate::runs::{ReadError, StoredRun};

/// Who suggests claims.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    by: String,
    claims: Claims,
}

#[derive(Clone, Debug)]
enum Claims {
    /// What the rules find in an article when it is asked for.
    Rules,
    /// Known from the start, by article.
    Known(BTreeMap<String, Vec<Claim>>, Numbers, Links),
}

/// Whether the tracking ids of a source mean something beyond their article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Links {
    OfArticles,
    OfDataset,
}

impl Source {
    /// The built-in rules, asked about an article when it is looked at.
    pub fn of_rules() -> Source {
        Source { name: format!("rules {}", Rules::VERSION), by: "rules".to_owned(), claims: Claims::Rules }
    }

    /// The answers of a stored run. Articles that failed have no claims.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn of_run(run: &StoredRun) -> Result<Source, ReadError> {
        let wrong = |e: serde_json::Error| ReadError { file: crate::files::shown_path(&run.dir.join("run.json")), problem: e.to_string() };
        let extractor = run.record.result().map_err(wrong)?.extractor;
        let known = run.predictions()?.into_iter().map(|answer| (answer.article_id, answer.claims)).collect();
        let version = if extractor.version.is_empty() { String::new() } else { format!(" {}", extractor.version) };
        Ok(Source {
            name: format!("{}{version} (run {})", extractor.name, run.id),
            by: extractor.name,
            claims: Claims::Known(known, run.record.numbers, Links::OfArticles),
        })
    }

    /// The rows of an annotator; drafts are none.
    pub fn of_annotator(annotations: Annotations) -> Source {
        let mut known: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
        for gold in annotations.claims {
            known.entry(gold.article_id).or_default().push(gold.claim);
        }
        Source {
            name: annotations.annotator.clone(),
            by: annotations.annotator,
            claims: Claims::Known(known, Numbers::Canonical, Links::OfDataset),
        }
    }

    /// What it is and where it comes from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The word for it beside each of its claims.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Takes its whole name beside its claims, too, so that two runs of one extractor are told apart.
    #[must_use]
    pub fn told_apart(self) -> Source {
        Source { by: self.name.clone(), ..self }
    }

    /// Whether asking it is work that is better done for one article at a time.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self.claims, Claims::Rules)
    }

    /// Whether it was asked about an article: a run has no answer for one that was added since.
    pub(super) fn was_asked(&self, article: &Article) -> bool {
        match &self.claims {
            Claims::Known(known, _, Links::OfArticles) => known.contains_key(&article.id),
            Claims::Rules | Claims::Known(..) => true,
        }
    }

    /// What it says of an article, with the fields of the schema, canonical where their type asks for that. `rules` is what the rules find.
    pub(super) fn claims(&self, article: &Article, schema: &Schema, rules: &mut RulesCache) -> Vec<Claim> {
        match &self.claims {
            Claims::Rules => {
                rules.of(article).iter().map(|claim| fitted(claim, article, schema, Numbers::Canonical, Links::OfArticles)).collect()
            }
            Claims::Known(known, numbers, links) => {
                let claims = known.get(&article.id).map_or(&[][..], Vec::as_slice);
                claims.iter().map(|claim| fitted(claim, article, schema, *numbers, *links)).collect()
            }
        }
    }
}

/// What the rules find in the article that they were last asked about.
#[derive(Debug, Default)]
pub(super) struct RulesCache {
    asked: Option<Article>,
    found: Vec<Claim>,
}

impl RulesCache {
    pub fn of(&mut self, article: &Article) -> &[Claim] {
        if self.asked.as_ref() != Some(article) {
            self.found = find_claims(article);
            self.asked = Some(article.clone());
        }
        &self.found
    }
}

/// The claim with a kind and fields of the schema only. A value that is none of its field is left out: a person sees the quote.
fn fitted(claim: &Claim, article: &Article, schema: &Schema, numbers: Numbers, links: Links) -> Claim {
    let is_kind = schema.kinds.as_ref().is_none_or(|kinds| kinds.contains(&claim.kind));
    Claim {
        id: String::new(),
        fragments: claim.fragments.clone(),
        quote: claim.quote.clone(),
        kind: if is_kind { claim.kind.clone() } else { String::new() },
        fields: fitted_fields(&claim.fields, article, schema, numbers),
        score: claim.score,
        tracking_id: if links == Links::OfDataset { claim.tracking_id.clone() } else { String::new() },
    }
}

/// The fields of the schema, with values of their types.
pub(super) fn fitted_fields(fields: &Fields, article: &Article, schema: &Schema, numbers: Numbers) -> Fields {
    let fitted = fields.iter().filter_map(|(name, state)| {
        let FieldState::Present(written) = state else { return Some((name.clone(), FieldState::Absent)) };
        let Some(field) = schema.field(name) else {
            return schema.open_fields.then(|| (name.clone(), FieldState::Present(written.to_owned())));
        };
        let written = written.trim();
        let local = field.field_type == FieldType::Decimal && numbers == Numbers::Local;
        let read = if local { local_decimal(written, &article.lang)? } else { Cow::Borrowed(written) };
        let key = schema.key(field, &read).ok()?;
        let value = match field.field_type {
            FieldType::Decimal | FieldType::Period => key,
            FieldType::Enum | FieldType::Bool | FieldType::Text | FieldType::List => read.into_owned(),
        };
        Some((name.clone(), FieldState::Present(value)))
    });
    fitted.filter(|(name, _)| schema.open_fields || schema.field(name).is_some()).collect()
}

fn local_decimal<'t>(written: &str, lang: &str) -> Option<Cow<'t, str>> {
    let LocalReading::Value(value) = read_local(written, lang) else { return None };
    Some(Cow::Owned(decimal::canonical(&value.to_string()).ok()?.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_dataset_knows_is_suggested() {
        let claim = Claim {
            kind: "rumour".into(),
            tracking_id: "k1".into(),
            fields: [
                ("value", FieldState::Present("37.000")),
                ("bound", FieldState::Present("plenty")),
                ("unit", FieldState::Present(" person ")),
                ("colour", FieldState::Present("red")),
                ("place", FieldState::Absent),
            ]
            .into(),
            ..Claim::default()
        };
        let article = Article { lang: "id".into(), ..Article::default() };
        let schema = Schema::default();
        let local = fitted(&claim, &article, &schema, Numbers::Local, Links::OfArticles);
        let expected: Fields =
            [("value", FieldState::Present("37000")), ("unit", FieldState::Present("person")), ("place", FieldState::Absent)].into();
        assert_eq!((local.kind.as_str(), local.tracking_id.as_str(), local.fields), ("", "", expected));
        let canonical = fitted(&claim, &article, &schema, Numbers::Canonical, Links::OfDataset);
        assert_eq!((canonical.fields.value("value"), canonical.tracking_id.as_str()), (Some("37"), "k1"));
    }
}
