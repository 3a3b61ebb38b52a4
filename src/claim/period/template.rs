//! The small language of templates in the lexicon files.
//!
//! `[x]` may be absent, `(a|b)` is one of the two, `{class}` stands for a word of a class, `a <b> c` matches `b`
//! only between `a` and `c`, and a backslash takes the next sign as it is. White space means nothing but the end
//! of a word.

/// A word class that a template names in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// `{d}`: a day of the month, 1 to 31, with the language's ordinal suffix or without.
    Day,
    /// `{m}`: a month as a number, 1 to 12.
    MonthNumber,
    /// `{month}`: the name of a month.
    Month,
    /// `{year}`: a year as a number or relative ("last year").
    Year,
    /// `{decade}`: the first year of a decade.
    Decade,
    /// `{q}`: an ordinal or number, 1 to 4.
    Ordinal,
    /// `{weekday}`: the name of a weekday.
    Weekday,
    /// `{n}`: a count in figures or words.
    Number,
    /// `{unit}`: day, week, month, quarter or year.
    Unit,
    /// `{dual}`: two of a unit in one word.
    Dual,
    /// `{p}`: a whole period, inside a range.
    Period,
}

impl Class {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "d" => Self::Day,
            "m" => Self::MonthNumber,
            "month" => Self::Month,
            "year" => Self::Year,
            "decade" => Self::Decade,
            "q" => Self::Ordinal,
            "weekday" => Self::Weekday,
            "n" => Self::Number,
            "unit" => Self::Unit,
            "dual" => Self::Dual,
            "p" => Self::Period,
            _ => return None,
        })
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u16);

impl Classes {
    pub(super) const ALL: Classes = Classes(u16::MAX);

    pub(super) fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u16;
    }

    /// Whether there is a class in it that is none of these.
    pub(super) fn any_but(self, others: [Class; 2]) -> bool {
        self.0 & !others.into_iter().fold(0, |bits, class| bits | 1 << class as u16) != 0
    }

    pub(super) fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u16 != 0
    }
}

/// A piece of an expanded template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that is still to be cut into tokens.
    Text(String),
    /// A word class.
    Class(Class),
    /// `<`: what stands before it is context.
    Open,
    /// `>`: what stands after it is context.
    Close,
}

/// Every form that a template stands for. The error names the template.
pub(super) fn expand(template: &str) -> Result<Vec<Vec<Piece>>, String> {
    let mut chars = template.chars().peekable();
    alternatives(&mut chars, None).map_err(|what| format!("template `{template}`: {what}"))
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Forms up to `end`, split at `|`.
fn alternatives(chars: &mut Chars, end: Option<char>) -> Result<Vec<Vec<Piece>>, String> {
    let mut done = Vec::new();
    let mut forms = vec![Vec::new()];
    loop {
        let piece = match chars.next() {
            None if end.is_none() => break,
            None => return Err("a bracket is not closed".to_owned()),
            c if c == end => break,
            Some('|') => {
                done.append(&mut forms);
                forms = vec![Vec::new()];
                continue;
            }
            Some('[') => {
                let mut inner = alternatives(chars, Some(']'))?;
                inner.push(Vec::new());
                forms = crossed(&forms, &inner);
                continue;
            }
            Some('(') => {
                forms = crossed(&forms, &alternatives(chars, Some(')'))?);
                continue;
            }
            Some('{') => {
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                Piece::Class(Class::named(&name).ok_or(format!("unknown class {{{name}}}"))?)
            }
            Some('<') => Piece::Open,
            Some('>') => Piece::Close,
            Some('\\') => Piece::Text(chars.next().ok_or("nothing after a backslash")?.to_string()),
            Some(c) => Piece::Text(c.to_string()),
        };
        forms.iter_mut().for_each(|form| add(form, &piece));
    }
    done.append(&mut forms);
    Ok(done)
}

/// Each form with each of the tails behind it.
fn crossed(forms: &[Vec<Piece>], tails: &[Vec<Piece>]) -> Vec<Vec<Piece>> {
    let with = |form: &Vec<Piece>, tail: &Vec<Piece>| {
        let mut form = form.clone();
        tail.iter().for_each(|piece| add(&mut form, piece));
        form
    };
    forms.iter().flat_map(|form| tails.iter().map(move |tail| with(form, tail))).collect()
}

/// Adds a piece; texts that meet become one, so that a word written in two parts is one word.
fn add(form: &mut Vec<Piece>, piece: &Piece) {
    match (form.last_mut(), piece) {
        (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(text),
        _ => form.push(piece.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_bars_and_classes_expand() {
        let text = |t: &str| Piece::Text(t.to_owned());
        assert_eq!(
            expand("[the ](last|past) {unit}"),
            Ok(vec![
                vec![text("the last "), Piece::Class(Class::Unit)],
                vec![text("the past "), Piece::Class(Class::Unit)],
                vec![text("last "), Piece::Class(Class::Unit)],
                vec![text("past "), Piece::Class(Class::Unit)],
            ])
        );
        assert_eq!(expand("a|b"), Ok(vec![vec![text("a")], vec![text("b")]]));
        assert_eq!(expand(r"\(x\)"), Ok(vec![vec![text("(x)")]]));
        assert_eq!(expand("in <{d}>").map(|f| f[0].len()), Ok(4));
    }

    #[test]
    fn a_broken_template_names_itself() {
        for (template, what) in [("(a", "not closed"), ("{nope}", "unknown class {nope}"), ("a\\", "backslash")] {
            let error = expand(template).expect_err(what);
            assert!(error.contains(what) && error.contains(template), "{error}");
        }
    }
}
