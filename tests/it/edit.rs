//! Edits of a dataset's files: what is written, what is refused, and what is taken back.

use std::path::Path;
use std::sync::Arc;

use claim_assay::claim::{Article, ArticleStatus, Claim, ClaimStatus, FieldState, GoldClaim, Span};
use claim_assay::dataset::edit::{ArticleChange, ClaimChange, Conflict, Edit, EditError, Editor, NewArticle, Version};
use claim_assay::dataset::{ArticleRecord, Dataset};
use tempfile::TempDir;

const ARTICLES: &str = "article_id,lang,status,note\nen-1,en,,\nen-2,en,unlabelled,from the wire\n";
const TEXT: &str = "Police held 37,000 people.\r\nTen times as many as before 🌊.";
const CLAIMS: &str = "claim_id,article_id,start,end,quote,kind,value,mood\nen-1-c01,en-1,12,25,\"37,000 people\",quantity,37000,grim\n";
const SCHEMA: &str = "format = 1\nname = \"small\"\nversion = \"1\"\n[[field]]\nname = \"value\"\ntype = \"decimal\"\n[[field]]\nname = \"unit\"\ntype = \"text\"\n";

fn dataset() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("articles")).unwrap();
    let files = [
        ("dataset.toml", SCHEMA),
        ("articles.csv", ARTICLES),
        ("claims.csv", CLAIMS),
        ("articles/en-1.txt", TEXT),
        ("articles/en-2.txt", TEXT),
    ];
    files.iter().for_each(|(name, content)| std::fs::write(dir.path().join(name), content).unwrap());
    dir
}

fn open(dir: &TempDir) -> Editor {
    Editor::open(dir.path(), dir.path(), None).unwrap()
}

fn read(dir: &TempDir, name: &str) -> String {
    std::fs::read_to_string(dir.path().join(name)).unwrap()
}

fn claim(article_id: &str, start: u32, end: u32, kind: &str) -> GoldClaim {
    let claim = Claim { fragments: Span::new(start, end).unwrap().into(), kind: kind.to_owned(), ..Claim::default() };
    GoldClaim { claim, article_id: article_id.to_owned(), ..GoldClaim::default() }
}

fn put(claim: GoldClaim, before: Option<Version>) -> Edit {
    Edit { claims: vec![ClaimChange::Put { claim: Box::new(claim), before }], ..Edit::default() }
}

fn status(id: &str, status: ArticleStatus, before: Option<Version>) -> Edit {
    Edit { article: Some(ArticleChange { id: id.to_owned(), status: Some(status), note: None, before }), ..Edit::default() }
}

#[test]
fn a_new_claim_is_one_line_more_and_its_inverse_takes_it_back() {
    let dir = dataset();
    let mut editor = open(&dir);
    let mut new = claim("en-1", 28, 37, "change");
    new.claim.fields.insert("value", FieldState::Present("10"));
    let done = editor.apply(&put(new, None)).unwrap();
    assert_eq!(done.put, ["en-1-c02"]);
    assert_eq!(read(&dir, "claims.csv"), format!("{CLAIMS}en-1-c02,en-1,28,37,Ten times,change,10,\n"));
    assert_eq!(editor.claims_of("en-1").len(), 2);

    let back = editor.apply(&done.inverse).unwrap();
    assert_eq!(read(&dir, "claims.csv"), CLAIMS);
    editor.apply(&back.inverse).unwrap();
    assert_eq!(editor.claim("en-1-c02").unwrap().claim.quote, "Ten times");
    // A number that was given is not given again.
    assert_eq!(editor.apply(&put(claim("en-1", 0, 6, "event"), None)).unwrap().put, ["en-1-c03"]);
    assert!(Dataset::load(dir.path()).is_ok());
}

#[test]
fn columns_that_nobody_knows_and_rows_that_nobody_edits_stay() {
    let dir = dataset();
    let mut editor = open(&dir);
    let was = editor.claim("en-1-c01").unwrap().clone();
    let before = editor.version_of(&was);
    let mut now = was.clone();
    now.claim.fields.insert("unit", FieldState::Present("person"));
    now.claim.fields.insert("value", FieldState::<&str>::Absent);
    let done = editor.apply(&put(now, Some(before))).unwrap();
    let expected =
        "claim_id,article_id,start,end,quote,kind,value,unit,mood\nen-1-c01,en-1,12,25,\"37,000 people\",quantity,none,person,grim\n";
    assert_eq!(read(&dir, "claims.csv"), expected);
    editor.apply(&done.inverse).unwrap();
    assert_eq!(editor.claim("en-1-c01").unwrap().claim, was.claim);
}

