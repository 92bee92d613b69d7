//! How often what is rare was seen.

/// Counted over the events of a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub decisions: usize,
    pub stood_in: usize,
    pub changed: usize,
    pub approvals: usize,
    pub rejections: usize,
    pub voided: usize,
    pub reassigned: usize,
    pub expired: usize,
    pub moved_in_review: usize,
    /// Something other than a verdict, confirmed because the policy asks for it.
    pub confirmed: usize,
    /// Verdicts for which nothing was asked.
    pub unasked: usize,
    pub by_session: usize,
    pub part_11: usize,
    pub other_meaning: usize,
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.decisions += other.decisions;
        self.stood_in += other.stood_in;
        self.changed += other.changed;
        self.approvals += other.approvals;
        self.rejections += other.rejections;
        self.voided += other.voided;
        self.reassigned += other.reassigned;
        self.expired += other.expired;
        self.moved_in_review += other.moved_in_review;
        self.confirmed += other.confirmed;
        self.unasked += other.unasked;
        self.by_session += other.by_session;
        self.part_11 += other.part_11;
        self.other_meaning += other.other_meaning;
    }
}
