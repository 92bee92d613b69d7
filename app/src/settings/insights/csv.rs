//! The list as a file for spreadsheets (RFC 4180, UTF-8). Pure.

use super::words;
use engine::time::Timestamp;
use engine::wire::insights::PersonLine;

/// The columns.
const HEAD: [&str; 14] = [
    "Name",
    "Account id",
    "Active approver because",
    "External because",
    "Can confirm with",
    "Locked",
    "Factors",
    "Counts until",
    "Last confirmed",
    "Last seen",
    "Wrong codes in a row",
    "Wrong codes in 90 days",
    "Recovery codes left",
    "Last reminded",
];

/// The file; `iso` writes a point in time.
pub(super) fn csv<'a>(people: impl IntoIterator<Item = &'a PersonLine>, iso: impl Fn(Timestamp) -> String) -> String {
    let mut file = String::new();
    add(&mut file, &HEAD.map(str::to_owned));
    for person in people {
        add(&mut file, &row(person, &iso));
    }
    file
}

fn row(person: &PersonLine, iso: impl Fn(Timestamp) -> String) -> [String; 14] {
    let when = |at: Option<Timestamp>| at.map(&iso).unwrap_or_default();
    let list = |words: Vec<String>| words.join("; ");
    [
        person.name.clone(),
        person.account.as_str().to_owned(),
        list(person.asked.iter().map(|why| words::asked(*why).to_owned()).collect()),
        person.external.map(|why| words::external(why).to_owned()).unwrap_or_default(),
        person.standing.word().to_owned(),
        person.lock.map(words::locked).unwrap_or_default().to_owned(),
        list(person.factors.iter().map(|factor| words::kind(factor.factor_kind).to_owned()).collect()),
        list(
            person.factors.iter().map(|factor| factor.expires_at.map_or_else(|| "for good".to_owned(), &iso)).collect(),
        ),
        when(person.last_use),
        when(person.last_seen),
        person.failures.to_string(),
        person.failures_of_late.to_string(),
        person.recovery_left.to_string(),
        when(person.reminded_at),
    ]
}

fn add(file: &mut String, cells: &[String; 14]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            file.push(',');
        }
        file.push_str(&quoted(cell));
    }
    file.push_str("\r\n");
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe in front: names are anybody's to choose.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains(['"', ',', '\r', '\n']) || formula { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{AccountId, FactorId};
    use engine::token::guessing::Lock;
    use engine::token::life::Stage;
    use engine::token::policy::{External, FactorKind};
    use engine::wire::factors::FactorView;
    use engine::wire::insights::{AskedBy, Standing};

    fn person(name: &str) -> PersonLine {
        PersonLine {
            account: AccountId::new("712020:a"),
            name: name.to_owned(),
            external: Some(External::Guest),
            asked: [AskedBy::Waiting, AskedBy::Decided].into(),
            standing: Standing::Enrolled,
            lock: Some(Lock::UntilUnlocked),
            factors: vec![FactorView {
                id: FactorId::new("f"),
                factor_kind: FactorKind::Totp,
                name: Some("Phone".to_owned()),
                enrolled_at: Timestamp(1),
                expires_at: Some(Timestamp(2)),
                last_used_at: None,
                stage: Stage::Counts,
            }],
            recovery_left: 9,
            last_use: Some(Timestamp(3)),
            last_seen: Some(Timestamp(4)),
            failures: 5,
            failures_of_late: 6,
            reminded_at: None,
        }
    }

    #[test]
    fn a_line_has_as_many_cells_as_the_head() {
        let file = csv([&person("Ann")], |at| format!("t{}", at.0));
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines.len(), 3, "each line ends with CR LF");
        assert_eq!(lines[0].split(',').count(), 14);
        assert_eq!(
            lines[1],
            "Ann,712020:a,A page waits for them; Decided in the last 90 days,Guest,Enrolled,Until an admin unlocks,\
             Authenticator app,t2,t3,t4,5,6,9,"
        );
    }

    #[test]
    fn nothing_becomes_a_formula_or_another_cell() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let cell = quoted(&format!("{start}HYPERLINK(1)"));
            assert!(cell.starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(quoted("=1,\"2\""), "\"'=1,\"\"2\"\"\"");
        assert_eq!(quoted("Lindqvist, \"Jo\"nas"), "\"Lindqvist, \"\"Jo\"\"nas\"");
        assert_eq!(quoted("two\nlines"), "\"two\nlines\"");
        assert_eq!(quoted("Anne-Marie = 1"), "Anne-Marie = 1");
        assert_eq!(quoted(""), "");
    }
}
