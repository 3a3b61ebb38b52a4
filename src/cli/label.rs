//! `assay label [ARTICLE]`: a page on which claims are labelled, served to this machine.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args as ClapArgs;

mod next;
mod sources;

use crate::claim::nearest;
use crate::dataset::edit::EditError;
use crate::dataset::{Dataset, GOLD, is_safe_id};
use crate::label::{Mode, Server, Session, SessionSettings};
use crate::report::safe::{quoted, shown};

use super::exit::{Exit, Failure};
use super::target;
use super::terminal::Terminal;

/// Label claims on a page in the browser.
///
/// Prints the address of the page and serves it to this machine until Ctrl-C. Every edit is written to the dataset's files at
/// once. Nothing is started and nothing is fetched.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The article that is shown first
    #[arg(value_name = "ARTICLE")]
    pub article: Option<String>,
    /// Who labels: written beside new claims [default: $USER]
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// Label into the annotator's own file, without seeing the gold or any suggestion
    #[arg(long, conflicts_with_all = ["from", "adjudicate"])]
    pub blind: bool,
    /// Suggest the answers of a stored run; repeat for more [default: the latest run of each enabled extractor, else the
    /// builtin rules]
    #[arg(long, value_name = "RUN")]
    pub from: Vec<String>,
    /// Suggest what two annotators labelled; what is decided becomes gold, and their files stay
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "from")]
    pub adjudicate: Vec<String>,
    /// Port of 127.0.0.1, 0 for any free one [default: 4747, or a free one where that is taken]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Lead to the article that says most when it is labelled: extractors disagree on it or are not sure, its language or slice
    /// is little known; one in five is drawn at random. In a blind pass all are
    #[arg(long, conflicts_with = "adjudicate")]
    pub next: bool,
    /// With --next: list the articles and why they are next, without a page
    #[arg(long, requires = "next")]
    pub list: bool,
    /// Articles of the list; 0 for all [default: 20, and all with --json]
    #[arg(long, short = 'n', value_name = "N", requires = "list")]
    pub limit: Option<usize>,
    /// Print the list as JSON
    #[arg(long, requires = "list")]
    pub json: bool,
    /// Folder of a workspace or dataset [default: the workspace around the current folder]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Runs the command until it is interrupted, which is how it ends.
///
/// # Errors
/// When the dataset cannot be read, a run, article or annotator is not there, or the port is taken.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let annotator = annotator(args, std::env::var("USER").ok().as_deref())?;
    if let [a, b] = args.adjudicate.as_slice()
        && a == b
    {
        return Err(Failure::usage(anyhow!("--adjudicate needs two annotators, and {} is one", quoted(a, 60))));
    }
    if let Some(what) = for_a_page(args) {
        let message = format!("--list opens no page and lists all articles; {what} is not meant for it: leave one of them out");
        return Err(Failure::usage(anyhow!(message)));
    }
    let target = target::find(args.folder.as_deref()).map_err(Failure::invalid)?;
    let mode = match (args.blind, args.adjudicate.is_empty()) {
        (true, _) => Mode::Blind,
        (false, false) => Mode::Adjudicate,
        (false, true) => Mode::Gold,
    };
    let settings = SessionSettings { root: target.root.clone(), dir: target.dir.clone(), annotator, mode, next: None, sources: vec![] };
    let session = Session::open(settings.clone()).map_err(opened)?;
    check_article(session.dataset(), args.article.as_deref())?;
    let next = if args.next { Some(next::upcoming(&target, session.dataset(), terminal)?) } else { None };
    let sources = if args.list { vec![] } else { sources::find(args, mode, &target, session.dataset(), terminal)? };
    let mut session = Session::open(SessionSettings { sources, next, ..settings }).map_err(opened)?;
    if args.list {
        return next::list(&session.queue(), args.limit, args.json, terminal);
    }
    for note in session.take_notes() {
        writeln!(terminal.err, "{}", shown(&note))?;
    }
    let server = Server::bind(args.port)?;
    writeln!(terminal.out, "{}", server.url(args.article.as_deref()))?;
    terminal.out.flush()?;
    writeln!(terminal.err, "open this address in a browser; it holds the key, so keep it to yourself")?;
    writeln!(terminal.err, "Ctrl-C ends; every edit is saved at once")?;
    let stop = std::sync::Arc::clone(&terminal.stop);
    let mut told = |note: &str| {
        // Where that cannot be written there is nobody to tell; labelling goes on.
        let _ = writeln!(terminal.err, "{}", shown(note));
    };
    server.serve(session, &stop, &mut told)?;
    Ok(Exit::Done)
}

