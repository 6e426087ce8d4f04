// Guarantee: a user reads as opened, and reading changes nothing.
import { expect, test } from "vitest";
import { get, send } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { walletObject } from "../../support/stubs.ts";
import { contentsOf } from "../../support/objects.ts";

test("shows the user as opened, again and again", async () => {
  const { userId, walletId } = await openUser("Grace");
  const before = await contentsOf(walletObject(walletId));
  const first = await get(`/users/${userId}`);
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ id: userId, walletId, name: "Grace" });
  expect((await get(`/users/${userId}`)).text).toBe(first.text);
  expect(await contentsOf(walletObject(walletId))).toBe(before);
});

test("HEAD answers the same without the body", async () => {
  const { userId } = await openUser();
  const { status, text } = await send("HEAD", `/users/${userId}`);
  expect([status, text]).toEqual([200, ""]);
});
