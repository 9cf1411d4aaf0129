// Calls through pointers that were read by hand: `npm run oracle:dispatch`, or `node test/oracle/dispatch.mjs TREE KERNEL [CONFIG]`
// (CLOCKPATH_NETBSD_SRC, CLOCKPATH_NETBSD_KERNEL; MICROVM). Three sites that clock work asks for, then sites from a seeded list of the compiled kernel's
// indirect calls; their true targets were found by reading the registrations in the compiled sources. Each must be an indirect call
// in the disassembly, and all of its targets must be among those shown.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { callInstructions, stacksAt } from "./compiled.mjs";
import { load } from "./load.mjs";

/** Function, what it calls through, the functions that the sources register there. */
const SITES = [
  ["tc_delta", /tc_get_timecount/, "i8254_get_timecount lapic_get_timecount tsc_get_timecount xen_get_timecount get_intr_timecount dummy_get_timecount"],
  ["cpu_initclocks", /x86_initclock_func/, "i8254_initclocks lapic_initclock xen_initclocks"],
  ["cpu_boot_secondary", /delay_func/, "i8254_delay lapic_delay tsc_delay xen_delay"],
  ["inittimecounter", /tc_get_timecount/, "i8254_get_timecount lapic_get_timecount tsc_get_timecount xen_get_timecount get_intr_timecount dummy_get_timecount"],
  ["cpu_hatch", /x86_initclock_func/, "i8254_initclocks lapic_initclock xen_initclocks"],
  ["do_sys_sendmsg_so", /so_send/, "sosend"],
  ["if_stop", /if_stop/, "if_nullstop vioif_stop"],
  ["intr_mask_xcall", /pic_hwmask/, "xen_evtchn_mask i8259_hwmask lapic_hwmask ioapic_hwmask"],
  ["intr_redistribute_xc_s1", /pic_trymask/, "xen_evtchn_trymask ioapic_trymask"],
  ["putter_fop_close", /pop_close/, "puffs_msgif_close"],
  ["aes_setdeckey", /ai_setdeckey/, "aesni_setdeckey_impl aesvia_setdeckey aes_sse2_setdeckey_impl aes_ssse3_setdeckey_impl aesbear_setdeckey"],
  ["exec_elf64_makecmds", /es_setup_stack/, "exec_setup_stack"],
  ["if_percpuq_softint", /_if_input/, "if_nullinput ether_input"],
  ["pool_allocator_alloc", /pa_alloc/, "uarea_poolpage_alloc uarea_system_poolpage_alloc exec_pool_alloc sigacts_poolpage_alloc pool_page_alloc pool_page_alloc_meta pool_page_alloc_vmem_meta qc_poolpage_alloc bufpool_page_alloc"],
  ["execve_dovmcmds", /ev_proc/, "vmcmd_map_pagedvn vmcmd_map_readvn vmcmd_map_zero"],
  ["virtio_set_status", /set_status/, "virtio_mmio_set_status"],
  ["sys_lseek", /fo_seek/, "memfd_seek vn_seek"],
  ["closef", /fo_close/, "drvctl_close putter_fop_close kqueue_close eventfd_fop_close memfd_close mq_close_fop soo_close timerfd_fop_close ksem_close_fop vn_closefile bpf_close vio9p_close"],
  ["xencons_write", /l_write/, "ttwrite"],
  ["filter_event", /f_event/, "filt_putter filt_sysmon_power_read filt_entropy_read_event filt_nopevent filt_kqueue filt_proc filt_timer filt_user filt_seltrue filt_signal filt_logread eventfd_filt_read eventfd_filt_write timerfd_filt_read filt_ttyread filt_ttywrite filt_ptcread filt_ptcwrite filt_solisten filt_soread filt_sowrite filt_soempty"],
  ["VFS_QUOTACTL", /vfs_quotactl/, "eopnotsupp ufs_quotactl dead_panic"],
  ["VFS_UNMOUNT", /vfs_unmount/, "msdosfs_unmount ptyfs_unmount puffs_vfsop_unmount tmpfs_unmount kernfs_unmount procfs_unmount ext2fs_unmount ffs_unmount dead_panic"],
  ["portalgo_randport", /func/, "algo_bsd algo_random_start algo_random_pick algo_hash algo_doublehash algo_randinc"],
  ["bpf_mtap3", /bpf_mtap/, "_bpf_mtap bpf_stub_warn"],
]; // biome-ignore format: a table

const [
  tree = process.env.CLOCKPATH_NETBSD_SRC,
  kernel = process.env.CLOCKPATH_NETBSD_KERNEL,
  config = "MICROVM",
] = process.argv.slice(2);
if (tree === undefined || kernel === undefined || !existsSync(kernel)) {
  console.error("skipped: set CLOCKPATH_NETBSD_SRC and CLOCKPATH_NETBSD_KERNEL, or name TREE and KERNEL");
  process.exit(0);
}

/** Places of the indirect calls of the compiled kernel, by the function whose text they come from. */
function indirectCalls() {
  const { indirect } = callInstructions(kernel);
  const stacks = stacksAt(
    kernel,
    tree,
    indirect.map(({ address }) => address),
  );
  const places = new Map();
  stacks.forEach(([frame], i) => {
    if (frame === undefined) return;
    const place = { address: indirect[i].address, file: frame.file, line: frame.line };
    places.set(frame.name, [...(places.get(frame.name) ?? []), place]);
  });
  return places;
}

const folder = mkdtempSync(path.join(tmpdir(), "clockpath-dispatch-"));
try {
  const { loadGraph } = await load(folder, `export { loadGraph } from "./server/graph/load.ts";`);
  const graph = loadGraph(tree, config, { indexDir: folder });
  const places = indirectCalls();
  let right = 0;
  for (const [caller, through, list] of SITES) {
    const edges = graph.callees(caller).filter((edge) => through.test(edge.through ?? ""));
    const sites = (places.get(caller) ?? []).filter((place) =>
      edges.some((edge) => edge.file === place.file && Math.abs(edge.line - place.line) <= 2),
    );
    const shown = new Set(edges.map(({ callee }) => callee.name));
    const missing = list.split(" ").filter((name) => !shown.has(name));
    const isRight = missing.length === 0 && sites.length > 0;
    if (isRight) right++;
    const [site] = sites;
    const where = site === undefined ? "no indirect call there" : `${site.address} ${site.file}:${site.line}`;
    const through1 = edges[0]?.through ?? String(through);
    console.log(
      `${isRight ? "right" : "WRONG"}  ${caller.padEnd(24)} ${through1.padEnd(34)} ${where}\n       true ${list.split(" ").length}, shown ${shown.size}${missing.length === 0 ? "" : `; not shown: ${missing.join(" ")}`}`,
    );
  }
  console.log(`${right} of ${SITES.length} dispatch sites show all of their true targets`);
  process.exitCode = right === SITES.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
