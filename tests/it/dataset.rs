//! Datasets: what is read, what changes their hash, what is written back.

use std::fs;
use std::path::Path;

use claim_assay::claim::{Article, FieldState};
use claim_assay::dataset::lint::{fixes, lint};
use claim_assay::dataset::{Dataset, Points, Reading, Selection};
use claim_assay::formats::table::{Expected, Table};
use claim_assay::problem::{Level, Problems};

use crate::support::{data, data_file};

const TOML: &str = "format = 1\nname = \"t\"\nversion = \"1\"\nlanguages = [\"id\", \"en\"]\nkinds = [\"quantity\", \"change\"]\n\
    key_fields = [\"value\"]\naliases = \"aliases.csv\"\n\
    [[field]]\nname = \"value\"\nweight = 3\nrequired_for = [\"quantity\"]\n[[field]]\nname = \"bound\"\n[[field]]\nname = \"source\"\n";
const ARTICLES: &str = "article_id,lang,status,split,group_id,tags,note,desk\n\
    a1,en,,test,g1,x;y,n,home\na2,id,reviewed,test,g1,,,world\na3,en,skipped,train,,,,\n";
const CLAIMS: &str = "claim_id,article_id,start,end,quote,tracking_id,kind,value,bound,source,status,tags,annotator,note,mood\n\
    c1,a1,0,6,\"37,000\",t1,quantity,37000,none,AP;US officials,,must-find,ann,,calm\n\
    c2,a1,7,16,\"people, \"\"\",,quantity,5,,\\none,optional,,,,\n\
    c3,a2,4,10,37.000,t1,quantity,37000,more_than,,,,,,\n";

/// A dataset of two short articles in a fresh folder.
fn written() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("articles")).unwrap();
    for (name, content) in [
        ("dataset.toml", TOML),
        ("aliases.csv", "field,written,canonical\nsource,Associated Press,AP\n"),
        ("articles.csv", ARTICLES),
        ("claims.csv", CLAIMS),
        ("articles/a1.txt", "37,000 people, \"x\" and then some.\n"),
        ("articles/a2.txt", "🌊 🌊 37.000 orang.\r\n"),
        ("articles/a3.txt", "Nothing here.\n"),
    ] {
        fs::write(dir.path().join(name), content).unwrap();
    }
    dir
}

