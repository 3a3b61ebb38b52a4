//! The browser client on a small page, one test a thing that it can do: what tests of HTML pages look like.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::browser::{Browser, ConsoleEntry, LONG, NoBrowser, PHONE, Programs, Surroundings, file_url, keys};
use crate::support::data_file;

/// A browser that shows the page; `None` where there is no browser.
fn page() -> Option<Browser> {
    let browser = Browser::start()?;
    browser.open_file(&data_file("browser/page.html"));
    Some(browser)
}

/// What a test fails with.
fn failure(what: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(what)).unwrap_err();
    payload.downcast_ref::<String>().cloned().or_else(|| payload.downcast_ref::<&str>().map(|&s| s.to_owned())).unwrap()
}

fn selection(browser: &Browser) -> String {
    browser.script("return window.getSelection().toString()", json!([])).as_str().unwrap().to_owned()
}

#[test]
fn elements_are_found_read_and_clicked() {
    let Some(browser) = page() else { return };
    assert_eq!(browser.find("h1").text(), "Border crossings");
    assert_eq!(browser.find(".hidden").text(), "");
    assert_eq!(browser.find(".hidden").property("textContent"), json!("not shown"));
    assert_eq!(browser.find_all("button").iter().map(|b| b.text()).collect::<Vec<_>>(), ["Add", "Later", "Break"]);
    assert_eq!(browser.find_all("table").len(), 0);

    let add = browser.find("#add");
    assert_eq!(add.attribute("data-step").as_deref(), Some("1"));
    assert_eq!(add.attribute("data-other"), None);
    add.click();
    add.click();
    assert_eq!(browser.find("#count").text(), "2");

    browser.refresh();
    assert_eq!(browser.find("#count").text(), "0");
}

#[test]
fn what_is_not_there_fails_the_test_and_is_named() {
    let Some(browser) = page() else { return };
    let message = failure(|| _ = browser.find("table.runs"));
    assert!(message.contains("table.runs") && message.contains("page.html"), "{message}");
    let message = failure(|| _ = browser.script("return missing()", json!([])));
    assert!(message.contains("missing is not defined"), "{message}");
    let message = failure(|| browser.find(".hidden").click());
    assert!(message.contains("not interactable"), "{message}");
}

#[test]
fn keys_go_to_an_element_and_to_what_has_the_focus() {
    let Some(browser) = page() else { return };
    let name = browser.find("#name");
    name.send_keys(" and new");
    assert_eq!(name.property("value"), json!("old and new"));
    browser.press(&[keys::CONTROL, "a"]);
    name.send_keys(&format!("żółw{}", keys::ENTER));
    assert_eq!(browser.find("#sent").text(), "żółw");

    browser.press(&[keys::TAB]);
    assert_eq!(browser.active().attribute("id").as_deref(), Some("second"));
    browser.active().send_keys("typed");
    assert_eq!(browser.find("#second").property("value"), json!("typed"));
}

#[test]
fn shortcuts_reach_the_page() {
    let Some(browser) = page() else { return };
    browser.press(&["j"]);
    browser.press(&[keys::CONTROL, keys::RIGHT]);
    assert_eq!(browser.find("#keys").text(), "j ctrl+Control ctrl+ArrowRight");
}

#[test]
fn text_is_selected_by_dragging_from_character_to_character() {
    let Some(browser) = page() else { return };
    let story = browser.find("#story");
    let text = story.text();
    for wanted in ["lebih dari 37.000", "🌊", "In 2023", "orang ditahan."] {
        let start = text[..text.find(wanted).unwrap()].chars().count();
        let (from, to) = (story.caret(start), story.caret(start + wanted.chars().count()));
        browser.drag(from, to);
        assert_eq!(selection(&browser), wanted);
        browser.drag(to, from);
        assert_eq!(selection(&browser), wanted, "backwards");
    }
    let beyond = text.chars().count() + 1;
    assert!(failure(|| _ = story.caret(beyond)).starts_with("not shown"));
}

#[test]
fn a_double_click_selects_a_word() {
    let Some(browser) = page() else { return };
    browser.double_click(browser.find("#story b").middle());
    assert_eq!(selection(&browser).trim(), "37.000");
    browser.double_click(browser.find("#pad").at(60, 30));
    let log = browser.find("#pad-log").text();
    assert!(log.ends_with("dblclick 60 30;"), "{log}");
}

#[test]
fn mouse_and_finger_are_told_apart() {
    let Some(browser) = page() else { return };
    let pad = browser.find("#pad");
    browser.drag(pad.at(10, 20), pad.at(100, 50));
    assert_eq!(browser.find("#pad-log").text(), "mouse pointerdown 10 20;mouse pointerup 100 50;");
    browser.refresh();
    browser.tap(browser.find("#pad").at(10, 20));
    assert_eq!(browser.find("#pad-log").text(), "touch pointerdown 10 20;touch pointerup 10 20;");
}