#[test]
fn who_comes_second_is_told_and_nothing_is_overwritten() {
    let dir = dataset();
    let (mut first, mut second) = (open(&dir), open(&dir));
    let was = first.claim("en-1-c01").unwrap().clone();
    let before = first.version_of(&was);
    let with = |value: &str| {
        let mut claim = was.clone();
        claim.claim.fields.insert("value", FieldState::Present(value));
        claim
    };
    first.apply(&put(with("38000"), Some(before.clone()))).unwrap();
    let after = read(&dir, "claims.csv");

    let error = second.apply(&put(with("39000"), Some(before.clone()))).unwrap_err();
    let EditError::Conflict(conflict) = &error else { panic!("{error}") };
    let Conflict::Claim { yours, theirs, .. } = &**conflict else { panic!("{conflict}") };
    let value = |side: &Option<Box<GoldClaim>>| side.as_ref().unwrap().claim.fields.value("value").unwrap().to_owned();
    assert_eq!((value(yours), value(theirs)), ("39000".to_owned(), "38000".to_owned()));
    assert_eq!(error.to_string(), "claim \"en-1-c01\" was changed by somebody else since it was read");

    let delete = Edit { claims: vec![ClaimChange::Delete { id: "en-1-c01".to_owned(), before }], ..Edit::default() };
    assert!(matches!(second.apply(&delete), Err(EditError::Conflict(_))));
    assert_eq!(read(&dir, "claims.csv"), after);
    // What was read again is what the next edit is about.
    let now = second.version_of(second.claim("en-1-c01").unwrap());
    second.apply(&put(with("39000"), Some(now))).unwrap();
    assert!(read(&dir, "claims.csv").contains(",39000,"));
}

#[test]
fn files_that_others_write_are_read_again() {
    let dir = dataset();
    let mut editor = open(&dir);
    assert!(!editor.refresh().unwrap());
    let more = format!("{CLAIMS}mine,en-2,0,6,Police,event,,\n");
    std::fs::write(dir.path().join("claims.csv"), &more).unwrap();
    assert!(editor.refresh().unwrap());
    assert_eq!(editor.claims_of("en-2").len(), 1);
    editor.apply(&put(claim("en-2", 7, 11, "event"), None)).unwrap();
    assert_eq!(read(&dir, "claims.csv"), format!("{more}en-2-c01,en-2,7,11,held,event,,\n"));

    // Offsets of a text that is not there any more are not written.
    std::fs::write(dir.path().join("articles/en-2.txt"), "Short.").unwrap();
    let error = editor.apply(&put(claim("en-2", 12, 25, "event"), None)).unwrap_err().to_string();
    assert!(error.contains("behind the text"), "{error}");

    // A half-written file is not taken for a table without rows.
    std::fs::write(dir.path().join("claims.csv"), "claim_id,article_id,start,end,quote,kind\n\"mine,en-2,0").unwrap();
    assert!(matches!(editor.apply(&put(claim("en-1", 7, 11, "event"), None)), Err(EditError::Obstacle(_))));
    assert!(read(&dir, "claims.csv").ends_with("\"mine,en-2,0"));
    assert!(editor.refresh().is_err() && editor.refresh().is_err());
    // Nor is a file that is gone made again from what is remembered.
    std::fs::remove_file(dir.path().join("claims.csv")).unwrap();
    assert!(editor.refresh().is_err());
    assert!(matches!(editor.apply(&put(claim("en-1", 7, 11, "event"), None)), Err(EditError::Obstacle(_))));
    assert!(!dir.path().join("claims.csv").exists());
    std::fs::write(dir.path().join("claims.csv"), format!("{CLAIMS}mine,en-1,0,6,Police,event,,\n")).unwrap();
    assert!(editor.refresh().unwrap());
    assert_eq!(editor.claims_of("en-1").len(), 2);
}

