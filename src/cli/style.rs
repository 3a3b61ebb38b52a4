//! Colours of the dataset commands. Styles are always written; the stream takes them out where there is no terminal.

use anstyle::{AnsiColor, Style};

use crate::problem::Level;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const BAR: Style = AnsiColor::Cyan.on_default();

pub(super) fn of_level(level: Level) -> Style {
    match level {
        Level::Error => AnsiColor::Red.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Info => AnsiColor::Blue.on_default(),
    }
}
