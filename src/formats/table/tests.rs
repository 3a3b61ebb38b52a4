use super::*;

const EXPECTED: Expected<'_> = Expected { needed: &["id", "start"], known: &["note"], open: false };

fn read(bytes: &[u8]) -> (Vec<Vec<String>>, Vec<u64>, String) {
    let mut problems = Problems::new();
    let table = Table::read("t.csv", bytes.to_vec(), EXPECTED, &mut problems).unwrap_or_default();
    let rows = (0..table.len()).map(|r| (0..table.columns().len()).map(|c| table.cell(r, Some(c)).to_owned()).collect()).collect();
    ((rows), (0..table.len()).map(|r| table.line(r)).collect(), problems.to_string())
}

#[test]
fn dialects_read_alike() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        std::iter::once(0xfeffu16).chain(text.encode_utf16()).flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let plain = "id,start,note\nc1,1,\"a, \"\"b\"\"\nc\"\nc2,2,🌊\n";
    let expected = [vec!["c1", "1", "a, \"b\"\nc"], vec!["c2", "2", "🌊"]];
    for bytes in [
        plain.as_bytes().to_vec(),
        plain.trim_end().as_bytes().to_vec(),
        format!("\u{feff}{plain}").into_bytes(),
        plain.replace("c1,1,", "c1;1;").replace("c2,2,", "c2;2;").replace("id,start,", "id;start;").into_bytes(),
        plain.replace("c1,1,", "c1\t1\t").replace("c2,2,", "c2\t2\t").replace("id,start,", "id\tstart\t").into_bytes(),
        plain.replace("note\n", "note\r\n\r\n").replace("\"\nc2", "\"\r\nc2").into_bytes(),
        utf16(plain, false),
        utf16(plain, true),
    ] {
        let (rows, _, problems) = read(&bytes);
        assert_eq!((rows, problems), (expected.iter().map(|r| r.iter().map(|&c| c.to_owned()).collect()).collect(), String::new()));
    }
}

#[test]
fn lines_are_those_of_the_file() {
    let (_, lines, problems) = read(b"\nid,start,note\nc1,1,\"a\nb\r\nc\"\n\nc2,2,\n,,\n");
    assert_eq!((lines, problems.as_str()), (vec![3, 7], ""));
}

#[test]
fn every_damaged_row_is_reported() {
    let (rows, _, problems) = read(b"id,start\nc1,1\nc2\nc3,3,3\n<<<<<<< HEAD\nc4,\"4\"4\nc5,5\r6\nc7,7\nc8,\"8\n");
    assert_eq!(rows, [["c1", "1"], ["c7", "7"]]);
    let lines: Vec<&str> = problems.lines().map(|l| l.split(": ").next().unwrap()).collect();
    assert_eq!(lines, ["t.csv:3", "t.csv:4", "t.csv:5", "t.csv:6", "t.csv:7", "t.csv:9"]);
}

#[test]
fn a_header_is_never_guessed() {
    for (bytes, says) in [
        ("id,id,start\n", "duplicate column \"id\""),
        ("id,st\u{430}rt\n", "\"st\\u{430}rt\" for start?"),
        ("ID, start\nc1,1\n", "lacks column id, start"),
        ("", "empty"),
        ("id,start,note,x\n", "unknown column \"x\""),
        ("id,start,noet\n", "did you mean note?"),
        ("id,start,\nc1,1,2\n", "column 3 has cells but no name"),
    ] {
        assert!(read(bytes.as_bytes()).2.contains(says), "{bytes:?}: {}", read(bytes.as_bytes()).2);
    }
    assert_eq!(read(b"id,start,\nc1,1,\n").0, [["c1", "1"]]);
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back(cells in proptest::collection::vec("[a,;\"\n\r =<|\u{e9}\u{1f30a}]{0,6}", 4)) {
        proptest::prop_assume!(cells[..2].iter().any(|c| !c.is_empty()) && cells[2..].iter().any(|c| !c.is_empty()));
        let written = write(&["id", "start"], cells.chunks(2));
        let (rows, _, problems) = read(written.as_bytes());
        proptest::prop_assert_eq!(problems, "");
        proptest::prop_assert_eq!(rows, cells.chunks(2).map(<[String]>::to_vec).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let mut with_header = b"id,start\n".to_vec();
        with_header.extend(&bytes);
        read(&bytes);
        read(&with_header);
    }
}
