use super::*;
use crate::claim::{FieldState, Fragments};
use crate::problem::MOST_PROBLEMS;

fn gold(text: &str) -> Result<Read<'_>, String> {
    read(text.as_bytes(), Reading::Gold, "gold.jsonl").map_err(|e| e.to_string())
}

fn predictions(text: &str) -> Result<Read<'_>, String> {
    read(text.as_bytes(), Reading::Predictions, "pred.jsonl").map_err(|e| e.to_string())
}

/// One claim with the given keys, in a file of one line.
fn one_claim(keys: &str) -> String {
    format!("{{\"id\":\"a1\",\"text\":\"about 12 people 🌊\",\"claims\":[{{{keys}}}]}}\n")
}

#[test]
fn a_line_is_read_whole_and_values_keep_their_digits() {
    let file = concat!(
        "\u{feff}\r\n",
        r#"{"id":"a1","lang":"en","split":"test","n":3,"text":"about 12 people","claims":[{"id":"c1","start":6,"end":8,"fragments":[[6,8]],"#,
        r#""quote":"12","kind":"quantity","score":0.83,"tracking_id":"t1","fields":{"value":9007199254740993,"change":3.70e1,"bound":null,"#,
        r#""\u0073ource":["AP","a \"b\""],"ok":true,"unit":"caf\u00e9"}}]}"#,
        "\r\n  \n"
    );
    let read = gold(file).unwrap();
    let record = &read.records[0];
    assert_eq!((record.line, &*record.id, record.lang.as_deref()), (2, "a1", Some("en")));
    assert_eq!(record.columns, [("split".into(), "test".into())]);
    let claim = record.claims.at(0);
    let fields: Vec<_> = claim.fields.iter().map(|(name, state)| (&**name, state.present().map(|v| &**v))).collect();
    assert_eq!(
        fields,
        [
            ("value", Some("9007199254740993")),
            ("change", Some("37")),
            ("bound", None),
            ("source", Some(r#"["AP","a \"b\""]"#)),
            ("ok", Some("true")),
            ("unit", Some("café")),
        ]
    );
    assert_eq!((claim.offsets, claim.score, &*claim.tracking_id), (Some((6, 8)), Some(0.83), "t1"));
    assert!(read.warnings.is_empty());
}

#[test]
fn null_is_absent_in_gold_and_nothing_in_predictions() {
    let file = one_claim(r#""start":6,"end":8,"fields":{"bound":null,"unit":[],"value":12}"#);
    fn states(read: &Read<'_>) -> Vec<(String, FieldState<String>)> {
        let fields = read.records[0].claims.at(0).to_claim(Fragments::default()).fields;
        let owned =
            |state: FieldState<&str>| state.into_present().map_or(FieldState::Absent, |value| FieldState::Present(value.to_owned()));
        fields.iter().map(|(name, state)| (name.to_string(), owned(state))).collect()
    }
    let value = ("value".to_owned(), FieldState::Present("12".into()));
    assert_eq!(states(&predictions(&file).unwrap()), *std::slice::from_ref(&value));
    assert_eq!(states(&gold(&file).unwrap()), [("bound".to_owned(), FieldState::Absent), ("unit".to_owned(), FieldState::Absent), value]);
}

#[test]
fn every_wrong_claim_is_refused_with_its_place_and_what_would_be_right() {
    for (keys, mentions) in [
        (r#""start":-1,"end":8"#, "claims[0].start: is negative"),
        (r#""start":6.5,"end":8"#, "claims[0].start: is 6.5; write a whole number"),
        (r#""start":6,"end":8e0"#, "claims[0].end"),
        (r#""start":"6","end":8"#, "claims[0].start: is text"),
        (r#""start":null,"end":8"#, "claims[0].start: is null"),
        (r#""start":false,"end":true"#, "claims[0].end: is true or false"),
        (r#""start":6,"end":4294967296"#, "claims[0].end: is 4294967296"),
        (r#""start":0,"end":1180591620717411303424"#, "claims[0].end"),
        (r#""start":6"#, "claims[0].end: is missing beside start"),
        (r#""end":6"#, "claims[0].start: is missing beside end"),
        (r#""start":8,"end":6"#, "is reversed"),
        (r#""start":8,"end":8"#, "is empty"),
        (r#""start":6,"end":99"#, "is behind the text, which has 17 code points"),
        (r#""start":6,"end":8,"quote":"13""#, "claims[0].quote: is \"13\", but the text has \"12\""),
        (r#""quote":"dozens""#, "does not occur in the text"),
        (r#""quote":"o""#, "occurs 2 times"),
        (r#""kind":"quantity""#, "needs start and end, or a quote"),
        (r#""start":6,"end":8,"fragments":[[6,7,8]]"#, "claims[0].fragments"),
        (r#""start":6,"end":8,"fragments":[[7,6]]"#, "empty or reversed"),
        (r#""start":0,"end":8,"fragments":[[6,8]]"#, "reach from 6 to 8, but start and end say 0 to 8"),
        (r#""start":6,"end":8,"score":1.5"#, "claims[0].score: is outside of 0 to 1"),
        (r#""start":6,"end":8,"score":"0.9""#, "claims[0].score: is text"),
        (r#""start":6,"end":8,"score":true"#, "claims[0].score"),
        (r#""start":6,"end":8,"score":NaN"#, "not valid JSON"),
        (r#""start":6,"end":8,"score":1e309"#, "not valid JSON"),
        (r#""start":6,"end":8,"start":6"#, "claims[0].start: duplicate key"),
        (r#""start":6,"end":8,"\u0065nd":8"#, "claims[0].end: duplicate key"),
        (r#""start":6,"end":8,"x":1,"x":2"#, "claims[0].x: duplicate key"),
        (r#""start":6,"end":8,"fields":{"value":1,"v\u0061lue":2}"#, "claims[0].fields.value: duplicate key"),
        (r#""start":6,"end":8,"fields":{"value":{"n":1}}"#, "claims[0].fields.value: is an object"),
        (r#""start":6,"end":8,"fields":{"value":[1,2]}"#, "claims[0].fields.value: is a list of other things"),
        (r#""start":6,"end":8,"fields":{"value":""}"#, "claims[0].fields.value: is empty; write null"),
        (r#""start":6,"end":8,"fields":{"value":1e400}"#, "claims[0].fields.value"),
        (r#""start":6,"end":8,"fields":{"unit":"\ud83d"}"#, "not valid JSON"),
        (r#""start":6,"end":8,"fields":[]"#, "claims[0].fields: is a list"),
        (r#""start":6,"end":8,"kind":7"#, "claims[0].kind: is a number"),
    ] {
        let error = gold(&one_claim(keys)).unwrap_err();
        assert!(error.starts_with("gold.jsonl:1:") && error.contains("article \"a1\""), "{keys}: {error}");
        assert!(mentions.split(": ").all(|part| error.contains(part)), "{keys}: {error}");
    }
}

#[test]
fn a_wrong_place_is_not_said_to_be_missing() {
    for keys in [r#""start":8,"end":6"#, r#""start":-5,"end":2"#, r#""start":6"#, r#""start":1.0,"end":9"#] {
        let error = gold(&one_claim(keys)).unwrap_err();
        assert_eq!(error.lines().count(), 1, "{keys}: {error}");
    }
}

#[test]
fn a_gold_quote_that_occurs_once_gets_its_place() {
    let file = one_claim(r#""quote":"people 🌊""#);
    assert_eq!(gold(&file).unwrap().records[0].claims.at(0).offsets, Some((9, 17)));
}

#[test]
fn predictions_may_have_quotes_without_places_and_error_records() {
    let file = concat!(
        r#"{"id":"a1","claims":[{"quote":"dozens"},{"start":6,"end":99,"quote":"12"},{"fields":{"value":1e400}}]}"#,
        "\n",
        r#"{"id":"a2","error":{"kind":"timeout","message":"60 s"}}"#,
        "\n",
        r#"{"id":"a3","error":"no"}"#
    );
    let read = predictions(file).unwrap();
    assert_eq!(read.records[0].claims.len(), 3);
    let error = |kind: &str, message: &str| Some(RecordedError { kind: kind.into(), message: message.into() });
    assert_eq!(read.records[1].error, error("timeout", "60 s"));
    assert_eq!(read.records[2].error, error("", "no"));
    assert!(gold(file).unwrap_err().contains(":2:claims: error[table]: article \"a2\": is missing"));
}

#[test]
fn all_problems_are_told_and_the_rest_is_counted() {
    let good = r#"{"id":"a","claims":[]}"#;
    let file = format!("{good}\n{{\"id\":1,\"claims\":null}}\nlog\n{good}\n{{\"claims\":[7,{{\"score\":2,\"start\":1}}]}}\n");
    let error = predictions(&file).unwrap_err();
    let lines: Vec<_> = error.lines().map(|l| l.split(": error[").next().unwrap_or_default()).collect();
    assert_eq!(
        lines,
        [
            "pred.jsonl:2:claims",
            "pred.jsonl:2:id",
            "pred.jsonl:3:1",
            "pred.jsonl:4:id",
            "pred.jsonl:5:claims[0]",
            "pred.jsonl:5:claims[1].end",
            "pred.jsonl:5:claims[1].score",
            "pred.jsonl:5:id",
        ]
    );
    let many = "x\n".repeat(250);
    let error = predictions(&many).unwrap_err();
    assert_eq!(error.lines().count(), MOST_PROBLEMS + 1);
    assert!(error.starts_with("pred.jsonl: error[table]: 250 problems in this file; the first 100 follow"));
}

#[test]
fn unknown_keys_of_claims_are_warned_of_once_with_the_nearest() {
    let file = r#"{"id":"a","claims":[{"scroe":1},{"scroe":1,"confidence":1,"value":3},{"zzz":0}]}"#;
    let warnings = predictions(file).unwrap().warnings.join("\n");
    for expected in [
        "pred.jsonl:1: unknown key \"scroe\" in 2 claims, ignored; did you mean \"score\"?",
        "unknown key \"confidence\" in 1 claim, ignored; did you mean \"score\"?",
        "unknown key \"value\" in 1 claim, ignored; fields stand in \"fields\": {\"value\": …}",
        "unknown key \"zzz\" in 1 claim, ignored",
    ] {
        assert!(warnings.contains(expected), "{warnings}");
    }
}

#[test]
fn a_line_over_the_limit_is_refused_and_the_others_are_read() {
    let file = format!("{{\"id\":\"a\",\"claims\":[],\"x\":\"{}\"}}\n{{\"id\":\"b\",\"claims\":0}}", "x".repeat(LONGEST_LINE));
    let error = predictions(&file).unwrap_err();
    assert!(error.contains(":1: error[table]: the line is") && error.contains(":2:claims: error[table]: article \"b\""), "{error}");
}

#[test]
fn bytes_that_are_not_utf8_are_told_by_line_and_column() {
    let file = b"{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"caf\xc3\xa9 \xff\",\"claims\":[]}\n{\"id\":\"c\"}\n";
    let error = read(file, Reading::Predictions, "p.jsonl").unwrap_err().to_string();
    assert!(error.starts_with("p.jsonl:2:13: error[table]: byte 0xff is not UTF-8"), "{error}");
    assert!(error.contains(":3:claims: "), "{error}");
}

/// Both readers over one line: the plain one gives up, or they agree.
fn both_agree(line: &str) {
    for reading in [Reading::Gold, Reading::Predictions] {
        let (mut plain, mut any, mut faults) = (Record::default(), Record::default(), Faults::default());
        if plain::read_line(line, reading, &mut plain).is_some() {
            assert!(parse::parse_any(line, reading, &mut any, &mut faults), "{reading:?}: {line}: {:?}", faults.wrong);
            assert_eq!(plain, any, "{reading:?}: {line}");
            assert_eq!((faults.wrong.len(), faults.odd_keys.len()), (0, 0), "{reading:?}: {line}");
        }
    }
}

/// Whether the plain reader takes a line of predictions.
fn is_plain(line: &str) -> bool {
    plain::read_line(line, Reading::Predictions, &mut Record::default()).is_some()
}

#[test]
fn the_usual_forms_are_read_by_the_plain_reader() {
    for line in [
        r#"{"id":"a1","claims":[]}"#,
        r#"{"id": "a1", "lang": "id", "title": null, "text": "say \"12\"\n\u00e9", "desk": "news", "claims": []}"#,
        r#"{"id":"a1","claims":[{"start":0,"end":4,"quote":"a \"b\"","kind":"quantity","score":0.8812345678901234567,"tracking_id":null}]}"#,
        r#"{"id":"a1","claims":[ { "quote" : "x", "fields" : { "value" : -3.70e1, "a" : null, "ok" : true, "s" : ["a","b"], "u":"" } } ] }"#,
        r#"{"id":"a1","claims":[{"fragments":[[0,4],[9,12]],"prefix":"x","suffix":"y","id":"c1","fields":{}}]}"#,
    ] {
        both_agree(line);
        assert!(is_plain(line), "{line}");
    }
}

#[test]
fn nothing_is_dropped_in_silence() {
    let error = predictions(r#"{"id":"a1","error":null}"#).unwrap_err();
    assert!(error.contains("claims: error[table]: article \"a1\": is missing"), "{error}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    /// What the plain reader takes, the other one understands in the same way: lines with single bytes changed, taken out, doubled.
    #[test]
    fn the_two_readers_agree(start in 0usize..4, edits in proptest::collection::vec((0usize..400, 0usize..30), 0..3)) {
        let lines = [
            r#"{"id":"a1","lang":"id","claims":[{"start":0,"end":4,"quote":"x\"é","kind":"quantity","fields":{"value":37.0,"b":null},"score":0.5}]}"#,
            r#"{ "id" : "a1" , "text" : "caf\u00e9 🌊" , "claims" : [ { "start" : 10 , "end" : 400 , "tags" : [ "a" ] , "status" : "draft" } , {"quote":"é"} ] }"#,
            r#"{"id":"a1","claims":[{"fragments":[[0,4],[9,12]],"fields":{"s":["a"],"t":true,"n":-1.5e3,"z":0}},{"id":"c","start":0,"end":1,"tracking_id":"t"}],"x":"y"}"#,
            r#"{"id":"a1","error":{"kind":"timeout","message":"x"}}"#,
        ];
        let mut line = lines[start].to_owned();
        let bytes: Vec<char> = "\"\\{}[],:0129.-+eE nulltrue\u{1}\té".chars().collect();
        for (at, with) in edits {
            let at = line.char_indices().nth(at % line.chars().count()).map_or(0, |(at, _)| at);
            let old = line[at..].chars().next().map_or(0, char::len_utf8);
            match (with % 3, bytes.get(with)) {
                (0, Some(c)) => line.insert(at, *c),
                (1, Some(c)) => line.replace_range(at..at + old, &c.to_string()),
                _ => line.replace_range(at..at + old, ""),
            }
            if line.is_empty() {
                break;
            }
        }
        both_agree(&line);
    }
}

proptest::proptest! {
    /// No line makes the reader panic, and each gives a record or at least one problem.
    #[test]
    fn any_line_is_read_or_refused(line in r#"[\[\]{}:,"a-c0-9.\\ue\-]{0,60}"#, prefix in proptest::sample::select(vec![
        "", r#"{"id":"a","claims":["#, r#"{"id":"a","claims":[{"start":"#, r#"{"id":"a","claims":[{"fields":{"value":"#,
    ])) {
        let line = format!("{prefix}{line}");
        for reading in [Reading::Gold, Reading::Predictions] {
            let mut faults = Faults::default();
            let record = parse_line(&line, reading, &mut faults);
            proptest::prop_assert_eq!(record.is_none(), !faults.wrong.is_empty(), "{}", line);
        }
    }

    /// A record survives being written by another JSON writer.
    #[test]
    fn text_of_any_kind_is_kept(id in "\\PC{1,20}", quote in "(?s).{0,20}", field in "(?s).{1,20}") {
        let json = serde_json::json!({"id": id, "claims": [{"quote": quote, "fields": {"x": field}}]});
        for line in [json.to_string(), ascii_json(&json.to_string())] {
            let read = read(line.as_bytes(), Reading::Predictions, "p").unwrap();
            let claim = read.records[0].claims.at(0);
            proptest::prop_assert_eq!(&*read.records[0].id, &id);
            proptest::prop_assert_eq!(&*claim.quote, &quote);
            proptest::prop_assert_eq!(claim.fields[0].1.present().map(|v| v.to_string()), Some(field.clone()));
        }
    }
}

/// The same JSON with everything beyond ASCII escaped, as Python writes it.
fn ascii_json(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}
