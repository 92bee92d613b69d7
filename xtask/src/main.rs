//! Sets up, builds, runs and checks Countersign. `cargo xtask help` says what there is.

mod arguments;
mod arrows;
mod budget;
mod build;
mod cargo_tests;
mod command;
mod debian;
mod dev;
mod fuzz;
mod http;
mod keys;
mod mutate;
mod mutations;
mod node_tests;
mod npm;
mod operator;
mod place;
mod ports;
mod rust;
mod say;
mod scripts;
mod secrets;
mod server;
mod setup;
mod stamp;
mod tally;
mod test;
mod tools;
mod tree;
mod trouble;

use arguments::Arguments;
use std::env;
use std::process::ExitCode;
use trouble::{Outcome, trouble};

const HELP: &str = "\
cargo xtask <command>

  dev      builds everything, runs it on this machine and prints one address
             --edge-port, --site-port, --asset-port <port>   other ports than 8787, 8788, 8789
             --keep    keep the site and the journal from the last time
             --fresh   wipe the local secrets too
  test     checks everything but the mutations; its last line is `N passed, N failed`
             --quick   the engine, and the edge against a built Worker
             <word>    only the phases, or else only the tests, whose name contains it
  build    the app (dist), the Worker (edge/build) and the sandbox
  bench    measures sizes and times beside their baselines
  screens  takes a picture of every view in every state
             --out <folder>   where to; target/screens otherwise
  mutate   breaks one line at a time (tests/mutations.toml); a test must notice each
             --only <word>    only those with it in their name, in the file they break or in their test's file
  keys     makes a key for the Worker and prints the value to set; it is kept nowhere
             --id <id>     what to call it; the day otherwise
             --check       only the check values of the keys in the environment variable COUNTERSIGN_KEYS
             --operator    a key for the operator's commands instead
  operator what whoever runs the Worker can do when no admin can; needs the environment variable OPERATOR_KEY
             unlock | reset-factors  --url <Worker> --site <cloudId>/<environment> --person <account>
                                     --operator <your name> --reason <why>
             keys                    --url <Worker>   how far all sites are under the newest key
  fuzz     spoils what strangers send, for longer than the tests do
             --minutes <n>    for each kind of input; 1 otherwise

Each installs what it needs. What took long to build is kept in ~/.cache/countersign (or COUNTERSIGN_CACHE).
Exit codes: 0 all is well, 1 a check failed, 2 something stands in the way (it says what to do).";

fn main() -> ExitCode {
    let mut arguments = Arguments::new(env::args().skip(1));
    let command = arguments.word();
    match run(command.as_deref(), arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(trouble) => {
            eprintln!("\n{trouble}");
            ExitCode::from(2)
        }
    }
}

/// Whether all is well.
fn run(command: Option<&str>, arguments: Arguments) -> Outcome<bool> {
    match command {
        Some("dev") => dev::dev(arguments).map(|()| true),
        Some("test") => test::test(arguments),
        Some("build") => {
            arguments.done()?;
            build::everything(&setup::set_up()?).map(|()| true)
        }
        Some("bench") => scripts::bench(arguments).map(|()| true),
        Some("screens") => scripts::screens(arguments).map(|()| true),
        Some("keys") => keys::keys(arguments).map(|()| true),
        Some("operator") => operator::operator(arguments),
        Some("fuzz") => fuzz::fuzz(arguments).map(|()| true),
        Some("mutate") => mutate::mutate(arguments),
        Some("help") | None => {
            println!("{HELP}");
            Ok(true)
        }
        Some(other) => trouble(format!("There is no command {other:?}. `cargo xtask help` lists what there is.")),
    }
}
