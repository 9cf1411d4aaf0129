// Puts Debian's own kernel, shell, memory test and makefs into test/boot/.cache, for tests that boot or use what no one here
// wrote: apt-get download, unpacked by dpkg-deb. Run on Debian or Ubuntu; does nothing where all is there.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const cache = path.join(path.dirname(fileURLToPath(import.meta.url)), ".cache");

/** Package (or what it depends on, by name), file in it, name in the cache. */
const WANTED = [
  { package: kernelPackage, file: /^boot\/vmlinuz-/, name: "vmlinuz" },
  { package: () => "busybox-static", file: /^bin\/busybox$/, name: "busybox" },
  { package: () => "memtest86+", file: /^boot\/memtest86\+x64\.bin$/, name: "memtest86+x64.bin" },
  { package: () => "makefs", file: /^usr\/s?bin\/makefs$/, name: "makefs" },
];

/** linux-image-cloud-amd64 is empty and depends on the image of the day. */
function kernelPackage() {
  const text = execFileSync("apt-cache", ["depends", "linux-image-cloud-amd64"], { encoding: "utf8" });
  const found = /Depends: (linux-image-\S+)/.exec(text)?.[1];
  if (!found) throw new Error("apt knows no linux-image-cloud-amd64: run apt-get update first");
  return found;
}

function install(wanted) {
  const target = path.join(cache, wanted.name);
  if (existsSync(target)) return;
  const name = wanted.package();
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-debian-"));
  try {
    execFileSync("apt-get", ["download", "-q", name], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const archive = readdirSync(folder).find((file) => file.endsWith(".deb"));
    if (!archive) throw new Error(`apt-get download ${name} gave no package`);
    execFileSync("dpkg-deb", ["-x", archive, "unpacked"], { cwd: folder });
    const root = path.join(folder, "unpacked");
    const file = readdirSync(root, { recursive: true })
      .map((entry) => String(entry).split(path.sep).join("/"))
      .find((entry) => wanted.file.test(entry));
    if (!file) throw new Error(`${archive} has no ${wanted.file}`);
    copyFileSync(path.join(root, file), target);
    console.log(`${target} from ${archive}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installAll() {
  for (const wanted of WANTED) install(wanted);
}

mkdirSync(cache, { recursive: true });
try {
  installAll();
} catch (error) {
  // Package lists that are absent or old: fetch them, once.
  console.log(`${error.message.split("\n")[0]}; updating apt's lists`);
  execFileSync("apt-get", ["update", "-qq"], { stdio: ["ignore", "ignore", "inherit"] });
  installAll();
}
