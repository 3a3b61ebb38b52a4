//! A prompt file: text with places that are filled in for each article.
//!
//! ```text
//! # system
//! You label claims. Kinds: {{kinds}}.
//! {{fields}}
//! # user
//! {{title}}
//!
//! {{text}}
//! ```
//!
//! A line that is exactly `# system`, `# user` or `# assistant` begins a message of that role. A file that has such a line begins with
//! one; a file without any is one message of the user. White space around a message is left out. `\{{` is written as `{{`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::claim::nearest;
use crate::problem::{Column, Problems, Rule};
use crate::report::safe::quoted;

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Who sets the rules.
    System,
    /// Who asks.
    User,
    /// The model itself, in examples.
    Assistant,
}

impl Role {
    /// The role that a line names.
    fn of_line(line: &str) -> Option<Role> {
        match line.trim_end() {
            "# system" => Some(Self::System),
            "# user" => Some(Self::User),
            "# assistant" => Some(Self::Assistant),
            _ => None,
        }
    }
}

/// A place of a prompt that is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The exact text of the article.
    Text,
    /// Its headline; empty where there is none, as all of its metadata.
    Title,
    /// Its language, a BCP-47 tag.
    Lang,
    /// Who published it.
    Publisher,
    /// When.
    PublishedAt,
    /// Where.
    Url,
    /// Its id in the dataset.
    Id,
    /// The kinds of the dataset, with commas between.
    Kinds,
    /// A line a field of the dataset: name, and how its values are written.
    Fields,
    /// The JSON Schema that answers follow.
    Schema,
    /// Labelled articles, with their answers.
    Examples,
    /// GUIDELINES.md of the dataset.
    Guidelines,
}

impl Slot {
    /// Every slot with its name between the braces.
    pub const ALL: [(&'static str, Slot); 12] = [
        ("text", Self::Text),
        ("title", Self::Title),
        ("lang", Self::Lang),
        ("publisher", Self::Publisher),
        ("published_at", Self::PublishedAt),
        ("url", Self::Url),
        ("id", Self::Id),
        ("kinds", Self::Kinds),
        ("fields", Self::Fields),
        ("schema", Self::Schema),
        ("examples", Self::Examples),
        ("guidelines", Self::Guidelines),
    ];
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Slot(Slot),
}

/// A prompt that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    messages: Vec<(Role, Vec<Piece>)>,
}

/// What is sent as one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Prompt {
    /// Reads the text of a prompt file; `file` is its name in findings.
    ///
    /// # Errors
    /// All findings: unknown places, messages without text or before the first role, no `{{text}}`, no message of the user.
    pub fn parse(file: &str, text: &str) -> Result<Prompt, Problems> {
        let mut problems = Problems::new();
        let mut add = |line: u64, column: Column, message: String| problems.add(file, line, column, Rule::Config, message);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut prompt = Prompt { messages: Vec::new() };
        for section in sections(text) {
            let role = section.role.unwrap_or(Role::User);
            if section.text.trim().is_empty() {
                if section.role.is_some() {
                    add(section.line, Column::None, "this message is empty; write its text below its role, or leave both out".to_owned());
                }
                continue;
            }
            if section.role.is_none() && section.roles_follow {
                let message = "text stands above the first message; begin the file with `# system` or `# user`, or write other headings \
                               than these";
                add(section.line, Column::None, message.to_owned());
            }
            let pieces = pieces(section.text, |at, name| {
                let before = &section.text[..at];
                let line = section.text_line + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64;
                let column = before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1;
                add(line, Column::At(u32::try_from(column).unwrap_or(u32::MAX)), unknown(name));
            });
            prompt.messages.push((role, pieces));
        }
        if !prompt.uses(Slot::Text) {
            add(
                0,
                Column::None,
                "no {{text}} is in the prompt, so that the article would not be sent; write {{text}} where it goes".to_owned(),
            );
        }
        if !prompt.messages.is_empty() && !prompt.messages.iter().any(|(role, _)| *role == Role::User) {
            add(0, Column::None, "no message of the user; models answer one, so begin it with a line `# user`".to_owned());
        }
        if problems.has_errors() { Err(problems) } else { Ok(prompt) }
    }

    /// Whether the prompt has a place.
    pub fn uses(&self, slot: Slot) -> bool {
        self.messages.iter().flat_map(|(_, pieces)| pieces).any(|piece| *piece == Piece::Slot(slot))
    }

    /// The messages, with every place filled in. What is filled in is not looked at again: an article may hold `{{schema}}`.
    pub fn render<'f>(&self, fill: impl Fn(Slot) -> Cow<'f, str>) -> Vec<Message> {
        let content = |pieces: &[Piece]| {
            let mut content = String::new();
            for piece in pieces {
                match piece {
                    Piece::Literal(text) => content.push_str(text),
                    Piece::Slot(slot) => content.push_str(&fill(*slot)),
                }
            }
            content
        };
        self.messages.iter().map(|(role, pieces)| Message { role: *role, content: content(pieces) }).collect()
    }
}

fn unknown(name: &str) -> String {
    let near = nearest(name, Slot::ALL.map(|(known, _)| known)).map(|near| format!("; did you mean {{{{{near}}}}}?"));
    let all = || format!("; there are {}", Slot::ALL.map(|(known, _)| known).join(", "));
    format!("unknown place {{{{{}}}}}{}", quoted(name, 40).trim_matches('"'), near.unwrap_or_else(all))
}

