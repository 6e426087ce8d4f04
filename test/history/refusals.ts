// Refusals for the sake of another transaction: whether what they say of it is so.
import { operationOf } from "../operations/all.ts";
import { endingOf, exceeds, givenBack } from "./check-ends.ts";
import {
  earlierIn,
  originIn,
  type Answered,
  type History,
  type Transaction,
  type Variant,
} from "./history.ts";

/** All that a transaction may be reversed by. */
const reversalsMax = 256;

function isKnownBefore({ variants }: Transaction, answer: Answered, clockErrorMs: number): boolean {
  const answers = [...variants.values()].flatMap((variant) => variant.answers);
  return answers.some(
    ({ outcome, operation: { completed } }) =>
      /committed|pending|refused/.test(outcome) &&
      completed + clockErrorMs < answer.operation.invoked,
  );
}

/** What is untrue of a refusal for the sake of another transaction; undefined where nothing is. */
export function flawOfRefusal(
  answer: Answered,
  variant: Variant,
  history: History,
): string | undefined {
  const origin = originIn(history, variant);
  const { content } = answer;
  if (!origin) return undefined;
  const acts = history.acts.get(origin) ?? [];
  const named = acts.find(({ transaction }) => transaction.id === content?.["transactionId"]);
  switch (content?.["code"]) {
    case "authorization_captured":
    case "authorization_cancelled":
    case "authorization_expired":
      return named && `authorization_${endingOf(named)}` === content["code"]
        ? undefined
        : "it names no such end";
    case "authorization_rejected":
    case "original_rejected":
      return origin.entries.length > 0 ? `${origin.id} was committed` : undefined;
    case "reversal_exceeds_original": {
      const others = acts.filter(({ variant: other }) => other !== variant);
      const asked = givenBack(variant) ?? 1;
      return exceeds(origin, others, asked, history) ? undefined : "there was enough left";
    }
    case "too_many_reversals":
      return acts.length < reversalsMax ? `there are ${acts.length}` : undefined;
    case "transaction_not_found": {
      const { clockErrorMs = 0 } = history.header;
      return isKnownBefore(origin, answer, clockErrorMs) ? `${origin.id} was known` : undefined;
    }
    case "not_an_authorization":
    case "not_reversible":
      return `${origin.id} can be acted on like this`;
    case "amount_exceeds_authorization": {
      const { defaultCurrency } = history.header;
      const { request } = variant;
      const [captured] = operationOf(request).movedBy(request, defaultCurrency);
      const reserved = earlierIn(origin, history)?.reserved;
      const isMore = (captured?.amount ?? 0) > (reserved?.amount ?? 0);
      return isMore ? undefined : "it is not more";
    }
    default:
      return undefined;
  }
}
