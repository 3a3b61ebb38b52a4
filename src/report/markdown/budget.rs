//! How long a Markdown report may be, and which parts of it are cut.

/// The longest that a Markdown report may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// In UTF-16 units, the most that a site counts as characters.
    Characters(usize),
    /// In bytes of UTF-8.
    Bytes(usize),
}

impl Budget {
    /// A comment on a pull request: GitHub takes 65,536 characters.
    pub const COMMENT: Budget = Budget::Characters(65_000);

    fn most(self) -> usize {
        match self {
            Budget::Characters(most) | Budget::Bytes(most) => most,
        }
    }

    fn size(self, text: &str) -> usize {
        match self {
            Budget::Characters(_) => text.chars().map(char::len_utf16).sum(),
            Budget::Bytes(_) => text.len(),
        }
    }
}

/// A part of a report.
pub(super) enum Part {
    /// Never cut.
    Whole(String),
    /// As many items as there is room for.
    List(List),
}

/// A heading with items; nothing at all when there are none.
pub(super) struct List {
    /// Everything before the first item.
    pub(super) head: String,
    /// A line or a few each, with the line feed.
    pub(super) items: Vec<String>,
    /// So many items are in view; the others can be unfolded. `usize::MAX` for all, as in a table.
    pub(super) open: usize,
}

/// Room for the lines that fold a list and say what was left out.
const FOLD: usize = 160;

impl List {
    /// The first `shown` items, and how many more there are.
    fn write(&self, shown: usize, out: &mut String) {
        if self.items.is_empty() {
            return;
        }
        out.push_str(&self.head);
        let open = shown.min(self.open);
        self.items[..open].iter().for_each(|item| out.push_str(item));
        if shown > open {
            out.push_str(&format!("\n<details><summary>{} more</summary>\n\n", shown - open));
            self.items[open..shown].iter().for_each(|item| out.push_str(item));
            out.push_str("\n</details>\n");
        }
        if shown < self.items.len() {
            out.push_str(&format!("\n*{} more: there is no room for them here.*\n", self.items.len() - shown));
        }
        out.push('\n');
    }
}

/// The parts one behind the other. Lists are cut from their ends: an earlier one takes what later ones do not need, and each later
/// one keeps an eighth of the room if it needs it. Where not even the parts that are never cut fit, only the first of them stays;
/// empty where that does not fit either.
pub(super) fn fit(parts: &[Part], budget: Budget) -> String {
    let fixed: usize = parts
        .iter()
        .map(|part| match part {
            Part::Whole(text) => budget.size(text),
            Part::List(list) if list.items.is_empty() => 0,
            Part::List(list) => budget.size(&list.head) + FOLD,
        })
        .sum();
    let Some(mut room) = budget.most().checked_sub(fixed) else {
        let first = parts.iter().find_map(|part| if let Part::Whole(text) = part { Some(text.as_str()) } else { None });
        return first.filter(|text| budget.size(text) <= budget.most()).unwrap_or_default().to_owned();
    };
    let kept = room / 8;
    let needs: Vec<usize> = parts
        .iter()
        .map(|part| if let Part::List(list) = part { list.items.iter().map(|item| budget.size(item)).sum() } else { 0 })
        .collect();
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Whole(text) => out.push_str(text),
            Part::List(list) => {
                let later: usize = needs[i + 1..].iter().map(|need| kept.min(*need)).sum();
                let mut own = room.saturating_sub(later);
                let mut shown = 0;
                for size in list.items.iter().map(|item| budget.size(item)) {
                    if size > own {
                        break;
                    }
                    own -= size;
                    room -= size;
                    shown += 1;
                }
                list.write(shown, &mut out);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, items: usize) -> Part {
        Part::List(List { head: format!("{name}\n"), items: (0..items).map(|i| format!("- {name}{i:05}\n")).collect(), open: 3 })
    }

    #[test]
    fn what_does_not_fit_is_counted_and_what_is_never_cut_stays() {
        let parts = [Part::Whole("verdict\n".into()), list("a", 1000), list("b", 2), list("c", 1000), Part::Whole("end\n".into())];
        for most in [600, 1000, 5000, 8000] {
            let text = fit(&parts, Budget::Bytes(most));
            assert!(text.len() <= most && text.starts_with("verdict") && text.ends_with("end\n"), "{most}: {text}");
            assert!(text.contains("b00001") || most < 1000, "a short list is whole: {text}");
            for name in ["a", "c"] {
                let shown = text.matches(&format!("- {name}0")).count();
                assert!(text.contains(&format!("*{} more", 1000 - shown)), "{most}: {name} {shown}");
            }
        }
    }

    #[test]
    fn everything_is_there_where_there_is_room() {
        let text = fit(&[list("a", 5), list("none", 0)], Budget::COMMENT);
        assert_eq!(text, "a\n- a00000\n- a00001\n- a00002\n\n<details><summary>2 more</summary>\n\n- a00003\n- a00004\n\n</details>\n\n");
    }

    #[test]
    fn without_room_the_verdict_alone_stays_or_nothing() {
        let parts = [Part::Whole("verdict\n".into()), Part::Whole("x".repeat(100))];
        assert_eq!(fit(&parts, Budget::Bytes(20)), "verdict\n");
        assert_eq!(fit(&parts, Budget::Bytes(5)), "");
    }

    #[test]
    fn characters_are_utf_16_units() {
        assert_eq!((Budget::COMMENT.size("🌊é"), Budget::Bytes(9).size("🌊é")), (3, 6));
    }
}
