//! What becomes of claims when the text of their article changes.

use claim_assay::anchor::moved::{State, Stood, Verdict, Why, moved};
use claim_assay::claim::{Fragments, Span};
use proptest::prelude::*;

use crate::support::{cases, json};

/// The fragments of stretches of a text that are marked with `[` and `]`, the text without the marks, and the quote.
fn marked(text: &str) -> (String, Fragments, String) {
    let (mut plain, mut at, mut start, mut spans) = (String::new(), 0, 0, Vec::new());
    for c in text.chars() {
        match c {
            '[' => start = at,
            ']' => spans.push(Span::new(start, at).unwrap()),
            _ => {
                plain.push(c);
                at += 1;
            }
        }
    }
    let fragments: Fragments = spans.into_iter().collect();
    let quote = fragments.quote(&plain).unwrap();
    (plain, fragments, quote)
}

fn one(old: Option<&str>, new: &str, fragments: &Fragments, quote: &str) -> Verdict {
    moved(old, new, &[Stood { fragments: Some(fragments), quote, ..Stood::default() }]).pop().unwrap()
}

fn fragments(pairs: &[(u32, u32)]) -> Fragments {
    pairs.iter().map(|&(start, end)| Span::new(start, end).unwrap()).collect()
}

#[test]
fn ten_edits_with_the_old_text_and_with_its_surroundings_only() {
    let data = json("reanchor/hypothesis-and-dmp.json");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (base, selector) = (text(&data["base"]), &data["selector"]);
    let [quote, prefix, suffix] = ["exact", "prefix", "suffix"].map(|key| text(&selector[key]));
    let stood = fragments(&[(29, 63)]);
    for (edit, new) in data["edits"].as_object().unwrap() {
        let (new, truth) = (text(new), &data["out"][edit]["truth"]);
        let utf16: Vec<u16> = new.encode_utf16().collect();
        let start = truth["start"].as_u64().map(|at| String::from_utf16(&utf16[..at as usize]).unwrap().chars().count() as u32);
        let state = match truth["state"].as_str().unwrap() {
            "same" => State::Same,
            "moved" | "changed-whitespace" => State::Moved,
            "changed-value" => State::Changed,
            "lost" => State::Lost,
            other => panic!("{other}"),
        };
        let verdict = one(Some(&base), &new, &stood, &quote);
        let at = verdict.place.as_ref().map(|place| place.hull().unwrap().start());
        assert_eq!((verdict.state, at), (state, start), "{edit}: {verdict:?}");

        let excerpt = Stood { fragments: Some(&stood), quote: &quote, prefix: &prefix, suffix: &suffix };
        let verdict = moved(None, &new, &[excerpt]).pop().unwrap();
        let at = verdict.place.as_ref().map(|place| place.hull().unwrap().start());
        assert_eq!((verdict.state, at), (state, start), "{edit} with its surroundings: {verdict:?}");

        // With the quote alone nothing is certain but what stands where it stood.
        let verdict = one(None, &new, &stood, &quote);
        let expected = match (state, edit.as_str()) {
            (State::Same | State::Changed, _) => state,
            (_, "deletedBoth") => State::Lost,
            _ => State::Ambiguous,
        };
        assert_eq!(verdict.state, expected, "{edit} with the quote alone: {verdict:?}");
        assert!(!verdict.state.is_certain() || state == State::Same, "{edit}: {verdict:?}");
    }
}

