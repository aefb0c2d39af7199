//! The page of every check: complete, and true. What `mailward explain` prints is run here.

mod blocks;
mod findings;
mod pages;
