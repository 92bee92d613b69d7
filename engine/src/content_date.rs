//! A date that people keep on the page itself: in a table, beside its heading.

use crate::calendar::CivilDate;
use crate::content::resolve_entities;
use crate::markup::{Piece, Pieces, attribute};

/// The date in a table row of a page in storage format: in the row whose heading cell (`<th>`, or the first `<td>`) has
/// this text, the first cell after it that holds a date, as `<time datetime="…" />` or as the text `YYYY-MM-DD`.
///
/// Case and runs of white space in the heading don't matter. A further heading in the same row begins a new pair. A row
/// without a date is passed over; the first row with one wins. A table inside a cell is read by itself and is no part of
/// what that cell holds. Whatever the markup is, it is read once from front to back.
#[must_use]
pub fn date_in_row(storage: &str, heading: &str) -> Option<CivilDate> {
    let heading = plain(heading);
    if heading.is_empty() {
        return None;
    }
    let mut reader = Reader { heading, tables: vec![Table::default()], in_parameter: false };
    Pieces::of(storage).find_map(|piece| reader.read(piece)).or_else(|| reader.finish())
}

/// Text as headings are compared: lower case, single spaces.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A table that has begun and not ended.
#[derive(Default)]
struct Table {
    /// The cell being read.
    cell: Option<Cell>,
    /// Whether the row has had a cell already.
    row_begun: bool,
    /// Whether the heading looked for has been passed in this row, so that the next date is the one.
    heading_passed: bool,
}

#[derive(Default)]
struct Cell {
    is_heading: bool,
    text: String,
    time: Option<CivilDate>,
}

struct Reader {
    heading: String,
    /// The tables around the place being read, outermost first. The first stands for the page, for rows without a table.
    tables: Vec<Table>,
    /// A macro's parameter is no text of the page.
    in_parameter: bool,
}

impl Reader {
    fn read(&mut self, piece: Piece<'_>) -> Option<CivilDate> {
        match piece {
            Piece::Text(text) => self.text(&resolve_entities(text)),
            Piece::Literal(text) => self.text(text),
            Piece::Close(name) => return self.close(&name.to_ascii_lowercase()),
            Piece::Open { name, attributes, is_empty } => {
                let name = name.to_ascii_lowercase();
                let found = self.open(&name, attributes);
                return if is_empty { found.or_else(|| self.close(&name)) } else { found };
            }
        }
        None
    }

    fn open(&mut self, name: &str, attributes: &str) -> Option<CivilDate> {
        match name {
            "table" => self.tables.push(Table::default()),
            "tr" => return self.end_row(),
            "td" | "th" => {
                let found = self.end_cell();
                let is_th = name == "th";
                self.in_parameter = false;
                let table = self.tables.last_mut()?;
                table.cell = Some(Cell { is_heading: is_th || !table.row_begun, ..Cell::default() });
                table.row_begun = true;
                return found;
            }
            "time" => {
                let cell = self.tables.last_mut()?.cell.as_mut()?;
                cell.time = cell.time.or_else(|| attribute(attributes, "datetime")?.trim().parse().ok());
            }
            "ac:parameter" => self.in_parameter = true,
            _ => self.space(name),
        }
        None
    }

    fn close(&mut self, name: &str) -> Option<CivilDate> {
        match name {
            "table" => {
                let found = self.end_row();
                if self.tables.len() > 1 {
                    self.tables.pop();
                }
                return found;
            }
            "tr" => return self.end_row(),
            "td" | "th" => return self.end_cell(),
            "ac:parameter" => self.in_parameter = false,
            _ => self.space(name),
        }
        None
    }

    fn text(&mut self, text: &str) {
        let cell = self.tables.last_mut().and_then(|table| table.cell.as_mut());
        if let Some(cell) = cell.filter(|_| !self.in_parameter) {
            cell.text.push_str(text);
        }
    }

    /// Where a block begins or ends, a word does.
    fn space(&mut self, name: &str) {
        if matches!(name, "p" | "br" | "div" | "li" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.text(" ");
        }
    }

