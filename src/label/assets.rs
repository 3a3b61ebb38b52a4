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

/// All of them.
pub const ASSETS: &[Asset] = &[
    asset!("/", HTML, "page.html"),
    asset!("/style/base.css", CSS, "style/base.css"),
    asset!("/script/main.js", SCRIPT, "script/main.js"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_once_under_its_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/label/page");
        let mut there = BTreeSet::from(["/".to_owned()]);
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
