//! `assay add [TEXT|ARTICLE]`: an article with its claims, or claims to an article that is there.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args as ClapArgs;

mod answers;
mod article;
mod claim_words;
mod confirm;
mod input;
mod plan;
mod print;
mod requests;
mod twins;

use crate::dataset::Compared;
use crate::dataset::edit::{Edit, EditError, Editor};
use crate::label::{Says, Whose};

use super::Several;
use super::exit::{Exit, Failure};
use super::target;
use super::terminal::{Progress, Terminal};
use claim_words::ClaimWords;
use plan::{Added, Planned, Planner};
use requests::Request;

/// Add an article with its claims, or claims to an article that is there.
///
/// TEXT is a file, or - for standard input. A claim is a quote of the text with what is known of it; what is not given is filled in by the
/// built-in rules, and the claim stays a draft, which is never scored, until that is confirmed.
#[derive(ClapArgs, Debug, Default)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A file with the text of a new article, - for standard input, or an article that is there
    #[arg(value_name = "TEXT|ARTICLE")]
    pub what: Option<String>,
    /// The claims, from words such as --claim '37,000 people' quantity value=37000
    #[command(flatten)]
    pub claim: ClaimWords,
    /// Claims from JSONL or CSV, - for standard input; a quote without offsets is enough
    #[arg(long, value_name = "FILE")]
    pub claims: Option<PathBuf>,
    /// The text has its claims marked: [[37,000 people|quantity value=37000]]
    #[arg(long)]
    pub marked: bool,
    /// What a stored run or a file of predictions answered for an article, as drafts; - for JSONL on standard input
    #[arg(long, num_args = 1..=2, value_names = ["RUN", "ARTICLE"])]
    pub from: Vec<String>,
    /// Take what is filled in as right; without claims, all drafts of the article that have what is required
    #[arg(long)]
    pub confirm: bool,
    /// Fill in nothing
    #[arg(long, conflicts_with = "confirm")]
    pub no_prefill: bool,
    /// All claims of the article are there: it is gold when none is a draft
    #[arg(long)]
    pub complete: bool,
    /// The article was read and has no claims
    #[arg(long, conflicts_with_all = ["complete", "skip"])]
    pub no_claims: bool,
    /// The article is left out, and why
    #[arg(long, value_name = "REASON", conflicts_with = "complete")]
    pub skip: Option<String>,
    /// Id of the new article [default: its file name, or LANG-NUMBER]
    #[arg(long, value_name = "ARTICLE")]
    pub id: Option<String>,
    /// Language of the new article; und where it is not known [default: as the file name or its siblings say]
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// Headline
    #[arg(long)]
    pub title: Option<String>,
    /// Who published it
    #[arg(long)]
    pub publisher: Option<String>,
    /// Where it was published
    #[arg(long)]
    pub url: Option<String>,
    /// When it was published: 2024-05-13
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
    /// Group of articles of one story
    #[arg(long)]
    pub group: Option<String>,
    /// Split, such as test
    #[arg(long)]
    pub split: Option<String>,
    /// Tags, between semicolons or commas
    #[arg(long)]
    pub tags: Option<String>,
    /// A remark about the article
    #[arg(long)]
    pub note: Option<String>,
    /// Licence of the text
    #[arg(long)]
    pub licence: Option<String>,
    /// Any other column of articles.csv; repeat for more
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub set: Vec<String>,
    /// Add an article whose text is there already; --skip one that has gold claims
    #[arg(long)]
    pub force: bool,
    /// Print what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Folder of a workspace or dataset [default: the workspace around the current folder]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

const AFTER_HELP: &str = "Behind a quote: a kind, FIELD=VALUE (none: the text gives none), track=, tags=,
status=, note=, id=; occurrence=, prefix= and suffix= choose one of several
places. --claim 'QUOTE|quantity value=37000' says the same in one word.";

impl Args {
    fn says(&self) -> Says {
        match self {
            Args { skip: Some(_), .. } => Says::Skip,
            Args { no_claims: true, .. } => Says::NoClaims,
            Args { complete: true, .. } => Says::Complete,
            _ => Says::Nothing,
        }
    }

