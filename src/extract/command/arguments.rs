//! The arguments of a command, with placeholders for what belongs to an article.

use std::ffi::OsString;
use std::path::Path;

use crate::claim::Article;
use crate::formats::jsonl::SHOWN;
use crate::report::safe::quoted;

/// What may stand in an argument, in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    /// A file with the exact text.
    File,
    Id,
    Lang,
    Title,
}

const PLACEHOLDERS: [(&str, Placeholder); 4] =
    [("file", Placeholder::File), ("id", Placeholder::Id), ("lang", Placeholder::Lang), ("title", Placeholder::Title)];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Of(Placeholder),
}

/// A command whose arguments are made for each article. Other braces stay as they are, because programs such as jq take them.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Vec<Piece>>);

/// Whether every placeholder of a command stands where it can.
///
/// # Errors
/// What is wrong, and what would be right: a placeholder in the program's own name, or an argument that is nothing but an unknown one.
pub fn check_placeholders(command: &[String]) -> Result<(), String> {
    Template::parse(command).map(drop)
}

impl Template {
    pub(super) fn parse(command: &[String]) -> Result<Template, String> {
        let arguments: Vec<Vec<Piece>> = command.iter().map(|argument| pieces(argument)).collect::<Result<_, _>>()?;
        if arguments.first().is_some_and(|program| program.iter().any(|piece| matches!(piece, Piece::Of(_)))) {
            return Err("names its program with a placeholder; an article must not choose what is started".to_owned());
        }
        Ok(Template(arguments))
    }

    /// Whether the text goes into a file, and not to standard input.
    pub(super) fn uses_file(&self) -> bool {
        self.0.iter().flatten().any(|piece| *piece == Piece::Of(Placeholder::File))
    }

    /// What the arguments say of an article, without the name of a file that lives for a moment.
    pub(super) fn named<'a>(&self, article: &'a Article) -> Vec<&'a str> {
        let value = |piece: &Piece| match piece {
            Piece::Of(Placeholder::Id) => Some(&*article.id),
            Piece::Of(Placeholder::Lang) => Some(&*article.lang),
            Piece::Of(Placeholder::Title) => Some(article.title.as_deref().unwrap_or_default()),
            Piece::Of(Placeholder::File) | Piece::Plain(_) => None,
        };
        self.0.iter().flatten().filter_map(value).collect()
    }

    /// The program and its arguments for an article; `file` holds its text where [`Template::uses_file`].
    ///
    /// # Errors
    /// When a value of the article would be read as an option, or can be no argument.
    pub(super) fn fill(&self, article: &Article, file: Option<&Path>) -> Result<Vec<OsString>, String> {
        let mut filled: Vec<OsString> = Vec::with_capacity(self.0.len());
        for pieces in &self.0 {
            let mut argument = OsString::new();
            for (place, piece) in pieces.iter().enumerate() {
                let (name, value) = match piece {
                    Piece::Plain(text) => {
                        argument.push(text);
                        continue;
                    }
                    Piece::Of(Placeholder::File) => {
                        argument.push(file.unwrap_or(Path::new("")));
                        continue;
                    }
                    Piece::Of(Placeholder::Id) => ("id", &*article.id),
                    Piece::Of(Placeholder::Lang) => ("lang", &*article.lang),
                    Piece::Of(Placeholder::Title) => ("title", article.title.as_deref().unwrap_or_default()),
                };
                if place == 0 && value.starts_with('-') && !filled.iter().any(|earlier| earlier == "--") {
                    return Err(format!(
                        "its {name} {} would be read as an option; write it as \"--{name}={{{name}}}\", or put \"--\" before it",
                        quoted(value, SHOWN)
                    ));
                }
                if value.contains('\0') {
                    return Err(format!("its {name} {} holds a NUL character, which no argument can", quoted(value, SHOWN)));
                }
                argument.push(value);
            }
            filled.push(argument);
        }
        Ok(filled)
    }
}

/// Cuts an argument at its placeholders. `{{id}}` is the text `{id}`.
fn pieces(argument: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = argument;
    while let Some(at) = rest.find('{') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = PLACEHOLDERS.iter().find_map(|(name, placeholder)| {
            let after = rest.strip_prefix('{')?.strip_prefix(name)?.strip_prefix('}')?;
            Some((after, *placeholder))
        });
        let doubled =
            PLACEHOLDERS.iter().find_map(|(name, _)| Some((rest.strip_prefix("{{")?.strip_prefix(name)?.strip_prefix("}}")?, *name)));
        if let Some((after, name)) = doubled {
            plain.push_str(&format!("{{{name}}}"));
            rest = after;
        } else if let Some((after, placeholder)) = known {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Of(placeholder));
            rest = after;
        } else {
            plain.push('{');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    let word = plain.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    if pieces.is_empty() && plain == argument && word.is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())) {
        let why = if plain == "{text}" {
            "the text goes to standard input, or into a file where {file} stands"
        } else {
            "there is no such placeholder"
        };
        return Err(format!("holds {}: {why}; known are {{file}}, {{id}}, {{lang}} and {{title}}", quoted(&plain, SHOWN)));
    }
    if !plain.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: &str, title: &str) -> Article {
        Article { id: id.to_owned(), lang: "en".to_owned(), title: Some(title.to_owned()), ..Article::default() }
    }

    fn filled(command: &[&str], article: &Article) -> Result<Vec<String>, String> {
        let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        let arguments = Template::parse(&command)?.fill(article, Some(Path::new("/tmp/t.txt")))?;
        Ok(arguments.into_iter().map(|argument| argument.into_string().unwrap()).collect())
    }

    #[test]
    fn placeholders_are_filled_in_and_other_braces_stay() {
        let article = article("a1", "A {lang} title; $(rm) 'x'");
        for (argument, expected) in [
            ("{id}", "a1"),
            ("{file}", "/tmp/t.txt"),
            ("--title={title}", "--title=A {lang} title; $(rm) 'x'"),
            ("{id}.{lang}.{id}", "a1.en.a1"),
            ("{{id}}", "{id}"),
            ("x{{lang}}{lang}", "x{lang}en"),
            ("{claims: [.[] | {quote: .}]}", "{claims: [.[] | {quote: .}]}"),
            ("{ID}", "{ID}"),
            ("{", "{"),
            ("{}", "{}"),
            ("{{}}{id", "{{}}{id"),
            ("", ""),
        ] {
            assert_eq!(filled(&["p", argument], &article), Ok(vec!["p".to_owned(), expected.to_owned()]), "{argument}");
        }
    }

    #[test]
    fn no_value_becomes_an_option() {
        for (command, article, expected) in [
            (&["p", "{id}"][..], article("-rf", ""), Err("its id \"-rf\" would be read as an option")),
            (&["p", "{title}"], article("a", "--output=/x"), Err("\"--title={title}\"")),
            (&["p", "--", "{id}"], article("-rf", ""), Ok("p -- -rf")),
            (&["p", "--id={id}"], article("-rf", ""), Ok("p --id=-rf")),
            (&["p", "{title}"], article("a", "x\0y"), Err("NUL")),
            (&["p", "{title}", "{id}"], article("a", "–n dash"), Ok("p –n dash a")),
        ] {
            match (filled(command, &article).map(|words| words.join(" ")), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (command, mention) in [
            (&["{id}", "x"][..], "must not choose"),
            (&["./{lang}/extract"], "must not choose"),
            (&["p", "{text}"], "standard input"),
            (&["p", "{language}"], "no such placeholder"),
        ] {
            assert!(filled(command, &article("a", "")).unwrap_err().contains(mention), "{command:?}");
        }
    }
}
