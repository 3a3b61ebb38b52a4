//! The articles of a run, shared by its workers, and the decision when to give up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::programs::Programs;
use crate::claim::Article;
use crate::extract::extractor::{Articles, ExtractError, Finished};
use crate::extract::sink::About;

/// Programs in a row that may end over an article without an answer between.
const STRIKES: usize = 3;

/// Notes that are kept.
const MOST_NOTES: usize = 50;

/// An article that is to be answered.
#[derive(Debug)]
pub(in crate::extract) struct Task {
    pub article: Article,
    /// Sent only when no other article is in flight, because a program ended over it and others.
    pub alone: bool,
}

pub(in crate::extract) struct Queue<'a, 'b>(Mutex<State<'a, 'b>>);

struct State<'a, 'b> {
    articles: &'a mut Articles<'b>,
    programs: Programs,
    /// Tasks that came back, before any new one.
    again: VecDeque<Task>,
    /// Tasks that workers hold.
    held: usize,
    exhausted: bool,
    strikes: usize,
    /// Whether any article got its answer.
    begun: bool,
    /// Whether any article got a good one.
    lived: bool,
    stopped: Option<String>,
    /// Why nothing more is handed out.
    finishing: Option<&'static str>,
    error: Option<ExtractError>,
    notes: BTreeSet<String>,
    /// By what is to be said of an article: the first one, and how many.
    of_articles: BTreeMap<String, (String, u64)>,
    stderr_tail: String,
    about: Option<About>,
}

/// What a worker is to do next.
#[derive(Debug)]
pub(in crate::extract) enum Next {
    Take(Task),
    /// Nothing now; a task that another worker holds may come back.
    Wait,
    /// Nothing any more.
    Done,
}

impl State<'_, '_> {
    fn take(&mut self) {
        self.held += 1;
        self.programs.count_in_flight(true);
    }

    fn give(&mut self) {
        self.held -= 1;
        self.programs.count_in_flight(false);
    }

    fn strike(&mut self, why: &str) {
        self.strikes += 1;
        if self.strikes >= STRIKES && self.stopped.is_none() {
            self.stopped = Some(format!("the extractor ended {STRIKES} times in a row without an answer, the last time: {why}"));
        }
    }
}

impl<'a, 'b> Queue<'a, 'b> {
    pub(in crate::extract) fn new(articles: &'a mut Articles<'b>, programs: Programs) -> Self {
        Queue(Mutex::new(State {
            articles,
            programs,
            again: VecDeque::new(),
            held: 0,
            exhausted: false,
            strikes: 0,
            begun: false,
            lived: false,
            stopped: None,
            finishing: None,
            error: None,
            notes: BTreeSet::new(),
            of_articles: BTreeMap::new(),
            stderr_tail: String::new(),
            about: None,
        }))
    }

    /// A task for a worker that holds some (`busy`) or none.
    pub(in crate::extract) fn next(&self, busy: bool) -> Next {
        let mut state = self.lock();
        if state.stopped.is_some() || state.error.is_some() {
            return Next::Done;
        }
        if state.finishing.is_some() {
            return if busy { Next::Wait } else { Next::Done };
        }
        if state.again.front().is_some_and(|task| !(task.alone && busy))
            && let Some(task) = state.again.pop_front()
        {
            state.take();
            return Next::Take(task);
        }
        if !state.again.is_empty() {
            return Next::Wait;
        }
        if !state.exhausted {
            if let Some(article) = state.articles.next() {
                state.take();
                return Next::Take(Task { article, alone: false });
            }
            state.exhausted = true;
        }
        if state.held == 0 { Next::Done } else { Next::Wait }
    }

    /// Whether there is no task to hand out. One that another worker holds may still come back.
    pub(in crate::extract) fn is_drained(&self) -> bool {
        let mut state = self.lock();
        if state.finishing.is_some() {
            return true;
        }
        if !state.exhausted && state.again.is_empty() {
            match state.articles.next() {
                Some(article) => state.again.push_back(Task { article, alone: false }),
                None => state.exhausted = true,
            }
        }
        state.again.is_empty()
    }

