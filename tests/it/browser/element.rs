//! An element of the page: what it shows and holds, where it is, and what is done to it.

use serde_json::{Value, json};

use super::actions::Point;
use super::wire::Session;

/// The key under which the WebDriver standard writes a reference to an element.
const REFERENCE: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The left edge, in the middle of the line, of the character with this index in the element's text; of the last one the right edge.
const CARET: &str = "
    const [root, index] = arguments;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let left = index, last = null;
    const rectangle = (node, start, end) => {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, end);
        return range.getClientRects()[0];
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        let unit = 0;
        for (const character of node.data) {
            last = [node, unit, unit + character.length];
            if (left === 0) {
                const box = rectangle(...last);
                return box ? [box.left, box.top + box.height / 2] : null;
            }
            left -= 1;
            unit += character.length;
        }
    }
    const box = left === 0 && last ? rectangle(...last) : null;
    return box ? [box.right, box.top + box.height / 2] : null;
";

/// An element of the page that is open; using it after the page has changed it away fails the test.
pub struct Element<'b> {
    session: &'b Session,
    id: String,
}

impl<'b> Element<'b> {
    pub(super) fn new(session: &'b Session, reference: &Value) -> Element<'b> {
        let id = reference[REFERENCE].as_str().unwrap_or_else(|| panic!("not an element: {reference}"));
        Element { session, id: id.to_owned() }
    }

    /// The element as an argument of a script.
    pub fn reference(&self) -> Value {
        json!({REFERENCE: self.id})
    }

    /// The text as it is shown: nothing of what is hidden, white space collapsed as on the screen.
    #[track_caller]
    pub fn text(&self) -> String {
        self.session.get(&self.path("text")).as_str().unwrap().to_owned()
    }

    /// The attribute as it is written in the page; `None` where there is none. A boolean attribute is `"true"`.
    #[track_caller]
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.session.get(&self.path(&format!("attribute/{name}"))).as_str().map(str::to_owned)
    }

    /// The JavaScript property; `null` where there is none.
    #[track_caller]
    pub fn property(&self, name: &str) -> Value {
        self.session.get(&self.path(&format!("property/{name}")))
    }

    /// Scrolls to the element and clicks in its middle. An element that is hidden or covered fails the test.
    #[track_caller]
    pub fn click(&self) {
        self.session.post(&self.path("click"), &json!({}));
    }

    /// Gives the element the focus and types; constants of [`super::keys`] may stand in the text.
    /// Characters beyond U+FFFF are refused by the driver.
    #[track_caller]
    pub fn send_keys(&self, text: &str) {
        self.session.post(&self.path("value"), &json!({"text": text}));
    }

    /// The place so far right of and below the element's upper left corner, where it is shown now.
    #[track_caller]
    pub fn at(&self, right: i32, below: i32) -> Point {
        let body = "const box = arguments[0].getBoundingClientRect(); return [box.left, box.top]";
        // The first whole pixel that is in the element: its corner may lie between two.
        let corner = self.point(body, json!([self.reference()]), f64::ceil);
        Point { x: corner.x + right, y: corner.y + below }
    }

    /// The middle of the element, where it is shown now.
    #[track_caller]
    pub fn middle(&self) -> Point {
        let body = "const box = arguments[0].getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]";
        self.point(body, json!([self.reference()]), f64::round)
    }

    /// The place before a character of the element's text (`textContent`), counted in code points; the text's length gives its end.
    /// For text from left to right; a character that is not shown, as collapsed white space, fails the test.
    #[track_caller]
    pub fn caret(&self, index: usize) -> Point {
        self.point(CARET, json!([self.reference(), index]), f64::round)
    }

    #[track_caller]
    fn point(&self, body: &str, arguments: Value, whole: fn(f64) -> f64) -> Point {
        let place = self.session.script(body, arguments.clone());
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else { panic!("not shown: {arguments}") };
        Point { x: whole(x) as i32, y: whole(y) as i32 }
    }

    fn path(&self, rest: &str) -> String {
        format!("element/{}/{rest}", self.id)
    }
}
