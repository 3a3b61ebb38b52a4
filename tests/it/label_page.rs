//! The labelling page in a real browser, over a real server and real files.

mod blind;
mod claims;
mod conflicts;
mod desk;
mod keyboard;
mod large;
mod next;
mod phone;
mod pictures;
mod quick;
mod saving;
mod select;
mod suggestions;
