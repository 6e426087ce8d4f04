// Guarantee: a tenant sees all of its own keys, expired and revoked ones too, and no other's; never
// anything that could be used as a key.
import { expect, test } from "vitest";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";

const [ours, theirs] = [bootstrapFor("ours"), bootstrapFor("theirs")];
const service = new ClosedService({ BOOTSTRAP_KEY: ours.setting });
const elsewhere = new ClosedService({ BOOTSTRAP_KEY: theirs.setting });

const idsOf = (body: Readonly<Record<string, unknown>>) =>
  (body["data"] as readonly { readonly id: string }[]).map(({ id }) => id);

test("over all rings, in order of creation, and only the tenant's own", async () => {
  const none = { data: [], nextCursor: null };
  expect((await service.send("GET", "/admin/keys", ours.text)).body).toEqual(none);
  const created: string[] = [];
  // One after the other: more keys than rings, each younger than the last or as old.
  for (let count = 0; count < 20; count++) {
    created.push((await service.createKey(ours.text, ["ops:read"])).id);
  }
  const other = await elsewhere.createKey(theirs.text, ["ops:read"]);

  const { status, body } = await service.send("GET", "/admin/keys", ours.text);
  expect(status).toBe(200);
  expect(idsOf(body).toSorted()).toEqual(created.toSorted());
  const times = (body["data"] as readonly { readonly createdAt: string }[]).map(
    ({ createdAt }) => createdAt,
  );
  expect(times).toEqual(times.toSorted());
  const { body: foreign } = await elsewhere.send("GET", "/admin/keys", theirs.text);
  expect(idsOf(foreign)).toEqual([other.id]);
});

test("page by page, over all rings, each key once and none of another tenant", async () => {
  const list = (query: string) => service.send("GET", `/admin/keys?${query}`, ours.text);
  const all = (await list("limit=200")).body;
  const total = idsOf(all).length;
  expect(all["nextCursor"]).toBeNull();
  for (const limit of [1, 7, total - 1, total]) {
    const seen: string[] = [];
    let [pages, cursor] = [0, ""];
    do {
      const { body } = await list(`limit=${limit}${cursor && `&cursor=${cursor}`}`);
      seen.push(...idsOf(body));
      pages += 1;
      cursor = (body["nextCursor"] as string | null) ?? "";
    } while (cursor !== "");
    expect(seen).toEqual(idsOf(all));
    expect(pages).toBe(Math.ceil(total / limit));
  }
});

test("revoked keys stay, with who revoked them; no secret and no hash of one", async () => {
  const { id, text } = await service.createKey(ours.text, ["ops:read"]);
  await service.send("DELETE", `/admin/keys/${id}`, ours.text);
  const answer = await service.send("GET", "/admin/keys", ours.text);
  const data = answer.body["data"] as readonly { readonly id: string }[];
  expect(data.find((key) => key.id === id)).toMatchObject({
    revokedBy: ours.setting.split(":")[1],
    revokedAt: expect.any(String),
  });
  expect(answer.text).not.toContain(text.slice(-20));
  expect(answer.text).not.toMatch(/[0-9a-f]{64}|apiKey|secret/i);
});
