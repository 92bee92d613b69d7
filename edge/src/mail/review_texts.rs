//! Mails about pages: who is asked, what is due, what has expired, what waits. Times are in the reader's own time zone.

use super::Mail;
use super::write::{Part, Reader, plain, plain_title, quoted, write};
use engine::ids::PageVersion;
use engine::time::Timestamp;

/// About which page.
#[derive(Clone, Debug)]
pub struct About {
    /// Its title.
    pub title: String,
    /// Where people open it.
    pub link: String,
}

/// What is asked of a reviewer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The version under review.
    pub version: PageVersion,
    /// The approvals they are asked for: name, and until when.
    pub approvals: Vec<(String, Option<Timestamp>)>,
    /// Who is away and named the reader to decide for them.
    pub away: Option<String>,
}

/// Somebody asks for a review; [`None`]: the workflow does.
#[must_use]
pub fn review_asked(reader: &Reader, about: &About, by: Option<&str>, asked: &Asked) -> Mail {
    let title = quoted(&about.title);
    let opening = match by {
        Some(by) => format!("{} asks you to review version {} of {title}.", plain(by), asked.version.0),
        None => format!("Version {} of {title} waits for your review.", asked.version.0),
    };
    let mut parts = vec![Part::Text(opening)];
    parts.extend(away(asked));
    parts.extend(approvals(reader, asked, |name, due| match due {
        Some(due) => format!("For {name}. Please decide until {due}."),
        None => format!("For {name}."),
    }));
    parts.push(open(about, "Open the page and decide"));
    write(reader, &format!("Please review {title}"), &parts)
}

/// It still waits for the reader.
#[must_use]
pub fn reminder(reader: &Reader, about: &About, asked: &Asked) -> Mail {
    let title = quoted(&about.title);
    let mut parts = vec![Part::Text(format!("Version {} of {title} still waits for your decision.", asked.version.0))];
    parts.extend(away(asked));
    parts.extend(approvals(reader, asked, |name, due| match due {
        Some(due) => format!("{name} is due {due}."),
        None => format!("{name} has no due date."),
    }));
    parts.push(open(about, "Open the page and decide"));
    write(reader, &format!("Reminder: {title} waits for your decision"), &parts)
}

/// The due date has come, and the reader has not decided.
#[must_use]
pub fn overdue(reader: &Reader, about: &About, asked: &Asked) -> Mail {
    let title = quoted(&about.title);
    let mut parts = vec![Part::Text(format!("Your decision on version {} of {title} is due.", asked.version.0))];
    parts.extend(away(asked));
    parts.extend(approvals(reader, asked, |name, due| match due {
        Some(due) => format!("{name} was due {due}."),
        None => format!("{name} has no due date."),
    }));
    parts.push(open(about, "Open the page and decide"));
    write(reader, &format!("Due: your decision on {title}"), &parts)
}

/// The due date has come, and the review the reader asked for is not complete.
#[must_use]
pub fn overdue_submitter(reader: &Reader, about: &About, asked: &Asked) -> Mail {
    let title = quoted(&about.title);
    let mut parts = vec![Part::Text(format!(
        "The review of version {} of {title}, which you asked for, is not complete.",
        asked.version.0
    ))];
    parts.extend(approvals(reader, asked, |name, due| match due {
        Some(due) => format!("{name} was due {due}."),
        None => format!("{name} has no due date."),
    }));
    parts.push(open(about, "Open the page to see who is missing"));
    write(reader, &format!("Overdue: the review of {title}"), &parts)
}

/// A page's state has expired.
#[must_use]
pub fn expired(reader: &Reader, about: &About, from: &str, now_in: &str, at: Timestamp) -> Mail {
    let title = quoted(&about.title);
    let parts = [
        Part::Text(format!(
            "The state {} of {title} expired on {}. The page is now in state {}.",
            quoted(from),
            reader.moment(at),
            quoted(now_in)
        )),
        Part::Text("Look whether the page still holds, and submit it for review if it needs one.".to_owned()),
        open(about, "Open the page"),
    ];
    write(reader, &format!("{title} has expired"), &parts)
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The page.
    pub about: About,
    /// Its state.
    pub state: String,
    /// The earliest due date.
    pub due: Option<Timestamp>,
}

