//! `assay review` on a terminal: one claim a screen, a key a decision.

use crate::label::order::Disagreement;
use crate::label::review::{Decision, Proposal, ReviewError, Screen, Session, screen};
use crate::report::safe::shown;
use crate::report::terminal::{WIDTH, count, cut, folded};

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::Args;
use super::keys::{Key, Keys};
use super::line::{Line, Typed, redraw};

/// What became of a claim in this review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    Decided,
    Skipped,
}

/// A review as it goes.
struct Walk<'w, 'a> {
    list: &'w [&'w Disagreement<'a>],
    states: Vec<State>,
    /// What was decided or skipped in a step, the last one last.
    history: Vec<Vec<(usize, State)>>,
    at: usize,
    message: String,
    session: &'w mut Session,
    keys: Keys,
}

/// Asks about the claims of the list, one after the other.
pub(super) fn run(args: &Args, list: &[&Disagreement<'_>], session: &mut Session, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let most = args.limit.filter(|limit| *limit > 0).unwrap_or(list.len()).min(list.len());
    if most == 0 {
        writeln!(
            terminal.out,
            "nothing to decide{}",
            if session.memory().is_empty() { "" } else { "; --again shows what was decided before" }
        )?;
        return Ok(Exit::Done);
    }
    let keys = Keys::open(&terminal.stop, terminal.colour);
    let mut walk =
        Walk { list: &list[..most], states: vec![State::Open; most], history: Vec::new(), at: 0, message: String::new(), session, keys };
    let ended = walk.all(terminal);
    let (decided, left) = walk.counts();
    let last = std::mem::take(&mut walk.message);
    // The terminal has its mode back before anything else is written to it.
    drop(walk);
    let is_interrupted = ended?;
    for line in last.lines() {
        writeln!(terminal.out, "{}", shown(line))?;
    }
    writeln!(terminal.out, "{decided} decided · {left} left")?;
    Ok(match (is_interrupted, left) {
        (true, _) => Exit::Interrupted,
        (false, 0) => Exit::Done,
        (false, _) => Exit::Incomplete,
    })
}

impl Walk<'_, '_> {
    fn counts(&self) -> (usize, usize) {
        let decided = self.states.iter().filter(|state| **state == State::Decided).count();
        (decided, self.states.len() - decided)
    }

    /// Until all is decided or skipped, or the user ends it; whether it was interrupted.
    fn all(&mut self, terminal: &mut Terminal<'_>) -> Result<bool, Failure> {
        while let Some(at) = self.next() {
            self.at = at;
            self.draw(terminal)?;
            let key = self.keys.key()?;
            self.message.clear();
            match key {
                Key::Char('q') | Key::Gone => return Ok(false),
                Key::Interrupt => return Ok(true),
                Key::Char('a') => self.decide(&Decision::Accept),
                Key::Char('r') => self.decide(&Decision::Reject),
                Key::Char('o') => self.decide(&Decision::Optional),
                Key::Char('t') => self.decide(&Decision::Take),
                Key::Char('s') => self.set(self.at, State::Skipped),
                Key::Char('e') => self.edit(terminal)?,
                Key::Char('u') => self.undo(),
                Key::Char('A') => self.rest(Some(Decision::Accept), terminal)?,
                Key::Char('R') => self.rest(Some(Decision::Reject), terminal)?,
                Key::Char('S') => self.rest(None, terminal)?,
                Key::Pasted => self.message = "what was pasted is no key; e takes text".to_owned(),
                Key::Char('?') => self.message = HELP.to_owned(),
                _ => self.message = "? shows what the keys do".to_owned(),
            }
        }
        Ok(false)
    }

    /// The next open claim, from the last one on.
    fn next(&self) -> Option<usize> {
        let is_open = |at: &usize| self.states[*at] == State::Open;
        (self.at..self.states.len()).find(is_open).or_else(|| (0..self.at).find(is_open))
    }

    fn set(&mut self, at: usize, state: State) {
        self.states[at] = state;
        self.history.push(vec![(at, state)]);
    }

    fn draw(&mut self, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        let disagreement = self.list[self.at];
        let reviewed = self.session.reviewed();
        let record = reviewed.article(disagreement.item.article_id);
        let view = Screen {
            number: self.at + 1,
            of: self.list.len(),
            lang: record.map_or("", |record| &record.article.lang),
            text: record.map_or("", |record| &record.article.text),
            fields: reviewed.schema.fields.iter().map(|field| field.name.as_str()).collect(),
            message: &self.message,
        };
        if terminal.colour && self.keys.is_raw() {
            write!(terminal.out, "\x1b[H\x1b[2J")?;
        } else {
            writeln!(terminal.out, "\n{}", "─".repeat(WIDTH))?;
        }
        write!(terminal.out, "{}", screen(disagreement, &view, terminal.colour))?;
        Ok(terminal.out.flush()?)
    }

    fn decide(&mut self, decision: &Decision) {
        let disagreement = self.list[self.at];
        match self.session.decide(disagreement, decision) {
            Ok(done) => {
                self.message = format!("{}: {} (u takes it back)", disagreement.id, done.words);
                self.set(self.at, State::Decided);
            }
            Err(error) => self.message = told(&error),
        }
    }

    /// Takes the last step back and shows its first claim again.
    fn undo(&mut self) {
        let Some(mut step) = self.history.pop() else {
            self.message = "nothing to take back".to_owned();
            return;
        };
        let mut taken = 0;
        while let Some((at, state)) = step.pop() {
            if state == State::Decided
                && let Err(error) = self.session.undo()
            {
                // What could not be taken back stays to be.
                step.push((at, state));
                self.history.push(step);
                self.message = told(&error);
                return;
            }
            self.states[at] = State::Open;
            self.at = at;
            taken += 1;
        }
        self.message = if taken == 1 { "taken back".to_owned() } else { format!("{} taken back", count(taken, "claim")) };
    }

    /// The rest of the article or of the kind of disagreement, predictions and gold claims apart.
    fn rest(&mut self, decision: Option<Decision>, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        let current = self.list[self.at];
        let like = |wanted: &dyn Fn(&Disagreement<'_>) -> bool| -> Vec<usize> {
            let is_like = |at: &usize| {
                let d = self.list[*at];
                self.states[*at] == State::Open && d.is_prediction() == current.is_prediction() && wanted(d)
            };
            (0..self.list.len()).filter(is_like).collect()
        };
        let of_article = like(&|d| d.item.article_id == current.item.article_id);
        let of_kind = like(&|d| d.group == current.group);
        let (verb, what) = match (&decision, current.is_prediction()) {
            (Some(Decision::Accept), true) => ("accept as gold", "prediction"),
            (Some(Decision::Accept), false) => ("leave as right", "gold claim"),
            (Some(_), true) => ("reject", "prediction"),
            (Some(_), false) => ("DELETE from the gold", "gold claim"),
            (None, true) => ("skip", "prediction"),
            (None, false) => ("skip", "gold claim"),
        };
        let (in_article, in_kind) = (count(of_article.len() as u64, what), count(of_kind.len() as u64, what));
        writeln!(terminal.out, "{verb}:\n  a  the {in_article} left of {}", cut(&shown(current.item.article_id), 40))?;
        writeln!(terminal.out, "  k  all {in_kind} left that are {}\n  any other key: none of them", current.group.words())?;
        terminal.out.flush()?;
        let chosen = match self.keys.key()? {
            Key::Char('a') => of_article,
            Key::Char('k') => of_kind,
            _ => return Ok(()),
        };
        let (mut step, mut failed) = (Vec::new(), Vec::new());
        for at in chosen {
            if terminal.is_stopped() {
                break;
            }
            let state = match &decision {
                None => State::Skipped,
                Some(decision) => match self.session.decide(self.list[at], decision) {
                    Ok(_) => State::Decided,
                    Err(error) => {
                        failed.push(format!("{}: {}", self.list[at].id, told(&error)));
                        continue;
                    }
                },
            };
            self.states[at] = state;
            step.push((at, state));
        }
        self.message = format!("{verb}: {}", count(step.len() as u64, what));
        if !step.is_empty() {
            self.message += if step.len() == 1 { " (u takes it back)" } else { " (u takes them back)" };
            self.history.push(step);
        }
        if let Some(first) = failed.first() {
            self.message += &format!("; not {}, the first: {first}", count(failed.len() as u64, what));
        }
        Ok(())
    }

    /// Changes the claim by lines of `field=value`; an empty line writes it.
    fn edit(&mut self, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        let disagreement = self.list[self.at];
        let mut proposal = match self.session.proposal(disagreement) {
            Ok(proposal) => proposal,
            Err(error) => {
                self.message = told(&error);
                return Ok(());
            }
        };
        let schema = self.session.reviewed().schema.clone();
        let text = self.session.text(disagreement.item.article_id).to_owned();
        writeln!(terminal.out, "{EDITING}")?;
        let mut begin = String::new();
        loop {
            for problem in proposal.problems(&schema, &text) {
                tell(&format!("still: {problem}"), terminal)?;
            }
            let Some(line) = self.line(&begin, terminal)? else {
                self.message = "left as it was".to_owned();
                return Ok(());
            };
            begin.clear();
            let line = line.trim();
            if line.is_empty() {
                match self.session.decide(disagreement, &Decision::Put(Box::new(proposal.clone()))) {
                    Ok(done) => {
                        self.message = format!("{}: {} (u takes it back)", disagreement.id, done.words);
                        self.set(self.at, State::Decided);
                        return Ok(());
                    }
                    Err(error) => tell(&error.to_string(), terminal)?,
                }
            } else if let Some(value) = value_of(&proposal, line) {
                begin = format!("{line}={value}");
            } else if let Err(why) = proposal.set(line, &schema, &text) {
                tell(&why, terminal)?;
            }
        }
    }

    /// A line that is typed; `None` when it is given up.
    fn line(&mut self, begin: &str, terminal: &mut Terminal<'_>) -> Result<Option<String>, Failure> {
        const PROMPT: &str = "> ";
        if !self.keys.is_raw() {
            write!(terminal.out, "{PROMPT}")?;
            terminal.out.flush()?;
            return Ok(self.keys.whole_line()?);
        }
        let mut line = Line::of(begin);
        loop {
            write!(terminal.out, "{}", redraw(PROMPT, &line, WIDTH))?;
            terminal.out.flush()?;
            let key = self.keys.key()?;
            if key == Key::Pasted {
                self.keys.pasted().chars().for_each(|c| _ = line.press(Key::Char(c)));
                continue;
            }
            match line.press(key) {
                Typed::More => {}
                Typed::Whole => {
                    writeln!(terminal.out)?;
                    return Ok(Some(line.text()));
                }
                Typed::Cancelled => {
                    writeln!(terminal.out)?;
                    return Ok(None);
                }
            }
        }
    }
}

/// A remark between lines that are typed.
fn tell(text: &str, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    for line in text.lines().flat_map(|line| folded(&shown(line), WIDTH - 2)) {
        writeln!(terminal.out, "  {}", cut(&line, WIDTH - 2))?;
    }
    Ok(())
}

/// What a word without `=` stands for, so that it need not be typed again.
fn value_of(proposal: &Proposal, name: &str) -> Option<String> {
    let claim = &proposal.gold.claim;
    match name {
        "kind" => Some(claim.kind.clone()),
        "quote" => Some(claim.quote.clone()),
        "place" => Some(claim.fragments.to_string()),
        _ => claim.fields.get(name).map(|state| state.into_present().unwrap_or("none").to_owned()),
    }
}

fn told(error: &ReviewError) -> String {
    let problems = error.to_string();
    if matches!(error, ReviewError::NotGold(_)) { format!("{problems}\ne edits it") } else { problems }
}

const EDITING: &str = "one change a line: value=37000, kind=change, quote=TEXT, place=START-END;
value= is not annotated, value=none is not in the text; value alone brings its
line back; an empty line writes the claim, Escape leaves it as it was";

const HELP: &str = "a  a prediction becomes gold, a gold claim is right as it is
r  a prediction is no claim and does not come back, a gold claim is deleted
e  change the claim; then it is gold      o  a gold claim need not be found
t  a gold claim gets what several extractors say instead
s  skip      u  take the last one back    q  end; all that is decided is written
A R S  the same for the rest of the article or of this kind of disagreement";
