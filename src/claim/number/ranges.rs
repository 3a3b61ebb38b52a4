//! Two figures that are the ends of one range.

use super::attach::Found;
use super::chars::Chars;
use super::exact;
use super::figure::{Bound, Form, RangeShape, Reading};
use super::matcher::Matcher;
use super::role::{Kinds, Role};

/// The longest text between two ends: a unit and the joining word.
const GAP: usize = 40;

/// How two figures are joined.
struct Link {
    shape: RangeShape,
    /// Where the joining word begins.
    word: usize,
    /// The end of the whole, with a closing word.
    end: usize,
    closed: bool,
}

/// Joins neighbours that form a range.
pub(crate) fn join(c: &Chars, m: &Matcher, all: Vec<Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::with_capacity(all.len());
    let mut rest = all.into_iter().peekable();
    while let Some(mut figure) = rest.next() {
        if let Some(next) = rest.peek()
            && let Some(link) = link(c, m, joined.last(), &figure, next)
            && merge(&mut figure, next, &link)
        {
            rest.next();
        }
        joined.push(figure);
    }
    joined
}

fn link(c: &Chars, m: &Matcher, previous: Option<&Found>, a: &Found, b: &Found) -> Option<Link> {
    let (from, to) = (a.tail, b.head);
    if to <= from || to - from > GAP || b.open.is_some() || b.form == Form::Label {
        return None;
    }
    let open = a.open.map(|mark| mark.role);
    let close = m.longest(c, c.skip_spaces(b.tail), Kinds::RANGE_CLOSE, |r| (r == Role::RangeClose).then_some(())).map(|((), end)| end);
    let start = c.skip_spaces(from);
    if let Some('-' | '–' | '~') = c.get(start)
        && c.skip_spaces(start + 1) == to
    {
        let dashed = |at: Option<char>| matches!(at, Some('-' | '–' | '/'));
        let chained =
            dashed(c.before(a.head)) && previous.is_some_and(|p| p.tail + 1 == a.head) || dashed(c.get(b.tail)) && c.is_digit(b.tail + 1);
        let balanced = (start > from) == (to > start + 1) || c.get(start) == Some('–');
        return (!chained && balanced).then_some(Link {
            shape: RangeShape::Dash,
            word: start,
            end: close.unwrap_or(b.expr.1),
            closed: close.is_some(),
        });
    }
    let shape = if open == Some(Role::RangeFrom) { RangeShape::FromTo } else { RangeShape::Words };
    let wanted = |role| match role {
        Role::RangeTo => Some(()),
        Role::RangeAnd if open == Some(Role::RangeBetween) || close.is_some() => Some(()),
        _ => None,
    };
    // "tra il 10 e il 15"
    let filler = |role| (role == Role::Filler).then_some(());
    let filled = |at: usize| m.longest(c, at, Kinds::FILLER, filler).is_some_and(|((), end)| c.skip_spaces(end) == to);
    let kinds = Kinds::RANGE_TO.with(Kinds::RANGE_AND);
    let reaches =
        |at: usize| m.longest(c, at, kinds, wanted).is_some_and(|((), end)| c.skip_spaces(end) == to || filled(c.skip_spaces(end)));
    let hyphen = if c.get(from) == Some('-') { c.skip_spaces(from + 1) } else { start };
    if let Some(word) = [from, start, hyphen].into_iter().find(|&at| reaches(at)) {
        return Some(Link { shape, word, end: close.unwrap_or(b.expr.1), closed: close.is_some() });
    }
    // "44 mg to 50 mg": the same unit behind both ends.
    let behind = c.skip_spaces(b.tail);
    let word = (start + 1..to).find(|&at| reaches(at))?;
    let unit = &c.folded[start..c.skip_spaces_back(word)];
    let same = !unit.is_empty() && c.folded[behind..].starts_with(unit);
    same.then_some(Link { shape, word, end: b.expr.1.max(b.tail), closed: false })
}

/// Makes `a` the range up to `b`; false where the two are no range.
fn merge(a: &mut Found, b: &Found, link: &Link) -> bool {
    let form = match (a.form, b.form) {
        (x, y) if x == y => x,
        (Form::Number, y @ (Form::Percent | Form::Points | Form::Factor | Form::Fraction)) => y,
        (Form::Fraction, Form::Number) => Form::Number,
        _ => return false,
    };
    if matches!(form, Form::Ordinal | Form::Label) {
        return false;
    }
    let mut low = a.value;
    // "10 to 15 million" are both millions.
    if let (None, Some(by)) = (a.scale, b.scale)
        && let Some(scaled) = exact::mul(low, by)
        && scaled < b.value
    {
        low = scaled;
    }
    let bounded = |bound: Option<Bound>| bound.is_some_and(|b| !matches!(b, Bound::About | Bound::Exactly));
    // The joining word itself may be a bound elsewhere: "dari 7 sampai 10".
    let own = b.expr.0 > link.word && b.expr.0 < b.head || b.expr.1 > b.tail && !link.closed;
    let mut high = b.value;
    if low > high && low.is_sign_negative() && link.shape != RangeShape::Dash {
        std::mem::swap(&mut low, &mut high);
    }
    // "from 20 to less than 100" is a range too.
    let below = matches!(b.bound, Some(Bound::LessThan | Bound::AtMost)) && link.shape != RangeShape::Dash && b.expr.0 >= b.head;
    let own = own && !below;
    if low >= high || bounded(a.bound) || bounded(b.bound) && own {
        return false;
    }
    a.value = low;
    a.max = Some(high);
    a.form = form;
    a.bound = Some(Bound::Between);
    a.range = Some(link.shape);
    a.written = if a.written == b.written { a.written } else { super::figure::Written::Mixed };
    a.end = b.end;
    a.tail = b.tail;
    a.currency = a.currency.or(b.currency);
    a.reading = [a.reading, b.reading].into_iter().find(|&r| r == Reading::Ambiguous).unwrap_or(a.reading.max(b.reading));
    let start = a.open.map_or(a.expr.0, |mark| mark.start.min(a.expr.0));
    a.expr = (start, link.end.max(b.expr.1));
    true
}
