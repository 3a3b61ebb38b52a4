use super::*;

/// As [`super::place_all`] of a text that nobody has counted.
fn place_all(text: &str, wanted: &[Wanted<'_>], unit: OffsetUnit) -> Places {
    super::place_all(&CodePoints::new(text), wanted, unit)
}

/// Where the claims land, as `place how`, separated by blanks.
fn places(text: &str, wanted: &[Wanted<'_>]) -> String {
    let places = place_all(text, wanted, OffsetUnit::Codepoint).places;
    let shown = places.iter().map(|place| match place {
        Place::At(fragments, How::Exact) => fragments.to_string(),
        Place::At(fragments, how) => format!("{fragments}:{how:?}").to_lowercase(),
        Place::Unlocated => "-".to_owned(),
        Place::Impossible(_) => "!".to_owned(),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn quote(quote: &str) -> Wanted<'_> {
    Wanted { quote, ..Wanted::default() }
}

#[test]
fn a_quote_is_found_exactly_then_folded_then_by_likeness() {
    let text = "🌊 “Más  de 37.000 personas” –\u{a0}según la cafe\u{301}teria central de Lima";
    for (wanted, found, how) in [
        ("37.000", "37.000", How::Exact),
        ("🌊", "🌊", How::Exact),
        ("\"Más de 37.000 personas\"", "“Más  de 37.000 personas”", How::Folded),
        ("- según la caf\u{e9}teria", "–\u{a0}según la cafe\u{301}teria", How::Folded),
        ("MÁS DE", "Más  de", How::Folded),
        ("según la café teria central de Lima", "según la cafe\u{301}teria central de Lima", How::Fuzzy),
    ] {
        match &place_all(text, &[quote(wanted)], OffsetUnit::Codepoint).places[0] {
            Place::At(fragments, by) => assert_eq!((fragments.quote(text).as_deref(), *by), (Some(found), how), "{wanted}"),
            other => assert_eq!(*other, Place::Unlocated, "{wanted}: expected {found}"),
        }
    }
    for wanted in ["37,000", "47.000", "Más de 47.000 personas – según", "   ", "\u{200b}", "nothing like it at all"] {
        assert_eq!(places(text, &[quote(wanted)]), "-", "{wanted}");
    }
}

#[test]
fn equal_quotes_share_out_the_occurrences() {
    let text = "12 died, 12 hurt, 12 missing of 212 or 12.5 or 1,12";
    let twelve = quote("12");
    assert_eq!(places(text, &[twelve, twelve]), "0-2:ambiguous 9-11:ambiguous");
    assert_eq!(places(text, &[twelve; 5]), "0-2:ambiguous 9-11:ambiguous 18-20:ambiguous 18-20:ambiguous 18-20:ambiguous");
    let hurt = Wanted { suffix: " hurt", ..twelve };
    let missing = Wanted { prefix: "hurt,", ..twelve };
    assert_eq!(
        places(text, &[twelve, hurt, twelve, missing]),
        "0-2:ambiguous 9-11 0-2:ambiguous 18-20".replace("0-2:ambiguous 18", "18-20:ambiguous 18")
    );
    let first = Wanted { offsets: &[(0, 2)], ..twelve };
    assert_eq!(places(text, &[twelve, first]), "9-11:ambiguous 0-2");
    let nowhere = Wanted { prefix: "elsewhere", ..twelve };
    assert_eq!(places(text, &[nowhere]), "0-2:ambiguous");
    assert_eq!(places("only 12 here", &[twelve, twelve]), "5-7 5-7");
    assert_eq!(places("aaa", &[quote("aa"), quote("aa")]), "0-2 0-2");
}

#[test]
fn a_unique_exact_quote_wins_over_offsets_and_nothing_else_does() {
    let text = "about 12 people, and 12 dogs";
    for (offsets, wanted, expected) in [
        (&[(6, 8)][..], "12", "6-8"),
        (&[(6, 8)], "", "6-8"),
        (&[(7, 9)], "people", "9-15"),
        (&[(7, 9)], "12", "-"),
        (&[(9, 15)], "People ", "9-15:folded"),
        (&[(0, 5)], "PEOPLE", "-"),
        (&[(0, 99)], "people", "9-15"),
        (&[(0, 99)], "", "!"),
        (&[(0, 99)], "lions", "-"),
        (&[(21, 23), (0, 5)], "", "0-5;21-23"),
        (&[(21, 23), (0, 5)], "about 12", "0-5;21-23"),
        (&[(21, 23), (0, 5)], "dogs", "24-28"),
        (&[(0, 5), (5, 8)], "about 12", "0-8"),
    ] {
        assert_eq!(places(text, &[Wanted { offsets, quote: wanted, ..Wanted::default() }]), expected, "{offsets:?} {wanted}");
    }
    let decided = Wanted { offsets: &[(7, 9)], suffix: "dogs", ..quote("12") };
    assert_eq!(places(text, &[decided]), "21-23");
}

#[test]
fn units_are_converted_and_a_wrong_unit_is_named() {
    let text = "🌊🌊 caf\u{e9}: 12 tot,\r\n13 da";
    let points = |needle: &str| {
        let start = text[..text.find(needle).unwrap()].chars().count() as u32;
        (start, start + needle.chars().count() as u32)
    };
    let bytes = |needle: &str| {
        let start = text.find(needle).unwrap() as u32;
        (start, start + needle.len() as u32)
    };
    let utf16 = |needle: &str| {
        let start = text[..text.find(needle).unwrap()].encode_utf16().count() as u32;
        (start, start + needle.encode_utf16().count() as u32)
    };
    for needle in ["12", "caf\u{e9}", "🌊 c", "13"] {
        for (unit, offsets) in
            [(OffsetUnit::Codepoint, points(needle)), (OffsetUnit::Byte, bytes(needle)), (OffsetUnit::Utf16, utf16(needle))]
        {
            let offsets = [offsets];
            let wanted = [Wanted { offsets: &offsets, quote: needle, ..Wanted::default() }];
            let place = &place_all(text, &wanted, unit).places[0];
            let (start, end) = points(needle);
            assert_eq!(*place, Place::At(crate::claim::Span::new(start, end).unwrap().into(), How::Exact), "{needle} {unit:?}");
        }
    }
    let (start, end) = points("13");
    for (offsets, hint) in [
        (bytes("12"), Hint::Unit(OffsetUnit::Byte)),
        (utf16("12"), Hint::Unit(OffsetUnit::Utf16)),
        ((start, end - 1), Hint::InclusiveEnd),
        ((start - 1, end - 1), Hint::LineEnds),
    ] {
        let offsets = [offsets];
        let needle = if matches!(hint, Hint::Unit(_)) { "12" } else { "13" };
        let found = place_all(text, &[Wanted { offsets: &offsets, quote: needle, ..Wanted::default() }], OffsetUnit::Codepoint);
        assert_eq!((found.disagreeing, found.hint), (1, Some(hint)));
    }
    let inside = [Wanted { offsets: &[(1, 8)], ..Wanted::default() }];
    assert!(
        matches!(&place_all(text, &inside, OffsetUnit::Byte).places[0], Place::Impossible(why) if why.contains("inside of a character"))
    );
}

proptest::proptest! {
    /// Any slice of any text, quoted, is found somewhere where the text has it; no input makes it panic.
    #[test]
    fn a_slice_is_always_found(text in "(?s).{0,60}", cut in proptest::prelude::any::<(u8, u8)>(), others in proptest::collection::vec("(?s).{0,12}", 0..4)) {
        let chars: Vec<char> = text.chars().collect();
        let start = usize::from(cut.0) % (chars.len() + 1);
        let end = (start + usize::from(cut.1) % 20).min(chars.len());
        let slice: String = chars[start..end].iter().collect();
        let mut wanted = vec![quote(&slice)];
        wanted.extend(others.iter().map(|other| quote(other)));
        let found = place_all(&text, &wanted, OffsetUnit::Codepoint).places;
        proptest::prop_assert_eq!(found.len(), wanted.len());
        match &found[0] {
            Place::At(fragments, How::Exact | How::Ambiguous) => proptest::prop_assert_eq!(fragments.quote(&text), Some(slice)),
            other => proptest::prop_assert!(slice.is_empty(), "{:?}", other),
        }
    }

    /// Offsets in any unit give the slice back.
    #[test]
    fn any_offsets_are_taken_or_refused(text in "(?s).{0,30}", start in 0u32..60, length in 1u32..20) {
        for unit in [OffsetUnit::Codepoint, OffsetUnit::Utf16, OffsetUnit::Byte] {
            let offsets = [(start, start + length)];
            let places = place_all(&text, &[Wanted { offsets: &offsets, ..Wanted::default() }], unit).places;
            if let Place::At(fragments, _) = &places[0] {
                let quote = fragments.quote(&text);
                let units = quote.as_deref().map(|q| match unit {
                    OffsetUnit::Codepoint => q.chars().count(),
                    OffsetUnit::Utf16 => q.encode_utf16().count(),
                    OffsetUnit::Byte => q.len(),
                });
                proptest::prop_assert_eq!(units, Some(length as usize));
            }
        }
    }
}