    fn end_cell(&mut self) -> Option<CivilDate> {
        let table = self.tables.last_mut()?;
        let cell = table.cell.take()?;
        if table.heading_passed {
            let found = cell.time.or_else(|| cell.text.trim().parse().ok());
            if found.is_some() {
                return found;
            }
        }
        if cell.is_heading {
            table.heading_passed = plain(&cell.text) == self.heading;
        }
        None
    }

    fn end_row(&mut self) -> Option<CivilDate> {
        let found = self.end_cell();
        let table = self.tables.last_mut()?;
        (table.row_begun, table.heading_passed) = (false, false);
        found
    }

    /// The page ends in the middle of a cell.
    fn finish(&mut self) -> Option<CivilDate> {
        while !self.tables.is_empty() {
            let found = self.end_cell();
            if found.is_some() {
                return found;
            }
            self.tables.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(storage: &str) -> Option<String> {
        date_in_row(storage, "Review date").map(|date| date.to_string())
    }

    fn some(date: &str) -> Option<String> {
        Some(date.to_owned())
    }

    #[test]
    fn a_page_properties_table_as_the_editor_writes_it() {
        let storage = r#"<p>2020-01-01</p><ac:structured-macro ac:name="details" ac:schema-version="1" ac:macro-id="7f">
            <ac:rich-text-body><table data-table-width="760" data-layout="default" ac:local-id="a&gt;b"><colgroup><col style="width: 180.0px;" /></colgroup>
            <tbody><tr><th><p><strong>Owner</strong></p></th><td><p><time datetime="2026-05-05" /></p></td></tr>
            <tr><th><p><strong>Review&nbsp; date</strong></p></th><td><p><time datetime="2027-03-01" /> </p></td></tr>
            <tr><th><p>Review date</p></th><td><p><time datetime="2028-03-01" /></p></td></tr>
            </tbody></table></ac:rich-text-body></ac:structured-macro>"#;
        assert_eq!(found(storage), some("2027-03-01"));
        assert_eq!(date_in_row(storage, "  owner ").map(|date| date.to_string()), some("2026-05-05"));
        assert_eq!(date_in_row(storage, "Approver"), None);
        assert_eq!(date_in_row(storage, " "), None);
    }

    #[test]
    fn headings_are_compared_as_they_read() {
        let row = |heading: &str| format!("<table><tr>{heading}<td>2027-03-01</td></tr></table>");
        for heading in [
            "<td>REVIEW date</td>",
            "<th>Review<br/>date</th>",
            "<th>Re<em>view</em>&#32;date</th>",
            "<TH class='x'>Review\n  date</TH>",
            r#"<th a="1 > 0">Review date</th>"#,
            "<th><!-- <td> -->Review date</th>",
            "<th><![CDATA[Review date]]></th>",
            "<th>Review<p>date</p></th>",
            "<th><ac:parameter ac:name=\"\" />Review date</th>",
            "<td><ac:parameter ac:name=\"\">not closed<th>Review date</th>",
            "<th><ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">here</ac:parameter></ac:structured-macro>Review date</th>",
        ] {
            assert_eq!(found(&row(heading)), some("2027-03-01"), "{heading}");
        }
        for heading in [
            "<th>Next review date</th>",
            "<th>Review dates</th>",
            "<th>Reviewdate</th>",
            "<th><p>Review</p></th><th>date</th>",
            "<th>Owner</th><td>Review date</td>",
            "<th><![CDATA[Review&nbsp;date]]></th>",
            "",
        ] {
            assert_eq!(found(&row(heading)), None, "{heading}");
        }
        let entities = "<tr><th>R&amp;D &ndash; due</th><td>2027-03-01</td></tr>";
        assert_eq!(date_in_row(entities, "r&d – due").map(|date| date.to_string()), some("2027-03-01"));
    }

    #[test]
    fn only_a_date_is_taken_for_one() {
        let row = |cell: &str| format!("<table><tr><th>Review date</th>{cell}</tr></table>");
        for cell in [
            "<td> <p> 2027-03-01 </p> </td>",
            "<td>by <time class=\"d\" datetime='2027-03-01'></time> at the latest</td>",
            "<td><time datetime=\"\" /><time datetime=\"2027-02-30\"/><time datetime = \"2027-03-01\"/></td>",
            "<td><time datetime=\"2027-03-01\" /> or <time datetime=\"2027-04-01\" /></td>",
            "<td><time datetime=\"2027-03-01\" />2027-04-01</td>",
            "<td>soon</td><td>2027-03-01</td>",
            "<th>2027-03-01</th>",
            "<td/><td>2027-03-01</td>",
        ] {
            assert_eq!(found(&row(cell)), some("2027-03-01"), "{cell}");
        }
        for cell in [
            "<td>about 2027-03-01</td>",
            "<td>2027-02-30</td>",
            "<td>1 March 2027</td>",
            "<td><span datetime=\"2027-03-01\">x</span></td>",
            "<td><time title=\"datetime=2027-03-01\" /></td>",
            "<td><!-- <time datetime=\"2027-03-01\" /> --></td>",
            "<td><![CDATA[<time datetime=\"2027-03-01\" />]]></td>",
            "<td></td><th>Published</th><td>2027-03-01</td>",
            "</tr><tr><td>2027-03-01</td>",
        ] {
            assert_eq!(found(&row(cell)), None, "{cell}");
        }
    }

    #[test]
    fn a_table_in_a_cell_is_read_by_itself() {
        let inner = "<table><tr><th>Published</th><td>2020-01-01</td></tr></table>";
        let storage = format!("<table><tr><th>Review date</th><td>{inner}2027-03-01</td></tr></table>");
        assert_eq!(found(&storage), some("2027-03-01"));
        let storage =
            "<table><tr><td>Layout<table><tr><th>Review date</th><td>2027-03-01</td></tr></table></td></tr></table>";
        assert_eq!(found(storage), some("2027-03-01"));
    }

    #[test]
    fn a_code_sample_of_a_table_is_no_table() {
        let sample = "<![CDATA[<table><tr><th>Review date</th><td>1999-01-01</td></tr></table>]]>";
        let table = "<table><tr><th>Review date</th><td>2027-03-01</td></tr></table>";
        let storage = format!("<ac:plain-text-body>{sample}</ac:plain-text-body>{table}");
        assert_eq!(found(&storage), some("2027-03-01"));
    }

    #[test]
    fn rows_that_are_not_closed_are_read_all_the_same() {
        assert_eq!(found("<table><tr><th>Review date<td>2027-03-01<tr><td>x"), some("2027-03-01"));
        assert_eq!(found("<tr><th>Review date<td>2027-03-01"), some("2027-03-01"));
        assert_eq!(found("</table></table><tr><th>Review date</th><td>2027-03-01</td></tr>"), some("2027-03-01"));
        assert_eq!(found("<th>1 < 2</th></tr><tr><th>Review date</th><td a=\"2027-03-01"), None);
    }

    #[test]
    fn hostile_pages_take_time_in_proportion() {
        for part in [
            "<",
            "<t",
            "&",
            "<table>",
            "<td>",
            "<a b=\"",
            "<a b='>",
            "<!--",
            "<![CDATA[",
            "</",
            "<time a=",
            "<th>Review date",
        ] {
            let page = part.repeat(2_000_000 / part.len());
            // In the square of its length this would take hours.
            assert_eq!(found(&page), None, "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_fault(storage in "\\PC{0,200}", heading in "\\PC{0,20}") {
            let _ = date_in_row(&storage, &heading);
        }

        #[test]
        fn any_jumble_of_tags_is_read_without_fault(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("<table>"), Just("</table>"), Just("<tr>"), Just("</tr>"), Just("<td>"), Just("</td>"), Just("<th"),
                    Just(">"), Just("Review date"), Just("<time datetime="), Just("\"2027-03-01\""), Just("/>"), Just("<!--"),
                    Just("-->"), Just("<![CDATA["), Just("]]>"), Just("&#x"), Just("é"), Just("<"), Just("/"), Just("'"), Just("2027-03-01"),
                ],
                0..60,
            ),
        ) {
            let storage = parts.concat();
            // Nothing may be found that is not there.
            if let Some(date) = date_in_row(&storage, "review date") {
                prop_assert!(storage.contains(&date.to_string()));
                prop_assert!(storage.contains("Review date"));
            }
        }
    }
}
