//! The dialogs of the macro (submit, enrol, sign), fetched on the first press of a button.

fn main() {
    app::offer_dialogs();
}
