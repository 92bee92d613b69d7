import Button from "@atlaskit/button/new";
import Lozenge from "@atlaskit/lozenge";
import SectionMessage from "@atlaskit/section-message";
import Spinner from "@atlaskit/spinner";
import { createContext, useCallback, useContext, useEffect, useState } from "react";
import * as wire from "./wire";
import { type Dates, type Look, approvedLine, datesOf, happened, verdict } from "./words";

const APPEARANCE = { grey: "default", blue: "inprogress", green: "success", yellow: "moved", red: "removed", purple: "new" } as const;
const Speaking = createContext<Dates>(datesOf(undefined, undefined));

/** STATUS first; what it says on screen; then CONFIRM, the page's version and ACTIONS behind it. */
export function Macro() {
  const [dates, setDates] = useState<Dates>();
  const [status, setStatus] = useState<wire.Status>();
  const [failed, setFailed] = useState<string>();
  const [look, setLook] = useState<Look>({ is: "checking" });
  const [actions, setActions] = useState<wire.Actions | string>();

  const take = useCallback((next: wire.Status) => setStatus((held) => (held && held.seq > next.seq ? held : next)), []);
  const refresh = useCallback(
    async (where: wire.Place) => {
      wire.actions().then(setActions, (error: Error) => setActions(error.message));
      try {
        const { status: confirmed, page_version: said } = await wire.confirm();
        take(confirmed);
        if (said.is === "unknown") setLook({ is: "unknown", reason: said.reason });
        else setLook({ is: "seen", version: said.is === "known" ? said.version : await wire.pageVersion(where.page) });
      } catch (error) {
        setLook({ is: "unknown", reason: (error as Error).message });
      }
    },
    [take],
  );
  const start = useCallback(async () => {
    setFailed(undefined);
    try {
      const [where, answer] = await Promise.all([wire.place(), wire.status()]);
      setDates(datesOf(where.locale, where.timezone));
      take(answer.status);
      void refresh(where);
    } catch (error) {
      setFailed((error as Error).message);
    }
  }, [refresh, take]);
  useEffect(() => void start(), [start]);

  if (failed !== undefined) {
    return (
      <SectionMessage appearance="error" title="The approval status could not be loaded">
        <p>{failed}</p>
        <Button onClick={() => void start()}>Try again</Button>
      </SectionMessage>
    );
  }
  if (!status || !dates) return <Spinner label="Loading the approval status…" />;
  return (
    <Speaking.Provider value={dates}>
      <div className="panel">
        <div className="head">
          <h1>{status.workflow.name}</h1>
          <Lozenge appearance={APPEARANCE[status.state.colour]}>{status.state.name}</Lozenge>
        </div>
        <p className="approved-line">{approvedLine(status)}</p>
        {status.approved && <Signatures of={status.approved.signatures} />}
        <p role="status" className="subtle">
          {verdict(status, look)}
        </p>
        {status.review && <Review review={status.review} />}
        {actions !== undefined && <Offers actions={actions} look={look} />}
        <History items={status.history} />
      </div>
    </Speaking.Provider>
  );
}

function When({ at }: { at: number }) {
  const dates = useContext(Speaking);
  return (
    <time dateTime={new Date(at).toISOString()} title={dates.full(at)}>
      {dates.short(at)}
    </time>
  );
}

const Quoted = ({ text }: { text: string | null }) => (text === null ? null : <blockquote>{text}</blockquote>);

function Signatures({ of }: { of: wire.Signature[] }) {
  return (
    <ul className="signatures">
      {of.map((one) => (
        <li key={one.at + one.name}>
          <strong>{one.name}</strong> {one.decision === "approve" ? "approved" : "rejected"} · <When at={one.at} />
          {one.signed && " · confirmed with a code"}
          <p className="meaning">“{one.meaning}”</p>
          <Quoted text={one.comment} />
        </li>
      ))}
    </ul>
  );
}

function Review({ review }: { review: NonNullable<wire.Status["review"]> }) {
  return (
    <section aria-label="Review">
      <p>
        Version {review.version} is being reviewed. Submitted by {review.submitted_by} · <When at={review.submitted_at} />
      </p>
      <Quoted text={review.comment} />
      {review.approvals.map((approval) => (
        <div key={approval.id}>
          <p>
            <strong>{approval.name}</strong> · {approval.decisions.filter((one) => one.decision === "approve").length} of {approval.required} approvals
          </p>
          <Signatures of={approval.decisions} />
        </div>
      ))}
    </section>
  );
}

function Offers({ actions, look }: { actions: wire.Actions | string; look: Look }) {
  if (typeof actions === "string") return <SectionMessage appearance="warning">{actions}</SectionMessage>;
  const open = look.is === "seen";
  const reasons = [actions.submit, actions.decide].flatMap((offer) => (offer.is === "closed" && offer.why !== null ? [offer.why] : []));
  return (
    <div className="actions">
      {actions.decide.is === "open" && (
        <SectionMessage title="This page waits for your decision">Read it, then approve or reject the version you see.</SectionMessage>
      )}
      {actions.decide.is === "open" && (
        <>
          <Button appearance="primary" isDisabled={!open || actions.lock !== null}>
            Approve
          </Button>
          <Button isDisabled={!open || actions.lock !== null}>Reject</Button>
        </>
      )}
      {actions.submit.is === "open" && (
        <Button appearance="primary" isDisabled={!open}>
          Submit for review
        </Button>
      )}
      {[...new Set(reasons)].map((why) => (
        <p key={why} className="subtle">
          {why}
        </p>
      ))}
    </div>
  );
}

function History({ items }: { items: wire.HistoryItem[] }) {
  return (
    <details>
      <summary>History</summary>
      <ol className="events">
        {items.map((item) => (
          <li key={item.seq}>
            {happened(item)} · <When at={item.at} />
            {item.what.meaning && <p className="meaning">“{item.what.meaning}”</p>}
            <Quoted text={item.comment} />
          </li>
        ))}
      </ol>
    </details>
  );
}
