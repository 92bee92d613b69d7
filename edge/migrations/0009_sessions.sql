-- Whether whoever began a session named themselves then: what 21 CFR 11.200(a)(1)(i) asks of the first signature of a series.
ALTER TABLE session ADD COLUMN identified INTEGER NOT NULL DEFAULT 0;