#[test]
fn what_is_not_valid_is_not_written() {
    let dir = dataset();
    let mut editor = open(&dir);
    let with_value = |value: &str| {
        let mut claim = claim("en-1", 12, 25, "quantity");
        claim.claim.fields.insert("value", FieldState::Present(value));
        claim
    };
    let mut wrong_quote = claim("en-1", 12, 25, "quantity");
    wrong_quote.claim.quote = "38,000 people".to_owned();
    let named = GoldClaim { claim: Claim { id: "x".to_owned(), ..with_value("1").claim }, ..with_value("1") };
    let twice = Edit { claims: [put(named.clone(), None).claims, put(named, None).claims].concat(), ..Edit::default() };
    for (edit, says) in [
        (put(with_value("37.000,5"), None), "37.000,5"),
        (put(wrong_quote, None), "not the quote"),
        (put(claim("en-1", 12, 900, "quantity"), None), "behind the text"),
        (put(claim("en-9", 0, 2, "quantity"), None), "no article \"en-9\""),
        (put(claim("en-1", 0, 2, " "), None), "kind is empty"),
        (twice, "twice"),
        (
            put(GoldClaim { claim: Claim { kind: "event".to_owned(), ..Claim::default() }, ..claim("en-1", 0, 1, "event") }, None),
            "without a place",
        ),
    ] {
        let message = editor.apply(&edit).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
        assert_eq!(read(&dir, "claims.csv"), CLAIMS, "{says}");
    }
}

#[test]
fn a_status_is_changed_and_taken_back() {
    let dir = dataset();
    let mut editor = open(&dir);
    let before = Version::of_article(editor.dataset().article("en-2").unwrap());
    let done = editor.apply(&status("en-2", ArticleStatus::Skipped, Some(before.clone()))).unwrap();
    assert_eq!(read(&dir, "articles.csv"), ARTICLES.replace("unlabelled", "skipped"));
    assert!(matches!(editor.apply(&status("en-2", ArticleStatus::Gold, Some(before))), Err(EditError::Conflict(_))));
    editor.apply(&done.inverse).unwrap();
    assert_eq!(read(&dir, "articles.csv"), ARTICLES);
    assert_eq!(read(&dir, "claims.csv"), CLAIMS);
}

