//! `assay show` over a small workspace with two stored runs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use claim_assay::claim::{Claim, ClaimStatus, FieldState, Span};
use claim_assay::dataset::Dataset;
use claim_assay::extract::{Answer, LocationCounts, Outcome};
use claim_assay::runs::{NewRun, RunArticle, Store};
use claim_assay::score::result::{DatasetInfo, ExtractorInfo};
use claim_assay::score::{ArticleInput, GoldInput, Provenance, Settings, evaluate};
use unicode_width::UnicodeWidthStr;

/// What the command printed.
struct Printed {
    code: i32,
    out: String,
    err: String,
}

fn assay(folder: &Path, arguments: &[&str]) -> Printed {
    let output =
        Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Saves a run over the dataset of the workspace. `answer` gives the claims of an article from its gold.
fn save(folder: &Path, name: &str, minute: &str, answer: impl Fn(&str, Vec<Claim>) -> Answer) -> String {
    save_at(folder, name, &format!("{minute}:00"), answer)
}

/// The same at a second of a minute.
fn save_at(folder: &Path, name: &str, time: &str, answer: impl Fn(&str, Vec<Claim>) -> Answer) -> String {
    let dataset = Dataset::load(&folder.join("datasets/example")).unwrap();
    let gold = |id: &str| dataset.claims_of(id).iter().map(|c| Claim { id: String::new(), ..c.claim.clone() }).collect();
    let answers: BTreeMap<&str, Answer> =
        dataset.articles.iter().map(|a| (a.article.id.as_str(), answer(&a.article.id, gold(&a.article.id)))).collect();
    let columns = dataset.slice_columns();
    let inputs: Vec<ArticleInput> = dataset
        .articles
        .iter()
        .map(|a| ArticleInput {
            id: &a.article.id,
            lang: &a.article.lang,
            status: a.status,
            columns: columns
                .iter()
                .flat_map(|c| a.slice_values(c).unwrap_or_default().into_iter().map(|v| (Cow::Borrowed(*c), v)))
                .collect(),
            gold: dataset
                .claims_of(&a.article.id)
                .iter()
                .map(|c| GoldInput { claim: &c.claim, optional: c.status == ClaimStatus::Optional, tags: &c.tags })
                .collect(),
            answer: answers.get(a.article.id.as_str()),
        })
        .collect();
    let settings = Settings::new(dataset.schema.clone());
    let provenance = Provenance {
        dataset: DatasetInfo { name: "example".into(), version: "0.1.0".into(), ..DatasetInfo::default() },
        extractor: ExtractorInfo { name: name.into(), version: "1".into(), ..ExtractorInfo::default() },
        selection: "all".into(),
    };
    let evaluation = evaluate(&inputs, &settings, &provenance);
    let articles: Vec<RunArticle> =
        inputs.iter().map(|input| RunArticle { input, text: dataset.article(input.id).map(|a| &*a.article.text) }).collect();
    let time = format!("2026-11-22T22:{time}Z");
    let run = NewRun {
        articles: &articles,
        evaluation: &evaluation,
        settings: &settings,
        extractor: serde_json::json!({"kind": "builtin"}),
        selection: "all",
        repeat: None,
        started: time.parse().unwrap(),
        finished: time.parse().unwrap(),
        wall_time: Duration::from_millis(100),
        notes: &[],
    };
    Store::open(folder).save(&run).unwrap().id
}

/// A workspace with a perfect run and a later one with every kind of mistake.
fn workspace() -> (tempfile::TempDir, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let made = assay(dir.path(), &["init", "."]);
    assert_eq!(made.code, 0, "{}", made.err);
    let perfect = save(dir.path(), "perfect", "01", |id, claims| Answer::of_claims(id, claims, LocationCounts::default()));
    let wrong = save(dir.path(), "rules", "02", |id, mut claims| {
        match id {
            "en-002" => return Answer::failed(id, Outcome::Timeout, "no answer in 60 s"),
            "en-001" => {
                let set = |claim: &mut Claim, field: &str, value: &str| {
                    claim.fields.insert(field.to_owned(), FieldState::Present(value.to_owned()));
                };
                set(&mut claims[0], "value", "37");
                set(&mut claims[0], "place", "الحدود");
                claims[0].fields.remove("bound");
                claims[0].score = Some(0.83);
                claims.remove(1);
                let span = |s, e| Span::new(s, e).unwrap().into();
                claims.push(Claim { fragments: span(0, 6), quote: "Arrest".into(), kind: "event".into(), ..Claim::default() });
                claims.push(Claim { quote: "thirty-eight \u{1b}[2Jthousand".into(), kind: "quantity".into(), ..Claim::default() });
            }
            _ => {}
        }
        Answer::of_claims(id, claims, LocationCounts::default())
    });
    (dir, perfect, wrong)
}

/// The output with the runs' ids named by what they are.
fn show(workspace: &(tempfile::TempDir, String, String), arguments: &[&str]) -> Printed {
    let (dir, perfect, wrong) = workspace;
    let all: Vec<&str> = ["show"].iter().chain(arguments).copied().collect();
    let printed = assay(dir.path(), &all);
    for line in printed.out.lines() {
        assert!(line.width() <= 80 || arguments.contains(&"--json"), "{arguments:?}: {line}");
        assert!(!line.chars().any(|c| c.is_control()), "{arguments:?}: {line:?}");
    }
    let named = |text: &str| text.replace(perfect, "PERFECT").replace(wrong, "RULES");
    Printed { code: printed.code, out: named(&printed.out), err: named(&printed.err) }
}

#[test]
fn lists_show_claims_in_their_context() {
    let workspace = workspace();
    assert_eq!(
        show(&workspace, &["--missed", "--spurious", "--wrong"]).out,
        "\
1 missed under iou50 in RULES
missed    en-001  en-001-c2  change
    …hern border in 2023. That was ⟪ten times the number of the year before⟫,
    the Associated Press reporte…

2 spurious under iou50 in RULES
spurious  en-001  #1  event  background
    {US bor}der officials arrested more th…
spurious  en-001  #3  quantity  background
    predicted, not in the text: thirty-eight \\u{1b}[2Jthousand

1 wrong under iou50 in RULES
wrong     en-001  en-001-c1 ~ #2  quantity  field  score .83
    US border officials arrested ⟦more than 37,000 Chinese nationals⟧ at the
    southern border in 202…
    bound          more_than → none
    place          gold       US southern border
                   predicted  الحدود
    value          37000 → 37
"
    );
    assert_eq!(
        show(&workspace, &["latest", "--spurious", "--limit", "1", "--where", "kind=event", "--where", "lang=en"]).out.lines().count(),
        3
    );
    assert!(show(&workspace, &["--spurious", "-n", "1"]).out.ends_with("… and 1 more; --limit 0 shows all\n"));
    assert_eq!(show(&workspace, &["20261122-2201", "--missed"]).out, "0 missed under iou50 in PERFECT\n");
}

#[test]
fn an_article_is_marked_and_its_claims_are_listed() {
    let workspace = workspace();
    assert_eq!(
        show(&workspace, &["en-001"]).out,
        "\
en-001 · scored, ok · RULES

{₁US bor}der officials arrested ⟦₂more than 37,000 Chinese nationals⟧ at the
southern border in 2023. That was ⟪₃ten times the number of the year before⟫,
the Associated Press reported, citing US officials.

⟦ ⟧ gold, found   ⟪ ⟫ gold, missed   { } predicted, spurious

  1 spurious  #1  event  background
  2 wrong     en-001-c1 ~ #2  quantity  field  score .83
    bound          more_than → none
    place          gold       US southern border
                   predicted  الحدود
    value          37000 → 37
  3 missed    en-001-c2  change
  4 spurious  #3  quantity  background
    predicted, not in the text: thirty-eight \\u{1b}[2Jthousand
"
    );
    let failed = show(&workspace, &["en-002"]).out;
    assert!(failed.starts_with("en-002 · failed, timeout · RULES\n") && failed.ends_with("no claims\n\nno answer in 60 s\n"), "{failed}");
    let other_run = show(&workspace, &["en-001", "--run", "20261122-2201"]).out;
    assert!(other_run.contains("2 matched   en-001-c2 ~ #2  change  right"), "{other_run}");
}

#[test]
fn a_claim_is_shown_with_its_pairs_and_its_past() {
    let workspace = workspace();
    let gold = show(&workspace, &["en-001-c1"]).out;
    for part in [
        "gold en-001-c1 · en-001 · quantity · tracking t-border-2023 · tags must-find\n",
        "  value          37000                       37                          inc\n",
        "  place          inc\n    gold       US southern border\n    predicted  الحدود\n",
        "  iou50 ★       matched   #2  IoU 1.00  similarity .67\n",
        "  value         missed\n",
        "  class         field\n",
        "  PERFECT                         matched   right\n",
    ] {
        assert!(gold.contains(part), "{part}\n{gold}");
    }
    let answer = show(&workspace, &["en-001#2"]).out;
    assert!(answer.starts_with("predicted #2 · en-001 · quantity · tracking t-border-2023 · score .83\n"), "{answer}");
    assert!(answer.contains("matched   en-001-c1") && !answer.contains("last runs"), "{answer}");
}

#[test]
fn groups_are_a_table() {
    let workspace = workspace();
    assert_eq!(
        show(&workspace, &["--by", "lang,kind", "--where", "lang=en"]).out,
        "\
lang · kind under iou50
                                  gold    pred      TP        P      R     F1
  en · change                        1       0       0      n/a   .000    n/a
  en · event                         0       1       0     .000    n/a    n/a
  en · quantity                      1       2       1     .500  1.000    n/a
"
    );
}

#[test]
fn what_cannot_be_shown_says_what_can() {
    let workspace = workspace();
    for (arguments, code, says) in [
        (&["en-02"][..], 3, "did you mean en-002?"),
        (&["20261122"], 3, "begins more than one run: PERFECT, RULES"),
        (&["en-001-c1", "--run", "2027"], 3, "no run \"2027\""),
        (&["latest", "--run", "latest"], 3, "no article or claim \"latest\""),
        (&["--by", "langs"], 2, "did you mean \"lang\"?"),
        (&["--by", "lang", "--missed"], 2, "cannot be combined"),
        (&["--missed", "--where", "lang=fr"], 2, "values are en, es, id"),
        (&["--missed", "--where", "langs=en"], 2, "did you mean lang?"),
        (&["--missed", "--where", "en"], 2, "write column=value"),
        (&["--where", "lang=en"], 2, "add --missed"),
        (&["en-001", "--by", "lang"], 2, "\"en-001\" is an article"),
    ] {
        let printed = show(&workspace, arguments);
        assert!(printed.code == code && printed.err.contains(says), "{arguments:?}: {} {}", printed.code, printed.err);
    }
    let nothing = tempfile::tempdir().unwrap();
    let printed = assay(nothing.path(), &["show"]);
    assert!(printed.code == 3 && printed.err.contains("no assay.toml in"), "{}", printed.err);
    assert_eq!(assay(nothing.path(), &["init", "."]).code, 0);
    let printed = assay(nothing.path(), &["show"]);
    assert!(printed.code == 3 && printed.err.contains("`assay run` makes one"), "{}", printed.err);
}

/// The names of runs of one minute say nothing of their order.
#[test]
fn the_last_runs_are_in_the_order_of_their_ends() {
    let workspace = workspace();
    for (name, time) in [("b", "03:20"), ("a", "03:40.5"), ("c", "03:40")] {
        save_at(workspace.0.path(), name, time, |id, claims| Answer::of_claims(id, claims, LocationCounts::default()));
    }
    let json = show(&workspace, &["en-001-c1", "--run", &workspace.1, "--json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let runs: Vec<&str> = json[0]["last_runs"].as_array().unwrap().iter().map(|r| r["run"].as_str().unwrap()).collect();
    let names: Vec<&str> = runs.iter().map(|run| run.rsplit('-').nth(1).unwrap_or(run)).collect();
    assert_eq!(names, ["a", "c", "b", "RULES"]);
}

#[test]
fn a_changed_text_is_never_marked() {
    let workspace = workspace();
    let path = workspace.0.path().join("datasets/example/articles/id-001.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("Kemarin: {text}")).unwrap();
    let printed = show(&workspace, &["id-001"]);
    // The dataset no longer loads, because its quotes disagree with the text.
    assert!(printed.err.contains("warning: the dataset cannot be read"), "{}", printed.err);
    assert!(printed.out.contains("gold: lebih dari 37.000 warga") && !printed.out.contains('⟦'), "{}", printed.out);
}

#[test]
fn everything_is_json_when_asked() {
    let workspace = workspace();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let printed = show(&workspace, &[arguments, &["--json"]].concat());
        assert_eq!(printed.code, 0, "{}", printed.err);
        serde_json::from_str(&printed.out).unwrap()
    };
    let run = json(&[]);
    assert_eq!((&run["id"], &run["result"]["criteria"]["iou50"]["fn"]), (&"RULES".into(), &1.into()));
    assert_eq!(run["articles"]["en-002"]["outcome"], "timeout");
    let lists = json(&["--missed", "--wrong"]);
    assert_eq!(lists["missed"][0]["gold"]["claim_id"], "en-001-c2");
    assert_eq!(lists["wrong"][0]["differences"][2], serde_json::json!({"field": "value", "gold": "37000", "predicted": "37"}));
    assert!(lists.get("spurious").is_none());
    assert_eq!(json(&["en-001"])["claims"].as_array().unwrap().len(), 4);
    let claim = json(&["en-001-c1"]);
    assert_eq!(claim[0]["criteria"].as_array().unwrap().len(), 6);
    assert_eq!(claim[0]["last_runs"][0], serde_json::json!({"run": "PERFECT", "outcome": "matched", "class": "right"}));
    assert_eq!(json(&["--by", "lang"])["rows"][0]["values"], serde_json::json!(["en"]));
}

#[test]
fn a_run_needs_no_workspace_when_its_folder_is_named() {
    let (dir, perfect, _) = workspace();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = dir.path().join(".assay/runs").join(&perfect);
    let printed = assay(elsewhere.path(), &["show", folder.to_str().unwrap()]);
    assert!(printed.code == 0 && printed.out.contains(&format!("run {perfect}")), "{}{}", printed.out, printed.err);
}
