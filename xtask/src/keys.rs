//! `cargo xtask keys`: makes a key for the Worker. It is printed and kept nowhere.

use crate::arguments::Arguments;
use crate::secrets::random_bytes;
use crate::trouble::{Because, Outcome, trouble};
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use hkdf::Hkdf;
use sha2::Sha256;
use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SETTING: &str = "COUNTERSIGN_KEYS";
const LONGEST_ID: usize = 32;

/// A key with its id.
struct Key {
    id: String,
    text: String,
    bytes: Vec<u8>,
}

/// The value to set goes to the standard output, everything for people beside it: so the value can be handed to the next
/// program without being seen.
pub(crate) fn keys(mut arguments: Arguments) -> Outcome {
    let (check, operator) = (arguments.flag("--check"), arguments.flag("--operator"));
    let id = arguments.value::<String>("--id")?;
    arguments.done()?;
    if operator {
        return operator_key();
    }
    let given = env::var(SETTING).ok().filter(|value| !value.is_empty());
    let older = given.as_deref().map_or_else(|| Ok(Vec::new()), parse)?;
    if check {
        return show(&older);
    }
    let id = match id {
        Some(id) => id,
        None => today(),
    };
    let fresh = make(id, &older)?;
    let all: Vec<&Key> = core::iter::once(&fresh).chain(&older).collect();
    let entries: Vec<String> = all.iter().map(|key| format!("{}:{}", key.id, key.text)).collect();
    println!("{}", entries.join(","));
    eprint!("{}", said(&fresh, &older));
    Ok(())
}

fn said(fresh: &Key, older: &[Key]) -> String {
    let (id, value) = (&fresh.id, check_value(&fresh.id, &fresh.bytes));
    let first = format!(
        "\nThe line above is the value of {SETTING}. It was written nowhere else.\n\
         The new key is {id:?}; its check value is {value}.\n\n"
    );
    let next = match older {
        [] => format!(
            "1. Keep it where SECURITY.md, \"Key ceremony\", says: without it every authenticator has to be set up anew.\n\
             2. npx wrangler secret put {SETTING}     and paste the line.\n\
             3. In Countersign's settings, section \"Keys\", compare the check value.\n\
             To rotate a key that is in use, put the value in force into the environment variable {SETTING} first;\n\
             setting the line above in its place would lose everything that was sealed with it.\n"
        ),
        [before, ..] => format!(
            "1. Keep it where SECURITY.md, \"Key ceremony\", says.\n\
             2. npx wrangler secret put {SETTING}     and paste the line: {id:?} first, {:?} and what is older behind it.\n\
             3. In Countersign's settings, section \"Keys\", compare the check value, and wait until nothing needs\n\
             \u{20}  {:?} any more; for all sites at once: cargo xtask operator keys --url https://<the Worker>\n\
             4. An hour after that, set the value without {:?}, and destroy that key.\n",
            before.id, before.id, before.id
        ),
    };
    first + &next
}

fn show(keys: &[Key]) -> Outcome {
    if keys.is_empty() {
        return trouble(format!(
            "Put the value in force into the environment variable {SETTING} to see its check values."
        ));
    }
    for key in keys {
        println!("{:<32} {}", key.id, check_value(&key.id, &key.bytes));
    }
    Ok(())
}

fn operator_key() -> Outcome {
    println!("{}", BASE64.encode(&random_bytes()?));
    eprint!(
        "\nThe line above is a value for the Worker's secret OPERATOR_KEY. It was written nowhere else.\n\
         1. npx wrangler secret put OPERATOR_KEY     and paste the line: from then on the operator's route exists.\n\
         2. Keep it apart from {SETTING}; whoever has it can unlock people and reset their authenticators.\n\
         3. cargo xtask operator reads it from the environment variable OPERATOR_KEY.\n\
         Without the secret the route does not exist: npx wrangler secret delete OPERATOR_KEY\n"
    );
    Ok(())
}

