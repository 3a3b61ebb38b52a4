//! The summary in a browser.

use claim_assay::report::document::Document;
use claim_assay::report::terminal::three;
use claim_assay::score::result::SliceScore;
use serde_json::{Value, json};

use super::sample;
use crate::browser::{Browser, LONG, PHONE};

/// A browser that shows the page of a document; `None` where there is no browser. The folder goes with the page.
fn opened(document: &Document) -> Option<(Browser, tempfile::TempDir)> {
    let browser = Browser::start()?;
    let (dir, path) = sample::page(document);
    browser.open_file(&path);
    Some((browser, dir))
}

fn texts(browser: &Browser, css: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)";
    serde_json::from_value(browser.script(script, json!([css]))).unwrap()
}

/// What runs or loads something, in the whole page.
fn active_elements(browser: &Browser) -> Value {
    browser.script(
        "return [...document.querySelectorAll('script:not([type]), img, iframe, object, embed, b, i, base, [onerror], [onload], [src], [style*=url]')].map((n) => n.outerHTML.slice(0, 40))",
        json!([]),
    )
}

#[test]
fn everything_is_there_and_the_console_is_empty() {
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    let headings = ["Gates", "Precision and recall", "Changes", "Fields", "Slices", "Confidence", "Where F1 is lost"];
    let all = texts(&browser, "#sections h2");
    assert!(headings.iter().all(|heading| all.iter().any(|found| found == heading)), "{all:?}");
    assert!(all.iter().any(|found| found == "Over time"), "{all:?}");
    let banners = texts(&browser, ".banner bdi");
    assert_eq!(banners.len(), 2, "{banners:?}");
    assert!(banners[0].starts_with("1 of 4 gates failed") && banners[1].starts_with("No evidence of a difference"), "{banners:?}");
    assert_eq!(browser.console(), []);
}

#[test]
fn sections_without_data_say_so_or_are_absent() {
    let Some((browser, _dir)) = opened(&sample::plain()) else { return };
    let all = texts(&browser, "#sections h2");
    assert!(!all.iter().any(|heading| heading == "Gates" || heading == "Over time"), "{all:?}");
    assert!(browser.find("#changes p").text().starts_with("no baseline of answers"), "{}", browser.find("#changes p").text());
    assert_eq!(browser.console(), []);
}

#[test]
fn hostile_names_and_texts_are_inert() {
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    browser.script("for (const details of document.querySelectorAll('details')) details.open = true", json!([]));
    let one_script = |where_: &str| {
        let active = active_elements(&browser);
        assert_eq!(active.as_array().unwrap().len(), 1, "{where_}: {active}");
    };
    one_script("summary");
    assert!(browser.find("#gates").text().contains("<img src=x onerror=alert(8)>"));
    browser.script("location.hash = '#article=x-hostile&item=1'", json!([]));
    browser.wait_until("the article", LONG, || !browser.find_all("#article .text").is_empty());
    one_script("article");
    assert_eq!(browser.find("#article h2").text(), "</title></script><script>window.hurt = 1; alert(1)</script>");
    assert!(browser.find("#article .text").text().contains("</script><script>alert(2)</script> of 500 people"));
    assert_eq!(browser.script("return window.hurt === undefined", json!([])), json!(true));
    assert!(
        browser.find("#article .cards").text().contains("invented </script> quote\\u{202e}"),
        "bidi controls of quotes are written out"
    );
    assert_eq!(browser.console(), []);
}

/// Ties go to the even digit, and only what is 1 is shown as 1.
#[test]
fn numbers_have_the_digits_of_the_other_reports() {
    let values = [0.0, 0.0005, 0.0015, 0.0625, 0.1875, 0.3125, 0.4375, 0.5, 0.6666666666666666, 0.81249999, 0.9375, 0.9994, 0.9996, 1.0];
    let mut document = sample::plain();
    let one = document.result.criteria["exact"].clone();
    document.result.criteria = values
        .iter()
        .enumerate()
        .map(|(i, &value)| {
            let mut score = one.clone();
            (score.all.precision, score.all.recall, score.all.f1) = (Some(value), None, Some(value / 2.0));
            (format!("c{i:02}"), score)
        })
        .collect();
    let Some((browser, _dir)) = opened(&document) else { return };
    let shown = texts(&browser, "#criteria > h2 + .wide .number");
    let expected: Vec<String> = values.iter().flat_map(|&v| [three(Some(v)), three(None), three(Some(v / 2.0))]).collect();
    assert_eq!(shown, expected);
}

#[test]
fn tables_are_sorted_by_their_heads() {
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    let head = "#criteria > h2 + .wide thead th:nth-child(5)";
    let column =
        || -> Vec<u64> { texts(&browser, "#criteria > h2 + .wide tbody td:nth-child(5)").iter().map(|n| n.parse().unwrap()).collect() };
    let unsorted = column();
    let mut falling = unsorted.clone();
    falling.sort_by(|a, b| b.cmp(a));
    for (direction, expected) in
        [(Some("descending"), falling.clone()), (Some("ascending"), falling.iter().rev().copied().collect()), (None, unsorted)]
    {
        browser.find(&format!("{head} button")).click();
        assert_eq!(browser.find(head).attribute("aria-sort").as_deref(), direction);
        assert_eq!(column(), expected, "{direction:?}");
    }
}