/// What is given beside `--list` and would change nothing of it.
fn for_a_page(args: &Args) -> Option<String> {
    let article = args.article.as_ref().map(|id| format!("the article {}", quoted(id, 60)));
    let from = (!args.from.is_empty()).then(|| "--from".to_owned());
    article.or(from).or_else(|| args.port.map(|_| "--port".to_owned())).filter(|_| args.list)
}

fn opened(error: EditError) -> Failure {
    match error {
        EditError::Invalid(problems) => Failure::invalid(problems),
        error => Failure::invalid(error),
    }
}

/// Who labels: as given, else the user of this machine; may be empty where no name is needed.
fn annotator(args: &Args, user: Option<&str>) -> Result<String, Failure> {
    let name = match &args.annotator {
        Some(name) if name.is_empty() => String::new(),
        Some(name) if !is_safe_id(name) || name == GOLD => {
            let message = "a name has 1 to 100 letters, digits, '.', '_' and '-', and is not gold";
            return Err(Failure::usage(anyhow!("--annotator {}: {message}", quoted(name, 60))));
        }
        Some(name) => name.clone(),
        None => user.map(made_safe).unwrap_or_default(),
    };
    if args.blind && name.is_empty() {
        return Err(Failure::usage(anyhow!("--blind writes to a file of the annotator's own: name one, as --annotator anna")));
    }
    Ok(name)
}

/// The name of a user as one of an annotator; empty where nothing of it is left.
fn made_safe(user: &str) -> String {
    let safe: String = user.chars().take(100).map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let is_name = is_safe_id(&safe) && safe != GOLD && safe.chars().any(|c| c.is_ascii_alphanumeric());
    if is_name { safe } else { String::new() }
}

fn check_article(dataset: &Dataset, id: Option<&str>) -> Result<(), Failure> {
    let Some(id) = id.filter(|id| dataset.article(id).is_none()) else { return Ok(()) };
    let ids = dataset.articles.iter().map(|record| record.article.id.as_str());
    let near = nearest(id, ids).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Err(Failure::invalid(anyhow!("no article {} in {}{near}", quoted(id, 60), dataset.meta.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_users_become_names_of_annotators() {
        for (user, expected) in [("anna", "anna"), ("CORP\\anna b", "CORP_anna_b"), ("gold", ""), ("", ""), ("..", ""), ("ünï", "_n_")] {
            assert_eq!(made_safe(user), expected, "{user}");
        }
    }

    #[test]
    fn a_blind_pass_needs_a_name() {
        let blind = |annotator: Option<&str>, user| {
            let args = Args { blind: true, annotator: annotator.map(str::to_owned), ..Args::default() };
            super::annotator(&args, user).map_err(|failure| failure.exit)
        };
        assert_eq!(blind(None, None), Err(Exit::Usage));
        assert_eq!(blind(Some(""), Some("anna")), Err(Exit::Usage));
        assert_eq!(blind(Some("../x"), None), Err(Exit::Usage));
        assert_eq!(blind(None, Some("anna")), Ok("anna".to_owned()));
        assert_eq!(blind(Some("ben"), Some("anna")), Ok("ben".to_owned()));
    }
}
