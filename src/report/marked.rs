//! Article text with the places of gold and predicted claims marked, for a terminal.
//!
//! Each claim opens with its number in small digits, which lists beside the text repeat:
//!
//! ```text
//! Pejabat menahan ⟦₁lebih dari 37.000⟧ warga pada ⟪₂2023⟫, kata {₃AP}.
//! ⟦ ⟧ gold, found   ⟪ ⟫ gold, missed   { } predicted, spurious
//! ```
//!
//! With colour the marks are styles (underlined: gold; bold: predicted) and the brackets are left out.
//!
//! Text that is written from right to left is left to the terminal: marking it as isolated would itself take bidi controls,
//! which no article may smuggle in and which terminals treat differently. Instead nothing stands behind article text on a
//! line, so that a terminal that turns it around turns nothing else, and brackets are of the kind that mirrors.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::safe::shown;
use crate::claim::{Fragments, Span};

/// Who says that there is a claim at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A gold claim; also a gold claim and its pair at the same place.
    Gold,
    /// A predicted claim.
    Predicted,
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Paired.
    Matched,
    /// Missed or spurious.
    Wrong,
    /// Neither for nor against.
    Neutral,
}

/// The place of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Who says so.
    pub layer: Layer,
    /// What came out.
    pub state: State,
    /// Shown where the claim begins; 0 shows none.
    pub number: usize,
    /// The place; parts behind the text are left out.
    pub fragments: Fragments,
}

impl Mark {
    fn brackets(&self) -> (char, char) {
        match (self.layer, self.state) {
            (Layer::Gold, State::Matched) => ('⟦', '⟧'),
            (Layer::Gold, State::Wrong) => ('⟪', '⟫'),
            (Layer::Predicted, State::Matched) => ('⟨', '⟩'),
            (Layer::Predicted, State::Wrong) => ('{', '}'),
            (_, State::Neutral) => ('⟮', '⟯'),
        }
    }

    fn meaning(&self) -> &'static str {
        match (self.layer, self.state) {
            (Layer::Gold, State::Matched) => "gold, found",
            (Layer::Gold, State::Wrong) => "gold, missed",
            (Layer::Predicted, State::Matched) => "predicted, matched",
            (Layer::Predicted, State::Wrong) => "predicted, spurious",
            (_, State::Neutral) => "not counted",
        }
    }
}

/// The style of a mark's text. A place of several claims takes the worst outcome's colour and all their effects.
fn style(marks: &[&Mark]) -> Style {
    let is = |layer, state| marks.iter().any(|m| m.layer == layer && m.state == state);
    let colour = match () {
        () if is(Layer::Gold, State::Wrong) => Some(AnsiColor::Red),
        () if is(Layer::Predicted, State::Wrong) => Some(AnsiColor::Yellow),
        () if marks.iter().any(|m| m.state == State::Matched) => Some(AnsiColor::Green),
        () => None,
    };
    let mut style = Style::new().fg_color(colour.map(Into::into));
    if marks.iter().any(|m| m.layer == Layer::Gold) {
        style = style.underline();
    }
    if marks.iter().any(|m| m.layer == Layer::Predicted) {
        style = style.bold();
    }
    style
}

const DIM: Style = Style::new().dimmed();

/// How marks are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Columns of a line, with the indent.
    pub width: usize,
    /// Blanks before each line.
    pub indent: usize,
    /// Styles instead of brackets.
    pub colour: bool,
}

/// The whole text, a line break where it has one, wrapped to the width.
pub fn article(text: &str, marks: &[Mark], drawing: Drawing) -> String {
    let chars: Vec<char> = text.chars().collect();
    draw(&chars, Span::new(0, u32::try_from(chars.len()).unwrap_or(u32::MAX)), marks, drawing)
}

/// Columns of text on either side of a claim in [`context`].
pub const AROUND: usize = 30;

/// The widest claim that [`context`] shows whole, in columns.
const WIDEST_CLAIM: usize = 240;

/// One claim with about [`AROUND`] columns of text on either side; `None` for a claim without a place in the text.
/// Line breaks of the text become blanks. The marks are those that are drawn; the claim is the first of them.
pub fn context(text: &str, marks: &[Mark], drawing: Drawing) -> Option<String> {
    passage(text, marks, AROUND, drawing)
}