#[test]
fn long_tables_begin_with_a_hundred_rows() {
    let mut document = sample::plain();
    let one = document.result.slices[0].clone();
    document.result.slices = (0..250).map(|i| SliceScore { value: format!("v{i:03}"), gold: i, ..one.clone() }).collect();
    let Some((browser, _dir)) = opened(&document) else { return };
    let first = || texts(&browser, "#slices tbody th");
    assert_eq!((first().len(), first()[0].as_str()), (100, "v000"));
    browser.find("#slices thead th:nth-child(2) button").click();
    assert_eq!((first().len(), first()[0].as_str()), (100, "v249"), "all rows are sorted, not only those that are drawn");
    assert_eq!(browser.find("#slices .more").text(), "150 more of 250");
    browser.find("#slices .more").click();
    assert_eq!(first().len(), 250);
    assert_eq!(browser.find_all("#slices .more:not([hidden])").len(), 0);
}

#[test]
fn a_change_opens_its_article_at_the_claim() {
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    let lists = texts(&browser, "#changes details.change > summary");
    assert_eq!(
        lists,
        ["Newly missed 2", "Newly found 1", "Newly wrong field 1", "Newly spurious 1", "No longer spurious 1", "Missed by all 1"]
    );
    browser.find("#changes details[open] li a").click();
    browser.wait_until("the claim", LONG, || !browser.find_all("#article .card[aria-current]").is_empty());
    assert!(browser.find("#article .card[aria-current] .quote").text().contains("A café owner counted 12 boats he said"));
    let marked = texts(&browser, "#article .piece.on");
    assert_eq!(marked.concat(), "A café owner counted 12 boatshe said", "both fragments and nothing between them");
}

#[test]
fn a_phone_scrolls_in_one_direction_only() {
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    browser.emulate_phone();
    for hash in ["#summary", "#articles", "#article=en-001&item=3", "#article=ar-001", "#article=x-hostile"] {
        browser.script("location.hash = arguments[0]", json!([hash]));
        browser.wait_until("the view", LONG, || {
            let wanted = if hash == "#summary" { "#sections h2" } else { "#rows li" };
            !browser.find_all(wanted).is_empty() && (!hash.starts_with("#article=") || !browser.find_all("#article .text").is_empty())
        });
        let widths = browser.script("return [document.documentElement.scrollWidth, document.body.scrollWidth]", json!([]));
        assert_eq!(widths, json!([PHONE.0, PHONE.0]), "{hash}");
    }
}

#[test]
fn dark_is_as_the_system_says_until_it_is_chosen() {
    let Some((browser, _dir)) = opened(&sample::plain()) else { return };
    let is_dark = || {
        let colour = browser.script("return getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)", json!([]));
        colour.as_array().unwrap().iter().all(|part| part.as_u64().unwrap() < 64)
    };
    for (scheme, dark) in [("light", false), ("dark", true)] {
        browser.emulate_media(&[("prefers-color-scheme", scheme)]);
        assert_eq!(is_dark(), dark, "{scheme}");
    }
    let button = browser.find("#theme");
    for (text, dark) in [("Light", false), ("Dark", true), ("Auto", true)] {
        button.click();
        assert_eq!((button.text().as_str(), is_dark()), (text, dark));
    }
}

/// Text against what is behind it, as WCAG 2 asks for: 4.5 to 1.
#[test]
fn texts_can_be_read() {
    const CONTRASTS: &str = r#"
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const parts = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
      };
      const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
      };
      const behind = (node) => {
        const layers = [];
        for (let each = node; each; each = each.parentElement) {
          const layer = parts(getComputedStyle(each).backgroundColor);
          layers.push(layer);
          if (layer[3] === 255) break;
        }
        return layers.reverse().reduce((under, over) => [0, 1, 2].map((i) => (over[i] * over[3] + under[i] * (255 - over[3])) / 255), [255, 255, 255]);
      };
      const bad = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !node.checkVisibility() || node.closest("svg, script, noscript, .hidden, .skip, .step.off")) continue;
        const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${node.className} ${walker.currentNode.textContent.slice(0, 30)}`);
      }
      return bad;
    "#;
    let Some((browser, _dir)) = opened(&sample::whole()) else { return };
    for scheme in ["light", "dark"] {
        browser.emulate_media(&[("prefers-color-scheme", scheme)]);
        for hash in ["#summary", "#article=en-001&item=2"] {
            browser.script("location.hash = arguments[0]", json!([hash]));
            browser.wait_until("the view", LONG, || hash == "#summary" || !browser.find_all("#article .piece.on").is_empty());
            assert_eq!(browser.script(CONTRASTS, json!([])), json!([]), "{scheme} {hash}");
        }
    }
}