fn make(id: String, older: &[Key]) -> Outcome<Key> {
    if !is_id(&id) {
        return trouble(format!("{id:?} can't be a key's id: 1 to {LONGEST_ID} of A-Z a-z 0-9 - _"));
    }
    if older.iter().any(|key| key.id == id) {
        return trouble(format!(
            "There is a key {id:?} already, and an id must never stand for another key. Name the new one: --id <id>"
        ));
    }
    let bytes = random_bytes()?.to_vec();
    Ok(Key { id, text: BASE64.encode(&bytes), bytes })
}

/// The value in force. What it holds is not repeated.
fn parse(value: &str) -> Outcome<Vec<Key>> {
    let mut keys: Vec<Key> = Vec::new();
    for (place, entry) in value.split(',').enumerate() {
        let entry = entry.trim();
        let wrong = || format!("entry {} of {SETTING} is not <id>:<32 bytes in base64>", place + 1);
        let Some((id, text)) = entry.split_once(':').filter(|(id, _)| is_id(id)) else { return trouble(wrong()) };
        let bytes = BASE64.decode(text.as_bytes()).or_else(|_| BASE64_NOPAD.decode(text.as_bytes())).because(wrong)?;
        if bytes.len() != 32 || keys.iter().any(|key| key.id == id) {
            return trouble(wrong());
        }
        keys.push(Key { id: id.to_owned(), text: text.to_owned(), bytes });
    }
    Ok(keys)
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A few digits by which a key is recognised; the Worker shows the same (edge/src/secret/keys.rs).
fn check_value(id: &str, key: &[u8]) -> String {
    let mut bytes = [0; 4];
    // HKDF only refuses far longer outputs; then the value is all zeros, and the comparison fails.
    let _ = Hkdf::<Sha256>::new(Some(b"countersign/keys/v1"), key)
        .expand_multi_info(&[b"check", b"\0", id.as_bytes()], &mut bytes);
    HEXLOWER.encode(&bytes)
}

/// The day, such as 2026-11-22.
fn today() -> String {
    day_of(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 86_400)
}

/// The date of a day counted from 1970-01-01 (Howard Hinnant's civil_from_days, for years from 1970 on).
pub(crate) fn day_of(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_the_one_the_worker_shows() {
        // The same as in edge/src/secret/keys.rs.
        assert_eq!(check_value("k1", &[7; 32]), "07d56095");
        assert_ne!(check_value("k2", &[7; 32]), check_value("k1", &[7; 32]));
    }

    #[test]
    fn a_new_key_comes_first_and_takes_nobodys_id() {
        let key = BASE64.encode(&[1; 32]);
        let older = parse(&format!("k2:{key}, k1:{key}")).unwrap();
        assert_eq!(older.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["k2", "k1"]);
        let fresh = make("k3".to_owned(), &older).unwrap();
        assert_eq!(fresh.bytes.len(), 32);
        assert_ne!(fresh.bytes, make("k3".to_owned(), &older).unwrap().bytes);
        assert!(make("k1".to_owned(), &older).is_err());
        assert!(make("a b".to_owned(), &older).is_err());
        let said = said(&fresh, &older);
        assert!(said.contains("\"k3\" first, \"k2\"") && !said.contains(&fresh.text), "{said}");
        assert!(super::said(&fresh, &[]).contains("would lose everything"));
    }

    #[test]
    fn a_value_that_is_wrong_is_refused_and_not_repeated() {
        let key = BASE64.encode(&[1; 32]);
        for value in ["", "k1", "k1:secret", &format!("k1:{key},k1:{key}"), &format!("k 1:{key}")] {
            let said = parse(value).err().unwrap().to_string();
            assert!(said.contains("entry") && !said.contains("secret") && !said.contains(&key), "{said}");
        }
    }

    #[test]
    fn days_are_dates() {
        for (days, date) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_779, "2026-11-22"), (20_819, "2027-01-01")]
        {
            assert_eq!(day_of(days), date);
        }
    }
}
