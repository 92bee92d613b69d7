//! Agreement with an independent program: OATH Toolkit's `oathtool`.

#![allow(clippy::unwrap_used, missing_docs)]

use engine::time::Timestamp;
use engine::token::totp::{Code, Step, TotpSecret, accept};
use std::io::ErrorKind;
use std::process::Command;

/// Secrets and times to try; each run of the program gives a window of codes.
const SECRETS: u64 = 40;
const WINDOW: u64 = 99;

/// A small generator with a fixed seed (SplitMix64): the cases are the same each time.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn agrees_with_oathtool_on_thousands_of_codes() {
    let mut state = 6238;
    let mut compared = 0;
    for _ in 0..SECRETS {
        let bytes: [u8; 20] = core::array::from_fn(|_| random(&mut state).to_le_bytes()[0]);
        let secret = TotpSecret::new(bytes);
        let start = random(&mut state) % 4_000_000_000;
        let output = Command::new("oathtool")
            .args(["--totp", "--base32", "--digits=6", &format!("--window={WINDOW}"), &format!("--now=@{start}")])
            .arg(secret.base32())
            .output();
        let output = match output {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                assert!(std::env::var_os("CI").is_none(), "oathtool must be there in CI");
                eprintln!("skipped: oathtool is not installed");
                return;
            }
            other => other.unwrap(),
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for (index, code) in (0_u64..).zip(String::from_utf8(output.stdout).unwrap().lines()) {
            let now = Timestamp((start + 30 * index) * 1000);
            let step = accept(&secret, &Code::parse(code).unwrap(), now, None).unwrap();
            assert!(step.0.abs_diff(Step::at(now).0) <= 1);
            compared += 1;
        }
    }
    assert_eq!(compared, SECRETS * (WINDOW + 1));
}
