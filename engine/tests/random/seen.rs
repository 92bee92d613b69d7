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
    }
}
