// Our own requests about the chosen kernel configuration: which ones there are, what the chosen one selects and leaves out, and the lines
// that decide. Says when that changes.
import type { KernelConfiguration, Place, Reason, ReasonLine } from "../kernel/api.ts";
import { shortName } from "../kernel/configure.ts";
import type {
  ConfigurationRow,
  ConfigurationSummary,
  Notifications,
  ReasonRow,
  Requests,
} from "../protocol.ts";
import type { Tree } from "../query/api.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { type Configured, uriIn } from "./kernels.ts";
import { answer } from "./requests.ts";

const configurationChanged: keyof Notifications = "clockpath/configurationChanged";

/** How long the text of a configuration must rest before it is read again. */
const settleMs = 300;

export function registerConfigurations(context: Context): void {
  const { connection } = context;
  answer(connection, "clockpath/configurations", () => ({
    trees: context
      .trees()
      .roots()
      .map((tree) => ({
        tree: tree.root,
        configurations: context
          .kernels()
          .list(tree)
          .map((path) => ({ path, name: shortName(path) })),
      })),
    chosen: summary(context.kernels().chosen()),
  }));
  answer(connection, "clockpath/chooseConfiguration", (choice) => {
    context.kernels().choose(choice ?? undefined);
    context.trees().configure(choice?.path ?? "");
    context.graphs().configurationChanged();
    const chosen = summary(context.kernels().chosen());
    void connection.sendNotification(configurationChanged, chosen);
    return chosen;
  });
  answer(connection, "clockpath/configurationRows", (query) => {
    const chosen = context.kernels().chosen();
    return chosen ? items(chosen.configuration, query).map((item) => row(chosen, item)) : [];
  });
  answer(connection, "clockpath/configurationReason", (query) => {
    const chosen = context.kernels().chosen();
    const found = chosen && items(chosen.configuration, query).find(({ name }) => name === query.name);
    return found ? found.reason.map((line) => reasonRow(chosen.tree, line)) : [];
  });

  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void connection.sendNotification(configurationChanged, summary(context.kernels().chosen()));
    }, settleMs);
  };
  const changed = (uri: string) => {
    const path = pathOf(uri);
    if (path !== undefined && context.kernels().changed([path])) later();
  };
  context.documents.onDidChangeContent(({ document }) => changed(document.uri));
  context.documents.onDidClose(({ document }) => changed(document.uri));
  context.onFilesChanged((paths) => {
    if (context.kernels().changed(paths)) later();
    context.graphs().changed();
  });
  connection.onShutdown(() => clearTimeout(timer));
}

function summary(chosen: Configured | undefined): ConfigurationSummary | null {
  if (!chosen) return null;
  const { tree, configuration } = chosen;
  const count = (part: Query["part"]) => ({
    selected: items(configuration, { part, selected: true }).length,
    unselected: items(configuration, { part, selected: false }).length,
  });
  return {
    tree: tree.root,
    path: configuration.path,
    name: shortName(configuration.path),
    uri: uriIn(tree, configuration.path),
    system: configuration.system,
    counts: { option: count("option"), device: count("device"), file: count("file") },
    errors: configuration.diagnostics.filter(({ severity }) => severity === "error").length,
  };
}

type Query = Requests["clockpath/configurationRows"]["params"];

interface Item {
  readonly name: string;
  readonly detail: string;
  readonly reason: Reason;
  /** A file of the tree. */
  readonly file?: string;
}

/** The rows of one part, each name once: of two lines for one file or device the first counts. */
function items(configuration: KernelConfiguration, { part, selected }: Query): Item[] {
  const found = new Map<string, Item>();
  for (const item of allItems(configuration, part, selected))
    if (!found.has(item.name)) found.set(item.name, item);
  return [...found.values()];
}

function allItems(configuration: KernelConfiguration, part: Query["part"], selected: boolean): Item[] {
  const { options, devices, files, excluded, unselected } = configuration;
  if (part === "file") {
    const built = new Set(files.map(({ file }) => file));
    return (selected ? files : excluded.filter(({ file }) => !built.has(file))).map(
      ({ file, kind, condition, reason }) => ({
        name: file,
        detail: kind === "source" ? condition : `${kind}${condition === "" ? "" : `, ${condition}`}`,
        reason,
        ...(kind === "source" ? { file } : {}),
      }),
    );
  }
  const out = unselected
    .filter(({ what }) => what === part)
    .map(({ name, reason }) => ({ name, detail: "", reason }));
  if (part === "option") {
    if (!selected) return out;
    return options.map(({ name, kind, value, reason }) => ({
      name,
      detail: [value === undefined ? "" : `= ${value}`, kind === "option" ? "" : kind]
        .filter(Boolean)
        .join("  "),
      reason,
    }));
  }
  const written = devices
    .filter(({ active }) => active === selected)
    .map(({ name, kind, at, reason }) => ({
      name: at === undefined ? name : `${name} at ${at}`,
      detail: kind === "pseudo-device" ? kind : "",
      reason,
    }));
  return selected ? written : [...written, ...out];
}

function row({ tree, configuration }: Configured, { name, detail, reason, file }: Item): ConfigurationRow {
  const place = deciding(reason, configuration.path);
  return {
    name,
    detail,
    ...(place ? { place: { uri: uriIn(tree, place.file), line: place.line - 1 } } : {}),
    ...(file === undefined ? {} : { uri: uriIn(tree, file) }),
  };
}

/** The configuration's own line, else the last of the chain: a condition of several names has a chain for each. */
function deciding(reason: Reason, configuration: string): Place | undefined {
  const places = reason.map(({ place }) => place).filter((place) => place !== undefined);
  return places.find(({ file }) => file === configuration) ?? places.at(-1);
}

function reasonRow(tree: Tree, { text, note, place }: ReasonLine): ReasonRow {
  if (!place) return { text, note, where: "" };
  const where = `${place.file.slice(place.file.lastIndexOf("/") + 1)}:${place.line}`;
  return { text, note, where, place: { uri: uriIn(tree, place.file), line: place.line - 1 } };
}