/// As [`context`], with that many columns of text on either side.
pub fn passage(text: &str, marks: &[Mark], around: usize, drawing: Drawing) -> Option<String> {
    let hull = marks.first()?.fragments.hull()?;
    let flat = |c: char| if matches!(c, '\n' | '\t') { ' ' } else { c };
    let chars: Vec<char> = text.chars().map(flat).collect();
    let (start, end) = (hull.start() as usize, hull.end() as usize);
    let (before, claim, after) = (chars.get(..start)?, chars.get(start..end)?, chars.get(end..)?);
    let from = start - reach(before.iter().rev(), around);
    let (to, cut) = match reach(claim.iter(), WIDEST_CLAIM) {
        whole if whole == claim.len() => (end + reach(after.iter(), around), false),
        part => (start + part, true),
    };
    let window = Span::new(u32::try_from(from).ok()?, u32::try_from(to).ok()?);
    let ellipsis = (from > 0, cut || to < chars.len());
    Some(draw_window(&chars, window, marks, drawing, ellipsis))
}

/// How many characters fit into that many columns.
fn reach<'a>(chars: impl Iterator<Item = &'a char>, columns: usize) -> usize {
    let mut used = 0;
    chars
        .take_while(|c| {
            let mut buffer = [0; 4];
            used += shown(c.encode_utf8(&mut buffer)).width();
            used <= columns
        })
        .count()
}

