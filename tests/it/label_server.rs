//! `assay label`: a real server, spoken to over a socket as a page, another page, a program or an attacker would.

mod adjudication;
mod blind;
mod command;
mod conflicts;
mod edits;
mod history;
mod killed;
mod refusals;
mod server;
mod silence;
mod suggestions;
