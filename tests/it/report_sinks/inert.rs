//! Hostile text in every place of a document: it stays text in every report.

use std::collections::BTreeSet;

use claim_assay::report::document::Document;
use claim_assay::report::github::{annotations, outputs, step_summary};
use claim_assay::report::markdown::{Budget, within};
use claim_assay::report::safe::is_bidi_control;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::rendered;
use crate::report_documents::{full, hostile, plain};
use crate::support::data;

/// Those of the table, and those that a CSV file cannot show.
fn payloads() -> Vec<String> {
    let table = data("hostile/sinks.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut all: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    assert!(all.len() > 20);
    let written = [
        "a\n# All gates passed\n\n- x",
        "```\n# owned\n~~~",
        "x\n::set-output name=pass::true\n",
        "x\r::error::hidden",
        "EOF\npass=true\nx<<EOF",
        "\u{1b}[2J\u{1b}]52;c;cm0gLXJmIH4=\u{7}",
        "\u{9b}2J\u{9d}52;c;eA==\u{9c}",
        "\u{202e}txet\u{202c} \u{2066}x\u{2069}",
        "a\0b\u{ffff}\u{fffe}\u{1}",
        "\t=1+1",
        "\n=1+1",
        "\u{2028}::error::x",
    ];
    all.extend(written.map(str::to_owned));
    all.push("x".repeat(100_000));
    all
}

fn harmless(text: &str, what: &str) {
    let bad = text.chars().find(|&c| (c.is_control() && c != '\n') || is_bidi_control(c));
    assert!(bad.is_none(), "{what}: {bad:?}");
}

/// What a reader of Markdown makes of a report: all tags, and the text outside of code.
fn structure(markdown: &str) -> (Vec<String>, String) {
    let (mut tags, mut text) = (Vec::new(), String::new());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => panic!("{event:?} in {markdown}"),
            Event::Start(tag) => tags.push(format!("{tag:?}")),
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                let own = ["</details>", "<sub>", "</sub>", ""].contains(&html)
                    || html.starts_with("<!-- assay report ") && html.matches("--").count() == 2 && html.ends_with(" -->")
                    || html
                        .strip_prefix("<details><summary>")
                        .and_then(|h| h.strip_suffix(" more</summary>"))
                        .is_some_and(|n| n.parse::<u32>().is_ok());
                assert!(own, "{html}");
            }
            Event::Text(part) => text.push_str(&part),
            Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Item | TagEnd::Heading(_)) | Event::SoftBreak | Event::HardBreak => {
                text.push('\n')
            }
            _ => {}
        }
    }
    (tags, text)
}

#[test]
fn markdown_has_the_same_structure_whatever_the_texts_are() {
    for budget in [Budget::COMMENT, Budget::Bytes(900_000)] {
        for payload in payloads() {
            let markdown = within(&hostile(&payload), budget);
            harmless(&markdown, &payload);
            let (tags, text) = structure(&markdown);
            let allowed = |tag: &str| {
                ["Paragraph", "Heading", "Table", "Item", "List", "Strong", "Emphasis", "HtmlBlock"].iter().any(|t| tag.starts_with(t))
            };
            assert!(tags.iter().all(|tag| allowed(tag)), "{payload:?}: {tags:?}");
            let headings = tags.iter().filter(|tag| tag.starts_with("Heading")).count();
            let rows = |tags: &[String]| tags.iter().filter(|tag| tag.starts_with("TableRow")).count();
            let cells = |tags: &[String]| tags.iter().filter(|tag| tag.starts_with("TableCell")).count();
            let (usual, _) = structure(&within(&hostile("plain"), budget));
            assert_eq!(headings, 11, "{payload:?}");
            assert_eq!((rows(&tags), cells(&tags)), (rows(&usual), cells(&usual)), "{payload:?}");
            // What sites look for after Markdown is read.
            for sign in ["@", "://", "www.", "evil", "#1", "GH-", ":tada", "$x"] {
                assert!(!text.contains(sign), "{sign} is outside of code: {payload:?}");
            }
        }
    }
}

#[test]
fn workflow_commands_are_ours_alone() {
    for payload in payloads() {
        let document = hostile(&payload);
        let text = annotations(&document);
        harmless(&text, &payload);
        let usual = annotations(&hostile("plain"));
        assert_eq!(text.lines().count(), usual.lines().count(), "{payload:?}");
        for (line, usual) in text.lines().zip(usual.lines()) {
            let (command, own) = (line[2..].split_once("::").unwrap().0, usual[2..].split_once("::").unwrap().0);
            let names = |command: &str| command.split([' ', ',']).map(|p| p.split('=').next().unwrap().to_owned()).collect::<BTreeSet<_>>();
            if !payload.contains([' ', '=']) {
                assert_eq!(names(command), names(own), "{line}");
            }
            assert_eq!(command.matches(',').count(), own.matches(',').count(), "{line}");
        }
        assert!(outputs(&document).iter().all(|(_, value)| !value.contains(['\n', '\r'])), "{payload:?}");
        harmless(&step_summary(&document, 900_000), &payload);
    }
}

#[test]
fn junit_parses_and_has_the_same_elements() {
    let elements = |document: &Document| {
        let text = rendered("a.xml", document);
        harmless(&text, "JUnit");
        let tree = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        tree.descendants().filter(roxmltree::Node::is_element).map(|n| n.tag_name().name().to_owned()).collect::<Vec<_>>()
    };
    let usual = elements(&hostile("plain"));
    for payload in payloads() {
        assert_eq!(elements(&hostile(&payload)), usual, "{payload:?}");
        assert!(!rendered("a.xml", &hostile(&payload)).contains("[[ATTACHMENT"));
    }
}

#[test]
fn code_quality_is_json_with_a_fingerprint_a_finding() {
    for payload in payloads() {
        let text = rendered("codequality.json", &hostile(&payload));
        harmless(&text, &payload);
        let findings: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let prints: BTreeSet<&str> = findings.iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(prints.len(), findings.len());
        for finding in &findings {
            assert!(["blocker", "critical", "major", "minor", "info"].contains(&finding["severity"].as_str().unwrap()));
            assert!(finding["location"]["lines"]["begin"].as_u64().unwrap() >= 1 && finding["check_name"].is_string());
            harmless(finding["description"].as_str().unwrap(), &payload);
        }
    }
}

#[test]
fn a_fingerprint_depends_neither_on_the_line_nor_on_the_comparison() {
    let prints = |document: &Document| {
        let findings: Vec<serde_json::Value> = serde_json::from_str(&rendered("codequality.json", document)).unwrap();
        findings.iter().filter(|f| f["check_name"] != "assay/gate").map(|f| f["fingerprint"].to_string()).collect::<Vec<_>>()
    };
    let mut moved = plain();
    moved
        .articles
        .iter_mut()
        .flat_map(|a| &mut a.items)
        .filter_map(|i| i.gold.as_mut())
        .for_each(|gold| gold.line = gold.line.map(|l| l + 7));
    assert_eq!(prints(&moved), prints(&full()));
    assert!(!prints(&moved).is_empty());
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for payload in payloads() {
        let text = rendered("a.csv", &hostile(&payload));
        harmless(&text, &payload);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), 1 + full().articles.iter().map(|a| a.items.len()).sum::<usize>(), "{payload:?}");
        for cell in rows.iter().flatten().flat_map(|cell| cell.split(';')) {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{payload:?}: {cell}");
        }
    }
}