/// What the marks mean: one entry for each kind of mark that occurs, wrapped to the width.
pub fn legend(marks: &[Mark], drawing: Drawing) -> String {
    let mut kinds: Vec<&Mark> = marks.iter().filter(|m| !m.fragments.is_empty()).collect();
    kinds.sort_by_key(|m| (m.state == State::Neutral, m.layer, m.state));
    kinds.dedup_by_key(|m| m.meaning());
    let mut out = String::new();
    let mut used = 0;
    for mark in kinds {
        let (open, close) = mark.brackets();
        let style = style(&[mark]);
        let (entry, width) = if drawing.colour {
            (format!("{style}{}{style:#}", mark.meaning()), mark.meaning().width())
        } else {
            let entry = format!("{open} {close} {}", mark.meaning());
            let width = entry.width();
            (entry, width)
        };
        let gap = if used == 0 { drawing.indent } else { 3 };
        if used > 0 && used + gap + width > drawing.width {
            let _ = write!(out, "\n{:1$}{entry}", "", drawing.indent);
            used = drawing.indent + width;
        } else {
            let _ = write!(out, "{:gap$}{entry}", "");
            used += gap + width;
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn draw(chars: &[char], window: Option<Span>, marks: &[Mark], drawing: Drawing) -> String {
    draw_window(chars, window, marks, drawing, (false, false))
}

/// A piece that no line break may cut, with its style.
struct Cell {
    text: String,
    width: usize,
    style: Style,
    break_behind: bool,
    is_blank: bool,
    ends_line: bool,
}

fn draw_window(chars: &[char], window: Option<Span>, marks: &[Mark], drawing: Drawing, ellipsis: (bool, bool)) -> String {
    let mut cells = Vec::new();
    let plain = |text: &str, style: Style| Cell {
        width: text.width(),
        text: text.to_owned(),
        style,
        break_behind: false,
        is_blank: false,
        ends_line: false,
    };
    let faint = if drawing.colour { DIM } else { Style::new() };
    if ellipsis.0 {
        cells.push(plain("…", faint));
    }
    if let Some(window) = window {
        let parts: Vec<(&Mark, Span)> =
            marks.iter().flat_map(|m| m.fragments.spans().iter().filter_map(move |s| Some((m, clipped(*s, window)?)))).collect();
        let mut edges: Vec<u32> = parts.iter().flat_map(|(_, s)| [s.start(), s.end()]).chain([window.start(), window.end()]).collect();
        edges.sort_unstable();
        edges.dedup();
        for (i, &edge) in edges.iter().enumerate() {
            if !drawing.colour {
                let mut closing: Vec<_> = parts.iter().filter(|(_, s)| s.end() == edge).collect();
                // What was opened last is closed first.
                closing.sort_by_key(|(m, s)| (std::cmp::Reverse(s.start()), std::cmp::Reverse(m.layer), std::cmp::Reverse(m.number)));
                cells.extend(closing.iter().map(|(m, _)| plain(&m.brackets().1.to_string(), Style::new())));
            }
            let mut opening: Vec<_> = parts.iter().filter(|(_, s)| s.start() == edge).collect();
            opening.sort_by_key(|(m, s)| (std::cmp::Reverse(s.end()), m.layer, m.number));
            for (mark, span) in opening {
                let number =
                    if mark.fragments.hull().is_some_and(|h| h.start() == span.start()) { small(mark.number) } else { String::new() };
                if drawing.colour {
                    cells.push(plain(&number, DIM));
                } else {
                    cells.push(plain(&format!("{}{number}", mark.brackets().0), Style::new()));
                }
            }
            if let Some(&next) = edges.get(i + 1) {
                let covering: Vec<&Mark> = parts.iter().filter(|(_, s)| s.start() <= edge && edge < s.end()).map(|(m, _)| *m).collect();
                let style = if drawing.colour { style(&covering) } else { Style::new() };
                let text: String = chars.get(edge as usize..next as usize).unwrap_or_default().iter().collect();
                cells.extend(text.graphemes(true).map(|g| cell(g, style)));
            }
        }
    }
    if ellipsis.1 {
        cells.push(plain("…", faint));
    }
    lines(&cells, drawing)
}

fn clipped(span: Span, window: Span) -> Option<Span> {
    Span::new(span.start().max(window.start()), span.end().min(window.end()))
}

fn cell(grapheme: &str, style: Style) -> Cell {
    if grapheme == "\n" {
        return Cell { text: String::new(), width: 0, style, break_behind: false, is_blank: false, ends_line: true };
    }
    let text = shown(grapheme).into_owned();
    let width = text.width();
    let is_blank = grapheme.chars().all(|c| c == ' ' || c == '\u{3000}');
    Cell { text, width, style, break_behind: is_blank || width > 1, is_blank, ends_line: false }
}

/// The number in digits below the line; empty for 0.
fn small(number: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x2080 + d)).unwrap_or(c);
    if number == 0 { String::new() } else { number.to_string().chars().map(digit).collect() }
}

/// Breaks at blanks and beside wide characters; a word that is wider than a line is cut.
fn lines(cells: &[Cell], drawing: Drawing) -> String {
    let room = drawing.width.saturating_sub(drawing.indent).max(8);
    let mut out = String::new();
    let mut start = 0;
    while start < cells.len() {
        let (mut used, mut end, mut last_break) = (0, start, None);
        while end < cells.len() && !cells[end].ends_line && (used + cells[end].width <= room || cells[end].is_blank) {
            used += cells[end].width;
            if cells[end].break_behind {
                last_break = Some(end + 1);
            }
            end += 1;
        }
        let is_end = end == cells.len() || cells[end].ends_line;
        // At least one cell a line, however wide it is.
        let stop = if is_end { end } else { last_break.unwrap_or(end).max(start + 1) };
        line(&mut out, &cells[start..stop], drawing.indent);
        start = if is_end { end + 1 } else { stop };
    }
    out
}

fn line(out: &mut String, cells: &[Cell], indent: usize) {
    let kept = cells.iter().rposition(|c| !c.is_blank).map_or(0, |last| last + 1);
    if kept > 0 {
        let _ = write!(out, "{:indent$}", "");
    }
    let mut style = Style::new();
    for cell in &cells[..kept] {
        if cell.style != style {
            let _ = write!(out, "{style:#}{}", cell.style);
            style = cell.style;
        }
        out.push_str(&cell.text);
    }
    let _ = writeln!(out, "{style:#}");
}

/// Whether a text has characters that are written from right to left.
pub fn is_right_to_left(text: &str) -> bool {
    let strong =
        |c: char| matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff);
    text.chars().any(strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(layer: Layer, state: State, number: usize, spans: &[(u32, u32)]) -> Mark {
        Mark { layer, state, number, fragments: spans.iter().filter_map(|&(s, e)| Span::new(s, e)).collect() }
    }

    const PLAIN: Drawing = Drawing { width: 80, indent: 2, colour: false };

    #[test]
    fn layers_nest_and_cross_and_every_bracket_is_closed() {
        use Layer::{Gold, Predicted};
        use State::{Matched, Neutral, Wrong};
        let text = "abcdefgh";
        let cases: [(&[Mark], &str); 6] = [
            (&[], "abcdefgh"),
            (&[mark(Gold, Matched, 1, &[(0, 8)])], "⟦₁abcdefgh⟧"),
            (&[mark(Gold, Wrong, 1, &[(1, 3)]), mark(Predicted, Wrong, 12, &[(3, 5)])], "a⟪₁bc⟫{₁₂de}fgh"),
            (&[mark(Gold, Matched, 1, &[(1, 6)]), mark(Predicted, Matched, 1, &[(3, 8)])], "a⟦₁bc⟨₁def⟧gh⟩"),
            (&[mark(Predicted, Matched, 2, &[(1, 4)]), mark(Gold, Matched, 2, &[(1, 4)])], "a⟦₂⟨₂bcd⟩⟧efgh"),
            (&[mark(Gold, Neutral, 0, &[(0, 2), (4, 5), (7, 90)])], "⟮ab⟯cd⟮e⟯fg⟮h⟯"),
        ];
        for (marks, expected) in cases {
            assert_eq!(article(text, marks, Drawing { indent: 0, ..PLAIN }), format!("{expected}\n"));
        }
    }

    #[test]
    fn lines_are_wrapped_by_columns_and_text_is_harmless() {
        let wide = "十倍".repeat(30);
        let drawn = article(&format!("{wide}\n\nplain \u{1b}[2J \u{202e}{}", "w".repeat(100)), &[], PLAIN);
        assert!(drawn.lines().all(|l| l.width() <= 80), "{drawn}");
        assert!(drawn.contains("\n\n  plain \\u{1b}[2J \\u{202e}"), "{drawn}");
        assert!(!drawn.contains('\u{1b}'));
        let narrow = article("one two three four", &[], Drawing { width: 12, indent: 2, colour: false });
        assert_eq!(narrow, "  one two\n  three four\n");
        assert_eq!(article("", &[], PLAIN), "");
    }

    #[test]
    fn a_span_may_cut_a_grapheme_cluster_or_end_at_the_end() {
        let text = "cafe\u{301} 👩\u{200d}👧";
        let drawn =
            article(text, &[mark(Layer::Gold, State::Matched, 1, &[(3, 4)]), mark(Layer::Predicted, State::Wrong, 2, &[(6, 9)])], PLAIN);
        assert_eq!(drawn, "  caf⟦₁e⟧\u{301} {₂👩\u{200d}👧}\n");
    }

    #[test]
    fn context_keeps_about_thirty_columns_on_either_side() {
        let text = format!("{}37.000{}", "a ".repeat(40), " b".repeat(40));
        let wanted = mark(Layer::Gold, State::Wrong, 0, &[(80, 86)]);
        let drawn = context(&text, std::slice::from_ref(&wanted), PLAIN).unwrap_or_default();
        assert_eq!(drawn, format!("  …{}⟪37.000⟫{}…\n", "a ".repeat(15), " b".repeat(15)));
        let at_the_start = context("37\n000", &[mark(Layer::Predicted, State::Wrong, 0, &[(0, 2)])], PLAIN);
        assert_eq!(at_the_start.as_deref(), Some("  {37} 000\n"));
        assert_eq!(context("short", &[wanted], PLAIN), None);
        assert_eq!(context("short", &[mark(Layer::Gold, State::Wrong, 0, &[])], PLAIN), None);
    }

    #[test]
    fn wide_text_has_the_same_columns_around() {
        let text = format!("{}十倍{}", "前".repeat(40), "後".repeat(40));
        let drawn = context(&text, &[mark(Layer::Gold, State::Matched, 0, &[(40, 42)])], PLAIN).unwrap_or_default();
        assert_eq!(drawn, format!("  …{}⟦十倍⟧{}…\n", "前".repeat(15), "後".repeat(15)));
        assert!(drawn.trim_end().width() <= 80);
    }

    #[test]
    fn colour_takes_the_place_of_brackets() {
        let drawing = Drawing { colour: true, ..PLAIN };
        let marks = [mark(Layer::Gold, State::Wrong, 3, &[(0, 1)])];
        let drawn = article("ab", &marks, drawing);
        assert!(drawn.contains("₃") && !drawn.contains('⟪') && drawn.contains("\u{1b}[4m") && drawn.contains("\u{1b}[31m"), "{drawn:?}");
        assert_eq!(anstream::adapter::strip_str(&drawn).to_string(), "  ₃ab\n");
        assert_eq!(legend(&marks, PLAIN), "  ⟪ ⟫ gold, missed\n");
    }

    #[test]
    fn direction() {
        assert!(is_right_to_left("37 شخص") && is_right_to_left("איש") && !is_right_to_left("37.000 orang 十倍"));
    }
}
