// The shells of the simulated objects: what src/durable-objects/{wallet,external-account,transfer-log}.ts
// are on the real platform. They hand the production classes their storage, clock and network.
import { readdirSync, readFileSync } from "node:fs";
import type { AccountAddress } from "../../src/domain/ids.ts";
import { callMaxMs } from "../../src/domain/limits.ts";
import type { ExternalAuditCall } from "../../src/durable-objects/account/audit-contract.ts";
import { auditExternalAccount } from "../../src/durable-objects/external-account/audit.ts";
import type { BooksCall } from "../../src/durable-objects/external-account/books-contract.ts";
import type { Call } from "../../src/durable-objects/rpc/contract.ts";
import { KeyRingCore } from "../../src/durable-objects/key-ring/core.ts";
import { createExternalAccount } from "../../src/durable-objects/external-account/core.ts";
import { booksOf } from "../../src/durable-objects/external-account/books.ts";
import { readClaims } from "../../src/durable-objects/account/claim-readings.ts";
import type { ClaimsCall } from "../../src/durable-objects/account/contract.ts";
import { readLegs } from "../../src/durable-objects/account/leg-readings.ts";
import { TransferLogCore } from "../../src/durable-objects/transfer-log/core.ts";
import type {
  LegsCall,
  StartScrubCall,
} from "../../src/durable-objects/transfer-log/scrub-contract.ts";
import { CallFailed, type Accounts, type Logs } from "../../src/durable-objects/rpc/stubs.ts";
import { WalletAccount } from "../../src/durable-objects/wallet/core.ts";
import { SharedTimer, timedOut, withTimeout, type Clock } from "../../src/platform/clock.ts";
import type { Migration } from "../../src/platform/migrations.ts";
import type { Callee, Network } from "./network.ts";
import type { Instance, InstanceParts } from "./platform.ts";

const migrationsPath = `${import.meta.dirname}/../../migrations`;

export function migrationsIn(...folders: readonly string[]): readonly Migration[] {
  return folders.flatMap((folder) => {
    const path = `${migrationsPath}/${folder}`;
    return readdirSync(path)
      .toSorted()
      .map((file) => ({
        id: `${folder}/${file.replace(/\.sql$/, "")}`,
        sql: readFileSync(`${path}/${file}`, "utf8"),
      }));
  });
}

const walletMigrations = migrationsIn("account", "wallet");
const externalMigrations = migrationsIn("account");
const keyMigrations = migrationsIn("key-ring");
const logMigrations = migrationsIn("transfer-log");

/** Where the other objects are. */
export interface Directory {
  readonly network: Network;
  account(tenant: string, address: AccountAddress): Callee;
  log(shard: number): Callee;
  keyRing(shard: number): Callee;
}

/** As `callOnce` of stubs.ts does it: an answer in time, or CallFailed. */
export async function callWithLimit<T>(
  clock: Clock,
  call: () => Promise<T>,
  limitMs: number,
): Promise<T> {
  const answer = await withTimeout(clock, call(), limitMs);
  if (answer !== timedOut) return answer;
  throw new CallFailed("unreachable", `no answer within ${limitMs} ms`);
}

function logsFor(parts: InstanceParts, directory: Directory): Logs {
  const { caller, clock } = parts;
  const call = <T>(shard: number, method: string, argument: object) =>
    callWithLimit(
      clock,
      () => directory.network.call<T>(caller, directory.log(shard), method, argument),
      callMaxMs,
    );
  return (shard) => ({
    ask: (argument) => call(shard, "ask", argument),
    legRecords: (argument) => call(shard, "legRecords", argument),
  });
}

function accountsFor(parts: InstanceParts, directory: Directory): Accounts {
  const { caller, clock } = parts;
  return (tenant, address) => {
    const to = directory.account(tenant, address);
    const call = <T>(method: string, argument: object) =>
      callWithLimit(
        clock,
        () => directory.network.call<T>(caller, to, method, argument),
        callMaxMs,
      );
    return {
      hold: (argument) => call("hold", argument),
      post: (argument) => call("post", argument),
      release: (argument) => call("release", argument),
      readClaims: (argument) => call("readClaims", argument),
      readLegs: (argument) => call("readLegs", argument),
    };
  };
}

