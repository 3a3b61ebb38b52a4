//! The dataset that comes with the project: what its card promises is counted anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use claim_assay::claim::Claim;
use claim_assay::dataset::{ArticleRecord, Dataset};
use claim_assay::extract::predictions::{Extra, Predictions, PredictionsSettings};
use claim_assay::extract::{Answer, Extractor, builtin};
use claim_assay::score::{ArticleInput, GoldInput, Provenance, RunResult, Settings, evaluate};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn dataset() -> Dataset {
    Dataset::load(&root().join("datasets/tenfold")).unwrap_or_else(|problems| panic!("{problems}"))
}

fn card() -> String {
    std::fs::read_to_string(root().join("datasets/tenfold/CARD.md")).unwrap()
}

fn answers(extractor: &mut dyn Extractor, articles: &[&ArticleRecord]) -> Vec<Answer> {
    let answers = Mutex::new(Vec::<Answer>::new());
    let mut stream = articles.iter().map(|a| a.article.clone());
    extractor.extract(&mut stream, &answers, &false.into()).unwrap();
    answers.into_inner().unwrap()
}

fn score(dataset: &Dataset, articles: &[&ArticleRecord], answers: &[Answer]) -> RunResult {
    let by_id: BTreeMap<&str, &Answer> = answers.iter().map(|a| (a.article_id.as_str(), a)).collect();
    let inputs: Vec<ArticleInput> = articles
        .iter()
        .map(|a| ArticleInput {
            id: &a.article.id,
            lang: &a.article.lang,
            status: a.status,
            columns: vec![],
            gold: dataset.claims_of(&a.article.id).iter().map(|g| GoldInput { claim: &g.claim, optional: false, tags: &[] }).collect(),
            answer: by_id.get(a.article.id.as_str()).copied(),
        })
        .collect();
    evaluate(&inputs, &Settings::new(dataset.schema.clone()), &Provenance::default()).result
}

#[test]
fn it_is_as_large_and_as_linked_as_promised() {
    let dataset = dataset();
    let scored: Vec<&ArticleRecord> = dataset.articles.iter().filter(|a| a.status.is_scored()).collect();
    let languages: BTreeSet<&str> = scored.iter().map(|a| a.article.lang.split('-').next().unwrap()).collect();
    assert!(scored.len() >= 30 && dataset.claims.len() >= 250, "{} articles, {} claims", scored.len(), dataset.claims.len());
    assert!(["id", "en", "es", "de", "fr", "zh", "ar", "pt"].iter().all(|l| languages.contains(l)), "{languages:?}");
    let mut linked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for claim in &dataset.claims {
        let lang = &dataset.article(&claim.article_id).unwrap().article.lang;
        linked.entry(&claim.claim.tracking_id).or_default().insert(lang);
    }
    assert!(linked.len() >= 40, "{} tracking ids", linked.len());
    assert!(linked.values().filter(|langs| langs.len() >= 2).count() >= 25);
}

#[test]
fn every_field_of_every_claim_is_annotated() {
    let dataset = dataset();
    let names: BTreeSet<&str> = dataset.schema.fields.iter().map(|f| f.name.as_str()).collect();
    for gold in &dataset.claims {
        let annotated: BTreeSet<&str> = gold.claim.fields.keys().collect();
        assert_eq!(annotated, names, "{}", gold.claim.id);
    }
}

#[test]
fn texts_are_of_the_length_of_news() {
    for article in dataset().articles.iter().filter(|a| a.status.is_scored()) {
        let (id, text) = (&article.article.id, &article.article.text);
        let spaced = !matches!(article.article.lang.as_str(), "zh" | "ja");
        // A short notice without claims is one of the cases.
        let shortest = if id.contains("notice") { 80 } else { 120 };
        // Chinese and Japanese words are about two characters long.
        let words = if spaced { text.split_whitespace().count() } else { text.chars().count() / 2 };
        assert!((shortest..=400).contains(&words), "{id}: {words} words");
    }
}

