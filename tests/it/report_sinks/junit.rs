//! JUnit files by the schemas of CI servers, and within the limits of GitLab.

use std::path::PathBuf;
use std::process::Command;

use super::rendered;
use crate::report_documents::{full, hostile, large, plain};

/// Where the folder of reference data has them.
fn schemas() -> Option<[PathBuf; 2]> {
    let named = PathBuf::from(std::env::var_os("ASSAY_REFERENCE")?);
    let all = ["jenkins-junit-4.xsd", "junit-10.xsd"].map(|name| named.join("samples").join(name));
    all.iter().all(|path| path.is_file()).then_some(all)
}

#[test]
fn schemas_of_ci_servers_take_it() {
    let Some(schemas) = schemas() else {
        println!("NOT RUN JUnit files against the schemas of CI servers: no samples/*.xsd in ASSAY_REFERENCE");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("NOT RUN JUnit files against the schemas of CI servers: there is no xmllint (libxml2-utils)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let documents = [("full", full()), ("plain", plain()), ("hostile", hostile("]]> \0\u{1b} <a>&b; \"'")), ("large", large(500, 40))];
    for (name, document) in documents {
        let file = folder.path().join(format!("{name}.xml"));
        std::fs::write(&file, rendered("a.xml", &document)).unwrap();
        for schema in &schemas {
            let output = Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).args([schema, &file]).output().unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn an_article_fails_only_for_what_is_newly_missed() {
    let text = rendered("a.xml", &full());
    let tree = roxmltree::Document::parse(&text).unwrap();
    let outcome = |name: &str| {
        let case = tree.descendants().find(|n| n.has_tag_name("testcase") && n.attribute("name") == Some(name)).unwrap();
        case.first_element_child().map_or("pass".to_owned(), |n| n.tag_name().name().to_owned())
    };
    let cases = [
        ("id-0042", "failure"),
        ("en-0007", "error"),
        ("en-0008", "pass"),
        ("en-0010", "skipped"),
        ("criteria.iou50.f1 at least 0.6", "pass"),
        ("criteria.iou50.recall, lang=id drop at most 0.02", "failure"),
        ("criteria.claim.f1 at least 0.5", "skipped"),
        ("criteria.value.f1 at least 0.9", "system-out"),
    ];
    for (name, expected) in cases {
        assert_eq!(outcome(name), expected, "{name}");
    }
    for suite in tree.descendants().filter(|n| n.has_tag_name("testsuite")) {
        let count = |name: &str| suite.descendants().filter(|n| n.has_tag_name(name)).count().to_string();
        let attribute = |name: &str| suite.attribute(name).unwrap().to_owned();
        assert_eq!(
            [attribute("tests"), attribute("failures"), attribute("errors"), attribute("skipped")],
            ["testcase", "failure", "error", "skipped"].map(count)
        );
    }
}

#[test]
fn a_file_stays_within_what_gitlab_reads_and_says_what_is_left_out() {
    let text = rendered("a.xml", &large(300, 100_000));
    assert!(text.len() < 30_000_000);
    let tree = roxmltree::Document::parse(&text).unwrap();
    let objects: usize = tree.descendants().map(|n| 1 + n.attributes().count()).sum::<usize>();
    let blanks = tree.descendants().filter(|n| n.is_text() && n.text().is_some_and(|t| t.trim().is_empty())).count();
    assert!(objects - blanks <= 250_000, "{objects}");
    let cases = tree
        .descendants()
        .filter(|n| n.has_tag_name("testcase") && n.attribute("classname").is_some_and(|c| c.starts_with("assay.articles")))
        .count();
    assert_eq!(tree.descendants().filter(|n| n.has_tag_name("failure")).count(), 300 + 2, "failures are not left out");
    let said =
        tree.descendants().filter(|n| n.has_tag_name("system-out")).filter_map(|n| n.text()).find(|t| t.contains("left out")).unwrap();
    assert!(said.starts_with(&format!("{} test cases", 100_000 - cases)), "{said}, {cases} are there");
}
