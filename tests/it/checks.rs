//! The page of every check: complete, and true. What `mailward explain` prints is run here.

mod blocks;
mod boundary;
mod cleartext;
mod crossing;
mod exceptions;
mod findings;
mod no_finding;
mod pages;