#[test]
fn the_card_tells_the_agreement_as_it_is() {
    let dataset = dataset();
    let passes = [
        ("machine-b", ["ar-vaccine-1", "de-border-1", "fr-strike-1", "hi-flood-1", "zh-bank-1"]),
        ("machine-c", ["es-election-1", "id-vaccine-1", "ja-harvest-1", "pt-harvest-1", "tr-election-1"]),
    ];
    let free = ["subject", "modality", "place"];
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (annotator, ids) in passes {
        let articles: Vec<&ArticleRecord> = ids.iter().map(|id| dataset.article(id).unwrap()).collect();
        let path = root().join(format!("datasets/tenfold/annotations/{annotator}.csv"));
        let mut second = Predictions::new(PredictionsSettings { path, extra: Extra::Error });
        let answers = answers(&mut second, &articles);
        let result = score(&dataset, &articles, &answers);
        let f1 = |criterion: &str| format!("{:.3}", result.criteria[criterion].all.f1.unwrap());
        let pairs = result.criteria["iou50"].all.tp;
        let mut put = |name: &str, cell: String| rows.entry(name.to_owned()).or_default().push(cell);
        put("claims, first and second pass", format!("{} and {}", result.gold, result.predicted));
        put("span F1, `exact`", f1("exact"));
        put("span and kind F1, `strict`", f1("strict"));
        put("key fields equal over overlapping spans, `claim` F1", f1("claim"));
        put("all annotated fields right", format!("{} of {pairs}", result.all_fields_right));
        for name in free {
            put(&format!("{name}, matched F1"), format!("{:.3}", result.fields[name].matched.f1.unwrap()));
        }
        for (name, field) in result.fields.iter().filter(|(name, _)| !free.contains(&name.as_str())) {
            assert_eq!(field.matched.f1, Some(1.0), "{annotator}, {name}: the card says that all other fields agree");
        }
    }
    let card = card();
    for (name, cells) in rows {
        let row = format!("| {name} | {} |", cells.join(" | "));
        assert!(card.contains(&row), "CARD.md lacks the row {row}");
    }
}

#[test]
fn the_card_tells_the_baseline_as_it_is() {
    let dataset = dataset();
    let card = card();
    for split in ["all", "train", "dev", "test"] {
        let articles: Vec<&ArticleRecord> = dataset.articles.iter().filter(|a| split == "all" || a.split == split).collect();
        let answers = answers(builtin::open("rules").unwrap().as_mut(), &articles);
        let result = score(&dataset, &articles, &answers);
        let iou = &result.criteria["iou50"].all;
        let of_kind = |kind: &str| {
            let slice = result.slices.iter().find(|s| s.column == "kind" && s.value == kind).unwrap();
            slice.criteria["iou50"].recall.map_or("n/a".to_owned(), |r| format!("{r:.3}"))
        };
        let numbers = [iou.precision, iou.recall, iou.f1, result.criteria["claim"].all.f1].map(|n| format!("{:.3}", n.unwrap()));
        let kinds = ["quantity", "change", "rank"].map(of_kind);
        let row = format!("| {split} | {} | {} | {} |", result.gold, numbers.join(" | "), kinds.join(" | "));
        assert!(card.contains(&row), "CARD.md lacks the row {row}");
    }
}

#[test]
fn gold_against_itself_is_right_in_everything() {
    let dataset = dataset();
    let articles: Vec<&ArticleRecord> = dataset.articles.iter().collect();
    let answers: Vec<Answer> = articles
        .iter()
        .map(|a| {
            let claims: Vec<Claim> = dataset.claims_of(&a.article.id).iter().map(|g| g.claim.clone()).collect();
            Answer::of_claims(&a.article.id, claims, Default::default())
        })
        .collect();
    let result = score(&dataset, &articles, &answers);
    assert!(result.criteria.values().all(|c| c.all.f1 == Some(1.0)), "{:?}", result.criteria);
    assert_eq!((result.right, result.all_fields_right), (result.gold, result.gold));
}
