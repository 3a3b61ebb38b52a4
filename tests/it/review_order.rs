//! What is looked at next, and why: claims of a run, and articles to label.

use std::collections::BTreeMap;

use claim_assay::claim::{Article, ArticleStatus, Claim, ClaimStatus, GoldClaim, Schema};
use claim_assay::dataset::{ArticleRecord, Dataset};
use claim_assay::extract::{Answer, LocationCounts, Numbers};
use claim_assay::label::order::{
    Disagreement, Evidence, Group, Order, QueueSettings, Voter, Width, disagreements, queue, sorted, text_hashes,
};
use claim_assay::runs::{Attempt, Attempted, items, outcome_rows, rescore};
use claim_assay::score::result::ExtractorInfo;
use claim_assay::score::{Criterion, Settings};
use proptest::prelude::*;

use super::support::{cases, spanned, with_field};

const TEXT: &str = "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789";

fn article(id: &str, lang: &str, status: ArticleStatus) -> ArticleRecord {
    let article = Article { id: id.to_owned(), lang: lang.to_owned(), text: TEXT.into(), ..Article::default() };
    ArticleRecord { article, status, ..ArticleRecord::default() }
}

fn dataset(articles: Vec<ArticleRecord>, golds: &[(&str, &str, Claim)]) -> Dataset {
    let gold = |(id, article_id, claim): &(&str, &str, Claim)| GoldClaim {
        claim: Claim { id: (*id).to_owned(), ..claim.clone() },
        article_id: (*article_id).to_owned(),
        ..GoldClaim::default()
    };
    Dataset { articles, claims: golds.iter().map(gold).collect(), schema: Schema::default(), ..Dataset::default() }
}

fn voter(name: &str, answers: &[(&str, Vec<Claim>)]) -> Voter {
    let mut voter = Voter::new(name);
    for (article_id, claims) in answers {
        voter.answer((article_id, "en"), claims, &Schema::default(), Numbers::Canonical);
    }
    voter
}

fn quantity(start: u32, end: u32, value: &str) -> Claim {
    with_field(spanned("quantity", start, end), "value", value)
}

fn sure(claim: Claim, score: f64) -> Claim {
    Claim { score: Some(score), ..claim }
}

