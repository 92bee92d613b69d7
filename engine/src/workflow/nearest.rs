//! Which known word somebody may have meant.

/// The nearest known word, if one is near enough for a slip of the fingers.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    let word = plain(word);
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let allowed = (word.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Without differences that are never meant: `In Review`, `in_review` and `in-review` are one word.
fn plain(word: &str) -> Vec<char> {
    let mut plain = Vec::new();
    for c in word.chars() {
        match c {
            '_' | ' ' | '-' => plain.push('-'),
            other => plain.extend(other.to_lowercase()),
        }
    }
    plain
}

/// How many letters are missing, too many, wrong or swapped with the next.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut earlier: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, l) in left.iter().enumerate() {
        let mut last = index + 1;
        let mut next = vec![last];
        for (place, r) in right.iter().enumerate() {
            let cost = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            last = (last + 1).min(cost(&row, place + 1) + 1).min(cost(&row, place) + usize::from(l != r));
            let before = |letters: &[char], at: usize| at.checked_sub(1).and_then(|at| letters.get(at)).copied();
            if before(left, index) == Some(*r) && before(right, place) == Some(*l) {
                last = last.min(cost(&earlier, place - 1) + 1);
            }
            next.push(last);
        }
        earlier = row;
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let known = ["draft", "in-review", "approved"];
        assert_eq!(nearest("In Review", known), Some("in-review"));
        assert_eq!(nearest("aproved", known), Some("approved"));
        assert_eq!(nearest("in_reveiw", known), Some("in-review"));
        assert_eq!(nearest("published", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("nmae", ["name"]), Some("name"));
        assert_eq!(nearest("taem", ["team", "name"]), Some("team"));
        let apart =
            |left: &str, right: &str| distance(&left.chars().collect::<Vec<_>>(), &right.chars().collect::<Vec<_>>());
        assert_eq!(apart("abc", ""), 3);
        assert_eq!(apart("", "abc"), 3);
        assert_eq!(apart("kitten", "sitting"), 3);
        assert_eq!(apart("abcd", "bacd"), 1);
    }
}
