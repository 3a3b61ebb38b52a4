//! The files of the page. They hold no data of any dataset, and are part of the program: nothing is fetched from anywhere.

/// A file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Where it is asked for.
    pub path: &'static str,
    /// Its `content-type`.
    pub content_type: &'static str,
    /// Its text.
    pub text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of `page/`, with where it is asked for.
macro_rules! asset {
    ($path:literal, $content_type:expr, $file:literal) => {
        Asset { path: $path, content_type: $content_type, text: include_str!(concat!("page/", $file)) }
    };
}

/// A file that the page has in common with HTML reports: those hold their scripts in one piece, here each is a module.
macro_rules! shared {
    ($path:literal, $content_type:expr, $before:literal, $file:literal, $behind:literal) => {
        Asset { path: $path, content_type: $content_type, text: concat!($before, include_str!(concat!("../report/html/", $file)), $behind) }
    };
}

/// All of them.
pub const ASSETS: &[Asset] = &[
    asset!("/", HTML, "page.html"),
    shared!("/style/base.css", CSS, "", "style/base.css", ""),
    asset!("/style/frame.css", CSS, "style/frame.css"),
    asset!("/style/panel.css", CSS, "style/panel.css"),
    asset!("/style/phone.css", CSS, "style/phone.css"),
    asset!("/style/sheets.css", CSS, "style/sheets.css"),
    asset!("/style/text.css", CSS, "style/text.css"),
    shared!("/script/dom.js", SCRIPT, "", "script/dom.js", "\nexport { byId, el };\n"),
    shared!("/script/theme.js", SCRIPT, "import { byId } from \"./dom.js\";\n\n", "script/theme.js", "\nexport { startTheme };\n"),
    asset!("/script/api.js", SCRIPT, "script/api.js"),
    asset!("/script/dialogs.js", SCRIPT, "script/dialogs.js"),
    asset!("/script/edits.js", SCRIPT, "script/edits.js"),
    asset!("/script/form.js", SCRIPT, "script/form.js"),
    asset!("/script/list.js", SCRIPT, "script/list.js"),
    asset!("/script/main.js", SCRIPT, "script/main.js"),
    asset!("/script/markdown.js", SCRIPT, "script/markdown.js"),
    asset!("/script/marks.js", SCRIPT, "script/marks.js"),
    asset!("/script/pending.js", SCRIPT, "script/pending.js"),
    asset!("/script/pick.js", SCRIPT, "script/pick.js"),
    asset!("/script/points.js", SCRIPT, "script/points.js"),
    asset!("/script/state.js", SCRIPT, "script/state.js"),
    asset!("/script/text.js", SCRIPT, "script/text.js"),
    asset!("/script/tracking.js", SCRIPT, "script/tracking.js"),
    asset!("/script/words.js", SCRIPT, "script/words.js"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_once_under_its_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/label/page");
        let shared = ["/style/base.css", "/script/dom.js", "/script/theme.js"];
        let mut there: BTreeSet<String> = shared.into_iter().chain(["/"]).map(str::to_owned).collect();
        for part in ["style", "script"] {
            for entry in std::fs::read_dir(folder.join(part)).unwrap() {
                there.insert(format!("/{part}/{}", entry.unwrap().file_name().display()));
            }
        }
        let served: BTreeSet<String> = ASSETS.iter().map(|asset| asset.path.to_owned()).collect();
        assert_eq!(served, there);
        assert_eq!(served.len(), ASSETS.len());
        for asset in ASSETS {
            let of = |end: &str| asset.path.ends_with(end);
            assert_eq!(
                asset.content_type,
                if of(".css") {
                    CSS
                } else if of(".js") {
                    SCRIPT
                } else {
                    HTML
                },
                "{}",
                asset.path
            );
        }
    }
}
