//! What a hand does, as the action sources of the WebDriver standard.

use serde_json::{Value, json};

/// A place in the window: CSS pixels from the left and upper edge of what is shown of the page. Whole ones, as a mouse has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

impl Point {
    pub fn midway(self, other: Point) -> Point {
        Point { x: i32::midpoint(self.x, other.x), y: i32::midpoint(self.y, other.y) }
    }
}

/// The steps of a mouse or of a finger: `Pointer::mouse().to(a).down().to(b).up()`.
#[must_use]
pub struct Pointer {
    kind: &'static str,
    steps: Vec<Value>,
}

impl Pointer {
    pub fn mouse() -> Pointer {
        Pointer { kind: "mouse", steps: Vec::new() }
    }

    pub fn touch() -> Pointer {
        Pointer { kind: "touch", steps: Vec::new() }
    }

    /// Moves to a place, which must be in view.
    pub fn to(self, place: Point) -> Pointer {
        self.with(json!({"type": "pointerMove", "duration": 0, "origin": "viewport", "x": place.x, "y": place.y}))
    }

    /// Presses the main button, or puts the finger down.
    pub fn down(self) -> Pointer {
        self.with(json!({"type": "pointerDown", "button": 0}))
    }

    pub fn up(self) -> Pointer {
        self.with(json!({"type": "pointerUp", "button": 0}))
    }

    fn with(mut self, step: Value) -> Pointer {
        self.steps.push(step);
        self
    }

    pub(super) fn source(self) -> Value {
        json!({"type": "pointer", "id": self.kind, "parameters": {"pointerType": self.kind}, "actions": self.steps})
    }
}

/// The keys go down in this order and up in the other.
pub(super) fn chord(keys: &[&str]) -> Value {
    let step = |kind: &str, key: &str| json!({"type": kind, "value": key});
    let down = keys.iter().map(|key| step("keyDown", key));
    let up = keys.iter().rev().map(|key| step("keyUp", key));
    json!({"type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>()})
}

/// One step of one key: `keyDown` or `keyUp`.
pub(super) fn key(kind: &str, key: &str) -> Value {
    json!({"type": "key", "id": "keyboard", "actions": [{"type": kind, "value": key}]})
}
