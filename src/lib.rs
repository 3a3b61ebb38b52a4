//! Assay scores claim extractors: it matches the claims that a program finds in news articles against gold labels, and says
//! how many were found, how well their fields were read, and where they went wrong.
//!
//! Data flows one way, and the modules stand in that order: [`workspace`], [`claim`], [`dataset`], [`anchor`], [`extract`],
//! [`score`] with [`stats`], [`bare`], [`runs`], [`report`]; beside them [`files`], [`formats`] and [`problem`]. Only the command line writes to a
//! terminal.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod anchor;
pub mod bare;
pub mod claim;
pub mod cli;
pub mod dataset;
pub mod extract;
pub mod files;
pub mod formats;
pub mod label;
pub mod problem;
pub mod report;
pub mod runs;
pub mod score;
pub mod stats;
pub mod workspace;
