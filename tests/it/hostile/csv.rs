//! The gold as CSV: bytes and structure, offsets and quotes, ids, values.

use super::{ARTICLES, CLAIMS, COLUMNS, Case, Row, articles, base_claims, claims_of, claims_with, noise, r1, r2, r3, set, text};

fn gold(id: &str, bytes: impl Into<Vec<u8>>, expect: &'static str, mention: &'static str) -> Case {
    Case::new(id, CLAIMS, bytes, expect, mention)
}

pub fn cases() -> Vec<Case> {
    let mut cases = bytes();
    cases.extend(structure());
    cases.extend(other_files());
    cases.extend(offsets());
    cases.extend(names());
    cases.extend(values());
    cases
}

/// Replaces bytes, also by what is no UTF-8.
fn swap(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

fn bytes() -> Vec<Case> {
    let good = base_claims();
    let (head, rest) = good.split_once('\n').unwrap();
    let lines: Vec<&str> = rest.lines().collect();
    let place = |to: &[u8]| swap(good.as_bytes(), b"US southern border", to);
    let utf32: Vec<u8> = std::iter::once('\u{feff}').chain(good.chars()).flat_map(|c| u32::from(c).to_le_bytes()).collect();
    vec![
        gold("empty", "", "error", "claims.csv;empty|header"),
        gold("header_only", format!("{head}\n"), "warn", "0 claims|no claims|0 rows").claims(0),
        gold("one_newline", "\n", "error", "header|empty"),
        gold("bom_utf8", format!("\u{feff}{good}"), "accept", "").claims(3).same(),
        gold("bom_only", "\u{feff}", "error", "header|empty"),
        gold("utf16le", utf16(&good, false), "error", "UTF-16|encoding|UTF-8").claims(3).same(),
        gold("utf16be", utf16(&good, true), "error", "UTF-16|encoding|UTF-8").claims(3).same(),
        gold("utf32le", utf32, "error", "UTF-32|UTF-16|encoding|UTF-8"),
        gold("latin1", swap(good.as_bytes(), "caf\u{e9} owners".as_bytes(), b"caf\xe9 owners"), "error", "UTF-8;line 4|row 3|record 3"),
        gold("cp1252_quotes", place(b"\x93US southern border\x94"), "error", "UTF-8"),
        gold("overlong", place(b"US\xc0\xafsouthern border"), "error", "UTF-8"),
        gold("cesu8", place(b"\xed\xa0\xbd\xed\xb2\xa9southern"), "error", "UTF-8"),
        gold("cut_multibyte", [good.trim_end().as_bytes(), b"\xc3"].concat(), "error", "UTF-8"),
        gold("crlf", good.replace('\n', "\r\n"), "accept", "").claims(3).same(),
        gold("cr_only", good.replace('\n', "\r"), "either", "").claims(3),
        gold("bare_cr_in_field", place(b"US southern\rborder"), "error", "line 2|row 1|field|column"),
        gold("mixed_eol", format!("{head}\r\n{}\n{}\r\n{}", lines[0], lines[1], lines[2]), "accept", "").claims(3).same(),
        gold("no_final_newline", good.trim_end(), "accept", "").claims(3).same(),
        gold("blank_lines", format!("{head}\n\n{}\n\n\n{}\n{}\n\n", lines[0], lines[1], lines[2]), "accept", "").claims(3).same(),
        gold("spaces_line", format!("{head}\n{}\n   \n{}\n{}\n", lines[0], lines[1], lines[2]), "error", "line 3|row 2"),
        gold("nul_in_field", place(b"US\0southern"), "either", ""),
        gold("all_nul", vec![0; 4096], "error", "header|NUL|column|UTF"),
        gold("ctrl_z_end", format!("{good}\u{1a}"), "error", "line 5|row 4|column|field"),
    ]
}

fn structure() -> Vec<Case> {
    let good = base_claims();
    let (head, rest) = good.split_once('\n').unwrap();
    let lines: Vec<&str> = rest.lines().collect();
    let without = |missing: &[&str]| -> String {
        let columns: Vec<&'static str> = COLUMNS.into_iter().filter(|c| !missing.contains(c)).collect();
        claims_of(&columns, &[r1(), r2(), r3()])
    };
    let place = |to: &str| good.replacen("US southern border", to, 1);
    let unclosed = good.replacen("US southern border,10", "\"US southern border,10", 1);
    let delimited = |delimiter: &str| {
        let cells = |row: &Row| COLUMNS.map(|c| row[c].clone()).join(delimiter);
        format!("{}\n{}\n{}\n{}\n", COLUMNS.join(delimiter), cells(&r1()), cells(&r2()), cells(&r3()))
    };
    let quoted = |row: &Row| COLUMNS.map(|c| format!("\"{}\"", row[c])).join(",");
    let mut extra_columns = COLUMNS.to_vec();
    extra_columns.push("chnage");
    let reversed: Vec<&'static str> = COLUMNS.into_iter().rev().collect();
    let many: Vec<String> = (0..10_000).map(|i| format!("x{i}")).collect();
    let large = 16 << 20;
    let not_utf8 = |text: &str| swap(text.as_bytes(), b"tracking_id", b"track\xff_id");
    let swapped: Vec<&'static str> = ["article_id", "end", "start"]
        .into_iter()
        .chain(COLUMNS.into_iter().filter(|c| !["article_id", "end", "start"].contains(c)))
        .collect();
    let many_rows: String = (0..20_000).map(|i| lines[0].replacen("c1", &format!("c{i}"), 1) + "\n").collect();
    vec![
        gold("unclosed_quote", unclosed.clone(), "error", "quote|line 2|unterminated"),
        gold("unclosed_quote_big", unclosed + &format!("{}\n", lines[1]).repeat(2000), "error", "quote|line 2|unterminated"),
        gold("quote_in_middle", place("US \"southern\" border"), "either", "").claims(3),
        gold("quote_after_space", place(" \"US southern border\""), "either", "").claims(3),
        gold("backslash_quote", place("\"US \\\"southern\\\" border\""), "either", ""),
        gold(
            "quoted_newlines",
            claims_of(&COLUMNS, &[r1(), r2(), set(&r3(), &[("place", "line one\nline two\r\nline three")])]),
            "accept",
            "",
        )
        .claims(3),
        gold("ragged_short", format!("{head}\n{}\na2,0,5\n{}\n", lines[0], lines[2]), "error", "line 3|row 2;field|column"),
        gold(
            "ragged_long",
            format!("{head}\n{}\n{},extra,extra2\n{}\n", lines[0], lines[1], lines[2]),
            "error",
            "line 3|row 2;field|column",
        ),
        gold("trailing_comma", good.replace('\n', ",\n"), "either", "").claims(3).same(),
        gold("dup_header", good.replacen("start,end", "start,start", 1), "error", "duplicate;start"),
        gold("missing_column", without(&["article_id"]), "error", "article_id"),
        gold("missing_two_columns", without(&["start", "end"]), "error", "start;end").claims(3).same(),
        gold("unknown_column", claims_of(&extra_columns, &[set(&r1(), &[("chnage", "9")]), r2(), r3()]), "warn", "chnage").claims(3),
        gold(
            "header_case",
            good.replacen("claim_id,article_id,start,end", "Claim_ID,Article_Id, start ,END", 1),
            "either",
            "article_id|column",
        )
        .claims(3),
        gold("header_unicode_lookalike", good.replacen("start", "st\u{430}rt", 1), "error", "start;\\u{430}"),
        gold("header_not_utf8", not_utf8(&good), "error", "UTF-8|header"),
        gold("header_not_utf8_swapped", not_utf8(&claims_of(&swapped, &[r1(), r2(), r3()])), "error", "UTF-8|header"),
        gold("header_zero_width", good.replacen("claim_id", "\u{200b}claim_id", 1), "error", "claim_id"),
        gold("reordered_columns", claims_of(&reversed, &[r1(), r2(), r3()]), "accept", "").claims(3).same(),
        gold("semicolon", delimited(";"), "error", "delimiter|separator|;").claims(3).same(),
        gold("tab", delimited("\t"), "error", "delimiter|separator|tab").claims(3).same(),
        gold("sep_line", format!("sep=,\n{good}"), "error", "column|header|sep="),
        gold("comment_line", format!("# exported by tool\n{good}"), "error", "column|header|line 1"),
        gold("quote_all", format!("{head}\n{}\n{}\n{}\n", quoted(&r1()), quoted(&r2()), quoted(&r3())), "accept", "").claims(3).same(),
        gold("field_1mb", claims_of(&COLUMNS, &[r1(), r2(), set(&r3(), &[("place", &"x".repeat(1 << 20))])]), "accept", "").claims(3),
        gold("field_16mb", format!("{head},note\n{},{}\n", lines[0], "x".repeat(large)), "either", "").claims(1),
        gold("cols_10000", format!("{head},{}\n{}{}\n", many.join(","), lines[0], ",".repeat(10_000)), "either", "column").claims(1),
        gold("rows_20k", format!("{head}\n{many_rows}"), "accept", "").claims(20_000),
    ]
}

fn other_files() -> Vec<Case> {
    let good = base_claims();
    let (head, rest) = good.split_once('\n').unwrap();
    let lines: Vec<&str> = rest.lines().collect();
    vec![
        gold("random_64k", noise(1, 65_536), "error", "UTF-8|header|column|binary|NUL"),
        gold("is_png", [b"\x89PNG\r\n\x1a\n".to_vec(), noise(2, 500)].concat(), "error", "PNG|UTF-8|not CSV|column"),
        gold("is_gzip", [b"\x1f\x8b\x08\0\0\0\0\0\x02\xff".to_vec(), noise(4, 200)].concat(), "either", "gzip|UTF-8|not CSV"),
        gold("is_xlsx", [b"PK\x03\x04\x14\0\x06\0".to_vec(), noise(3, 500)].concat(), "error", "xlsx|zip|UTF-8|not CSV"),
        gold("is_json", "[{\"article_id\":\"a1\",\"start\":0,\"end\":3}]", "error", "JSON|column|header"),
        gold("is_html", "<!DOCTYPE html><html><body>404 Not Found</body></html>", "error", "HTML|column|header"),
        gold(
            "is_lfs_pointer",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
            "error",
            "LFS|column|header",
        ),
        gold(
            "is_conflict",
            format!("{head}\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> branch\n{}\n", lines[0], lines[1], lines[2]),
            "error",
            "conflict|line 2|field|column",
        ),
    ]
}

fn offsets() -> Vec<Case> {
    let number = |n: u128| n.to_string();
    let written: Vec<(&str, String, String, &'static str)> = [
        ("neg", "-1", "5", "start"),
        ("reversed", "20", "10", "start;end"),
        ("past_end", "0", "100000", "end"),
        ("start_past_end", "99990", "100000", "start|end"),
        ("i63", "0", "9223372036854775808", "end"),
        ("u64", "0", "18446744073709551616", "end"),
        ("u128", "0", number(1 << 126).as_str(), "end"),
        ("sci", "0", "1e2", ""),
        ("float", "0", "12.0", ""),
        ("hex", "0", "0x10", "end"),
        ("plus", "+0", "+12", ""),
        ("space", " 0", "12 ", ""),
        ("neg_zero", "-0", "12", ""),
        ("empty", "", "", "start"),
        ("nan", "NaN", "NaN", "start"),
        ("fullwidth", "\u{ff10}", "\u{ff11}\u{ff12}", "start|end"),
        ("arabic_digits", "\u{660}", "\u{661}\u{662}", "start|end"),
        ("thousands", "0", "1,000", "end"),
        ("word", "zero", "twelve", "start"),
    ]
    .into_iter()
    .map(|(id, start, end, mention)| (id, start.to_owned(), end.to_owned(), mention))
    .collect();
    let mut cases: Vec<Case> = written
        .into_iter()
        .map(|(id, start, end, mention)| {
            let file = claims_with(set(&r1(), &[("start", &start), ("end", &end)]));
            let loose = matches!(id, "plus" | "space" | "neg_zero" | "float" | "sci");
            let mention = match mention {
                "start" => "start;line 2",
                "end" => "end;line 2",
                "start;end" => "start;end;line 2",
                "start|end" => "start|end;line 2",
                _ => "",
            };
            gold(&format!("off_{id}"), file, if loose { "either" } else { "error" }, mention)
        })
        .collect();
    let first = |cells: &[(&'static str, &str)]| claims_with(set(&r1(), cells));
    let third = |start: usize, end: usize, quote: &str| {
        let r3 = set(&r3(), &[("start", &start.to_string()), ("end", &end.to_string()), ("quote", quote)]);
        claims_of(&COLUMNS, &[r1(), r2(), r3])
    };
    let (t3, quote) = (text("a3"), r3()["quote"].clone());
    let at = t3.find(&quote).unwrap();
    let units = |text: &str| text.encode_utf16().count();
    let points = |text: &str| text.chars().count();
    let zwj = points(&t3[..t3.find('\u{1F468}').unwrap()]);
    let cafe = points(&t3[..t3.find("caf").unwrap()]);
    let (start, end): (usize, usize) = (r1()["start"].parse().unwrap(), r1()["end"].parse().unwrap());
    let over: Vec<Row> = (0..1000)
        .map(|i| {
            let from = i % 50;
            set(&r1(), &[("claim_id", &format!("o{i}")), ("start", &from.to_string()), ("end", "100"), ("quote", &text("a1")[from..100])])
        })
        .collect();
    cases.extend([
        gold("off_zero_length", first(&[("start", "10"), ("end", "10"), ("quote", "")]), "error", "empty|zero|start;line 2|row 1|c1"),
        gold("off_text_mismatch", first(&[("quote", "more than 47,000 Chinese nationals")]), "error", "text;line 2|row 1|c1"),
        gold("off_bytes", third(at, at + quote.len(), &quote), "error", "byte"),
        gold("off_utf16", third(units(&t3[..at]), units(&t3[..at + quote.len()]), &quote), "error", "UTF-16"),
        gold("off_inclusive", first(&[("end", &(end - 1).to_string())]), "error", "inclusive|end"),
        gold(
            "off_one_based",
            first(&[("start", &(start + 1).to_string()), ("end", &(end + 1).to_string())]),
            "error",
            "text|one-based|1-based",
        ),
        gold("off_in_grapheme", third(zwj, zwj + 1, "\u{1F468}"), "either", "grapheme|").claims(3),
        gold("off_byte_inside_char", third(zwj, zwj + 2, "\u{1F468}\u{200d}"), "either", "").claims(3),
        gold("text_nfd", third(cafe, cafe + 4, "cafe\u{301}"), "error", "normali|NFC|NFD|text"),
        gold("text_nbsp", first(&[("quote", &r1()["quote"].replace(' ', "\u{a0}"))]), "error", "text|space"),
        gold("text_newline_lf", first(&[("quote", &r1()["quote"].replacen(' ', "\n", 1))]), "error", "text"),
        gold("overlap_1000", claims_of(&COLUMNS, &over), "either", "").claims(1000),
    ]);
    cases
}

fn names() -> Vec<Case> {
    let first = |cells: &[(&'static str, &str)]| claims_with(set(&r1(), cells));
    let second = |cells: &[(&'static str, &str)]| claims_of(&COLUMNS, &[r1(), set(&r2(), cells), r3()]);
    let and = |row: Row| claims_of(&COLUMNS, &[r1(), row, r2(), r3()]);
    let mut with_language = COLUMNS.to_vec();
    with_language.push("language");
    let us = [("start", "0"), ("end", "2"), ("quote", "US")];
    let many: Vec<Row> =
        (0..5000).map(|i| set(&set(&r1(), &us), &[("claim_id", &format!("k{i}")), ("tracking_id", &format!("t{i}"))])).collect();
    vec![
        gold("id_unknown_article", second(&[("article_id", "a999")]), "error", "a999;line 3|row 2|c2"),
        gold("id_case", first(&[("article_id", "A1")]), "error", "A1;did you mean a1"),
        gold("id_trailing_space", first(&[("article_id", "a1 ")]), "error", "a1"),
        gold("id_nfd", first(&[("article_id", "a\u{301}")]), "error", "article"),
        gold("id_empty", first(&[("article_id", "")]), "error", "article_id;line 2|row 1"),
        gold("dup_claim_id", second(&[("claim_id", "c1")]), "error", "duplicate;c1"),
        gold("dup_row", and(r1()), "error", "duplicate;c1"),
        gold("dup_span_other_id", and(set(&r1(), &[("claim_id", "c9")])), "warn", "c9|same span|duplicate").claims(4),
        Case::new("lang_invalid", ARTICLES, articles(&[]).replace("a1,en", "a1,klingon!!"), "warn", "klingon").claims(3),
        gold("lang_conflict", claims_of(&with_language, &[set(&r1(), &[("language", "id")]), r2(), r3()]), "warn", "language|lang"),
        gold("type_unknown", first(&[("kind", "quantitty")]), "error", "quantitty;did you mean quantity"),
        gold("bound_unknown", first(&[("bound", "mroe_than")]), "error", "mroe_than"),
        gold("bound_conflict", first(&[("bound", "exactly")]), "either", ""),
        gold("track_same_article_twice", and(set(&set(&r1(), &us), &[("claim_id", "c8")])), "warn", "t1|track").claims(4),
        gold("track_huge", claims_of(&COLUMNS, &many), "accept", "").claims(5000),
    ]
}

fn values() -> Vec<Case> {
    let nines = "9".repeat(400);
    let values = [
        ("id_thousands", "37.000", "either"),
        ("de_full", "1.234.567,89", "either"),
        ("arabic", "\u{663}\u{667}\u{66c}\u{660}\u{660}\u{660}", "either"),
        ("huge_exp", "1e400", "error"),
        ("nan", "NaN", "error"),
        ("inf", "inf", "error"),
        ("neg_inf", "-Infinity", "error"),
        ("tiny", "1e-400", "either"),
        ("2p53", "9007199254740993", "accept"),
        ("digits400", nines.as_str(), "either"),
        ("half", "\u{bd}", "either"),
        ("suffix_k", "37k", "either"),
        ("u2212", "\u{2212}5", "either"),
        ("neg", "-5", "accept"),
        ("empty", "", "accept"),
        ("leading_zeros", "000037000", "either"),
        ("underscore", "37_000", "either"),
        ("percent", "37%", "either"),
        ("space_thousand", "37\u{202f}000", "either"),
        ("roman", "XII", "either"),
    ];
    let fields = [
        ("factor_zero", "change", "0", "either", ""),
        ("factor_neg", "change", "-3", "either", ""),
        ("factor_nan", "change", "nan", "error", "change"),
        ("period_feb30", "period", "2023-02-30", "error", "period"),
        ("period_y0", "period", "0000", "either", ""),
        ("period_y99999", "period", "99999", "either", ""),
        ("period_reversed", "period", "2023/2022", "error", "period"),
        ("period_text", "period", "last year", "either", ""),
        ("period_tz", "period", "2023-01-01T00:00:00+99:00", "error", "period"),
    ];
    let value = values.into_iter().map(|(id, value, expect)| {
        gold(
            &format!("val_{id}"),
            claims_with(set(&r1(), &[("value", value)])),
            expect,
            if expect == "error" { "value;line 2" } else { "" },
        )
        .claims(3)
    });
    let field = fields
        .into_iter()
        .map(|(id, column, cell, expect, mention)| gold(&format!("fld_{id}"), claims_with(set(&r1(), &[(column, cell)])), expect, mention));
    value.chain(field).collect()
}
