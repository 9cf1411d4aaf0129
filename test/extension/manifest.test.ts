// package.json and the extension's code say the same: commands, settings with their defaults, views, files that are named.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const { contributes } = manifest;

function sources(folder: string): string {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(path.join(root, folder, file), "utf8"))
    .join("\n");
}

const code = sources("extension");

function all(pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map((match) => match[1]!).sort();
}

test("each command is declared and registered", () => {
  const declared = contributes.commands.map(({ command }: { command: string }) => command).sort();
  expect(all(/registerCommand\(\s*"([^"]+)"/g)).toEqual(declared);
});

test("commands that need arguments are not in the palette", () => {
  const hidden = contributes.menus.commandPalette.map(({ command }: { command: string }) => command);
  const visible = contributes.commands.filter(
    ({ command }: { command: string }) => !hidden.includes(command),
  );
  for (const { category, title } of visible)
    expect({ title, category }).toEqual({ title, category: "Clockpath" });
});

test("each setting is declared and read, with the same default", () => {
  const declared = Object.entries<{ default: unknown }>(contributes.configuration.properties).map(
    ([name, property]) => `${name} = ${JSON.stringify(property.default)}`,
  );
  const read = [...code.matchAll(/values\.get<[^>]+>\("([^"]+)", ([^)]+)\)/g)].map(
    ([, name, value]) => `clockpath.${name} = ${value}`,
  );
  expect(read.sort()).toEqual(declared.sort());
});

test("views, their welcome texts and the commands in these exist", () => {
  const views = Object.values<{ id: string }[]>(contributes.views).flatMap((group) =>
    group.map(({ id }) => id),
  );
  const commands = contributes.commands.map(({ command }: { command: string }) => command);
  for (const { view, contents } of contributes.viewsWelcome) {
    expect(views).toContain(view);
    for (const [, command] of contents.matchAll(/\(command:([^)]+)\)/g)) expect(commands).toContain(command);
  }
  for (const view of views) expect(code).toContain(`"${view}"`);
});

test("files that are named exist in the repository", () => {
  const named = [
    manifest.icon,
    ...contributes.languages.map((language: { configuration: string }) => language.configuration),
    ...contributes.grammars.map((grammar: { path: string }) => grammar.path),
    ...contributes.viewsContainers.activitybar.map((container: { icon: string }) => container.icon),
  ];
  for (const file of named)
    expect({ file, there: existsSync(path.join(root, file)) }).toEqual({ file, there: true });
});

test("snippets use only declared attributes", () => {
  const [debuggers] = contributes.debuggers;
  const general = ["type", "request", "name"];
  const bodies = debuggers.configurationSnippets.map(({ body }: { body: object }) => body);
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) {
    expect(body.type).toBe("clockpath");
    const attributes = Object.keys(debuggers.configurationAttributes[body.request].properties);
    for (const key of Object.keys(body)) expect([...general, ...attributes]).toContain(key);
  }
});
