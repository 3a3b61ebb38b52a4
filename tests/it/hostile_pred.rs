//! Hostile prediction files: what each must end in, and what must be said about it.
//!
//! The list follows a catalogue of bad inputs. Where our contract asks for another end than the catalogue, the row stands with
//! its reason in `tests/data/hostile/changed_pred.csv`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use claim_assay::claim::Article;
use claim_assay::extract::predictions::{Extra, Predictions, PredictionsSettings};
use claim_assay::extract::{Answer, Extractor, Finished, OutcomeClass};
use serde_json::{Value, json};

use crate::support::data;

const TEXTS: [(&str, &str, &str); 4] = [
    ("a1", "en", "Guards stopped more than 37,000 travellers at the ford in 2023, ten times the year before, the agency said."),
    ("a2", "id", "Penjaga menghentikan lebih dari 37.000 pelancong pada 2023, 10 kali lipat dari tahun sebelumnya."),
    ("a3", "en", "Flood \u{1f30a}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}: at least 12 boats sank, caf\u{e9} owners said on Tuesday."),
    ("a4", "ar", "غرق ما لا يقل عن ١٢ قاربا يوم الثلاثاء."),
];

/// What must happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// All four articles are answered as in the good file.
    Same,
    /// All four articles are answered.
    Accept,
    /// Answered, and the notes say what is odd.
    Note,
    /// Some articles count as failed, and the messages say why.
    Failed,
    /// An error.
    Error,
    /// Any of these.
    Either,
}

struct Case {
    name: String,
    bytes: Vec<u8>,
    end: End,
    /// Items separated by `;`, alternatives by `|`, without case.
    mention: &'static str,
}

fn text(id: &str) -> &'static str {
    TEXTS.iter().find(|(article, _, _)| *article == id).unwrap().2
}

fn span(id: &str, quote: &str) -> (usize, usize) {
    let start = text(id)[..text(id).find(quote).unwrap()].chars().count();
    (start, start + quote.chars().count())
}

fn claim(id: &str, quote: &str, value: u32, bound: &str) -> Value {
    let (start, end) = span(id, quote);
    json!({"start": start, "end": end, "quote": quote, "kind": "quantity", "fields": {"value": value, "bound": bound}, "score": 0.9})
}

fn first() -> Value {
    claim("a1", "more than 37,000 travellers", 37000, "more_than")
}

fn good() -> Vec<Value> {
    vec![
        json!({"id": "a1", "claims": [first()]}),
        json!({"id": "a2", "claims": [claim("a2", "lebih dari 37.000 pelancong", 37000, "more_than")]}),
        json!({"id": "a3", "claims": [claim("a3", "at least 12 boats", 12, "at_least")]}),
        json!({"id": "a4", "claims": []}),
    ]
}

fn lines(records: &[Value], end: &str) -> Vec<u8> {
    records.iter().map(|record| format!("{record}{end}")).collect::<String>().into_bytes()
}

/// The good file with another first line.
fn instead(line: impl Into<Vec<u8>>) -> Vec<u8> {
    let mut bytes = line.into();
    bytes.push(b'\n');
    bytes.extend(lines(&good()[1..], "\n"));
    bytes
}

fn with_claim(change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut claim = first();
    change(&mut claim);
    instead(json!({"id": "a1", "claims": [claim]}).to_string())
}

