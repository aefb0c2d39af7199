//! Whether two rulesets differ in nothing but their layout.

/// Holds a ruleset against the expected one, word by word; blanks, empty lines and comment lines do not count.
///
/// # Errors
/// The number of the first line of `text`, from 1, that says something else; one past its end where something is
/// missing.
pub(super) fn same_words(expected: &str, text: &str) -> Result<(), usize> {
    let mut expected = expected.lines().filter(|line| says_something(line));
    let lines = text.lines().enumerate().filter(|(_, line)| says_something(line));
    for (index, line) in lines {
        let same = expected
            .next()
            .is_some_and(|other| other.split_ascii_whitespace().eq(line.split_ascii_whitespace()));
        if !same {
            return Err(index + 1);
        }
    }
    expected.next().map_or(Ok(()), |_| Err(text.lines().count() + 1))
}

fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_comments_are_layout() {
        assert_eq!(same_words("# a\nx  y\n\nz\n", "x y\n# other\n\tz\n"), Ok(()));
    }

    #[test]
    fn everything_else_is_meaning() {
        assert_eq!(same_words("x\ny\n", "x\nz\n"), Err(2));
        assert_eq!(same_words("x\ny\n", "x\n"), Err(2));
        assert_eq!(same_words("x\n", "x\ny\n"), Err(2));
        assert_eq!(same_words("x\ny\n", "x y\n"), Err(1));
    }
}