#[test]
fn a_new_article_comes_with_its_claims() {
    let dir = dataset();
    let mut editor = open(&dir);
    let article = Article { id: "id-1".into(), lang: "id".into(), text: Arc::from("Lebih dari 37.000\r\n"), ..Article::default() };
    let record = ArticleRecord { article, note: "seen in production".to_owned(), ..ArticleRecord::default() };
    let edit = Edit { new_article: Some(NewArticle { record }), ..put(claim("id-1", 11, 17, "quantity"), None) };
    assert_eq!(editor.apply(&edit).unwrap().put, ["id-1-c01"]);
    assert_eq!(read(&dir, "articles.csv"), format!("{ARTICLES}id-1,id,,seen in production\n"));
    assert_eq!(read(&dir, "articles/id-1.txt"), "Lebih dari 37.000\r\n");
    assert!(read(&dir, "claims.csv").ends_with("id-1-c01,id-1,11,17,37.000,quantity,,\n"));
    assert!(Dataset::load(dir.path()).is_ok());

    let with = |id: &str, text: &str| {
        let article = Article { id: id.into(), lang: "id".into(), text: Arc::from(text), ..Article::default() };
        Edit { new_article: Some(NewArticle { record: ArticleRecord { article, ..ArticleRecord::default() } }), ..Edit::default() }
    };
    for (edit, says) in [
        (with("ID-1", "x"), "there already"),
        (with("../x", "x"), "safe file name"),
        (with("id-2", "\u{feff}x"), "byte order mark"),
        (with("en-1", "x"), "there already"),
    ] {
        let message = editor.apply(&edit).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
    // A claim of it that is not valid takes the article with it.
    let edit = Edit { claims: put(claim("id-2", 0, 99, "quantity"), None).claims, ..with("id-2", "Short.") };
    assert!(editor.apply(&edit).is_err());
    assert!(editor.dataset().article("id-2").is_none() && !dir.path().join("articles/id-2.txt").exists());
}

#[test]
fn an_annotators_file_is_made_when_it_is_needed_and_the_gold_stays() {
    let dir = dataset();
    let mut editor = Editor::open(dir.path(), dir.path(), Some("anna")).unwrap();
    assert_eq!(editor.claims(), []);
    let none = |says| Edit { no_claims: Some(("en-2".to_owned(), says)), ..Edit::default() };
    let done = editor.apply(&none(true)).unwrap();
    assert!(editor.is_labelled("en-2"));
    let file = "annotations/anna.csv";
    assert!(read(&dir, file).contains("\n,en-2,"), "{}", read(&dir, file));

    // A claim takes the word back that there is none, and its inverse gives it again.
    let mut draft = claim("en-2", 12, 25, "quantity");
    draft.status = ClaimStatus::Draft;
    let put = editor.apply(&put(draft, None)).unwrap();
    assert_eq!(put.put, ["en-2-anna-01"]);
    assert!(!editor.is_labelled("en-2") && editor.claims_of("en-2").len() == 1);
    assert!(editor.apply(&none(true)).is_err());
    editor.apply(&put.inverse).unwrap();
    assert!(editor.is_labelled("en-2") && editor.claims().is_empty());
    editor.apply(&done.inverse).unwrap();
    assert!(!editor.is_labelled("en-2"));
    assert!(editor.apply(&status("en-2", ArticleStatus::Gold, None)).is_err());
    assert_eq!((read(&dir, "claims.csv"), read(&dir, "articles.csv")), (CLAIMS.to_owned(), ARTICLES.to_owned()));
    for bad in ["gold", "../x", ""] {
        assert!(Editor::open(dir.path(), dir.path(), Some(bad)).is_err(), "{bad}");
    }
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_workspace() {
    let dir = dataset();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("annotations")).unwrap();
    let mut editor = Editor::open(dir.path(), dir.path(), Some("anna")).unwrap();
    let error = editor.apply(&put(claim("en-1", 0, 6, "event"), None)).unwrap_err().to_string();
    assert!(error.contains("outside of the workspace"), "{error}");
    assert!(is_empty(outside.path()));
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_preview_is_what_an_edit_writes_and_writes_nothing() {
    let dir = dataset();
    let mut editor = open(&dir);
    let article = Article { id: "id-1".into(), lang: "id".into(), text: Arc::from("Lebih dari 37.000"), ..Article::default() };
    let new = Some(NewArticle { record: ArticleRecord { article, ..ArticleRecord::default() } });
    let edit = Edit { new_article: new, ..put(claim("id-1", 11, 17, "quantity"), None) };
    let preview = editor.preview(&edit).unwrap();
    assert_eq!((read(&dir, "claims.csv"), read(&dir, "articles.csv")), (CLAIMS.to_owned(), ARTICLES.to_owned()));
    assert!(editor.dataset().article("id-1").is_none() && !dir.path().join("articles/id-1.txt").exists());
    assert_eq!(preview.edited.put, ["id-1-c01"]);

    // What is left of a writing that was cut short is in nobody's way, if it is the same.
    std::fs::write(dir.path().join("articles/id-1.txt"), "Another text").unwrap();
    assert!(editor.apply(&edit).unwrap_err().to_string().contains("there already, without a row"));
    std::fs::write(dir.path().join("articles/id-1.txt"), "Lebih dari 37.000").unwrap();
    editor.apply(&edit).unwrap();
    for file in preview.files {
        let name = file.path.strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned();
        let written = read(&dir, &name).replace("id-1-c02", "id-1-c01").replace("id-1-c03", "id-1-c01");
        assert_eq!(written, file.after, "{name}");
    }
}

#[test]
fn an_edit_can_be_made_from_what_others_wrote_before() {
    let dir = dataset();
    let (mut first, mut second) = (open(&dir), open(&dir));
    first.apply(&put(claim("en-2", 0, 6, "event"), None)).unwrap();
    let seen = second.apply_with(|editor| {
        assert_eq!(editor.claims_of("en-2").len(), 1);
        Ok::<Edit, EditError>(put(claim("en-2", 7, 11, "event"), None))
    });
    assert_eq!(seen.unwrap().put, ["en-2-c02"]);
    let before = read(&dir, "claims.csv");
    let refused = second.apply_with(|_| Err::<Edit, EditError>(EditError::Refused("no".to_owned())));
    assert!(refused.is_err() && read(&dir, "claims.csv") == before);
}

#[test]
fn a_row_is_not_taken_for_another() {
    let dir = dataset();
    let twins = format!("{CLAIMS}en-1-c01,en-1,0,6,Police,event,,\n,en-2,0,6,Police,event,,\n");
    std::fs::write(dir.path().join("claims.csv"), &twins).unwrap();
    let mut editor = open(&dir);
    let was = editor.claim("en-1-c01").unwrap().clone();
    let before = editor.version_of(&was);
    let delete = Edit { claims: vec![ClaimChange::Delete { id: "en-1-c01".to_owned(), before: before.clone() }], ..Edit::default() };
    for edit in [put(was, Some(before)), delete] {
        let message = editor.apply(&edit).unwrap_err().to_string();
        assert!(message.contains("has 2 rows with the claim_id \"en-1-c01\""), "{message}");
        assert_eq!(read(&dir, "claims.csv"), twins);
    }
    // A claim without an id is no word that there are none.
    editor.apply(&put(claim("en-2", 7, 11, "event"), None)).unwrap();
    assert!(read(&dir, "claims.csv").contains(",en-2,0,6,Police,event,,\n"), "{}", read(&dir, "claims.csv"));
}

#[test]
fn an_own_file_that_is_gone_or_a_damaged_schema_is_not_written_over() {
    let dir = dataset();
    let mut editor = Editor::open(dir.path(), dir.path(), Some("anna")).unwrap();
    editor.apply(&put(claim("en-2", 7, 11, "event"), None)).unwrap();
    std::fs::rename(dir.path().join("annotations/anna.csv"), dir.path().join("away.csv")).unwrap();
    assert!(editor.apply(&put(claim("en-2", 0, 6, "event"), None)).is_err());
    assert!(!dir.path().join("annotations/anna.csv").exists());
    std::fs::create_dir(dir.path().join("annotations/anna.csv")).unwrap();
    assert!(editor.apply(&put(claim("en-2", 0, 6, "event"), None)).is_err());
    std::fs::remove_dir(dir.path().join("annotations/anna.csv")).unwrap();
    std::fs::rename(dir.path().join("away.csv"), dir.path().join("annotations/anna.csv")).unwrap();
    editor.apply(&put(claim("en-2", 0, 6, "event"), None)).unwrap();
    assert_eq!(editor.claims().len(), 2);

    let mut gold = open(&dir);
    std::fs::write(dir.path().join("dataset.toml"), "").unwrap();
    assert!(matches!(gold.apply(&put(claim("en-1", 0, 6, "event"), None)), Err(EditError::Obstacle(_))));
    assert!(Editor::open(dir.path(), dir.path(), None).is_err());
    assert_eq!(read(&dir, "claims.csv"), CLAIMS);
}

/// An editor or a checkout knows no lock: it writes at any moment, also while an edit is being made ready.
#[test]
fn what_a_program_without_the_lock_writes_meanwhile_stays() {
    let dir = dataset();
    let mut editor = open(&dir);
    let mut made = 0;
    let done = editor.apply_with(|editor| {
        made += 1;
        if made == 1 {
            std::fs::write(dir.path().join("claims.csv"), format!("{CLAIMS}mine,en-2,0,6,Police,event,,\n")).unwrap();
        }
        assert_eq!(editor.claim("mine").is_some(), made == 2, "it is made again from what stands there now");
        Ok::<_, EditError>(put(claim("en-2", 7, 11, "event"), None))
    });
    assert_eq!((done.unwrap().put.len(), made), (1, 2));
    let content = read(&dir, "claims.csv");
    assert!(content.contains("mine,en-2,0,6,Police,event,,\n") && content.contains(",en-2,7,11,held,event,,\n"), "{content}");

    // Somebody who never stops writing is not waited for without end, and nothing is written over.
    let mut number = 0;
    let refused = editor.apply_with(|_| {
        number += 1;
        std::fs::write(dir.path().join("claims.csv"), format!("{CLAIMS}mine-{number},en-2,0,6,Police,event,,\n")).unwrap();
        Ok::<_, EditError>(put(claim("en-2", 12, 25, "event"), None))
    });
    assert!(refused.unwrap_err().to_string().contains("at the same time"));
    assert_eq!(read(&dir, "claims.csv"), format!("{CLAIMS}mine-{number},en-2,0,6,Police,event,,\n"));
}
