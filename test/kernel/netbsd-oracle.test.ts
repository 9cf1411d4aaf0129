// NetBSD configurations against the real config(1): the list of files in its order, the compile rules, every header byte for byte.
// The golden files hold what config(1) wrote for our own small tree. With CLOCKPATH_NETBSD_CONFIG (a config(1) binary) they are checked
// against it again (`-u` writes them), and with CLOCKPATH_NETBSD_SRC three real configurations too.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { KernelConfiguration } from "../../server/kernel/api.ts";
import { configureKernel } from "../../server/kernel/configure.ts";
import { fixtures, folderTree, withTemporaryFolder } from "./trees.ts";

const binary = process.env.CLOCKPATH_NETBSD_CONFIG;
const realTree = process.env.CLOCKPATH_NETBSD_SRC;
const smallTree = path.join(fixtures, "netbsd");
const golden = (name: string) => path.join(__dirname, "golden", "netbsd", `${name}.txt`);

/** The makefile's list, rules, command-line options, and the headers, as one text; locators.h sorted, since config(1) hashes it. */
function asText(files: string[], rules: string[], defines: string[], headers: Map<string, string>): string {
  const parts = [...headers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => {
      const lines = text.trimEnd().split("\n");
      return [`== ${name}`, ...(name === "locators.h" ? lines.sort() : lines)];
    });
  return `${[["== files", ...files], ["== rules", ...rules.sort()], ["== IDENT", ...defines], ...parts]
    .flat()
    .join("\n")}\n`;
}

function ours(configuration: KernelConfiguration): string {
  const { files, headers, defines, sys } = configuration;
  const inMakefile = (file: string) => (file.startsWith(sys) ? file.slice(sys.length) : `../${file}`);
  const names = files.map(({ file, kind }) => (kind === "generated" ? file : inMakefile(file)));
  const rules = files
    .filter((file) => file.compileWith)
    .map((file) => `${inMakefile(file.file)}: ${file.compileWith}`);
  const idents = defines.filter(({ name }) => !name.startsWith("_KERNEL"));
  const defined = idents.map(({ name, value }) => (value === "1" ? name : `${name}="${value}"`));
  return asText(names, rules, defined, new Map(headers.map(({ name, text }) => [name, text])));
}

function theirs(tree: string, machine: string, name: string): string {
  return withTemporaryFolder((folder) => {
    const sys = path.join(tree, "sys");
    const run = spawnSync(binary!, ["-b", folder, "-s", sys, name], {
      cwd: path.join(sys, "arch", machine, "conf"),
      encoding: "utf8",
    });
    expect(run.status, run.stderr).toBe(0);
    const makefile = readFileSync(path.join(folder, "Makefile"), "utf8");
    const list = (variable: string) =>
      (new RegExp(`^${variable}= \\\\\\n((?:\\t.*\\n)*)`, "m").exec(makefile)?.[1] ?? "")
        .split("\n")
        .map((line) => line.replace(/\s*\\$/, "").trim())
        .filter((line) => line !== "");
    const rules = [...makefile.matchAll(/^\S+\.o: \$S\/(\S+)\n\t(.*)\n\n/gm)].map(
      ([, file, command]) => `${file}: ${command}`,
    );
    const headers = readdirSync(folder).filter((file) => file.endsWith(".h") && file !== "config_file.h");
    const texts = new Map(headers.map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
    const defines = list("IDENT").map((define) => define.replace(/^-D/, ""));
    return asText(list("ALLFILES"), rules, defines, texts);
  });
}

describe.each(["TOY", "BARE"])("the small tree's %s", (name) => {
  test("is what config(1) wrote", () => {
    const configuration = configureKernel(`sys/arch/toy/conf/${name}`, folderTree(smallTree).read);
    expect(configuration.diagnostics).toEqual([]);
    expect(ours(configuration)).toBe(readFileSync(golden(name), "utf8").replaceAll("\r\n", "\n"));
  });

  test.skipIf(binary === undefined)(
    "golden file is what config(1) writes (needs CLOCKPATH_NETBSD_CONFIG)",
    async () => {
      await expect(theirs(smallTree, "toy", name)).toMatchFileSnapshot(golden(name));
    },
  );
});

const missing = [
  binary === undefined ? "CLOCKPATH_NETBSD_CONFIG" : "",
  realTree === undefined ? "CLOCKPATH_NETBSD_SRC" : "",
];
const reason = missing.join(" ").trim() === "" ? "" : ` (needs ${missing.join(" ").trim()})`;

describe.skipIf(reason !== "")(`NetBSD/amd64 against config(1)${reason}`, () => {
  test.each([
    ["MICROVM", 516],
    ["GENERIC", 3232],
    ["XEN3_DOMU", 925],
  ])("%s: %i sources, in its order, and all headers", { timeout: 60_000 }, (name, sources) => {
    if (!existsSync(path.join(realTree!, "sys", "arch", "amd64", "conf", name)))
      return expect.fail(`no ${name} in ${realTree}`);
    const configuration = configureKernel(`sys/arch/amd64/conf/${name}`, folderTree(realTree!).read);
    expect(configuration.diagnostics).toEqual([]);
    expect(ours(configuration)).toBe(theirs(realTree!, "amd64", name));
    expect(configuration.files.filter(({ kind }) => kind === "source").length).toBe(sources);
  });
});
