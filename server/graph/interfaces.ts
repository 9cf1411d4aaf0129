// Headers that a FreeBSD build makes: kobj interfaces (`bus_if.h` of `bus_if.m`, makeobjops.awk) and `vnode_if.h` (vnode_if.awk). Only
// what calls need of them: the inline function of each method, which dispatches by the method's descriptor.
import type { KernelConfiguration, ReadFile } from "../kernel/api.ts";

/** Name and text of each generated header; none for NetBSD, whose tree holds its own. */
export function interfaceHeaders(
  configuration: KernelConfiguration,
  read: ReadFile,
): Map<string, Uint8Array> {
  const made = new Map<string, Uint8Array>();
  if (configuration.system !== "freebsd") return made;
  const make = (name: string, text: string) => made.set(name, Buffer.from(guarded(name, text), "latin1"));
  for (const { file } of [...configuration.files, ...configuration.excluded]) {
    const name = /([\w]+)\.m$/.exec(file)?.[1];
    const bytes = name === undefined || made.has(`${name}.h`) ? undefined : read(file);
    if (bytes !== undefined) make(`${name}.h`, interfaceHeader(Buffer.from(bytes).toString("latin1")));
  }
  const vnodes = read(`${configuration.sys}kern/vnode_if.src`);
  if (vnodes !== undefined) {
    const { types, functions } = vnodeHeaders(Buffer.from(vnodes).toString("latin1"));
    make("vnode_if.h", '#include "vnode_if_typedef.h"\n#include "vnode_if_newproto.h"\n');
    make("vnode_if_typedef.h", types);
    make("vnode_if_newproto.h", functions);
  }
  return made;
}

/** Read once in a translation unit, as the written ones are: `_bus_if_h_`. */
function guarded(name: string, text: string): string {
  const guard = `_${name.replace(".", "_")}_`;
  return `#ifndef ${guard}\n#define ${guard}\n${text}#endif\n`;
}

/**
 * The header of one interface: for each METHOD and STATICMETHOD its type and its inline function, which takes the method of the object's
 * class, or the one that DEFAULT names (kobj_error_method where none does).
 */
export function interfaceHeader(text: string): string {
  const source = text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^#(?!include|define|if|endif|else|undef).*$/gm, "");
  const interfaceName = /^\s*INTERFACE\s+(\w+)\s*;/m.exec(source)?.[1] ?? "unknown";
  const out: string[] = [];
  const methods = source.matchAll(/\b(STATIC)?METHOD\s+([^{;]+)\{([^}]*)\}(?:\s*DEFAULT\s+(\w+))?/g);
  for (const [, isStatic, head, list, otherwise = "kobj_error_method"] of methods) {
    const found = /^([\s\S]*?)(\w+)\s*$/.exec(head!.trim());
    if (found === null) continue;
    const result = found[1]!.replace(/\s+/g, " ").trim();
    const method = `${interfaceName}_${found[2]}`;
    const parameters = list!
      .split(";")
      .map((one) => one.replace(/\s+/g, " ").trim())
      .filter((one) => one !== "");
    const names = parameters.map((one) => /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(one)?.[1] ?? "");
    const types = parameters.join(", ") || "void";
    const back = result === "void" ? "" : "return ";
    out.push(
      `extern struct kobjop_desc ${method}_desc;`,
      `typedef ${result} ${method}_t(${types});`,
      `extern ${method}_t ${otherwise};`,
      `static __inline ${result} ${method.toUpperCase()}(${isStatic === undefined ? "" : "kobj_class_t _class, "}${types})`,
      `{ extern ${method}_t *__kobj_methods[]; __kobj_methods[${method}_desc] = ${otherwise}; kobj_lookup_method(0, 0, &${method}_desc); ${back}__kobj_methods[${method}_desc](${names.join(", ")}); }`,
    );
  }
  return `${out.join("\n")}\n`;
}

/** vnode_if.src: `vop_lookup { IN struct vnode *dvp; ... };` */
function vnodeHeaders(text: string): { types: string; functions: string } {
  const types: string[] = [];
  const functions: string[] = [];
  for (const [, name, list] of text.replace(/^[#%].*$/gm, "").matchAll(/^(\w+)\s*\{([^}]*)\}/gm)) {
    const parameters = list!
      .split(";")
      .map((one) =>
        one
          .replace(/\b(IN|OUT|INOUT)\b/g, "")
          .replace(/\s+/g, " ")
          .trim(),
      )
      .filter((one) => one !== "");
    const names = parameters.map((one) => /(\w+)\s*$/.exec(one)?.[1] ?? "");
    const upper = name!.toUpperCase();
    types.push(`struct ${name}_args;`, `typedef int ${name}_t(struct ${name}_args *);`);
    functions.push(
      `struct ${name}_args { struct vop_generic_args a_gen; ${parameters.map((one) => `${one.replace(/(\w+)$/, "a_$1")};`).join(" ")} };`,
      `extern struct vnodeop_desc ${name}_desc;`,
      `static __inline int ${upper}(${parameters.join(", ")})`,
      `{ struct ${name}_args a; ${names.map((one) => `a.a_${one} = ${one};`).join(" ")} return ${upper}_APV(0, &a); }`,
      `static __inline int ${upper}_APV(struct vop_vector *vop, struct ${name}_args *a)`,
      `{ return vop->${name}(a); }`,
    );
  }
  const members = types.flatMap((line) => /typedef int (\w+)_t\(/.exec(line)?.[1] ?? []);
  const vector = ["vop_default", "vop_bypass"].map((name) =>
    name === "vop_default" ? "struct vop_vector *vop_default;" : "vop_bypass_t *vop_bypass;",
  );
  functions.unshift(
    `struct vop_vector { ${[...vector, ...members.map((name) => `${name}_t *${name};`)].join(" ")} };`,
  );
  return { types: `${types.join("\n")}\n`, functions: `${functions.join("\n")}\n` };
}