fn edit(dir: &Path, file: &str, from: &str, to: &str) {
    let path = dir.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} does not hold {from:?}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn load(dir: &Path) -> Dataset {
    Dataset::load(dir).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn cells_have_three_states_and_texts_keep_every_byte() {
    let dir = written();
    edit(dir.path(), "claims.csv", "c1,a1,0,6", "c1,a1,,");
    let set = load(dir.path());
    let c1 = &set.claims_of("a1")[0];
    assert_eq!(c1.claim.fragments.to_string(), "0-6", "a quote that occurs once needs no offsets");
    assert_eq!(c1.claim.fields.get("bound"), Some(FieldState::Absent));
    let c2 = &set.claims_of("a1")[1];
    assert_eq!(c2.claim.fields.get("bound"), None);
    assert_eq!(c2.claim.fields.get("source"), Some(FieldState::Present("none")));
    assert_eq!(c1.extra["mood"], "calm");
    assert_eq!(set.article("a2").unwrap().article.text.chars().last(), Some('\n'));
    assert_eq!(&*set.article("a2").unwrap().article.text, "🌊 🌊 37.000 orang.\r\n");
    let warnings = set.warnings.to_string();
    assert!(warnings.contains("claims.csv:1:mood: warning[unknown-column]"), "{warnings}");
}

#[test]
fn fragments_are_merged_and_give_the_hull() {
    let dir = written();
    edit(dir.path(), "claims.csv", "claim_id,article_id,start,end,", "fragments,claim_id,article_id,start,end,");
    edit(dir.path(), "claims.csv", "c1,a1,0,6,\"37,000\"", "7-9;0-3;3-6,c1,a1,0,9,\"37,000 pe\"");
    edit(dir.path(), "claims.csv", "c2,a1", ",c2,a1");
    edit(dir.path(), "claims.csv", "c3,a2", ",c3,a2");
    assert_eq!(load(dir.path()).claims_of("a1")[0].claim.fragments.to_string(), "0-6;7-9");
    edit(dir.path(), "claims.csv", "c1,a1,0,9", "c1,a1,0,8");
    let problems = Dataset::load(dir.path()).unwrap_err().to_string();
    assert!(problems.contains("claims.csv:2:end: error[offset]: end is \"8\"; the fragments 0-6;7-9 give 9"), "{problems}");
}

#[test]
fn a_load_reports_every_finding_with_its_place() {
    let dir = written();
    edit(dir.path(), "dataset.toml", "weight", "wieght");
    edit(dir.path(), "articles.csv", "reviewed", "reveiwed");
    edit(dir.path(), "claims.csv", "0,6", "1,7");
    edit(dir.path(), "claims.csv", "5,,\\none", "5.000,mroe_than,");
    let problems = Dataset::load(dir.path()).unwrap_err();
    let lines: Vec<String> = problems
        .iter()
        .filter(|p| p.level == Level::Error)
        .map(|p| p.to_string().replace(&format!("{}/", dir.path().display()), ""))
        .collect();
    let starts = [
        "articles.csv:3:status: error[article-column]: unknown article status \"reveiwed\"",
        "claims.csv:2:quote: error[quote]: offsets 1-7 fit the quote \"37,000\" when they are one-based",
        "claims.csv:3:bound: error[value]: bound: \"mroe_than\" is not one of",
        "dataset.toml:10:1: error[config]: unknown key \"wieght\" in field value; did you mean `weight`?",
    ];
    assert_eq!(lines.len(), starts.len(), "{lines:#?}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn the_hash_changes_with_what_is_scored_and_with_nothing_else() {
    let dir = written();
    let before = load(dir.path()).hash();
    let changed = |edits: &[(&str, &str, &str)]| {
        let dir = written();
        for (file, from, to) in edits {
            edit(dir.path(), file, from, to);
        }
        load(dir.path()).hash() != before
    };
    for same in [
        &[("articles.csv", ",n,home", ",other note,abroad")][..],
        &[("articles.csv", "a3,en,skipped", "a3,id,skipped")],
        &[("articles/a3.txt", "Nothing", "Something")],
        &[("claims.csv", ",ann,,calm", ",who,noted,angry")],
        &[("claims.csv", "c3,a2", "c9,a2")],
        &[("claims.csv", "37000,more_than", "37000.0,more_than")],
        &[("claims.csv", "AP;US officials", "us officials;Associated  Press")],
        &[("claims.csv", "must-find", "")],
        &[("dataset.toml", "required_for = [\"quantity\"]", "")],
        &[("dataset.toml", "version = \"1\"", "version = \"2\"")],
        &[("dataset.toml", "\"quantity\", \"change\"]", "\"change\", \"quantity\"]")],
    ] {
        assert!(!changed(same), "{same:?} should not change the hash");
    }
    for other in [
        &[("articles.csv", "a1,en", "a1,id")][..],
        &[("articles.csv", "a1,en,", "a1,en,reviewed")],
        &[("articles.csv", "test,g1,x", "test,,x")],
        &[("articles/a2.txt", "\r\n", "\n")],
        &[("claims.csv", "t1,quantity", "t2,quantity")],
        &[("claims.csv", "5,,\\none", "5,none,\\none")],
        &[("claims.csv", "5,,\\none", "6,,\\none")],
        &[("claims.csv", "optional", "")],
        &[("claims.csv", "37000,more_than", "37000,at_least")],
        &[("dataset.toml", "weight = 3", "weight = 2")],
        &[("dataset.toml", "weight = 3", "tolerance = { rel = \"0.1\" }\nweight = 3")],
        &[("dataset.toml", "key_fields = [\"value\"]", "key_fields = [\"bound\"]")],
        &[("aliases.csv", "Associated Press", "Assoc. Press")],
    ] {
        assert!(changed(other), "{other:?} should change the hash");
    }
    assert_eq!(before.len(), 64);
    let mut drafted = written();
    edit(
        drafted.path(),
        "claims.csv",
        "c3,a2,4,10,37.000,t1,quantity,37000,more_than,,",
        "c3,a2,4,10,37.000,t1,quantity,37000,more_than,,draft",
    );
    let draft = load(drafted.path()).hash();
    drafted = written();
    edit(drafted.path(), "claims.csv", "c3,a2,4,10,37.000,t1,quantity,37000,more_than,,,,,,\n", "");
    assert_eq!(load(drafted.path()).hash(), draft, "a draft is as good as none");
}

#[test]
fn what_is_written_is_what_was_read() {
    let dir = written();
    let set = load(dir.path());
    assert_eq!(set.claims_csv(), CLAIMS);
    assert_eq!(set.articles_csv(), ARTICLES);
    let mut edited = set.clone();
    edited.claims[2].claim.fields.insert("value".to_owned(), FieldState::Present("38000".to_owned()));
    let differing = edited.claims_csv().lines().zip(CLAIMS.lines()).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 1);
}

#[test]
fn every_dialect_of_spreadsheets_loads_the_same_dataset() {
    let plain = load(written().path()).hash();
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(CLAIMS.replace("\r\n", "\n").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{}", CLAIMS.replace('\n', "\r\n")).into_bytes(), utf16] {
        let dir = written();
        fs::write(dir.path().join("claims.csv"), bytes).unwrap();
        assert_eq!(load(dir.path()).hash(), plain);
    }
}

#[test]
fn the_same_tables_as_jsonl_are_the_same_dataset() {
    let dir = written();
    let set = load(dir.path());
    let articles: String = set
        .articles
        .iter()
        .map(|r| {
            let Article { id, lang, text, .. } = &r.article;
            serde_json::json!({"article_id": id, "lang": lang, "text": **text, "status": r.status.name(), "split": r.split, "group_id": r.group_id}).to_string() + "\n"
        })
        .collect();
    let claims = "{\"claim_id\":\"c1\",\"article_id\":\"a1\",\"start\":0,\"end\":6,\"quote\":\"37,000\",\"tracking_id\":\"t1\",\"kind\":\"quantity\",\
        \"value\":3.7e4,\"bound\":\"none\",\"source\":[\"AP\",\"US officials\"]}\n\
        {\"claim_id\":\"c2\",\"article_id\":\"a1\",\"start\":7,\"end\":16,\"kind\":\"quantity\",\"value\":5,\"bound\":null,\"source\":\"\\\\none\",\"status\":\"optional\"}\n\
        {\"claim_id\":\"c3\",\"article_id\":\"a2\",\"quote\":\"37.000\",\"tracking_id\":\"t1\",\"kind\":\"quantity\",\"value\":\"37000\",\"bound\":\"more_than\"}\n";
    for (old, new, content) in [("articles.csv", "articles.jsonl", articles.as_str()), ("claims.csv", "claims.jsonl", claims)] {
        fs::remove_file(dir.path().join(old)).unwrap();
        fs::write(dir.path().join(new), content).unwrap();
    }
    fs::remove_dir_all(dir.path().join("articles")).unwrap();
    assert_eq!(load(dir.path()).hash(), set.hash());
}

#[test]
fn selections_name_what_there_is() {
    let set = load(written().path());
    let ids = |split: &str, conditions: &[&str]| {
        let conditions: Vec<String> = conditions.iter().map(|c| (*c).to_owned()).collect();
        let selection = Selection::new(split, &conditions).map_err(|e| e.to_string())?;
        let chosen = set.select(&selection).map_err(|e| e.to_string())?;
        Ok::<_, String>(chosen.iter().map(|r| r.article.id.clone()).collect::<Vec<_>>().join(" "))
    };
    for (split, conditions, expected) in
        [("all", &[][..], "a1 a2 a3"), ("", &["lang=en"], "a1 a3"), ("test", &["lang=en"], "a1"), ("all", &["tags=y", "desk=home"], "a1")]
    {
        assert_eq!(ids(split, conditions).as_deref(), Ok(expected));
    }
    for (split, conditions, says) in [
        ("tset", &[][..], "did you mean test?"),
        ("", &["lnag=en"], "did you mean lang?"),
        ("", &["lang"], "column=value"),
        ("train", &["lang=id"], "no article meets all"),
    ] {
        let error = ids(split, conditions).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn lint_says_everything_and_fix_mends_what_is_sure() {
    let dir = written();
    fs::write(
        dir.path().join("claims.csv"),
        "claim_id;article_id;start;end;quote;tracking_id;kind;value;bound;note\n\
         c3;a2;0;6;37.000;t1;quantity;38000;more_than ;\n\
         c1;a1;6;13; people;t1;quantity;;none;\u{202e}x\n\
         c2;a3;0;7;Nothing;;change;5;;\n\
         c4;a3;0;7;Nothing;t1;change;5;;\n",
    )
    .unwrap();
    edit(dir.path(), "articles.csv", "a1,en,,test,g1", "a1,en,,train,g1");
    fs::write(dir.path().join("articles/a4.txt"), "stray").unwrap();
    let reading = Reading::of(dir.path(), dir.path());
    let found = rules(&lint(dir.path(), &reading), dir.path());
    assert_eq!(
        found,
        [
            "articles.csv:3:split split-cuts-group",
            "articles/a2.txt:1:18 carriage-return",
            "articles/a4.txt stray-text",
            "claims.csv form",
            "claims.csv:2:bound edge-space",
            "claims.csv:2:quote quote",
            "claims.csv:3 order",
            "claims.csv:3:note bidi-control",
            "claims.csv:3:quote edge-space",
            "claims.csv:3:value required-field",
            "claims.csv:4:article_id claim-in-unscored",
            "claims.csv:4:value figure",
            "claims.csv:5:article_id claim-in-unscored",
            "claims.csv:5:claim_id duplicate-claim",
            "claims.csv:5:value figure",
        ]
    );
    for file in fixes(&reading) {
        fs::write(&file.path, &file.content).unwrap();
    }
    assert_eq!(
        fs::read_to_string(dir.path().join("claims.csv")).unwrap(),
        "claim_id,article_id,start,end,quote,tracking_id,kind,value,bound,note\n\
         c1,a1,7,13,people,t1,quantity,,none,\u{202e}x\n\
         c3,a2,4,10,37.000,t1,quantity,38000,more_than,\n\
         c2,a3,0,7,Nothing,,change,5,,\n\
         c4,a3,0,7,Nothing,t1,change,5,,\n"
    );
    let again = Reading::of(dir.path(), dir.path());
    assert!(fixes(&again).is_empty(), "fixing twice changes nothing");
    let left = rules(&lint(dir.path(), &again), dir.path());
    assert!(
        !left.iter().any(|f| f.contains("edge-space") || f.ends_with(" quote") || f.contains("order") || f.contains("form")),
        "{left:#?}"
    );
    assert!(left.contains(&"claims.csv:5:value tracking".to_owned()), "{left:#?}");
}

fn rules(problems: &Problems, dir: &Path) -> Vec<String> {
    let folder = format!("{}/", dir.display());
    problems.iter().map(|p| format!("{} {}", p.place().replace(&folder, ""), p.rule)).collect()
}

#[test]
fn lint_finds_half_characters_and_both_ends_of_a_slip() {
    let dir = written();
    fs::write(dir.path().join("articles/a1.txt"), "👨\u{200d}👩\u{200d}👧 5 cafe\u{301}s \u{2066}6\u{2069}").unwrap();
    fs::write(
        dir.path().join("claims.csv"),
        "claim_id,article_id,start,end,quote,kind,value,tracking_id\nc1,a1,0,1,👨,quantity,5,t\nc2,a1,8,12,cafe,quantity,6,t\nc3,a1,8,14,cafe\u{301}s,quantity,5,\n",
    )
    .unwrap();
    let found = rules(&lint(dir.path(), &Reading::of(dir.path(), dir.path())), dir.path());
    let cut: Vec<&String> = found.iter().filter(|f| f.contains("cut-character")).collect();
    assert_eq!(cut, ["claims.csv:2:end cut-character", "claims.csv:3:end cut-character"]);
    assert!(found.contains(&"claims.csv:3:tracking_id tracking-twice".to_owned()), "{found:#?}");
    assert_eq!(found.iter().filter(|f| f.contains("bidi-control")).count(), 2);
}

#[test]
fn lint_holds_values_against_the_figures_of_the_quote() {
    let dir = written();
    fs::write(dir.path().join("articles/a1.txt"), "More than 37,000 people, ten times as many; it fell by 1.2 million or a third.")
        .unwrap();
    let toml = "\n[[field]]\nname = \"change\"\n";
    fs::write(dir.path().join("dataset.toml"), format!("{TOML}{toml}")).unwrap();
    for (quote, value, change, found) in [
        ("More than 37,000 people", "37000", "", None),
        ("More than 37,000 people", "37", "", Some("value is 37; the quote gives 37000")),
        ("More than 37,000 people, ten times as many", "37000", "10", None),
        ("More than 37,000 people, ten times as many", "37000", "9", Some("change is 9; the quote gives 37000, 10")),
        ("people", "37000", "", Some("value is 37000; the quote gives no figure")),
        ("fell by 1.2 million", "", "-1200000", None),
        ("a third", "", "0.33", None),
    ] {
        fs::write(
            dir.path().join("claims.csv"),
            format!("claim_id,article_id,quote,kind,value,change\nc1,a1,\"{quote}\",change,{value},{change}\n"),
        )
        .unwrap();
        let problems = lint(dir.path(), &Reading::of(dir.path(), dir.path()));
        let figures: Vec<&str> = problems.iter().filter(|p| p.rule.name() == "figure").map(|p| p.message.as_str()).collect();
        assert_eq!(figures, found.into_iter().collect::<Vec<_>>(), "{quote} {problems}");
    }
}

#[test]
fn statistics_count_what_there_is() {
    let stats = load(written().path()).stats();
    assert_eq!((stats.articles, stats.scored_articles, stats.claims, stats.empty_articles, stats.units), (3, 2, 3, 1, 2));
    assert_eq!(stats.languages["en"].claims, 2);
    assert_eq!(
        (stats.tracking.ids, stats.tracking.in_several_articles, stats.tracking.over_languages, stats.tracking.claims_without),
        (1, 1, 1, 1)
    );
    let bound = stats.fields.iter().find(|f| f.name == "bound").unwrap();
    assert_eq!((bound.present, bound.absent, bound.not_annotated), (1, 1, 1));
}

#[test]
fn offsets_are_code_points_in_every_script() {
    let mut problems = Problems::new();
    let bytes = fs::read(data_file("offsets/oracle.csv")).unwrap();
    let expected = Expected { needed: &["doc_id", "quote", "cp_start", "cp_end", "u16_start", "u8_start"], known: &[], open: true };
    let oracle = Table::read("oracle.csv", bytes, expected, &mut problems).unwrap();
    assert!(problems.is_empty(), "{problems}");
    let texts: Vec<serde_json::Value> = data("offsets/articles.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut checked = 0;
    for row in 0..oracle.len() {
        let cell = |name: &str| oracle.cell(row, oracle.column(name));
        let number = |name: &str| cell(name).parse::<u32>().unwrap();
        let text = texts.iter().find(|t| t["article_id"] == cell("doc_id")).and_then(|t| t["text"].as_str()).unwrap();
        let points = Points::new(text);
        let (start, end) = (number("cp_start"), number("cp_end"));
        assert_eq!(points.slice(start, end), Some(cell("quote")), "{}", cell("doc_id"));
        assert_eq!(points.byte(start), Some(number("u8_start") as usize));
        assert_eq!(points.point(number("u8_end") as usize), end);
        assert_eq!(text.chars().take(start as usize).map(char::len_utf16).sum::<usize>(), number("u16_start") as usize);
        checked += 1;
    }
    assert_eq!(checked, 19, "rows of the oracle");
}
