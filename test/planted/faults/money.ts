// Money: exact integers, or a refusal.
import type { Area } from "../planted-fault.ts";

const file = "src/domain/ledger/money.ts";
const caughtBy = ["test/domain/money.test.ts"];
const position = "src/domain/ledger/position.ts";

export const moneyFaults: Area = {
  area: "money",
  faults: [
    {
      name: "nothing-can-be-moved",
      breaks: "An amount is at least 1.",
      file,
      find: "value >= 1",
      replace: "value >= 0",
      caughtBy,
    },
    {
      name: "amounts-are-rounded",
      breaks: "An amount is an exact integer.",
      file,
      find: "return Number.isSafeInteger(value) && value >= 1;",
      replace: "return Number.isInteger(value) && value >= 1;",
      caughtBy,
    },
    {
      name: "sums-leave-the-exact-range",
      breaks: "A sum is exact or throws.",
      file,
      find: "if (!Number.isSafeInteger(sum))",
      replace: "if (!Number.isInteger(sum))",
      caughtBy,
    },
    {
      name: "held-credits-take-no-headroom",
      breaks: "Headroom counts held credits as arrived.",
      file,
      find: "amountMax - balance - heldCredits",
      replace: "amountMax - balance",
      caughtBy,
    },
    {
      name: "debits-add-money",
      breaks: "A debit lowers and a credit raises the balance.",
      file,
      find: 'direction === "credit" ? amount : -amount',
      replace: 'direction === "debit" ? amount : -amount',
      caughtBy,
    },
    {
      name: "net-of-the-last-entry-only",
      breaks: "Net amounts are added up.",
      file,
      find: "add(sum[currency] ?? 0, amount)",
      replace: "add(0, amount)",
      caughtBy,
    },
    {
      name: "held-amounts-of-every-currency",
      breaks: "What is held is shown in its own currency.",
      file: position,
      find: "if (leg.currency !== currency) continue;",
      replace: "",
      caughtBy: ["test/domain/position.test.ts"],
    },
    {
      name: "held-debits-are-shown-as-free",
      breaks: "Available is the balance less held debits.",
      file: position,
      find: "available(balance, debits)",
      replace: "available(balance, credits - credits)",
      caughtBy: ["test/domain/position.test.ts"],
    },
    {
      name: "incoming-currency-is-hidden",
      breaks: "A currency that is only incoming has a position.",
      file: position,
      find: "...legs.map((leg) => leg.currency)",
      replace: "",
      caughtBy: ["test/domain/position.test.ts"],
    },
  ],
};