/// Old and new text with the claim marked; a new text without a mark has no certain place.
#[test]
fn edits_of_every_kind() {
    use State::{Ambiguous, Changed, Lost, Moved, Same};
    for (old, new, state, why) in [
        // Nothing at the claim.
        ("They held [37,000] people at the border.", "They held [37,000] people at the border!", Same, None),
        // Text put in right before it, and right behind it.
        (
            "The agency said so. [More than 37,000 people] were held at the border in 2023.",
            "The agency said so. It gave no names. [More than 37,000 people] were held at the border in 2023.",
            Moved,
            None,
        ),
        // CRLF for LF, and back.
        ("One line.\nTwo lines.\n[12 people] died\nthere.\n", "One line.\r\nTwo lines.\r\n[12 people] died\r\nthere.\r\n", Moved, None),
        ("One.\r\n[12 people\r\nand a dog] died.\r\n", "One.\n[12 people\nand a dog] died.\n", Moved, None),
        // Thai, Arabic, emoji, Chinese.
        ("ตำรวจ[จับกุม 37,000 คน]เมื่อวานนี้", "ข่าวด่วน ตำรวจ[จับกุม 37,000 คน]เมื่อวานนี้", Moved, None),
        ("قال المسؤولون إن [٣٧٬٠٠٠ مواطن] أوقفوا على الحدود", "عاجل: قال المسؤولون إن [٣٧٬٠٠٠ مواطن] أوقفوا على الحدود", Moved, None),
        ("🌊👨‍👩‍👧 flood: [12 dead 👍] today", "👨‍👩‍👧🌊🌊👨‍👩‍👧 flood: [12 dead 👍] today", Moved, None),
        ("官员说,去年有[超过37000名]中国公民在边境被捕。", "快讯。官员说,去年有[超过37000名]中国公民在边境被捕。", Moved, None),
        // Unicode normalisation, no-break spaces, curly quotes.
        (
            "Le caf\u{e9} a vendu [37 tonnes de caf\u{e9}] l'an dernier.",
            "Le cafe\u{301} a vendu [37 tonnes de cafe\u{301}] l'an dernier.",
            Moved,
            None,
        ),
        ("He said \"[37 000 people]\" were held.", "He said “[37\u{a0}000 people]” were held.", Moved, None),
        // Fragments.
        ("They [held] on Monday [37,000] people.", "Update. They [held] on Monday [37,000] people.", Moved, None),
        ("They [held] on Monday [37,000] people.", "Update. They [held] on Monday [38,000] people.", Changed, Some(Why::Figure)),
        // Another figure, sign, unit of the figure, and a longer figure with the old one in it.
        ("Prices fell [12%] in March, they said.", "Prices fell [15%] in March, they said.", Changed, Some(Why::Figure)),
        ("They held [37,000 people] at the border.", "They held [137,000 people] at the border.", Changed, Some(Why::Figure)),
        ("A change of [12] points was seen.", "A change of -[12] points was seen.", Changed, None),
        ("It was ten [times] the year before.", "It was nine [times] the year before.", Moved, None),
        ("It was [ten times] the year before.", "It was [nine times] the year before.", Changed, Some(Why::Words)),
        ("The plate is 10[2] cm² wide.", "The plate is 10[²] cm² wide.", Changed, Some(Why::Figure)),
        // One quote twice: the right one of two, and none where nothing tells.
        (
            "In the northern provinces [12 dead] were counted after the floods. The army says that 12 dead lie in the burnt villages.",
            "The army says that 12 dead lie in the burnt villages. In the northern provinces [12 dead] were counted after the floods.",
            Moved,
            None,
        ),
        ("There died [12] men, 12 women and a child.", "There died 12 women and a child.", Lost, Some(Why::OtherMention)),
        (
            "Of the flood in the north they count [12] so far, of the fire in the south 12 so far.",
            "Of the flood in the north they count 12 so far.",
            Ambiguous,
            Some(Why::SeveralOrigins),
        ),
        ("Both: [12] men, 12 women.", "Both: 12 women, 12 men.", Changed, None),
        // A short paragraph elsewhere: proposed; and gone.
        (
            "First paragraph here.\n\nIn all [37,000 people] were held.\n\nLast paragraph, the longest one of them all by far.\n",
            "First paragraph here.\n\nLast paragraph, the longest one of them all by far.\n\nIn all [37,000 people] were held.\n",
            Changed,
            Some(Why::Surroundings),
        ),
        ("First. In all [37,000 people] were held. Last words.", "First. Last words.", Lost, Some(Why::Gone)),
    ] {
        let ((old, from, quote), (new, to, _)) = (marked(old), marked(new));
        let verdict = one(Some(&old), &new, &from, &quote);
        assert_eq!(verdict.state, state, "{quote} in {new}: {verdict:?}");
        if !to.is_empty() && state != Changed {
            assert_eq!(verdict.place.as_ref(), Some(&to), "{quote} in {new}: {verdict:?}");
        }
        if why.is_some() {
            assert_eq!(verdict.why, why, "{quote} in {new}: {verdict:?}");
        }
        assert_eq!(verdict.why.is_none(), state.is_certain(), "{verdict:?}");
    }
}