/// What `mine` and the gold do not agree on, where `others` answered as well.
fn reviewed<T>(dataset: &Dataset, mine: &[(&str, Vec<Claim>)], others: &[Voter], then: impl Fn(Vec<Disagreement<'_>>) -> T) -> T {
    let hashes = text_hashes(dataset);
    let attempted = |(id, claims): &(&str, Vec<Claim>)| {
        let located = LocationCounts { exact: claims.len() as u64, ..LocationCounts::default() };
        let attempted = Attempted { answer: Answer::of_claims(*id, claims.clone(), located), text_sha256: hashes[id].clone() };
        ((*id).to_owned(), attempted)
    };
    let attempt = Attempt {
        extractor: ExtractorInfo { name: "mine".to_owned(), ..ExtractorInfo::default() },
        articles: mine.iter().map(attempted).collect(),
        ..Attempt::default()
    };
    let criteria = vec![Criterion::Iou(50)];
    let settings = Settings { criteria, primary: Criterion::Iou(50), slices: vec![], ..Settings::new(Schema::default()) };
    let rescored = rescore(&attempt, dataset, "", &settings, &[]);
    let rows = outcome_rows(&rescored.run_articles(), &rescored.evaluation, &rescored.settings);
    let mut voters = vec![voter("mine", mine)];
    voters.extend(others.iter().cloned());
    then(disagreements(items(&rows, "iou50"), &voters, "mine", &dataset.schema))
}

fn names(list: Vec<Disagreement<'_>>) -> Vec<(String, Group, String)> {
    sorted(list, Order::Useful).into_iter().map(|d| (d.id, d.group, d.why)).collect()
}

#[test]
fn the_most_useful_comes_first_and_says_why() {
    let dataset = dataset(
        vec![article("a", "en", ArticleStatus::Gold), article("b", "en", ArticleStatus::Incomplete)],
        &[
            ("wrong", "a", quantity(0, 10, "1")),
            ("by-all", "a", quantity(11, 21, "2")),
            ("by-mine", "a", quantity(22, 32, "3")),
            ("differs", "a", quantity(33, 43, "4")),
        ],
    );
    let mine = [
        (
            "a",
            vec![
                sure(quantity(0, 10, "100"), 0.9),
                sure(quantity(33, 40, "44"), 0.9),
                sure(quantity(44, 54, "5"), 0.3),
                sure(quantity(55, 65, "6"), 0.8),
                sure(quantity(66, 76, "7"), 0.6),
                sure(quantity(77, 87, "8"), 0.2),
            ],
        ),
        ("b", vec![sure(quantity(0, 10, "9"), 0.9)]),
    ];
    let others = [
        // It has the claim of `mine` at half of the union of both.
        voter("second", &[("a", vec![quantity(0, 10, "100.0"), quantity(22, 32, "3"), quantity(49, 54, "5")])]),
        // The same place with another kind is another claim.
        voter("third", &[("a", vec![quantity(0, 10, "1"), spanned("event", 55, 65)])]),
    ];
    let expected = [
        (
            "a#3",
            Group::ProbablyMissing,
            "2 of 3 extractors have this claim (IoU of at least .5, same kind), and the gold has none like it here",
        ),
        ("wrong", Group::ProbablyWrong, "2 of 3 extractors say value \"100\" where the gold has \"1\""),
        ("a#4", Group::Spurious, "of 3 extractors only mine has it, with confidence .80"),
        ("a#5", Group::Spurious, "of 3 extractors only mine has it, with confidence .60"),
        ("by-all", Group::MissedByAll, "none of 3 extractors has a claim here (IoU of at least .5)"),
        ("by-mine", Group::Missed, "mine did not find it; 1 of 3 extractors has a claim here"),
        ("b#1", Group::Unjudged, "mine has it with confidence .90, and no other extractor has answered"),
        ("a#6", Group::Spurious, "of 3 extractors only mine has it, with confidence .20"),
        ("differs", Group::Wrong, "paired with IoU .70; not the same: value"),
    ];
    let found = reviewed(&dataset, &mine, &others, names);
    let found: Vec<(&str, Group, &str)> = found.iter().map(|(id, group, why)| (id.as_str(), *group, why.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_gold_is_doubted_only_where_more_say_something_else_together() {
    let dataset = dataset(vec![article("a", "en", ArticleStatus::Gold)], &[("g", "a", quantity(0, 10, "1"))]);
    let mine = [("a", vec![quantity(0, 10, "1")])];
    let says = |claims: &[Claim]| {
        let others: Vec<Voter> =
            claims.iter().enumerate().map(|(i, claim)| voter(&format!("other{i}"), &[("a", vec![claim.clone()])])).collect();
        reviewed(&dataset, &mine, &others, |list| {
            list.iter().flat_map(|d| d.readings.clone()).map(|r| (r.field, r.value)).collect::<Vec<_>>()
        })
    };
    let event = spanned("event", 0, 10);
    for (claims, expected) in [
        // One alone, two that differ, two against mine and another one, and claims at other places do not decide.
        (vec![quantity(0, 10, "2")], vec![]),
        (vec![quantity(0, 10, "2"), quantity(0, 10, "3")], vec![]),
        (vec![quantity(0, 10, "2"), quantity(0, 10, "2"), quantity(0, 10, "1.0")], vec![]),
        (vec![quantity(11, 21, "2"), quantity(11, 21, "2")], vec![]),
        (vec![quantity(0, 10, "2"), quantity(1, 10, "2.0")], vec![("value", "2")]),
        (vec![event.clone(), event.clone()], vec![("kind", "event")]),
        // What the gold does not annotate is not asked for.
        (vec![with_field(quantity(0, 10, "1"), "unit", "person"); 3], vec![]),
    ] {
        let expected: Vec<(String, String)> = expected.into_iter().map(|(f, v)| (f.to_owned(), v.to_owned())).collect();
        assert_eq!(says(&claims), expected, "{claims:?}");
    }
}

#[test]
fn a_second_prediction_of_a_gold_claim_is_not_missing_in_the_gold() {
    let dataset = dataset(vec![article("a", "en", ArticleStatus::Gold)], &[("g", "a", quantity(0, 10, "1"))]);
    let twice = vec![quantity(0, 10, "1"), quantity(0, 9, "1")];
    let found = reviewed(&dataset, &[("a", twice.clone())], &[voter("second", &[("a", twice.clone())])], names);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].1, found[0].2.as_str()),
        (Group::Spurious, "2 of 2 extractors have a claim here, but so has the gold, of that kind")
    );
    let alone = reviewed(&dataset, &[("a", twice)], &[], names);
    assert_eq!(alone[0].2, "mine has it, but the gold has a claim of that kind here already");
}

#[test]
fn a_quote_that_is_nowhere_is_the_same_for_all_who_say_it() {
    let nowhere = |quote: &str, kind: &str| Claim { quote: quote.to_owned(), kind: kind.to_owned(), ..Claim::default() };
    let dataset = dataset(vec![article("a", "en", ArticleStatus::Gold)], &[]);
    let mine = [("a", vec![nowhere("Nine  Boats", "quantity")])];
    for (other, says) in [
        (nowhere("nine boats", "quantity"), "2 of 2 extractors have it, mine without a confidence; its quote is not in the text"),
        (nowhere("nine boats", "event"), "of 2 extractors only mine has it, without a confidence; its quote is not in the text"),
        (nowhere("ten boats", "quantity"), "of 2 extractors only mine has it, without a confidence; its quote is not in the text"),
    ] {
        let others = [voter("other", &[("a", vec![other.clone()])])];
        assert_eq!(reviewed(&dataset, &mine, &others, names), [("a#1".to_owned(), Group::Spurious, says.to_owned())], "{other:?}");
    }
}

#[test]
fn orders_by_place_and_at_random() {
    let dataset = dataset(vec![article("a", "en", ArticleStatus::Gold), article("b", "en", ArticleStatus::Gold)], &[]);
    let claims =
        |first: u32| (0..5).map(|i| sure(quantity(first + i * 10, first + i * 10 + 5, "1"), 0.1 * f64::from(i))).collect::<Vec<_>>();
    let mine = [("b", claims(0)), ("a", claims(3))];
    let ids = |order: Order| reviewed(&dataset, &mine, &[], |list| sorted(list, order).into_iter().map(|d| d.id).collect::<Vec<_>>());
    let in_place: Vec<String> = ["a", "b"].iter().flat_map(|a| (1..=5).map(move |i| format!("{a}#{i}"))).collect();
    assert_eq!(ids(Order::Place), in_place);
    assert_eq!(ids(Order::Random(1)), ids(Order::Random(1)));
    assert_ne!(ids(Order::Random(1)), ids(Order::Random(2)));
    assert_eq!(ids(Order::Random(1)).into_iter().collect::<std::collections::BTreeSet<_>>().len(), 10);
}

fn some_claim() -> impl Strategy<Value = Claim> {
    let score = proptest::option::of((0..=4u8).prop_map(|n| f64::from(n) / 4.0));
    (0..8u32, 1..4u32, 0..2usize, 0..3u8, score).prop_map(|(start, length, kind, value, score)| Claim {
        score,
        ..with_field(spanned(["quantity", "event"][kind], start * 3, start * 3 + length * 3), "value", &value.to_string())
    })
}

fn some_claims() -> impl Strategy<Value = Vec<Claim>> {
    proptest::collection::vec(some_claim(), 0..6)
}

proptest! {
    #![proptest_config(cases(64))]

    /// Neither the order of the claims nor that of the extractors changes the order or a reason, and nothing is in the list twice.
    #[test]
    fn the_order_of_the_input_changes_nothing(
        gold in some_claims(),
        mine in some_claims(),
        others in proptest::collection::vec(some_claims(), 0..4),
        turn in 0..6usize,
    ) {
        let golds: Vec<(String, Claim)> = gold.into_iter().enumerate().map(|(i, claim)| (format!("g{i}"), Claim { score: None, ..claim })).collect();
        let golds: Vec<(&str, &str, Claim)> = golds.iter().map(|(id, claim)| (id.as_str(), "a", claim.clone())).collect();
        let dataset = dataset(vec![article("a", "en", ArticleStatus::Gold)], &golds);
        let mut voters: Vec<Voter> = others.iter().enumerate().map(|(i, claims)| voter(&format!("v{i}"), &[("a", claims.clone())])).collect();
        let first = reviewed(&dataset, &[("a", mine.clone())], &voters, names);
        let turned = |claims: &[Claim]| {
            let mut claims = claims.to_vec();
            let by = turn % claims.len().max(1);
            claims.rotate_left(by);
            claims
        };
        voters = others.iter().enumerate().rev().map(|(i, claims)| voter(&format!("v{i}"), &[("a", turned(claims))])).collect();
        let second = reviewed(&dataset, &[("a", turned(&mine))], &voters, |mut list| {
            list.reverse();
            names(list)
        });
        prop_assert_eq!(&first, &second);
        let ids: std::collections::BTreeSet<&String> = first.iter().map(|(id, ..)| id).collect();
        prop_assert_eq!(ids.len(), first.len());
    }

    /// Every article that is open is in the queue once, whatever is known of it, and the order of the extractors changes nothing.
    #[test]
    fn the_queue_holds_each_open_article_once(
        statuses in proptest::collection::vec((0..6usize, 0..3usize), 0..30),
        answers in proptest::collection::vec(proptest::collection::vec((0..30usize, some_claims()), 0..20), 0..3),
        random_every in 0..6usize,
        seed in 0..4u64,
    ) {
        const STATUSES: [ArticleStatus; 6] = [
            ArticleStatus::Gold, ArticleStatus::Reviewed, ArticleStatus::Incomplete, ArticleStatus::Unlabelled, ArticleStatus::Draft,
            ArticleStatus::Skipped,
        ];
        let articles: Vec<ArticleRecord> = statuses
            .iter()
            .enumerate()
            .map(|(i, (status, lang))| article(&format!("a{i:02}"), ["en", "id", "tr"][*lang], STATUSES[*status]))
            .collect();
        let dataset = dataset(articles, &[]);
        let voter_of = |(i, answers): (usize, &Vec<(usize, Vec<Claim>)>)| {
            let of: BTreeMap<String, Vec<Claim>> = answers.iter().map(|(at, claims)| (format!("a{at:02}"), claims.clone())).collect();
            let answers: Vec<(&str, Vec<Claim>)> = of.iter().map(|(id, claims)| (id.as_str(), claims.clone())).collect();
            voter(&format!("v{i}"), &answers)
        };
        let voters: Vec<Voter> = answers.iter().enumerate().map(voter_of).collect();
        let settings = QueueSettings { random_every, seed, ..QueueSettings::default() };
        let first = queue(&dataset, &Evidence { voters: voters.clone(), ..Evidence::default() }, &settings);
        let second = queue(&dataset, &Evidence { voters: voters.into_iter().rev().collect(), ..Evidence::default() }, &settings);
        prop_assert_eq!(&first, &second);
        let mut ids: Vec<&str> = first.iter().map(|next| next.article_id.as_str()).collect();
        ids.sort_unstable();
        let open = dataset.articles.iter().filter(|r| !r.status.is_scored() && r.status != ArticleStatus::Skipped);
        prop_assert_eq!(ids, open.map(|r| r.article.id.as_str()).collect::<Vec<_>>());
        let labelled = dataset.articles.len() - first.len();
        for (i, next) in first.iter().enumerate() {
            let is_drawn = random_every > 0 && (labelled + i + 1).is_multiple_of(random_every);
            prop_assert_eq!(next.why.starts_with("drawn at random"), is_drawn);
            prop_assert!(!next.why.is_empty());
        }
    }
}

#[test]
fn an_article_says_why_it_is_next() {
    let open = ArticleStatus::Unlabelled;
    let mut partly = dataset(
        vec![
            article("agreed", "en", open),
            article("differs", "en", open),
            article("done", "en", ArticleStatus::Gold),
            article("lost", "en", ArticleStatus::Incomplete),
            article("new", "tr", open),
            article("skipped", "tr", ArticleStatus::Skipped),
            article("wide", "id", open),
            article("wide-done", "id", ArticleStatus::Gold),
        ],
        &[("l1", "lost", quantity(0, 10, "1")), ("l2", "lost", quantity(11, 21, "1"))],
    );
    partly.claims[0].status = ClaimStatus::Gold;
    let same = vec![sure(quantity(0, 10, "1"), 1.0)];
    let evidence = Evidence {
        voters: vec![
            voter("one", &[("agreed", same.clone()), ("differs", same.clone()), ("lost", vec![])]),
            voter("two", &[("agreed", same.clone()), ("differs", vec![quantity(30, 40, "1"), quantity(50, 60, "1")])]),
        ],
        before: vec![voter("one", &[("lost", vec![quantity(0, 10, "1"), quantity(11, 21, "1")])])],
        widths: vec![
            Width { column: "lang".into(), value: "id".into(), share: 0.5, gold: 12, is_interval: true },
            Width { column: "lang".into(), value: "en".into(), share: 0.1, gold: 90, is_interval: false },
        ],
    };
    let settings = QueueSettings { random_every: 0, ..QueueSettings::default() };
    let found = queue(&partly, &evidence, &settings);
    let found: Vec<(&str, &str)> = found.iter().map(|next| (next.article_id.as_str(), next.why.as_str())).collect();
    assert_eq!(
        found,
        [
            ("differs", "3 of 3 claims of two extractors are not in both; lang=en has 90 scored gold claims"),
            ("new", "no article in tr is scored yet"),
            ("lost", "one found 2 gold claims before that it misses now; lang=en has 90 scored gold claims"),
            ("wide", "the number of lang=id has an interval of .50 still"),
            ("agreed", "lang=en has 90 scored gold claims"),
        ]
    );
}

#[test]
fn extractors_differ_in_places_kinds_and_values() {
    let record = || vec![article("a", "en", ArticleStatus::Unlabelled), article("done", "en", ArticleStatus::Gold)];
    let both = |one: Vec<Claim>, two: Vec<Claim>| {
        let evidence = Evidence { voters: vec![voter("one", &[("a", one)]), voter("two", &[("a", two)])], ..Evidence::default() };
        let settings = QueueSettings { random_every: 0, ..QueueSettings::default() };
        queue(&dataset(record(), &[]), &evidence, &settings).remove(0).why.replace("lang=en has 0 scored gold claims", "-")
    };
    let one = || vec![quantity(0, 10, "1"), quantity(11, 21, "2")];
    for (two, why) in [
        (one(), "-"),
        (vec![quantity(0, 10, "1.0"), spanned("quantity", 11, 21)], "-"),
        (
            vec![quantity(0, 10, "1"), quantity(11, 21, "3")],
            "2 of 4 claims of two extractors are not in both (2 at the same place, with another kind or value); -",
        ),
        (
            vec![quantity(0, 10, "1"), spanned("event", 11, 21)],
            "2 of 4 claims of two extractors are not in both (2 at the same place, with another kind or value); -",
        ),
        (vec![quantity(0, 10, "1"), quantity(30, 40, "2")], "2 of 4 claims of two extractors are not in both; -"),
    ] {
        assert_eq!(both(one(), two.clone()), why, "{two:?}");
        assert_eq!(both(two.clone(), one()), why, "{two:?}");
    }
}

#[test]
fn a_language_is_not_labelled_through_before_another_begins() {
    let mut articles: Vec<ArticleRecord> = (0..4).map(|i| article(&format!("tr-{i}"), "tr", ArticleStatus::Unlabelled)).collect();
    articles.extend((0..4).map(|i| article(&format!("zh-{i}"), "zh", ArticleStatus::Unlabelled)));
    let found = queue(&dataset(articles, &[]), &Evidence::default(), &QueueSettings { random_every: 0, ..QueueSettings::default() });
    let ids: Vec<&str> = found.iter().map(|next| next.article_id.as_str()).collect();
    assert_eq!(ids, ["tr-0", "zh-0", "tr-1", "zh-1", "tr-2", "zh-2", "tr-3", "zh-3"]);
}

/// Who labels the first of the queue and asks again gets articles that are drawn at random as well, the same as of one long queue.
#[test]
fn one_in_five_is_drawn_however_often_somebody_asks() {
    let mut dataset = dataset((0..20).map(|i| article(&format!("a{i:02}"), "en", ArticleStatus::Unlabelled)).collect(), &[]);
    let settings = QueueSettings { seed: 7, ..QueueSettings::default() };
    let at_once: Vec<String> = queue(&dataset, &Evidence::default(), &settings).into_iter().map(|next| next.article_id).collect();
    let (mut one_by_one, mut drawn) = (Vec::new(), 0);
    while let Some(next) = queue(&dataset, &Evidence::default(), &settings).into_iter().next() {
        drawn += usize::from(next.why.starts_with("drawn at random"));
        dataset.articles.iter_mut().find(|r| r.article.id == next.article_id).unwrap().status = ArticleStatus::Gold;
        one_by_one.push(next.article_id);
    }
    assert_eq!(drawn, 4);
    let fifth = |ids: &[String]| ids.iter().skip(4).step_by(5).cloned().collect::<Vec<_>>();
    assert_eq!(fifth(&one_by_one), fifth(&at_once));
    assert_ne!(
        at_once,
        {
            let mut ids = at_once.clone();
            ids.sort();
            ids
        },
        "something is drawn"
    );
}

/// The latest run of each extractor, files of answers in their place, and the rules computed here where nobody has asked them.
#[test]
fn a_workspace_knows_who_said_what() {
    use claim_assay::label::order::Evidence as Gathered;
    use claim_assay::workspace::Workspace;

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    file(
        "assay.toml",
        "format = 1\nname = \"w\"\n[dataset]\npath = \"d\"\n[[extractor]]\nid = \"made\"\nkind = \"predictions\"\npath = \"made.jsonl\"\n\
         [[extractor]]\nid = \"gone\"\nkind = \"predictions\"\npath = \"gone.jsonl\"\n[[extractor]]\nid = \"rules\"\nkind = \"builtin\"\n",
    );
    file("d/dataset.toml", "format = 1\nname = \"d\"\nversion = \"1\"\n");
    file("d/articles.csv", "article_id,lang,status\na,en,\nb,en,incomplete\nc,tr,unlabelled\n");
    for id in ["a", "b", "c"] {
        file(&format!("d/articles/{id}.txt"), "Police held 37,000 people in 2023, the ministry said.");
    }
    file(
        "d/claims.csv",
        "claim_id,article_id,start,end,quote,kind\na1,a,12,25,\"37,000 people\",quantity\nb1,b,12,25,\"37,000 people\",quantity\n",
    );
    let answers = |b: &str| format!("{{\"id\":\"a\",\"claims\":[]}}\n{{\"id\":\"b\",\"claims\":[{b}]}}\n{{\"id\":\"c\",\"claims\":[]}}\n");
    file("made.jsonl", &answers("{\"quote\":\"37,000 people\",\"kind\":\"quantity\"}"));
    file("gone.jsonl", &answers("{\"quote\":\"37,000 people\",\"kind\":\"quantity\"}"));
    let run = |extractor: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_assay"));
        let status = command.args(["run", extractor, "--ci", "all"]).current_dir(folder.path()).output().unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    };
    run("gone");
    file("gone.jsonl", &answers(""));
    run("gone");
    // The file is newer than the runs, and then there is none.
    std::fs::remove_file(folder.path().join("gone.jsonl")).unwrap();

    let workspace = Workspace::load(folder.path()).unwrap();
    let dataset = workspace.dataset().unwrap();
    let (evidence, notes) = Gathered::gather(&workspace, &dataset, &["lang".to_owned()]).unwrap();
    let said: Vec<(&str, Option<usize>)> =
        evidence.voters.iter().map(|voter| (voter.extractor.as_str(), voter.of("b").map(|answered| answered.all().len()))).collect();
    assert_eq!(said, [("gone", Some(0)), ("made", Some(1)), ("rules", Some(1))]);
    assert!(evidence.voters[2].of("a").is_none(), "the rules are asked about open articles only");
    assert_eq!(evidence.before.iter().map(|voter| voter.extractor.as_str()).collect::<Vec<_>>(), ["gone"]);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("the answers of gone are left out"), "{notes:?}");

    let found = queue(&dataset, &evidence, &QueueSettings { random_every: 0, ..QueueSettings::default() });
    assert_eq!(found.iter().map(|next| next.article_id.as_str()).collect::<Vec<_>>(), ["c", "b"]);
    assert!(found[0].why.contains("no article in tr is scored yet"), "{found:?}");
    assert!(found[1].why.contains("gone found 1 gold claim before that it misses now"), "{found:?}");
}
