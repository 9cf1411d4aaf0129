// The real tree: needs CLOCKPATH_NETBSD_SRC (a NetBSD source tree, or its sys/); the facts are those of a compiled MICROVM kernel.
import { existsSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import type { IndexReport, KernelIndex } from "../../server/query/api.ts";
import { openIndex } from "../../server/query/open.ts";
import { temporaryFolder } from "../index/helpers.ts";

const given = process.env.CLOCKPATH_NETBSD_SRC;
const sys = given && existsSync(path.join(given, "sys", "kern")) ? path.join(given, "sys") : given;

describe.skipIf(!sys)("a NetBSD tree (skipped without CLOCKPATH_NETBSD_SRC)", () => {
  let index: KernelIndex;
  let report: IndexReport;

  beforeAll(async () => {
    const indexDir = temporaryFolder();
    report = await updateIndex(sys!, { indexDir, workers: 0, config: "arch/amd64/conf/MICROVM" });
    index = openIndex(sys!, { indexDir })!;
    return () => index.close();
  }, 300_000);

  it("is indexed whole", () => {
    expect(report.files).toBeGreaterThan(20_000);
    expect(report.skippedCount).toBe(0);
    expect(report.bytes).toBeLessThan(report.sourceBytes / 3);
  });

  it("has the callers of tc_init that the compiled kernel has, and in its configuration no others", () => {
    const compiled = ["initclocks", "lapic_initclock", "startrtclock", "tsc_tc_init", "xen_initclocks"];
    const names = (configured: boolean) =>
      [...new Set(index.callers("tc_init", { configured }).map(({ caller }) => caller.name))].sort();
    expect(names(false)).toEqual(expect.arrayContaining(compiled));
    expect(names(true)).toEqual(compiled);
  });

  it("shows the configured kernel's definitions first", () => {
    expect(index.definitions("cpu_initclocks")[0]).toMatchObject({
      file: "arch/x86/x86/x86_machdep.c",
      configured: true,
    });
    expect(index.symbols("tc_init")[0]).toMatchObject({
      name: "tc_init",
      file: "kern/kern_tc.c",
      kind: "function",
    });
  });

  it("answers quickly for names that stand everywhere", () => {
    for (const name of ["error", "printf", "i", "sc", "NULL"]) {
      const started = performance.now();
      expect(index.references(name).length).toBe(10_000);
      expect(performance.now() - started, name).toBeLessThan(2_000);
    }
  });
});
