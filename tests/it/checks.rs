//! The page of every check: complete, and true. What `mailward explain` prints is run here.

mod blocks;
mod boundary;
mod cleartext;
mod crossing;
mod essentials;
mod exceptions;
mod exposure;
mod findings;
mod fixes;
mod hygiene;
mod logging;
mod no_finding;
mod order;
mod pages;
mod traffic;
