// The index's status bar item and its tooltip, for each state.
import { expect, test } from "vitest";
import { statusText, statusTooltip } from "../../extension/features/indexStatusText.ts";
import type { IndexStatus } from "../../server/protocol.ts";

const tree = "/usr/src";
const building: IndexStatus = {
  state: "building",
  tree,
  phase: "lex",
  filesDone: 12_457,
  filesTotal: 24_914,
  usable: false,
};
const ready: IndexStatus = {
  state: "ready",
  tree,
  os: "netbsd",
  files: 24_914,
  symbols: 265_000,
  bytes: 123_456_789,
  directory: "/home/me/.cache/clockpath/ab12",
  seconds: 7.44,
  updated: 24_914,
  skipped: [{ file: "sys/dev/secret.c", reason: "permission denied" }],
  skippedCount: 3,
};

test("building", () => {
  expect(statusText(building)).toBe("$(sync~spin) Kernel index 50 %");
  expect(statusText({ ...building, phase: "walk", filesTotal: 0 })).toBe("$(sync~spin) Kernel index");
  expect(statusTooltip(building)).toMatchInlineSnapshot(`
    "**Indexing** \`/usr/src\`

    Reading files: 12,457 of 24,914 files.

    Answers come when it is done."
  `);
});

test("ready", () => {
  expect(statusText(ready)).toBe("$(database) NetBSD: 265,000 symbols");
  expect(statusTooltip(ready)).toMatchInlineSnapshot(`
    "**Kernel index** of \`/usr/src\`

    24,914 files, 265,000 symbols, 123.5 MB in \`/home/me/.cache/clockpath/ab12\`.

    Last update: 24,914 files in 7.4 s.

    Left out: 3 files.
    - \`sys/dev/secret.c\`: permission denied
    - and 2 more"
  `);
});

test("failed", () => {
  const failed: IndexStatus = { state: "failed", tree, message: "no space left on device", usable: true };
  expect(statusText(failed)).toBe("$(warning) Kernel index");
  expect(statusTooltip(failed)).toMatchInlineSnapshot(`
    "**The index of** \`/usr/src\` **could not be built**

    no space left on device

    The index as it was answers."
  `);
});

test("a path cannot end the code it is shown as", () => {
  expect(statusTooltip({ ...building, tree: "/a`**b" })).toContain("`/a'**b`");
});
