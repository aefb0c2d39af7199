use minijinja::context;

use super::*;
use crate::render::piece::{piece, quoted};

const NAME: &str = "ipset.j2";

fn laid_out(built_in: &str, overriding: Option<&str>) -> Result<String, String> {
    let mut templates = Templates { built_in: guarded().unwrap(), overriding: guarded().unwrap() };
    add(&mut templates.built_in, NAME, built_in.to_owned()).map_err(|error| error.to_string())?;
    if let Some(text) = overriding {
        add(&mut templates.overriding, NAME, text.to_owned()).map_err(|error| error.to_string())?;
    }
    let comment = Value::from(quoted("a\" accept", 128));
    let view =
        context! { rule => Value::from(piece!("tcp dport {}", 25_u16)), comment, raw => "raw", count => 7 };
    templates.lay_out(NAME, &view).map_err(|error| error.to_string())
}

fn refused(template: &str) -> String {
    laid_out(template, None).unwrap_err()
}

#[test]
fn pieces_and_whole_numbers_are_written() {
    let text = laid_out("{{ rule }} comment {{ comment }} {{ count }}\n", None);
    assert_eq!(text.unwrap(), "tcp dport 25 comment \"a' accept\" 7\n");
}

#[test]
fn macros_and_captures_of_pieces_are_pieces() {
    let text = "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set y %}{{ rule }}{% endset %}{{ m(y) }}\n";
    assert_eq!(laid_out(text, None).unwrap(), "<tcp dport 25>\n");
}

#[test]
fn whole_pieces_put_together_are_pieces() {
    assert_eq!(laid_out("{{ rule + comment }}\n", None).unwrap(), "tcp dport 25\"a' accept\"\n");
}

#[test]
fn nothing_else_is_written() {
    let computed = [
        "{{ raw }}",
        "{{ 'literal' }}",
        "{{ comment ~ '' }}",
        "{{ comment[1:] }}",
        "{{ rule + raw }}",
        "{{ raw + rule }}",
        "{{ [rule] }}",
        "{{ {'a': rule} }}",
        "{{ none }}",
        "{{ true }}",
        "{{ 1.5 }}",
        "{{ count / 2 }}",
        "{{ rule if false }}",
        "{{ missing }}",
        "{% for c in comment %}{{ c }}{% endfor %}",
        "{% set y %}{{ raw }}{% endset %}{{ y }}",
    ];
    for template in computed {
        let error = refused(&format!("{template}\n"));
        assert!(error.starts_with("template `ipset.j2` fails: "), "{template}: {error}");
    }
}

#[test]
fn no_escaping_mode_goes_round_the_guard() {
    for mode in ["false", "true", "'html'", "'none'"] {
        refused(&format!("{{% autoescape {mode} %}}{{{{ raw }}}}{{% endautoescape %}}\n"));
    }
    refused("{% autoescape false %}{% set y %}{{ comment }}{% endset %}{% endautoescape %}{{ y[1:] }}\n");
}

#[test]
fn there_are_no_filters_functions_or_other_templates() {
    let calls = [
        "{{ raw|safe }}",
        "{{ raw|escape }}",
        "{{ raw|tojson }}",
        "{{ rule|upper }}",
        "{% filter upper %}{{ rule }}{% endfilter %}",
        "{{ range(3) }}",
        "{{ rule.upper() }}",
        "{{ debug() }}",
        "{% include '/etc/passwd' %}",
        "{% include 'ipset.j2' %}",
        "{% extends 'base' %}",
    ];
    for template in calls {
        refused(&format!("{template}\n"));
    }
}

#[test]
fn a_template_cannot_run_for_ever() {
    let counting = (0..9).map(|depth| format!("{{% for i{depth} in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] %}}"));
    let endless = format!("{}{}\n", counting.collect::<String>(), "{% endfor %}".repeat(9));
    let mut environment = guarded().unwrap();
    environment.set_fuel(Some(10_000));
    add(&mut environment, NAME, endless).unwrap();
    assert!(fill(&environment, NAME, &Value::UNDEFINED).unwrap_err().to_string().contains("fuel"));
}

#[test]
fn an_override_may_change_layout_and_comments() {
    let text = laid_out("{{ rule }} accept\n", Some("# ours\n\n   {{ rule }}\taccept\n"));
    assert_eq!(text.unwrap(), "# ours\n\n   tcp dport 25\taccept\n");
}

#[test]
fn an_override_may_not_change_the_meaning() {
    for changed in ["{{ rule }} drop\n", "{{ rule }} accept\naccept\n", "", "# {{ rule }} accept\n"] {
        let error = laid_out("{{ rule }} accept\n", Some(changed)).unwrap_err();
        assert!(error.contains("changes what the ruleset says"), "{error}");
    }
}

#[test]
fn the_finished_text_is_read_again() {
    let error = refused("# {{ rule }} \\\n");
    assert_eq!(
        error,
        "template `ipset.j2` gives a ruleset whose line 1 ends in a backslash, which would swallow the next line"
    );
}

#[test]
fn a_directory_overrides_by_file_name() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    assert!(matches!(Templates::from_directory(path), Err(TemplateError::Nothing { .. })));
    fs::write(path.join(NAME), "{{ broken").unwrap();
    assert!(matches!(Templates::from_directory(path), Err(TemplateError::Fails { .. })));
    fs::write(path.join(NAME), b"\xff").unwrap();
    assert!(matches!(Templates::from_directory(path), Err(TemplateError::Unreadable { .. })));
    fs::write(path.join(NAME), "# fine\n").unwrap();
    assert!(Templates::from_directory(path).is_ok());
    fs::write(path.join("nftable.nft.j2"), "").unwrap();
    assert!(matches!(Templates::from_directory(path), Err(TemplateError::Unknown { .. })));
    assert!(matches!(Templates::from_directory(&path.join("none")), Err(TemplateError::Unreadable { .. })));
}

#[cfg(unix)]
#[test]
fn a_template_without_an_end_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/zero", directory.path().join(NAME)).unwrap();
    let refused = Templates::from_directory(directory.path()).unwrap_err().to_string();
    assert!(refused.ends_with("it is not a regular file"), "{refused}");
}
