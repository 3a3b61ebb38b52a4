//! A quote to its place in a text.

mod code_points;

pub use code_points::{CodePoints, OffsetUnit};