struct Section<'t> {
    role: Option<Role>,
    /// Line of the role, or the first one.
    line: u64,
    /// Line that `text` begins on.
    text_line: u64,
    /// Without white space around it.
    text: &'t str,
    roles_follow: bool,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut found: Vec<(Option<Role>, u64, usize, usize)> = vec![(None, 1, 0, text.len())];
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if let Some(role) = Role::of_line(line) {
            if let Some(last) = found.last_mut() {
                last.3 = at;
            }
            found.push((Some(role), number, at + line.len(), text.len()));
        }
        at += line.len();
    }
    let several = found.len() > 1;
    let section = |(role, line, from, to): (Option<Role>, u64, usize, usize)| {
        let whole = &text[from..to];
        let trimmed = whole.trim_start();
        let skipped = memchr::memchr_iter(b'\n', &whole.as_bytes()[..whole.len() - trimmed.len()]).count() as u64;
        let text_line = line + u64::from(role.is_some()) + skipped;
        Section { role, line, text_line, text: trimmed.trim_end(), roles_follow: several && role.is_none() }
    };
    found.into_iter().map(section).collect()
}

/// Cuts a text at its places; `wrong` is told of each unknown one, with its byte and name.
fn pieces(text: &str, mut wrong: impl FnMut(usize, &str)) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        if rest[..open].ends_with('\\') {
            literal.push_str(&rest[..open - 1]);
            literal.push_str("{{");
            rest = &rest[open + 2..];
            continue;
        }
        // Of three braces the last two count, so that JSON can hold a place: {"text":{{{text}}}}.
        let open = open + rest[open..].bytes().take_while(|b| *b == b'{').count() - 2;
        let inside = &rest[open + 2..];
        let name = inside.find("}}").map(|close| &inside[..close]).filter(|name| looks_like_a_name(name));
        let Some(name) = name else {
            literal.push_str(&rest[..open + 2]);
            rest = inside;
            continue;
        };
        literal.push_str(&rest[..open]);
        match Slot::ALL.iter().find(|(known, _)| *known == name.trim()) {
            Some((_, slot)) => {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Slot(*slot));
            }
            None => wrong(text.len() - rest.len() + open, name.trim()),
        }
        rest = &inside[name.len() + 2..];
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    pieces
}

/// Words of template languages rather than JSON or code.
fn looks_like_a_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && name.len() <= 80 && name.chars().all(|c| c.is_alphanumeric() || "_-.#/^&>!| ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Vec<(Role, String)> {
        let prompt = Prompt::parse("p.md", text).unwrap();
        let fill = |slot| Cow::Owned(format!("<{}>", Slot::ALL.iter().find(|(_, known)| *known == slot).unwrap().0));
        prompt.render(fill).into_iter().map(|message| (message.role, message.content)).collect()
    }

    #[test]
    fn messages_begin_at_lines_that_are_a_role() {
        use Role::{Assistant, System, User};
        let table: &[(&str, &[(Role, &str)])] = &[
            ("Find claims:\n{{text}}\n", &[(User, "Find claims:\n<text>")]),
            ("# System\n## user\n{{text}}", &[(User, "# System\n## user\n<text>")]),
            ("\u{feff}# system\r\nKinds: {{kinds}}\r\n# user\r\n{{ text }}\r\n", &[(System, "Kinds: <kinds>"), (User, "<text>")]),
            ("\n# user\n\n  a\n\n# assistant\nb\n# user\n{{text}}", &[(User, "a"), (Assistant, "b"), (User, "<text>")]),
            ("{\"a\":{{{text}}}, \"b\": {{}}, \\{{text}} {{ {{\"x\"}}", &[(User, "{\"a\":{<text>}, \"b\": {{}}, {{text}} {{ {{\"x\"}}")]),
        ];
        for (text, expected) in table {
            let expected: Vec<(Role, String)> = expected.iter().map(|(role, content)| (*role, (*content).to_owned())).collect();
            assert_eq!(rendered(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_is_right() {
        let table = [
            ("Read.", "no {{text}} is in the prompt"),
            ("a\nb {{txet}}\n{{text}}", "p.md:2:3: error[config]: unknown place {{txet}}; did you mean {{text}}?"),
            ("# user\n\n{{text}} {{gold}}", "p.md:3:10: error[config]: unknown place {{gold}}; there are text, title"),
            ("intro\n# user\n{{text}}", "p.md:1: error[config]: text stands above the first message; begin the file with `# system`"),
            ("# system\n\n# user\n{{text}}", "p.md:1: error[config]: this message is empty"),
            ("# system\n{{text}}", "no message of the user"),
            ("{{#each claims}}{{text}}", "unknown place {{#each claims}}"),
            ("", "no {{text}} is in the prompt"),
        ];
        for (text, expected) in table {
            let error = Prompt::parse("p.md", text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let prompt = Prompt::parse("p.md", "{{title}}{{text}}").unwrap();
        let messages = prompt.render(|slot| Cow::Borrowed(if slot == Slot::Title { "{{te" } else { "xt}} {{schema}} {{nothing}}" }));
        assert_eq!(messages[0].content, "{{text}} {{schema}} {{nothing}}");
    }
}
