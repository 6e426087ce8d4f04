// Guarantee: a payment reference brings its money in once, in any order and however many race. A
// claim that came to nothing blocks no other, and a refusal names a transaction that committed.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { externalAddress, userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { externalAccountStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey, referenceSharedWith } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { balanceOf, openWallet } from "../../support/wallets.ts";

const unopened = () => walletIdOfUser(userIdFor(tenant, newKey()));

describe("racing fundings of one reference", { timeout: 30_000 }, () => {
  it("commit once; the others are refused, naming the one that did", async () => {
    const wallets = await Promise.all(Array.from({ length: 8 }, () => openWallet()));
    const reference = newKey();
    const submissions = wallets.map((wallet) => submission(funding(wallet, 70, reference)));
    const results = await Promise.all(submissions.map(submit));
    const outcomes = results.map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "duplicate_payment_reference")).toHaveLength(7);
    const winner = submissions[outcomes.indexOf("committed")];
    for (const result of results) {
      if (outcomeOf(result) === "committed" || result.outcome === "refused") continue;
      expect(result.transaction.refusal).toEqual({
        code: "duplicate_payment_reference",
        transactionId: winner?.id,
      });
    }
    const balances = await Promise.all(wallets.map(balanceOf));
    expect(balances.toSorted((a, b) => a - b)).toEqual([...Array(7).fill(0), 70]);
  });

  it("refuse the same wallet's second one too, also long afterwards", async () => {
    const wallet = await openWallet();
    const reference = newKey();
    const first = submission(funding(wallet, 70, reference));
    await submit(first);
    const later = await submit(submission(funding(wallet, 70, reference)));
    expect(outcomeOf(later)).toBe("duplicate_payment_reference");
    expect(outcomeOf(await submit(first))).toBe("committed");
    expect(await balanceOf(wallet)).toBe(70);
  });

  it("let the good one in where the first claim is rejected: its wallet does not exist", async () => {
    for (let round = 0; round < 5; round++) {
      const wallet = await openWallet();
      const reference = newKey();
      const bad = submit(submission(funding(unopened(), 70, reference)));
      const good = submit(submission(funding(wallet, 70, reference)));
      expect(outcomeOf(await bad)).toBe("wallet_not_found");
      expect(outcomeOf(await good)).toBe("committed");
      expect(await balanceOf(wallet)).toBe(70);
    }
  });

  it("let exactly one in among many whose claims are rejected", async () => {
    const [wallet, reference] = [await openWallet(), newKey()];
    const bad = Array.from({ length: 6 }, () => submission(funding(unopened(), 70, reference)));
    const good = submission(funding(wallet, 70, reference));
    const outcomes = await Promise.all(
      [...bad, good].map(async (one) => outcomeOf(await submit(one))),
    );
    expect(outcomes.at(-1)).toBe("committed");
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(["wallet_not_found"]));
    expect(await balanceOf(wallet)).toBe(70);
  });
});

describe("a reference", () => {
  it("whose funding was rejected is free again, without a race", async () => {
    const reference = newKey();
    const rejected = await submit(submission(funding(unopened(), 70, reference)));
    expect(outcomeOf(rejected)).toBe("wallet_not_found");
    const wallet = await openWallet();
    expect(outcomeOf(await submit(submission(funding(wallet, 70, reference))))).toBe("committed");
  });

  it("is another one with another provider, and is compared byte by byte", async () => {
    const wallet = await openWallet();
    const reference = `Ref-${newKey()}`;
    const others = [
      funding(wallet, 1, reference),
      { ...funding(wallet, 1, reference), provider: "bank" } as const,
      funding(wallet, 1, reference.toUpperCase()),
      funding(wallet, 1, reference.toLowerCase()),
    ];
    const outcomes = await Promise.all(
      others.map(async (sent) => outcomeOf(await submit(submission(sent)))),
    );
    expect(outcomes).toEqual(Array(4).fill("committed"));
  });

  it("is another one with another provider also where both are claimed in one shard", async () => {
    const reference = referenceSharedWith("bank");
    const wallet = await openWallet();
    for (const provider of ["default", "bank"]) {
      const request = { ...funding(wallet, 1, reference), provider };
      const sent = submission(request);
      expect(outcomeOf(await submit(sent))).toBe("committed");
      const refused = await submit(submission(request));
      if (refused.outcome === "refused") throw new Error(refused.problem);
      expect(refused.transaction.refusal).toEqual({
        code: "duplicate_payment_reference",
        transactionId: sent.id,
      });
    }
    const account = externalAddress(tenant, "bank", reference).id;
    const report = await externalAccountStub(env, tenant, account).audit({ ...call, account });
    expect(report.difference).toBeUndefined();
  });

  it("sent with its default provider is the same as without", async () => {
    const wallet = await openWallet();
    const reference = newKey();
    await submit(submission(funding(wallet, 1, reference)));
    const named = { ...funding(wallet, 1, reference), provider: "default" } as const;
    expect(outcomeOf(await submit(submission(named)))).toBe("duplicate_payment_reference");
  });
});
