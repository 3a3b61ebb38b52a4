//! A report as one HTML file that opens from disk: the assets, the data, and nothing from anywhere else.
//!
//! The page is four things joined: `page.html` (the frame), `style/` and `script/` (each file with one job), and the data as
//! blocks of JSON, which no browser runs. The first block holds the numbers and is read at once; `changes` and `index` are read when
//! they are looked at; the articles lie in blocks of their own behind the script, so that the first screen is there before the
//! last article is loaded. The script makes nodes and text, never markup.

mod articles;
mod changes;
mod embed;
mod page;
mod report;
mod rows;

pub use page::render;