#[test]
fn overlapping_claims_move_together_and_two_claims_never_to_one_place() {
    let old = "Officials said that more than 37,000 Chinese nationals were held in 2023.";
    let new = format!("Corrected at noon. {old}");
    let places = [fragments(&[(20, 54)]), fragments(&[(30, 36)]), fragments(&[(30, 54)]), fragments(&[(0, 9), (30, 36)])];
    let quotes = places.each_ref().map(|place| place.quote(old).unwrap());
    let stood: Vec<Stood> =
        places.iter().zip(&quotes).map(|(place, quote)| Stood { fragments: Some(place), quote, ..Stood::default() }).collect();
    for (verdict, quote) in moved(Some(old), &new, &stood).iter().zip(&quotes) {
        assert_eq!(verdict.state, State::Moved);
        assert_eq!(verdict.place.as_ref().unwrap().quote(&new).as_ref(), Some(quote));
        assert_eq!(verdict.place.as_ref().unwrap().spans()[0].start() as usize - 19, old[..].find(&quote[..5]).unwrap());
    }

    let twice = format!("{old} {old}");
    let second = fragments(&[(94, 128)]);
    assert_eq!(second.quote(&twice).as_ref(), Some(&quotes[0]));
    let stood = [&places[0], &second].map(|place| Stood { fragments: Some(place), quote: &quotes[0], ..Stood::default() });
    let verdicts = moved(Some(&twice), old, &stood);
    assert!(verdicts.iter().all(|verdict| !verdict.state.is_certain() || verdict.state == State::Same), "{verdicts:?}");
    assert!(verdicts.iter().any(|verdict| !verdict.state.is_certain()), "{verdicts:?}");
}

#[test]
fn without_the_old_text_the_other_claims_tell() {
    let old = "Officials held 37,000 people in 2023, ten times the year before, the agency said.";
    let new = format!("Corrected. {old}");
    let places = [fragments(&[(15, 28)]), fragments(&[(38, 47)]), fragments(&[(65, 80)])];
    let quotes = places.each_ref().map(|place| place.quote(old).unwrap());
    let stood = |n: usize| -> Vec<Stood> {
        places.iter().zip(&quotes).take(n).map(|(place, quote)| Stood { fragments: Some(place), quote, ..Stood::default() }).collect()
    };
    assert!(moved(None, &new, &stood(3)).iter().all(|verdict| verdict.state == State::Moved));
    let alone = moved(None, &new, &stood(1));
    assert_eq!((alone[0].state, alone[0].why), (State::Ambiguous, Some(Why::OldUnknown)));
}

#[test]
fn a_second_look_leaves_what_was_moved_before() {
    let old = "North: 12 dead. South: 37 hurt in the fires of the south.";
    let new = "Corrected. North: 12 dead. South: 38 hurt in the fires of the south.";
    let places = [fragments(&[(18, 25)]), fragments(&[(23, 30)])];
    let stood = [
        Stood { fragments: Some(&places[0]), quote: "12 dead", ..Stood::default() },
        Stood { fragments: Some(&places[1]), quote: "37 hurt", ..Stood::default() },
    ];
    let verdicts = moved(Some(old), new, &stood);
    assert_eq!(verdicts[0].state, State::Same);
    assert_eq!((verdicts[1].state, verdicts[1].place.as_ref()), (State::Changed, Some(&fragments(&[(34, 41)]))));
}