#[test]
fn errors_and_warnings_of_the_console_are_seen_once() {
    let Some(browser) = page() else { return };
    assert_eq!(browser.console(), []);
    browser.find("#break").click();
    let found: Vec<(String, String)> = browser.console().into_iter().map(|ConsoleEntry { level, message }| (level, message)).collect();
    let expected = [("WARNING", "nearly broken"), ("SEVERE", "broken: %d\" 7"), ("SEVERE", "TypeError")];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((level, message), (expected_level, part)) in found.iter().zip(expected) {
        assert!(level == expected_level && message.contains(part), "{level} {message}");
    }
    assert_eq!(browser.console(), []);
}

#[test]
fn a_page_reaches_nothing_outside_this_machine() {
    let Some(browser) = page() else { return };
    browser.script(
        "const image = new Image(); image.onerror = () => { window.failed = true }; image.src = arguments[0]",
        json!(["http://192.0.2.1/a.png"]),
    );
    browser.wait_until("the image fails", LONG, || browser.script("return window.failed === true", json!([])) == json!(true));
    let console = browser.console();
    assert!(console.len() == 1 && console[0].message.contains("ERR_NAME_NOT_RESOLVED"), "{console:?}");
}

#[test]
fn what_comes_later_is_waited_for() {
    let Some(browser) = page() else { return };
    browser.find("#late").click();
    browser.wait_until("the text comes", LONG, || browser.find("#came").text() == "here");
    let message = failure(|| browser.wait_until("pigs fly", Duration::from_millis(50), || false));
    assert!(message.contains("pigs fly"), "{message}");
}

#[test]
fn scripts_take_and_give_json_and_elements() {
    let Some(browser) = page() else { return };
    let sum = browser.script("return {sum: arguments[0] + arguments[1].length, none: null}", json!([1, "🌊"]));
    assert_eq!(sum, json!({"sum": 3, "none": null}));
    let tag = browser.script("return arguments[0].tagName", json!([browser.find("#pad").reference()]));
    assert_eq!(tag, json!("DIV"));
}

#[test]
fn dark_mode_is_emulated() {
    let Some(browser) = page() else { return };
    let background = || browser.script("return getComputedStyle(document.body).backgroundColor", json!([]));
    for (scheme, colour) in [("light", "rgb(255, 255, 255)"), ("dark", "rgb(16, 16, 16)"), ("light", "rgb(255, 255, 255)")] {
        browser.emulate_media(&[("prefers-color-scheme", scheme)]);
        assert_eq!(background(), json!(colour), "{scheme}");
    }
}

#[test]
fn a_screenshot_shows_the_window_and_a_phone() {
    let Some(browser) = page() else { return };
    let folder = tempfile::tempdir().unwrap();
    let shot = folder.path().join("window.png");
    let inner = || browser.script("return [window.innerWidth, window.innerHeight]", json!([]));
    browser.set_window(1000, 700);
    browser.wait_until("the window has the new width", LONG, || inner()[0] == json!(1000));
    browser.screenshot(&shot);
    assert_eq!(json!(png_size(&shot)), inner());

    browser.emulate_phone();
    browser.refresh();
    browser.screenshot(&shot);
    assert_eq!((png_size(&shot), inner()), (PHONE, json!([390, 844])));
    assert_eq!(browser.script("return matchMedia('(pointer: coarse)').matches", json!([])), json!(true));
    let widest = browser.script("return document.documentElement.scrollWidth", json!([]));
    assert_eq!(widest, json!(390), "the page is wider than a phone");
}

/// Width and height as the header of a PNG file has them.
fn png_size(file: &Path) -> (u32, u32) {
    let bytes = std::fs::read(file).unwrap();
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_file_may_have_any_name() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Bericht #1, 100% 🌊?.html");
    std::fs::copy(data_file("browser/page.html"), &file).unwrap();
    browser.open_file(&file);
    assert_eq!(browser.script("return document.title", json!([])), json!("A page for the browser"));
    assert!(file_url(Path::new("/a b/ü#.html")).ends_with("/a%20b/%C3%BC%23.html"));
}

#[test]
fn browsers_of_parallel_tests_share_nothing() {
    let (Some(first), Some(second)) = (page(), page()) else { return };
    first.find("#add").click();
    assert_eq!([&first, &second].map(|b| b.find("#count").text()), ["1", "0"]);
    assert_ne!(first.folder(), second.folder());
}

