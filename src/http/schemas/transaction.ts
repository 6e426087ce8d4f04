// Schemas of transactions, whatever their operation.
import { z } from "@hono/zod-openapi";
import { operationTypes } from "../../domain/operations/all.ts";
import { allOperations, answerDetails } from "../operations/all.ts";

export const transactionType = z.enum(operationTypes).openapi("TransactionType", {
  description: `${allOperations.map(({ type, does }) => `\`${type}\` ${does}`).join(", ")}.`,
});

const [first, ...others] = answerDetails;
if (!first) throw new Error("there is no operation");

export const TransactionDetails = z
  .discriminatedUnion("type", [first, ...others])
  .openapi("TransactionDetails", { description: "A transaction with its outcome." });
