//! What every viewer of a page loads: the macro in the text and the byline's popup.

fn main() {
    app::start_macro();
}
