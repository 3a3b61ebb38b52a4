//! Assay scores claim extractors: it matches the claims that a program finds in news articles against gold labels, and says
//! how many were found, how well their fields were read, and where they went wrong.
//!
//! Data flows one way, and the modules stand in that order: [`claim`], [`formats`], [`anchor`], [`extract`], [`score`].

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod anchor;
pub mod claim;
pub mod extract;
pub mod formats;
pub mod score;
