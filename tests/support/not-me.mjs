// The link with which whoever was mailed locks what they confirm with.

/** The link in a mail; null where it holds none. */
export const lockingLink = (mail) => mail.text.match(/This wasn't me:\n(\S+)\n/)?.[1] ?? null;
