//! Final statuses are written in one place, and leases are checked in one.

use crate::harness::repository;
use crate::imports::sources;

/// Folder of the only files that write final statuses, documents that may have ended, and usage records.
const ENDS: &str = "store/transitions/";
/// The only file that tells if a lease holds.
const FENCE: &str = "store/fence.rs";
/// Files that may end something else, with the table and the reason.
const EXCEPTED: &[(&str, &str, &str)] = &[(
    "store/v2/write.rs",
    "batches",
    "a batch of version 2.1 ended there: it keeps the time and, without documents, the status that it had",
)];

/// The string literals of a source text, each on one line.
fn literals(source: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(first) = rest.chars().next() {
        let skipped = ["'\"'", "'\\\"'", "'\\\\'"]
            .iter()
            .find(|char| rest.starts_with(**char));
        if let Some(char) = skipped {
            rest = &rest[char.len()..];
        } else if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, next)| next);
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            let (literal, next) = raw.split_once("\"#").expect("the end of a raw literal");
            found.push(literal.to_owned());
            rest = next;
        } else if first == '"' {
            let (literal, next) = literal(&rest[1..]);
            found.push(literal);
            rest = next;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    let words = |literal: &String| literal.split_whitespace().collect::<Vec<_>>().join(" ");
    found.iter().map(words).collect()
}

/// The text of a literal and the source behind it.
fn literal(source: &str) -> (String, &str) {
    let (mut text, mut chars) = (String::new(), source.char_indices());
    while let Some((place, char)) = chars.next() {
        match char {
            '"' => return (text, &source[place + 1..]),
            '\\' => drop(chars.next()),
            char => text.push(char),
        }
    }
    panic!("a literal without an end: {text}");
}

/// The assignments of an update of `table`, and the condition behind them.
fn update<'a>(sql: &'a str, table: &str) -> Option<(Vec<&'a str>, &'a str)> {
    let (_, assignments) = sql.split_once(&format!("UPDATE {table} SET "))?;
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (place, char) in assignments.char_indices() {
        depth += i32::from(char == '(') - i32::from(char == ')');
        if depth == 0 && char == ',' {
            found.push(assignments[start..place].trim());
            start = place + 1;
        }
        if depth == 0 && assignments[place..].starts_with(" WHERE ") {
            found.push(assignments[start..place].trim());
            return Some((found, &assignments[place..]));
        }
    }
    found.push(assignments[start..].trim());
    Some((found, ""))
}

/// Returns the table that a statement may end something in, or charge for it.
fn ends(sql: &str) -> Option<&'static str> {
    let assigns = |table: &&str| {
        let (assignments, _) = update(sql, table).unwrap_or_default();
        let statuses = assignments
            .iter()
            .filter_map(|assignment| assignment.strip_prefix("status = "));
        let open = ["'pending'", "'processing'", "status"];
        statuses.into_iter().any(|status| !open.contains(&status))
    };
    let inserts = |table: &&str| sql.contains(&format!("INSERT INTO {table} "));
    let inserts_ended_job = sql.contains("INSERT INTO jobs ") && !sql.contains("'pending'");
    ["documents", "batches", "jobs"]
        .into_iter()
        .find(assigns)
        .or_else(|| {
            [
                "documents",
                "document_contents",
                "document_models",
                "batches",
                "usage_records",
            ]
            .into_iter()
            .find(inserts)
        })
        .or(inserts_ended_job.then_some("jobs"))
}

/// Returns true if a statement has a condition on a lease.
fn checks_lease(sql: &str) -> bool {
    let condition = ["jobs", "provider_batches"]
        .iter()
        .find_map(|table| update(sql, table))
        .map_or(sql, |(_, condition)| condition);
    [
        "owner = ?",
        "attempt = ?",
        "lease_until <",
        "lease_until >",
        "lease_until IS",
    ]
    .iter()
    .any(|check| condition.contains(check))
}

#[test]
fn documents_end_and_are_charged_for_in_one_place() {
    let mut inside = 0;
    for (file, text) in sources(&repository("crates/ilios/src")) {
        for sql in literals(&text) {
            let Some(table) = ends(&sql) else { continue };
            let excepted = EXCEPTED
                .iter()
                .any(|(other, of, _)| (file.as_str(), table) == (*other, *of));
            inside += usize::from(file.starts_with(ENDS));
            assert!(file.starts_with(ENDS) || excepted, "{file} ends {table}: {sql}");
        }
    }
    assert!(inside >= 8, "{inside} statements");
}

#[test]
fn leases_are_checked_in_one_place() {
    let mut inside = 0;
    for (file, text) in sources(&repository("crates/ilios/src")) {
        for sql in literals(&text).iter().filter(|sql| checks_lease(sql)) {
            inside += usize::from(file == FENCE);
            assert!(file == FENCE, "{file}: {sql}");
        }
    }
    assert_eq!(inside, 2);
}

#[test]
fn a_second_writer_is_found() {
    let source = "
        // \"UPDATE documents SET status = 'failed'\"
        tx.run(\"UPDATE documents SET status = 'failed' WHERE id = ?1\");
        tx.run(\"UPDATE batches SET completed_at =
                 (SELECT 1 FROM documents d WHERE d.batch_id = ?1), status = ?2\");
        let quote = '\"';
        tx.run(\"INSERT INTO usage_records (id) VALUES (?1)\");
        concat!(\"UPDATE jobs SET status = CASE WHEN ?1 THEN 'failed' END WHERE \", held!());
        tx.run(\"UPDATE jobs SET status = 'pending' WHERE status = 'failed'\");
        tx.run(\"UPDATE batches SET status = status WHERE id = ?1\");
        tx.run(\"INSERT INTO jobs (id, status) VALUES (?1, 'pending')\");
    ";
    let found: Vec<_> = literals(source).iter().map(|sql| ends(sql)).collect();
    let expected = [
        Some("documents"),
        Some("batches"),
        Some("usage_records"),
        Some("jobs"),
    ];
    assert_eq!(found[..4], expected);
    assert_eq!(found[4..].iter().flatten().count(), 0, "{found:?}");
    let check = |sql: &str| checks_lease(sql);
    assert!(check(
        "UPDATE jobs SET status = 'pending' WHERE id = ?1 AND owner = ?2"
    ));
    assert!(check("SELECT 1 FROM jobs WHERE lease_until <= ?1"));
    assert!(!check(
        "UPDATE jobs SET attempt = attempt + 1, owner = ?2, lease_until = ?3 WHERE id = ?1"
    ));
}
