//! The page the Worker serves itself: passkeys are made and used on it.

fn main() {
    app::start_hosted();
}