    /// For a worker without room: `Done` when the run has stopped.
    pub(in crate::extract) fn stopped_or_wait(&self) -> Next {
        let state = self.lock();
        if state.stopped.is_some() || state.error.is_some() { Next::Done } else { Next::Wait }
    }

    /// A task got its answer, good or bad.
    pub(in crate::extract) fn settled(&self) {
        let mut state = self.lock();
        state.begun = true;
        state.give();
    }

    /// The program answers: what happened before is forgiven.
    pub(in crate::extract) fn lives(&self) {
        let mut state = self.lock();
        state.strikes = 0;
        state.lived = true;
    }

    /// A task comes back unanswered and uncharged.
    pub(in crate::extract) fn give_back(&self, task: Task) {
        let mut state = self.lock();
        state.give();
        state.again.push_front(task);
    }

    /// A program ended over an article; after [`STRIKES`] in a row the run stops.
    pub(in crate::extract) fn strike(&self, why: &str) {
        self.lock().strike(why);
    }

    /// The same, until the first answer.
    pub(in crate::extract) fn strike_unless_lived(&self, why: &str) {
        let mut state = self.lock();
        if !state.lived {
            state.strike(why);
        }
    }

    /// Stops the run.
    pub(in crate::extract) fn stop(&self, why: &str) {
        self.lock().stopped.get_or_insert_with(|| why.to_owned());
    }

    /// Hands out nothing more; what workers hold is waited for.
    pub(in crate::extract) fn finish_held(&self, why: &'static str) {
        self.lock().finishing = Some(why);
    }

    /// Stops the run as one that could not begin; what has begun is incomplete instead, so that no answer is lost.
    pub(in crate::extract) fn fail(&self, error: ExtractError) {
        let mut state = self.lock();
        if state.begun {
            state.stopped.get_or_insert_with(|| error.to_string());
        } else {
            state.error.get_or_insert(error);
        }
    }

    pub(in crate::extract) fn note(&self, note: String) {
        let mut state = self.lock();
        if state.notes.len() < MOST_NOTES {
            state.notes.insert(note);
        }
    }

    /// A note about an article; the same about others is told once.
    pub(in crate::extract) fn note_about(&self, article: &str, note: String) {
        let mut state = self.lock();
        if state.of_articles.len() < MOST_NOTES || state.of_articles.contains_key(&note) {
            state.of_articles.entry(note).or_insert_with(|| (article.to_owned(), 0)).1 += 1;
        }
    }

    pub(in crate::extract) fn keep_stderr(&self, tail: String) {
        if !tail.trim().is_empty() {
            self.lock().stderr_tail = tail;
        }
    }

    /// Keeps what the first program says of itself, and notes when a later one says otherwise.
    pub(in crate::extract) fn introduce(&self, about: &About) {
        let mut state = self.lock();
        match &state.about {
            None => state.about = Some(about.clone()),
            Some(first) if (&first.name, &first.version) != (&about.name, &about.version) => {
                state.notes.insert("the extractor names itself differently from start to start".to_owned());
            }
            Some(_) => {}
        }
    }

    /// The account of the run, when all workers have ended.
    pub(in crate::extract) fn finish(self) -> Result<Finished, ExtractError> {
        let state = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = state.error {
            return Err(error);
        }
        let mut unanswered: Vec<String> = state.again.into_iter().map(|task| task.article.id).collect();
        unanswered.extend(state.articles.map(|article| article.id));
        unanswered.sort_unstable();
        let about = state.about.unwrap_or_default();
        let of_article = |(note, (first, count)): (String, (String, u64))| match count {
            1 => format!("{first}: {note}"),
            _ => format!("{first} and {} more: {note}", count - 1),
        };
        let notes = state.notes.into_iter().chain(state.of_articles.into_iter().map(of_article)).collect();
        Ok(Finished {
            incomplete: state.stopped.or(state.finishing.map(str::to_owned)).filter(|_| !unanswered.is_empty()),
            unanswered,
            name: about.name,
            version: about.version,
            numbers: about.numbers,
            notes,
            stderr_tail: state.stderr_tail,
            ..Finished::default()
        })
    }

    fn lock(&self) -> MutexGuard<'_, State<'a, 'b>> {
        // A worker that panicked left nothing half done here: every change is one statement.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
