//! The settings view and the space page.

fn main() {
    app::start_settings();
}
