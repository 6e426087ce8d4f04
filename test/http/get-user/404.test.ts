// Guarantee: an id that does not exist and one that cannot exist are answered alike, and asking for
// them leaves no storage behind.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

const unknown = userIdFor(tenant, newKey());

test("an unknown user leaves nothing behind", async () => {
  expectProblem(await get(`/users/${unknown}`), 404, "not_found");
  expect(await tablesOf(walletObject(walletIdOfUser(unknown)))).toEqual([]);
});

test.each([
  ["too short", "usr_1"],
  ["too long", `${unknown}0`],
  ["another prefix", unknown.replace("usr_", "cus_")],
  ["no prefix", unknown.slice(4)],
  ["a letter that Crockford leaves out", `${unknown.slice(0, -1)}U`],
  ["a broken escape", "usr_%E0%A4%A"],
  ["an escaped slash", "usr_%2F"],
  ["NUL", `${unknown}%00`],
  ["a line break", `${unknown}%0A`],
  ["a name of the language", "__proto__"],
])("an impossible id: %s", async (_, id) => {
  expectProblem(await get(`/users/${id}`), 404, "not_found");
});

test("the answer says that it is the user that is not there, and not the address", async () => {
  const answer = await get(`/users/${unknown}`);
  expect(answer.body["detail"]).toBe("There is no such user.");
  expect((await get("/users/usr_1")).body["detail"]).toBe("There is no such user.");
  expect((await get("/userz/usr_1")).body["detail"]).toBe("No resource exists at this path.");
});

test("a lower-case id and the wallet's id are not the user's", async () => {
  const { userId, walletId } = await openUser();
  expectProblem(await get(`/users/${userId.toLowerCase()}`), 404, "not_found");
  expectProblem(await get(`/users/${walletId}`), 404, "not_found");
});
