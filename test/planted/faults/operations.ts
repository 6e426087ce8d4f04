// What an operation's two modules say, and the one path on which all of them are asked for.
import type { Area } from "../planted-fault.ts";

const moveMoney = "src/http/routes/move-money.ts";

export const operationFaults: Area = {
  area: "operations",
  faults: [
    {
      name: "transfer-from-any-wallet",
      breaks: "A user sends from the user's own wallet only.",
      file: "src/http/operations/transfer.ts",
      find: ", spends: fromWalletId }",
      replace: " }",
      caughtBy: ["test/http/access/users.test.ts"],
    },
    {
      name: "transfer-to-oneself",
      breaks: "A transfer has two wallets, however they are named.",
      file: "src/http/operations/transfer.ts",
      find: "(parseWalletId(left) ?? left) === (parseWalletId(right) ?? right)",
      replace: "left === right",
      caughtBy: ["test/http/transfer-funds/422.test.ts"],
    },
    {
      name: "impossible-wallet-hides-a-used-key",
      breaks: "A key that the log knows is told apart, also where the wallet cannot exist.",
      file: moveMoney,
      find: "known ? await refuseImpossibleWallet(c) : answerProblem(c, asked.problem)",
      replace: 'answerProblem(c, known ? "wallet_not_found" : asked.problem)',
      caughtBy: ["test/http/transfer-funds/404.test.ts", "test/http/fund-wallet/422.test.ts"],
    },
    {
      name: "provider-is-stored-as-it-was-sent",
      breaks: "The default provider is resolved once, and stored.",
      file: "src/domain/operations/operation.ts",
      find: 'const defaultProvider = "default";',
      replace: 'const defaultProvider = "";',
      caughtBy: ["test/domain/transaction.test.ts"],
    },
    {
      name: "funding-debits-the-wallet",
      breaks: "A funding credits the wallet and debits the outside world.",
      file: "src/domain/operations/funding.ts",
      find: "linesBetween(outside, request.walletId, request)",
      replace: "linesBetween(request.walletId, outside, request)",
      caughtBy: ["test/domain/transaction.test.ts"],
    },
    {
      name: "stored-transfer-without-its-receiver",
      breaks: "What a log is asked to record has the shape of its operation.",
      file: "src/domain/operations/transfer.ts",
      find: "    toWalletId: isName,\n",
      replace: "    toWalletId: () => true,\n",
      caughtBy: ["test/domain/operations.test.ts"],
    },
  ],
};
