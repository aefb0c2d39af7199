//! `mailward report` as its users meet it.

use crate::program::Site;

const OFFICE: &str = include_str!("../../data/project/office.yaml");
const SETTINGS: &str = "version: 1\npolicies: [policies]\ntargets: [nftables, pf-openbsd]\n";

fn project(policy: &str) -> Site {
    Site::new().file("mailward.yaml", SETTINGS).file("policies/office.yaml", policy)
}

/// The page about a policy.
fn page(policy: &str) -> String {
    let site = project(policy);
    let run = site.run("report --html page.html --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    assert_eq!(run.stdout, "");
    site.read("page.html")
}

/// What is between two texts, the first of which is there.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} is missing"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to} is missing")).0
}

/// The row of a service in the matrix.
fn row<'t>(page: &'t str, service: &str) -> &'t str {
    between(page, &format!("<th scope=\"row\">{service}</th>"), "</tr>")
}

/// The states of the cells of a row.
fn states(row: &str) -> Vec<&str> {
    row.split("<td class=\"")
        .skip(1)
        .map(|cell| cell.split(['"']).next().unwrap().trim_end_matches(" first"))
        .collect()
}

#[test]
fn the_page_needs_nothing_else() {
    let page = page(OFFICE);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    for outside in [
        "<script", " src=", "url(", "@import", "http://", "https://", "<link", "<iframe", " style=",
        " onclick",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    let links = page.split("href=\"").skip(1);
    assert!(links.clone().count() > 5);
    for link in links {
        let target = link.split('"').next().unwrap().strip_prefix('#').expect("a link within the page");
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

#[test]
fn the_same_policies_give_the_same_page() {
    assert_eq!(page(OFFICE), page(OFFICE));
}

#[test]
fn cells_are_what_the_engine_says() {
    let page = page(OFFICE);
    assert_eq!(states(row(&page, "pop3s")), ["allowed", "denied", "denied", "denied", "denied", "denied"]);
    assert_eq!(states(row(&page, "pop3")), ["rejected", "denied", "denied", "denied", "denied", "denied"]);
    let cell = between(row(&page, "pop3"), "<ol>", "</ol>");
    assert!(cell.contains("<code>no-cleartext</code>"), "{cell}");
    assert!(cell.contains("policies&#x2f;office.yaml:22"), "{cell}");
    assert!(
        cell.contains("<code>tcp 10.20.0.1:49152 &gt; 198.51.100.1:110 in lan0 out wan0</code>"),
        "{cell}"
    );
    assert!(cell.contains("logged, at most"), "{cell}");
}

#[test]
fn cells_agree_with_query() {
    let site = project(OFFICE);
    site.run("report --html page.html --today 2026-11-01");
    let page = site.read("page.html");
    for service in ["smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3"] {
        let cell = states(row(&page, service))[0];
        let query = site
            .command("query policies/office.yaml")
            .arg(format!("may lan reach internet on {service}"))
            .output();
        let answer = query.unwrap().status.code().unwrap();
        assert_eq!(answer == 0, cell == "allowed", "{service}: {cell}");
    }
}

#[test]
fn rules_stand_beside_what_became_of_them() {
    let page = page(OFFICE);
    let pair = between(&page, "id=\"rule-1-no-cleartext\"", "</section>");
    assert!(pair.contains("<span class=\"n\">22</span> - id: no-cleartext"), "{pair}");
    assert!(pair.contains("comment &quot;no-cleartext policies&#x2f;office.yaml:22&quot;"), "{pair}");
    assert!(pair.contains("label &quot;no-cleartext&quot;"), "{pair}");
    assert!(pair.contains("office.openbsd.pf.conf"), "{pair}");
    assert!(!pair.contains("comment &quot;mail "), "{pair}");
}

#[test]
fn headings_are_in_order_and_tables_have_scopes() {
    let page = page(OFFICE);
    let levels: Vec<u32> =
        page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10)).collect();
    assert_eq!(levels[..3], [1, 2, 3]);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(page.matches("<th").count(), page.matches("<th ").count() + page.matches("<thead").count());
    assert_eq!(page.matches("<th ").count(), page.matches("<th scope=").count());
    for (open, close) in
        [("<details", "</details>"), ("<section", "</section>"), ("<table", "</table>"), ("<div", "</div>")]
    {
        assert_eq!(page.matches(open).count(), page.matches(close).count(), "{open}");
    }
}

#[test]
fn exceptions_are_on_a_line_of_time() {
    let rule = "  - id: scanner\n    action: allow\n    from: lan\n    to: internet\n    services: [pop3]\n    reason: Old scanners.\n    exception: { owner: a@example.net, ticket: NET-1, granted: 2026-10-01, expires: 2026-11-20 }\n";
    let policy = OFFICE.replace("  - id: mail\n", &format!("{rule}  - id: mail\n"));
    let page = page(&policy);
    assert!(page.contains("<span class=\"standing ending\">19 days left</span>"), "{page}");
    let bar = between(&page, "<rect class=\"bar ", "/>");
    assert!(bar.starts_with("ending\""), "{bar}");
    let cell = between(row(&page, "pop3"), "<td", "</td>");
    assert!(cell.contains("exception until 2026-11-20"), "{cell}");
}

#[test]
fn expectations_and_the_rules_they_exercise() {
    let expected = "version: 1\nexpect:\n  - { allow: { from: lan, to: internet, services: [imaps] } }\n  - { allow: { from: lan, to: internet, services: [pop3] } }\n";
    let settings = format!("{SETTINGS}expect: [expect.yaml]\n");
    let site = project(OFFICE).file("mailward.yaml", settings).file("expect.yaml", expected);
    let run = site.run("report --html page.html --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    let page = site.read("page.html");
    assert!(page.contains("2 in all; not known to hold: 1. They exercise 2 of 3 rules in force."), "{page}");
    let broken = between(&page, "<div class=\"promise failed\">", "<summary>Those that hold");
    assert!(
        broken.contains("services: [pop3]") && broken.contains("rule <code>no-cleartext</code>"),
        "{broken}"
    );
    let missing = between(&page, "Rules that are not exercised</h4>", "</ul>");
    assert!(missing.contains("<code>web</code>") && !missing.contains("<code>mail</code>"), "{missing}");
}

#[test]
fn nothing_from_a_policy_becomes_markup() {
    let hostile = r#"</script></style></pre>"><img src=x onerror=alert(1)>{{ 7 * 7 }}<!--"#;
    let policy = OFFICE.replacen("reason: Staff read and send mail.", &format!("reason: '{hostile}'"), 1);
    assert_ne!(policy, OFFICE);
    let page = page(&policy);
    assert!(!page.contains("<img"), "{page}");
    assert!(!page.contains("<!--") && !page.contains("</script"), "{page}");
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;{{ 7 * 7 }}&lt;!--"), "{page}");
}

#[test]
fn names_of_files_are_text_too() {
    let path = "policies/<img src=x>\u{202e}\u{7f}&quot;.yaml";
    let site = Site::new().file(path, OFFICE);
    let run = site.run("report --html page.html --today 2026-11-01 policies");
    assert_eq!(run.exit, 0, "{run}");
    let page = site.read("page.html");
    assert!(page.contains("policies&#x2f;&lt;img src=x&gt;??&amp;quot;.yaml"), "{page}");
    let hides = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    assert_eq!(page.chars().find(|&c| hides(c)), None);
}

#[test]
fn a_policy_that_is_not_valid_leaves_the_old_page() {
    let site = project("version: 1\nname: office\nrules: 3\n").file("page.html", "old");
    let run = site.run("report --html page.html --today 2026-11-01");
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("error["), "{run}");
    assert_eq!(site.read("page.html"), "old");
}

#[test]
fn what_is_read_is_not_written_over() {
    let site = project(OFFICE);
    let run = site.run("report --html policies/office.yaml --today 2026-11-01");
    assert_eq!(run.exit, 2, "{run}");
    assert_eq!(site.read("policies/office.yaml"), OFFICE);
    let settings = site.read("mailward.yaml");
    for place in ["mailward.yaml", "policies/../mailward.yaml", ".git/page.html"] {
        assert_eq!(site.run(&format!("report --html {place} --today 2026-11-01")).exit, 2, "{place}");
    }
    assert_eq!(site.read("mailward.yaml"), settings);
    assert_eq!(site.run("report --html no/such/directory/page.html").exit, 2);
    assert_eq!(site.run("report").exit, 2);
}

#[test]
fn the_standard_output_and_other_targets() {
    let run = project(OFFICE).run("report --html - --target iptables --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.contains("office.v4.rules") && !run.stdout.contains("office.nft"), "{run}");
}
