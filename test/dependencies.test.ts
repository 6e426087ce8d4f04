// Guarantee: what is installed is what was looked at. Few packages run in the Worker, each of one
// version; every package in the lock has its hash, and none is tied to the host it came from.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Package {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../${name}`, "utf8"));
const manifest = read("package.json") as Readonly<
  Record<"dependencies" | "devDependencies" | "optionalDependencies", Record<string, string>>
>;
const lock = read("package-lock.json") as { readonly packages: Readonly<Record<string, Package>> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");

/** With what they bring along. A package more is a decision: it runs where money is moved. */
const runtimePackagesMax = 10;

test("every dependency is pinned to one version", () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const exact = /^(npm:@?[\w/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
  expect(all.filter(([, version]) => !exact.test(version))).toEqual([]);
  expect(all.length).toBeGreaterThan(10);
});

test("every package in the lock has its hash and names no host", () => {
  const bare = packages.filter(([, one]) => !one.integrity?.startsWith("sha512-"));
  expect(bare.map(([path]) => path)).toEqual([]);
  expect(packages.filter(([, one]) => one.resolved !== undefined)).toEqual([]);
  expect(packages.length).toBeGreaterThan(100);
});

test("few packages run in the Worker", () => {
  const runtime = packages.filter(([, one]) => !one.dev && !one.optional && !one.devOptional);
  expect(runtime.length).toBeGreaterThanOrEqual(Object.keys(manifest.dependencies).length);
  expect(runtime.length).toBeLessThanOrEqual(runtimePackagesMax);
});
