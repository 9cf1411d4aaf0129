// Rebuilds the kernel for tests with several processors: node test/machine/smp/build.mjs [CC]. Needs a gcc for x86-64 ELF
// (gcc 12 made the committed one). Paths in the debug info are mapped to /clockpath/smp.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const cc = process.argv[2] ?? process.env.CC ?? "gcc";
const flags = [
  "-m64 -g -gdwarf-5 -std=gnu11 -O1 -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -mno-red-zone -mgeneral-regs-only",
  "-fno-omit-frame-pointer -fno-stack-protector -fcf-protection=none -fasynchronous-unwind-tables -fno-builtin",
  `-ffile-prefix-map=${folder}=/clockpath/smp`,
  "-nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments",
].flatMap((line) => line.split(" "));

const { status, error } = spawnSync(
  cc,
  [...flags, "-T", "smp.ldscript", "-o", "smp.elf", "start.S", "smp.c"],
  { cwd: folder, stdio: "inherit" },
);
if (error) throw new Error(`${cc}: ${error.message}; name a compiler: node test/machine/smp/build.mjs CC`);
process.exit(status ?? 1);