fn replaced(from: &str, to: &[u8]) -> Vec<u8> {
    let bytes = lines(&good(), "\n");
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

fn cases() -> Vec<Case> {
    use End::{Accept, Either, Error, Same};
    let mut cases: Vec<Case> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>, end: End, mention: &'static str| {
        cases.push(Case { name: name.to_owned(), bytes, end, mention });
    };
    let all = lines(&good(), "\n");
    let some = |records: &[Value]| lines(records, "\n");
    let p = good();

    // Which articles are there.
    add("empty", Vec::new(), Error, "pred.jsonl;empty|0 of 4");
    add("blank", b"\n \r\n\n".to_vec(), Error, "empty|0 of 4");
    add("missing_article", some(&p[..3]), Error, "a4|1 of 4");
    add("only_one", some(&p[..1]), Error, "3 of 4");
    add("unknown_article", [&all[..], b"{\"id\":\"zz\",\"claims\":[]}\n"].concat(), Error, "zz");
    add("dup_article", [all.clone(), some(&p[..1])].concat(), Error, "duplicate;a1");
    add("dup_article_differs", [&all[..], b"{\"id\":\"a1\",\"claims\":[]}\n"].concat(), Error, "duplicate;a1");
    add("reversed", some(&p.iter().rev().cloned().collect::<Vec<_>>()), Same, "");

    // Lines and bytes.
    add("no_final_newline", all[..all.len() - 1].to_vec(), Same, "");
    add("crlf", lines(&p, "\r\n"), Same, "");
    add("bom", [b"\xef\xbb\xbf", &all[..]].concat(), Same, "");
    add("blank_lines", [b"\n\n", &lines(&p, "\n\n")[..]].concat(), Same, "");
    add("many_empty_lines", [vec![b'\n'; 1_000_000], all.clone()].concat(), Same, "");
    add("truncated_last", all[..all.len() - 5].to_vec(), Error, "line 4|a4;truncated|middle");
    add("truncated_middle", [some(&p[..1]), some(&p[1..2])[..30].to_vec(), b"\n".to_vec(), some(&p[2..])].concat(), Error, "line 2");
    add("two_on_a_line", replaced("}\n{", b"}{"), Error, "line 1;trailing");
    add("array_file", Value::Array(p.clone()).to_string().into_bytes(), Error, "JSONL;array");
    add("pretty", [serde_json::to_vec_pretty(&p[0]).unwrap(), b"\n".to_vec(), some(&p[1..])].concat(), Error, "line 1;one object per line");
    add("object_file", json!({"a1": [], "a2": []}).to_string().into_bytes(), Error, "id");
    add("trailing_comma", instead(r#"{"id":"a1","claims":[],}"#), Error, "line 1");
    add("single_quotes", instead("{'id': 'a1', 'claims': []}"), Error, "line 1");
    add("comment", [b"// model v3\n", &all[..]].concat(), Error, "line 1");
    add("log_line", [b"INFO loading model\n", &all[..]].concat(), Error, "line 1;one object per line");
    add(
        "utf16",
        String::from_utf8(all.clone()).unwrap().encode_utf16().fold(vec![0xff, 0xfe], |mut bytes, unit| {
            bytes.extend(unit.to_le_bytes());
            bytes
        }),
        Error,
        "UTF-16",
    );
    add("gzip_renamed", b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\x03\0".to_vec(), Either, "gzip");
    add("parquet_renamed", b"PAR1\x15\x04PAR1".to_vec(), Error, "parquet");
    add("all_nul", vec![0; 4096], Error, "line 1");
    add("invalid_utf8", replaced("more than", b"mo\xffre than"), Error, "UTF-8;line 1");
    add("raw_control", replaced("more than", b"mo\x01re than"), Error, "line 1;control");
    add("raw_newline_in_string", replaced("more than", b"more\nthan"), Error, "line 1");
    add("tab_cr_whitespace", instead(b" \t{ \"id\" :\t\"a1\" ,\r \"claims\" : [ ] } \r".to_vec()), Accept, "");
    add("line_sep", instead("{\"id\":\"a1\",\"claims\":[],\"note\":\"a\u{2028}b\u{2029}c\u{85}d\"}"), Accept, "");
    add("line_17mb", instead(format!(r#"{{"id":"a1","claims":[],"debug":"{}"}}"#, "x".repeat(17 << 20))), Either, "line 1");
    add("no_newline_17mb", vec![b'x'; 17 << 20], Error, "line 1;limit");

    // Escapes.
    add("lone_surrogate", instead(r#"{"id":"a1","claims":[{"start":0,"end":1,"quote":"\ud83d"}]}"#), Error, "line 1;a1");
    add("reversed_surrogates", instead(r#"{"id":"a1","claims":[{"start":0,"end":1,"quote":"\udca9\ud83d"}]}"#), Error, "line 1;a1");
    add("lone_surrogate_in_field", instead(r#"{"id":"a1","claims":[{"fields":{"unit":"\ud83d"}}]}"#), Error, "line 1;a1");
    add("escaped_nul", instead(r#"{"id":"a1","claims":[{"start":0,"end":2,"quote":"G\u0000"}]}"#), Error, "quote");
    add("bad_escape", instead(r#"{"id":"a1","claims":[{"start":0,"end":1,"quote":"\x41"}]}"#), Error, "line 1");
    add("escaped_id", instead(r#"{"\u0069d":"\u0061\u0031","claims":[]}"#), Accept, "");

    // Keys.
    add("dup_keys", instead(r#"{"id":"a1","claims":[],"id":"a2"}"#), Error, "duplicate;id");
    add("dup_key_claims", instead(r#"{"id":"a1","claims":[{"start":0,"end":2}],"claims":[]}"#), Error, "duplicate;claims");
    add("dup_key_field", instead(r#"{"id":"a1","claims":[{"fields":{"value":1,"value":2}}]}"#), Error, "duplicate;value");
    add(
        "extra_fields",
        instead(json!({"id": "a1", "claims": [first()], "model": "x", "usage": {"t": 1}, "debug": null}).to_string()),
        Same,
        "",
    );
    add("key_1mb", instead(format!(r#"{{"id":"a1","claims":[],"{}":1}}"#, "k".repeat(1 << 20))), Accept, "");
    let keys: Vec<String> = (0..100_000).map(|i| format!("\"k{i}\":0")).collect();
    add("keys_100k", instead(format!(r#"{{"id":"a1","claims":[],{}}}"#, keys.join(","))), Accept, "");
    add("proto", instead(r#"{"id":"a1","claims":[],"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}"#), Accept, "");
    add("two_versions", instead(r#"{"id":"a1","claims":[],"extractor_version":"2"}"#), Either, "");
    add("unknown_claim_key", with_claim(|c| c["confidnce"] = json!(1)), End::Note, "confidnce");
    add("claims_missing", instead(r#"{"id":"a1"}"#), Error, "claims;line 1|a1");
    add("claims_typo", instead(r#"{"id":"a1","claim":[]}"#), Error, "claims;line 1|a1");
    add("error_record", instead(r#"{"id":"a1","error":"timeout"}"#), Either, "a1|timeout|failed");
    add("error_beside_claims", instead(r#"{"id":"a1","error":"timeout","claims":[]}"#), Error, "error;a1");

    // Types of ids and claims.
    for (name, value) in [
        ("null", json!(null)),
        ("string", json!("none")),
        ("object", json!({"start": 0})),
        ("number", json!(0)),
        ("true", json!(true)),
        ("nested_list", json!([[first()]])),
        ("list_null", json!([null])),
        ("list_string", json!(["37,000"])),
    ] {
        add(&format!("claims_{name}"), instead(json!({"id": "a1", "claims": value}).to_string()), Error, "claims;line 1|a1");
    }
    for (name, value) in [
        ("number", json!(1)),
        ("null", json!(null)),
        ("bool", json!(true)),
        ("list", json!(["a1"])),
        ("float", json!(1.0)),
        ("empty", json!("")),
    ] {
        add(&format!("id_{name}"), instead(json!({"id": value, "claims": []}).to_string()), Error, "id;line 1");
    }
    add("id_missing", instead(r#"{"claims":[]}"#), Error, "id;line 1");
    for depth in [100, 127, 128, 1000, 100_000, 5_000_000] {
        let nested = format!(r#"{{"id":"a1","claims":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        add(&format!("depth_{depth}"), instead(nested), Error, "line 1|a1|claims");
        let ignored = format!(
            r#"{{"id":"a1","claims":[],"debug":{}1{}}}"#,
            r#"{"a":"#.repeat(depth.min(2_000_000)),
            "}".repeat(depth.min(2_000_000))
        );
        add(&format!("depth_extra_{depth}"), instead(ignored), Either, "");
        let field = format!(r#"{{"id":"a1","claims":[{{"fields":{{"value":{}{}}}}}]}}"#, "[".repeat(depth), "]".repeat(depth));
        add(&format!("depth_field_{depth}"), instead(field), Error, "line 1|a1;value");
    }

    // Offsets.
    for (name, start, end) in [
        ("neg", "-1", "5"),
        ("reversed", "9", "4"),
        ("past_end", "0", "1000000"),
        ("i63", "0", "9223372036854775808"),
        ("u64max", "18446744073709551615", "18446744073709551615"),
        ("u70", "0", "1180591620717411303424"),
        ("float_frac", "0.5", "3"),
        ("string", "\"0\"", "\"3\""),
        ("null", "null", "null"),
        ("bool", "false", "true"),
        ("zero_length", "5", "5"),
        ("wrap", "18446744073709551614", "1"),
    ] {
        let line = format!(r#"{{"id":"a1","claims":[{{"start":{start},"end":{end},"quote":"37,000"}}]}}"#);
        add(&format!("off_{name}"), instead(line), Error, "start|end;line 1|a1");
    }
    add("off_past_end_no_quote", instead(r#"{"id":"a1","claims":[{"start":0,"end":1000000}]}"#), Error, "end;line 1;a1");
    add("off_start_only", instead(r#"{"id":"a1","claims":[{"start":3}]}"#), Error, "end;line 1;a1");
    add("off_float_int", with_claim(|c| c["start"] = json!(15.0)), Either, "start");
    add("off_sci", instead(r#"{"id":"a1","claims":[{"start":0,"end":2e0}]}"#), Either, "end");
    let third = |unit: fn(&str) -> usize| {
        let (before, quote) = text("a3").split_at(text("a3").find("at least").unwrap());
        let start = unit(before);
        let mut records = good();
        records[2]["claims"][0]["start"] = json!(start);
        records[2]["claims"][0]["end"] = json!(start + unit(&quote[.."at least 12 boats".len()]));
        records
    };
    add("off_bytes", some(&third(str::len)), Error, "byte;a3|line 3");
    add("off_utf16", some(&third(|s| s.encode_utf16().count())), Error, "UTF-16;a3|line 3");
    add("text_mismatch", with_claim(|c| c["quote"] = json!("forty thousand")), Error, "quote;line 1|a1");
    add("text_missing", instead(r#"{"id":"a1","claims":[{"start":0,"end":2}]}"#), Either, "");
    add(
        "span_missing",
        with_claim(|c| {
            c.as_object_mut().unwrap().remove("start");
            c.as_object_mut().unwrap().remove("end");
        }),
        Either,
        "",
    );
    add("span_ambiguous", instead(r#"{"id":"a1","claims":[{"quote":"the"}]}"#), Either, "");
    let whole = json!({"start": 0, "end": text("a1").chars().count(), "quote": text("a1")});
    add("whole_article", instead(json!({"id": "a1", "claims": [whole]}).to_string()), Accept, "");
    let shots: Vec<Value> = (0..90).step_by(2).flat_map(|s| (s + 1..100).step_by(3).map(move |e| json!({"start": s, "end": e}))).collect();
    add("shotgun", instead(json!({"id": "a1", "claims": shots}).to_string()), Accept, "");
    add("same_claim_1000", instead(json!({"id": "a1", "claims": vec![first(); 1000]}).to_string()), Either, "");
    add("claims_100k", instead(json!({"id": "a1", "claims": vec![first(); 100_000]}).to_string()), Either, "");

    // Scores and numbers.
    for (name, raw) in [
        ("1.5", "1.5"),
        ("neg", "-0.2"),
        ("string", "\"0.9\""),
        ("true", "true"),
        ("nan_string", "\"NaN\""),
        ("list", "[0.9]"),
        ("object", "{}"),
        ("two", "2"),
    ] {
        add(
            &format!("conf_{name}"),
            instead(format!(r#"{{"id":"a1","claims":[{{"start":0,"end":2,"score":{raw}}}]}}"#)),
            Error,
            "score;line 1|a1",
        );
    }
    add("conf_null", instead(r#"{"id":"a1","claims":[{"start":0,"end":2,"score":null}]}"#), Either, "");
    for (name, raw) in [
        ("nan", "NaN"),
        ("inf", "Infinity"),
        ("neg_inf", "-Infinity"),
        ("1e309", "1e309"),
        ("1e999999999", "1e999999999"),
        ("dot5", ".5"),
        ("5dot", "5."),
        ("plus", "+0.5"),
        ("hex", "0x1"),
        ("leading0", "00.5"),
    ] {
        add(
            &format!("num_{name}"),
            instead(format!(r#"{{"id":"a1","claims":[{{"start":0,"end":2,"score":{raw}}}]}}"#)),
            Error,
            "line 1;a1",
        );
        let field = format!(r#"{{"id":"a1","claims":[{{"start":0,"end":2,"fields":{{"value":{raw}}}}}]}}"#);
        add(&format!("num_field_{name}"), instead(field), if raw.contains('e') { Either } else { Error }, "");
    }
    add("num_neg0", instead(r#"{"id":"a1","claims":[{"start":0,"end":2,"score":-0.0}]}"#), Either, "");
    add(
        "num_huge_digits",
        instead(format!(r#"{{"id":"a1","claims":[{{"start":0,"end":2,"score":0.{}}}]}}"#, "3".repeat(100_000))),
        Either,
        "",
    );
    add("value_2p53", with_claim(|c| c["fields"]["value"] = json!(9_007_199_254_740_993_u64)), Accept, "");
    add(
        "value_digits",
        instead(format!(r#"{{"id":"a1","claims":[{{"start":0,"end":2,"fields":{{"value":{}}}}}]}}"#, "9".repeat(5000))),
        Either,
        "",
    );
    add("value_list", with_claim(|c| c["fields"]["value"] = json!([1, 2])), Error, "value;line 1|a1");
    add("value_object", with_claim(|c| c["fields"]["value"] = json!({"n": 1})), Error, "value;line 1|a1");
    add("prompt_echo", with_claim(|c| c["fields"]["source"] = json!("system: you are … sk-0123456789")), Accept, "");
    cases
}

/// What the file ends in, and all that is said.
fn read(bytes: &[u8]) -> (End, String, Vec<Answer>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pred.jsonl");
    std::fs::write(&path, bytes).unwrap();
    let mut articles =
        TEXTS.iter().map(|&(id, lang, text)| Article { id: id.to_owned(), lang: lang.to_owned(), text: text.into(), ..Article::default() });
    let answers = Mutex::new(Vec::<Answer>::new());
    let mut extractor = Predictions::new(PredictionsSettings { path, extra: Extra::Error });
    let finished = extractor.extract(&mut articles, &answers, &AtomicBool::new(false));
    let answers = answers.into_inner().unwrap();
    match finished {
        Err(error) => {
            assert!(answers.is_empty(), "no answer may count beside an error");
            (End::Error, error.to_string(), answers)
        }
        Ok(Finished { notes, unanswered, .. }) => {
            assert_eq!((answers.len(), unanswered.len()), (4, 0), "every article has its answer");
            let failed: Vec<_> = answers.iter().filter(|answer| answer.outcome.class() == OutcomeClass::Failed).collect();
            let messages = answers.iter().filter_map(|a| a.message.as_ref().map(|message| format!("{}: {message}", a.article_id)));
            let said = messages.chain(notes).collect::<Vec<_>>().join("\n");
            let end = if !failed.is_empty() {
                End::Failed
            } else if said.is_empty() {
                End::Accept
            } else {
                End::Note
            };
            (end, said, answers)
        }
    }
}

/// `line 3` also stands as `:3:` in a place.
fn mentions(said: &str, mention: &str) -> bool {
    let said = said.to_lowercase();
    mention.split(';').all(|item| {
        item.split('|').any(|word| {
            let place = word.strip_prefix("line ").map(|line| format!(":{line}:"));
            said.contains(&word.to_lowercase()) || place.is_some_and(|place| said.contains(&place))
        })
    })
}

#[test]
fn every_hostile_file_ends_as_listed() {
    let table = data("hostile/changed_pred.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let changed: BTreeMap<String, csv::StringRecord> = rows.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row)).collect();
    let (_, _, base) = read(&lines(&good(), "\n"));
    let cases = cases();
    let mut used = 0;
    for case in &cases {
        let (end, said, answers) = read(&case.bytes);
        let (expected, mention) = match changed.get(&case.name) {
            None => (case.end, case.mention),
            Some(row) => {
                used += 1;
                assert_eq!(format!("{:?}", case.end).to_lowercase(), row[1], "{}: the listed end", case.name);
                assert!(!row[4].is_empty(), "{}: a change has a reason", case.name);
                let ours = match &row[2] {
                    "note" => End::Note,
                    "failed" => End::Failed,
                    other => panic!("{other} is no end of a changed case"),
                };
                (ours, &row[3])
            }
        };
        match expected {
            End::Either => {}
            End::Same => assert!(end == End::Accept && answers.iter().all(|a| base.contains(a)), "{}: {said} {answers:?}", case.name),
            other => assert_eq!(end, other, "{}: {said}", case.name),
        }
        if end != End::Accept {
            assert!(mentions(&said, mention), "{} must mention {mention:?}: {said}", case.name);
        }
        assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{}: raw control characters", case.name);
        assert!(said.len() < 100_000, "{}: {} bytes of messages", case.name, said.len());
    }
    assert_eq!(used, changed.len(), "every changed row is about a case");
    println!("{} hostile prediction files, {used} with a changed expectation", cases.len());
}