#[test]
fn without_a_browser_the_tests_are_not_run_unless_it_is_required() {
    let folder = tempfile::tempdir().unwrap();
    let program = |name: &str| program(&folder.path().join(name), "");
    let path = |name: &str| folder.path().join(name).into_os_string();
    let (chromedriver, chromium) = (program("both/chromedriver"), program("both/chromium"));
    let other = program("chromium-only/chromium");
    program("driver-only/chromedriver");
    std::fs::write(folder.path().join("text"), "no program").unwrap();

    let find = |chromedriver: Option<OsString>, path: OsString, required| Programs::find(&Surroundings { chromedriver, path, required });
    let found = |chromedriver, chromium| Ok(Programs { chromedriver, chromium });
    assert_eq!(find(None, path("both"), true), found(chromedriver.clone(), chromium));
    assert_eq!(find(Some(path("both/chromedriver")), path("chromium-only"), true), found(chromedriver, other));
    for (folder, missing) in [("nothing", "chromedriver"), ("chromium-only", "chromedriver"), ("driver-only", "chromium")] {
        assert_eq!(find(None, path(folder), false), Err(NoBrowser::NotRun(missing)));
        let Err(NoBrowser::Wrong(message)) = find(None, path(folder), true) else { panic!("{folder}: not an error") };
        assert!(message.contains("ASSAY_REQUIRE_BROWSER") && message.contains(missing), "{message}");
    }
    for named in ["nothing", "text"] {
        let Err(NoBrowser::Wrong(message)) = find(Some(path(named)), path("both"), false) else { panic!("{named}: not an error") };
        assert!(message.contains("ASSAY_CHROMEDRIVER") && message.contains(named), "{message}");
    }
}

#[test]
fn a_driver_that_does_not_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let chromedriver = program(&folder.path().join("chromedriver"), "echo unknown option >&2; exit 3");
    let message = Browser::with(&Programs { chromedriver, chromium: "chromium".into() }).err().unwrap();
    assert!(["chromedriver does not start", "exit status: 3", "unknown option"].iter().all(|part| message.contains(part)), "{message}");
}

/// A shell script that can be run.
fn program(file: &Path, script: &str) -> PathBuf {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    file.to_owned()
}

/// The processes are read from /proc.
#[cfg(target_os = "linux")]
mod ends {
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use super::{LONG, failure, page};

    /// Set for the copy of this program that is killed: the file that it writes the browser's folder to.
    const HANDOVER: &str = "ASSAY_TEST_BROWSER_FOLDER";

    /// The processes that name the folder in their command line: all of the browser, its driver and its watchdog. One that has ended
    /// but was not waited for has no command line.
    fn processes(folder: &Path) -> Vec<String> {
        let named = |process: PathBuf| {
            let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(&*folder.to_string_lossy()).then_some(line)
        };
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| named(entry.unwrap().path())).collect()
    }

    fn wait_until(what: &str, condition: impl Fn() -> bool) {
        let start = std::time::Instant::now();
        while !condition() {
            assert!(start.elapsed() < LONG, "waited for this: {what}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Chromedriver, watchdog, the browser and at least one process of a page.
    fn assert_runs(folder: &Path) {
        let found = processes(folder);
        assert!(found.len() >= 4 && found.iter().any(|line| line.contains("--type=renderer")), "{found:#?}");
    }

    fn assert_nothing_is_left(folder: &Path) {
        wait_until("no process is left", || processes(folder).is_empty());
        wait_until("no file is left", || !folder.exists());
    }

    #[test]
    fn nothing_is_left_when_a_browser_is_dropped() {
        let Some(browser) = page() else { return };
        let folder = browser.folder().to_owned();
        assert_runs(&folder);
        drop(browser);
        assert_nothing_is_left(&folder);
    }

    #[test]
    fn nothing_is_left_when_a_test_panics() {
        let Some(browser) = page() else { return };
        let folder = browser.folder().to_owned();
        let message = failure(move || {
            assert_runs(browser.folder());
            browser.find("#not-there").click();
        });
        assert!(message.contains("#not-there"), "{message}");
        assert_nothing_is_left(&folder);
    }

    #[test]
    fn nothing_is_left_when_the_tests_are_killed() {
        let Some(browser) = page() else { return };
        if let Some(file) = std::env::var_os(HANDOVER) {
            let part = PathBuf::from(&file).with_extension("part");
            std::fs::write(&part, browser.folder().to_string_lossy().as_bytes()).unwrap();
            std::fs::rename(part, file).unwrap();
            std::thread::sleep(2 * LONG);
            panic!("was not killed");
        }
        drop(browser);
        let handover = tempfile::tempdir().unwrap();
        let file = handover.path().join("folder");
        let mut copy = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "browser_harness::ends::nothing_is_left_when_the_tests_are_killed"])
            .env(HANDOVER, &file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_until("the copy has a browser", || file.exists());
        let folder = PathBuf::from(std::fs::read_to_string(&file).unwrap());
        assert_runs(&folder);
        copy.kill().unwrap();
        copy.wait().unwrap();
        assert_nothing_is_left(&folder);
    }
}