#[test]
fn many_equal_quotes_in_a_long_text_end_soon() {
    let old = "12 and 12 or ".repeat(20_000);
    let new = format!("x{old}");
    let place = fragments(&[(130_000, 130_002)]);
    let started = std::time::Instant::now();
    let verdict = one(Some(&old), &new, &place, "12");
    assert!(matches!(verdict.state, State::Moved | State::Ambiguous), "{verdict:?}");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// A text of words, and places in it.
fn text_and_places() -> impl Strategy<Value = (String, Vec<(u32, u32)>)> {
    let word = "[a-c]{1,3}|12|37,000|é|e\u{301}|ด้|🌊|中文|\r\n|\n| |“|\u{a0}|-";
    let text = prop::collection::vec(word, 1..60).prop_map(|words| words.concat());
    text.prop_flat_map(|text| {
        let length = text.chars().count() as u32;
        let place = (0..length, 1..=12u32).prop_map(move |(start, more)| (start, (start + more).min(length)));
        (Just(text), prop::collection::vec(place, 1..5))
    })
}

fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let level = |c: char| match c {
        '“' | '”' | '\u{ab}' => '"',
        _ if c.is_whitespace() => ' ',
        _ => c,
    };
    text.nfkd().map(level).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn the_same_text_changes_nothing((text, places) in text_and_places()) {
        let places: Vec<Fragments> = places.into_iter().map(|place| fragments(&[place])).collect();
        let quotes: Vec<String> = places.iter().map(|place| place.quote(&text).unwrap()).collect();
        let stood: Vec<Stood> = places.iter().zip(&quotes).map(|(p, quote)| Stood { fragments: Some(p), quote, ..Stood::default() }).collect();
        for old in [Some(text.as_str()), None] {
            for (verdict, place) in moved(old, &text, &stood).iter().zip(&places) {
                prop_assert_eq!((verdict.state, verdict.place.as_ref()), (State::Same, Some(place)));
            }
        }
    }

    #[test]
    fn text_put_in_before_moves_all_by_its_length((text, places) in text_and_places(), before in "[X-Z]{1,60}\\. ") {
        let new = format!("{before}{text}");
        let by = before.chars().count() as u32;
        for place in places {
            let from = fragments(&[place]);
            let quote = from.quote(&text).unwrap();
            // A blank of several is told from the others by nothing.
            if quote.trim() != quote {
                continue;
            }
            let verdict = one(Some(&text), &new, &from, &quote);
            prop_assert_eq!((verdict.state, verdict.place), (State::Moved, Some(fragments(&[(place.0 + by, place.1 + by)]))), "{:?}", quote);
        }
    }

    #[test]
    fn a_quote_that_is_deleted_is_never_found_again((text, _) in text_and_places(), at in 0.0..1.0f64, quote in "Q[0-9]{2,5} [q-t]{4,9}") {
        let chars: Vec<char> = text.chars().collect();
        let cut = (at * chars.len() as f64) as usize;
        let (before, behind): (String, String) = (chars[..cut].iter().collect(), chars[cut..].iter().collect());
        let old = format!("{before} {quote} {behind}");
        let start = cut as u32 + 1;
        let place = fragments(&[(start, start + quote.chars().count() as u32)]);
        for new in [format!("{before}{behind}"), format!("{before} {behind}"), String::new()] {
            let verdict = one(Some(&old), &new, &place, &quote);
            prop_assert_eq!(verdict.state, State::Lost, "{:?}", verdict);
        }
    }

    #[test]
    fn nothing_is_certain_where_the_words_differ((old, places) in text_and_places(), (new, _) in text_and_places(), cut in 0..40usize) {
        // The begin of one text with the end of another: some claims stay, some go.
        let edited: String = old.chars().take(cut).chain(new.chars()).collect();
        for place in places {
            let from = fragments(&[place]);
            let quote = from.quote(&old).unwrap();
            for known in [Some(old.as_str()), None] {
                let verdict = one(known, &edited, &from, &quote);
                if verdict.state.is_certain() {
                    let found = verdict.place.unwrap().quote(&edited).unwrap();
                    prop_assert_eq!(folded(&found), folded(&quote));
                }
            }
        }
    }
}