/// Pages that wait for the reader; `more` of them are not listed.
#[must_use]
pub fn digest(reader: &Reader, lines: &[Line], more: bool) -> Mail {
    let count = lines.len();
    let subject = match (count, more) {
        (1, false) => "1 page waits for your decision".to_owned(),
        (count, false) => format!("{count} pages wait for your decision"),
        (count, true) => format!("More than {count} pages wait for your decision"),
    };
    let mut parts = vec![Part::Text("These pages wait for you:".to_owned())];
    for line in lines {
        let due = line.due.map(|due| format!(", due {}", reader.moment(due))).unwrap_or_default();
        parts.push(Part::Link(
            format!("{} ({}{due})", plain_title(&line.about.title), plain(&line.state)),
            line.about.link.clone(),
        ));
    }
    if more {
        parts.push(Part::Text("There are more. The overview of each space lists them all.".to_owned()));
    }
    parts.push(Part::Text(
        "You get this list because you asked for it; the macro on any page lets you change that.".to_owned(),
    ));
    write(reader, &subject, &parts)
}

fn away(asked: &Asked) -> Option<Part> {
    asked.away.as_ref().map(|away| Part::Text(format!("{} is away and named you to decide for them.", plain(away))))
}

fn approvals<'a>(
    reader: &'a Reader,
    asked: &'a Asked,
    sentence: impl Fn(String, Option<String>) -> String + 'a,
) -> impl Iterator<Item = Part> + 'a {
    asked.approvals.iter().map(move |(name, due)| Part::Text(sentence(quoted(name), due.map(|due| reader.moment(due)))))
}

fn open(about: &About, label: &str) -> Part {
    Part::Link(label.to_owned(), about.link.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 March 2026, 08:00 UTC.
    const AT: Timestamp = Timestamp(1_772_524_800_000);

    fn reader() -> Reader {
        let zone = "Europe/Stockholm".parse().unwrap();
        Reader { to: "jonas@example.com".to_owned(), name: "Jonas Lindqvist".to_owned(), zone, not_me: None }
    }

    fn about() -> About {
        About {
            title: "Security <Policy>\r\nBcc: x".to_owned(),
            link: "https://acme.example/wiki/p?a=1&b=2".to_owned(),
        }
    }

    fn asked(away: Option<&str>) -> Asked {
        Asked {
            version: PageVersion(7),
            approvals: vec![("Policy owners".to_owned(), Some(AT)), ("Legal".to_owned(), None)],
            away: away.map(str::to_owned),
        }
    }

    #[test]
    fn a_reviewer_is_told_who_asks_for_what_until_when_and_where() {
        let mail = review_asked(&reader(), &about(), Some("Mira Okafor"), &asked(None));
        for said in [
            "Mira Okafor asks you to review version 7 of",
            "“Policy owners”. Please decide until Tuesday 3 March 2026, 09:00 (Europe/Stockholm).",
            "For “Legal”.",
            "https://acme.example/wiki/p?a=1&b=2",
        ] {
            assert!(mail.text.contains(said), "{said}: {}", mail.text);
        }
        assert!(mail.html.contains("<a href=\"https://acme.example/wiki/p?a=1&amp;b=2\">Open the page and decide</a>"));
        assert!(mail.html.contains("Tuesday 3 March 2026, 09:00 (Europe/Stockholm)"));
    }

    #[test]
    fn titles_break_out_of_nothing() {
        let all = [
            review_asked(&reader(), &about(), None, &asked(Some("<i>Ann"))),
            reminder(&reader(), &about(), &asked(None)),
            overdue(&reader(), &about(), &asked(None)),
            overdue_submitter(&reader(), &about(), &asked(None)),
            expired(&reader(), &about(), "Approved", "Draft<", AT),
            digest(&reader(), &[Line { about: about(), state: "<s>".to_owned(), due: Some(AT) }], false),
        ];
        for mail in all {
            assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
            for tag in ["<Policy>", "<i>", "<s>", "Draft<"] {
                assert!(!mail.html.contains(tag), "{tag}: {}", mail.html);
            }
            assert!(mail.text.contains("https://acme.example/wiki/p?a=1&b=2"), "{}", mail.text);
        }
    }

    #[test]
    fn a_stand_in_is_told_for_whom() {
        let mail = reminder(&reader(), &about(), &asked(Some("Priya Raman")));
        assert!(mail.text.contains("Priya Raman is away and named you to decide for them."));
        assert!(mail.text.contains("“Policy owners” is due Tuesday 3 March 2026, 09:00 (Europe/Stockholm)."));
    }

    #[test]
    fn a_list_says_how_many_and_where() {
        let line = || Line { about: about(), state: "In Review".to_owned(), due: None };
        assert_eq!(digest(&reader(), &[line()], false).subject, "1 page waits for your decision");
        assert_eq!(digest(&reader(), &[line(), line()], false).subject, "2 pages wait for your decision");
        let more = digest(&reader(), &[line(), line()], true);
        assert_eq!(more.subject, "More than 2 pages wait for your decision");
        assert!(more.text.contains("There are more."));
    }
}