type Arguments<T, Method extends keyof T> = T[Method] extends (argument: infer A) => unknown
  ? A
  : never;

export function createWallet(parts: InstanceParts, directory: Directory): Instance {
  const wallet = new WalletAccount({ ...parts, logs: logsFor(parts, directory) }, walletMigrations);
  const { account } = wallet;
  return {
    ready: Promise.resolve(),
    methods: {
      open: (call: Arguments<WalletAccount, "open">) => wallet.open(call),
      profile: (call: Arguments<WalletAccount, "profile">) => wallet.profile(call),
      readBalance: (call: Arguments<WalletAccount, "readBalance">) => wallet.readBalance(call),
      readHistory: (call: Arguments<WalletAccount, "readHistory">) => wallet.readHistory(call),
      freeze: (call: Arguments<WalletAccount, "freeze">) => wallet.freeze(call),
      freezes: (call: Arguments<WalletAccount, "freezes">) => wallet.freezes(call),
      audit: (call: Arguments<WalletAccount, "audit">) => wallet.audit(call),
      hold: (call: Arguments<typeof account, "hold">) => account.hold(call),
      post: (call: Arguments<typeof account, "post">) => account.post(call),
      release: (call: Arguments<typeof account, "release">) => account.release(call),
      readClaims: (call: ClaimsCall) => readClaims(account, call),
      readLegs: (call: LegsCall) => readLegs(account, call),
    },
  };
}

export function createExternal(parts: InstanceParts, directory: Directory): Instance {
  const logs = logsFor(parts, directory);
  const ports = { ...parts, logs };
  const account = createExternalAccount(ports, externalMigrations);
  return {
    ready: Promise.resolve(),
    methods: {
      hold: (call: Arguments<typeof account, "hold">) => account.hold(call),
      post: (call: Arguments<typeof account, "post">) => account.post(call),
      release: (call: Arguments<typeof account, "release">) => account.release(call),
      readClaims: (call: ClaimsCall) => readClaims(account, call),
      readLegs: (call: LegsCall) => readLegs(account, call),
      books: (call: BooksCall) => booksOf(account, parts, call),
      audit: (call: ExternalAuditCall) => auditExternalAccount(account, ports, call),
    },
  };
}

export function createLog(running: InstanceParts, directory: Directory): Instance {
  const parts = { ...running, clock: new SharedTimer(running.clock) };
  const accounts = accountsFor(parts, directory);
  const log = new TransferLogCore({ ...parts, accounts, migrations: logMigrations });
  return {
    ready: log.alarmJobs.recover(),
    methods: {
      submit: (call: Arguments<TransferLogCore, "submit">) => log.submit(call),
      submitBatch: (call: Arguments<TransferLogCore, "submitBatch">) => log.submitBatch(call),
      ask: (call: Arguments<TransferLogCore["reads"], "ask">) => log.reads.ask(call),
      find: (call: Arguments<TransferLogCore["reads"], "find">) => log.reads.find(call),
      unsettled: (call: Arguments<TransferLogCore["reads"], "unsettled">) =>
        log.reads.unsettled(call),
      legRecords: (call: Arguments<TransferLogCore["reads"], "legRecords">) =>
        log.reads.legRecords(call),
      startScrub: (call: StartScrubCall) => log.scrub.start(call),
      scrubStatus: (call: Call) => log.scrub.status(call),
    },
    alarm: () => log.alarmJobs.run(),
  };
}

export function createKeyRing(parts: InstanceParts): Instance {
  const register = new KeyRingCore({ ...parts, migrations: keyMigrations });
  return {
    ready: Promise.resolve(),
    methods: {
      create: (call: Arguments<KeyRingCore, "create">) => register.create(call),
      lookUp: (call: Arguments<KeyRingCore, "lookUp">) => register.lookUp(call),
      list: (call: Arguments<KeyRingCore, "list">) => register.list(call),
      revoke: (call: Arguments<KeyRingCore, "revoke">) => register.revoke(call),
      audit: (call: Arguments<KeyRingCore, "audit">) => register.audit(call),
    },
  };
}