    fn whose(&self) -> Whose {
        match self {
            Args { confirm: true, .. } => Whose::Confirming,
            Args { no_prefill: true, .. } => Whose::Bare,
            _ => Whose::Person,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When the dataset cannot be read or written, and everything that is wrong with the article and its claims; then nothing is written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let target = target::find(args.folder.as_deref()).map_err(Failure::invalid)?;
    let mut editor = Editor::open(&target.root, &target.dir, None).map_err(failed)?;
    let found = requests::of(args, &target, &editor)?;
    for warning in &found.warnings {
        print::warning(warning, terminal)?;
    }
    let mut compared = Compared::new(found.requests.iter().filter_map(Request::new_text).map(Arc::from));
    let planned = checked(args, &editor, &mut compared, &found.requests, found.wrong)?;
    let mut added = Vec::new();
    let mut exit = Exit::Done;
    if args.dry_run {
        for planned in &planned {
            let preview = editor.preview(&planned.edit).map_err(failed)?;
            print::diff(&preview, args.json, terminal)?;
            added.push(Added::of(planned, &preview.edited));
        }
    } else {
        let mut progress = Progress::new("add", found.requests.len(), terminal.progress);
        for requests in together(&found.requests, &planned) {
            if terminal.is_stopped() {
                exit = Exit::Interrupted;
                break;
            }
            let written = write(args, &mut editor, &mut compared, requests);
            if written.is_err() && !added.is_empty() {
                progress.clear(terminal.err)?;
                print::cut_short("stopped", added.len(), found.requests.len(), terminal)?;
            }
            added.extend(written?);
            progress.show(terminal.err, added.len(), 0)?;
        }
        progress.clear(terminal.err)?;
    }
    twins::note(&editor, &mut added);
    print::added(args, &editor, &added, found.is_batch, terminal)?;
    if exit == Exit::Interrupted {
        print::cut_short("interrupted", added.len(), found.requests.len(), terminal)?;
    }
    Ok(exit)
}

/// What each request would write; all that is wrong with any of them, and what was found `wrong` before, otherwise.
fn checked(
    args: &Args,
    editor: &Editor,
    compared: &mut Compared,
    requests: &[Request],
    mut wrong: Vec<String>,
) -> Result<Vec<Planned>, Failure> {
    if requests.iter().any(|request| request.new_text().is_some()) {
        compared.see(editor.dataset());
    }
    let mut planner = Planner::new(args, editor, compared);
    let planned = requests.iter().filter_map(|request| planner.plan(request).map_err(|why| wrong.extend(why)).ok()).collect();
    if wrong.is_empty() { Ok(planned) } else { Err(told(wrong)) }
}

/// Requests that are written at once: an edit has room for one article that is new or changes its status.
fn together<'r>(requests: &'r [Request], planned: &[Planned]) -> Vec<&'r [Request]> {
    let mut groups = Vec::new();
    let mut from = 0;
    let is_alone = |planned: &Planned| planned.edit.new_article.is_some() || planned.edit.article.is_some();
    for at in 1..=requests.len() {
        if at == requests.len() || is_alone(&planned[at]) || is_alone(&planned[at - 1]) {
            groups.push(&requests[from..at]);
            from = at;
        }
    }
    groups
}

/// Writes requests with one edit, planned again while nobody else can write.
fn write(args: &Args, editor: &mut Editor, compared: &mut Compared, requests: &[Request]) -> Result<Vec<Added>, Failure> {
    let mut planned = Vec::new();
    let edited = editor.apply_with(|editor| {
        planned = checked(args, editor, compared, requests, Vec::new()).map_err(Refused::Wrong)?;
        let mut edit = Edit::default();
        for planned in &planned {
            let more = planned.edit.clone();
            if requests.len() > 1 && (more.new_article.is_some() || more.article.is_some()) {
                return Err(Refused::Wrong(Failure::invalid(anyhow!("somebody else changed {} meanwhile; try again", planned.article_id))));
            }
            edit.claims.extend(more.claims);
            edit.new_article = more.new_article;
            edit.article = more.article;
        }
        Ok(edit)
    });
    let edited = edited.map_err(|refused| match refused {
        Refused::Wrong(failure) => failure,
        Refused::Edit(error) => failed(error),
    })?;
    let mut ids = edited.put.into_iter();
    Ok(planned.into_iter().map(|planned| Added::with_ids(&planned, ids.by_ref())).collect())
}

/// Why nothing was written.
enum Refused {
    Wrong(Failure),
    Edit(EditError),
}

impl From<EditError> for Refused {
    fn from(error: EditError) -> Refused {
        Refused::Edit(error)
    }
}

fn failed(error: EditError) -> Failure {
    match error {
        EditError::Invalid(problems) => Failure::invalid(problems),
        EditError::File { .. } => Failure::from(error),
        error => Failure::invalid(error),
    }
}

/// Everything that is wrong, told together.
fn told(wrong: Vec<String>) -> Failure {
    let mut wrong: Vec<anyhow::Error> = wrong.into_iter().map(anyhow::Error::msg).collect();
    match wrong.pop() {
        Some(only) if wrong.is_empty() => Failure::invalid(only),
        last => Failure::invalid(Several(wrong.into_iter().chain(last).collect())),
    }
}
