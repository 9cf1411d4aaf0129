// Calls through tables of which more is known than the field that they call: one element, one vector, one linker set, one event.
import { expect, test } from "vitest";
import { graphOf } from "./toy.ts";

const callees = (graph: ReturnType<typeof graphOf>, name: string) =>
  graph
    .callees(name)
    .map(({ callee, line, registered }) => `${line} ${callee.name} from ${registered?.line}`);

test("an element by a constant is that element, or what is copied into the table from elsewhere", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct sysent { int narg; int (*call)(void); };
  struct helper { struct sysent entry; int number; };
  int sys_exit(void), sys_fork(void), sys_read(void), sys_shmat(void), sys_late(void);
  struct sysent sysent[] = { { 0, sys_exit }, { 1, sys_fork }, [7] = { 3, sys_read } };
  struct helper shm[] = { { { 0, sys_shmat }, 7 } };
  void add(int n) { sysent[n].call = sys_late; }
  int first(void) { return (sysent[0].call()); }
  int seventh(void) { return (sysent[7].call()); }
  int any(int n) { return (sysent[n].call()); }
  `);
  expect(callees(graph, "first")).toEqual(["7 sys_exit from 4", "7 sys_shmat from 5", "7 sys_late from 6"]);
  expect(callees(graph, "seventh")).toEqual(["8 sys_read from 4", "8 sys_shmat from 5", "8 sys_late from 6"]);
  expect(callees(graph, "any")).toHaveLength(5);
});

test("a vector of vnode operations by its name has its own entries; a vnode's may be any", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct vnodeop_desc { int vdesc_offset; };
  struct vnodeopv_entry_desc { const struct vnodeop_desc *opve_op; int (*opve_impl)(void *); };
  struct vnodeopv_desc { int (***opv_desc_vector_p)(void *); const struct vnodeopv_entry_desc *opv_desc_ops; };
  extern const struct vnodeop_desc vop_close_desc;
  int fifo_close(void *), spec_close(void *);
  int (**fifo_vnodeop_p)(void *), (**spec_vnodeop_p)(void *);
  static const struct vnodeopv_entry_desc fifo_entries[] = { { &vop_close_desc, fifo_close }, { 0, 0 } };
  static const struct vnodeopv_entry_desc spec_entries[] = { { &vop_close_desc, spec_close }, { 0, 0 } };
  const struct vnodeopv_desc fifo_opv_desc = { &fifo_vnodeop_p, fifo_entries };
  const struct vnodeopv_desc spec_opv_desc = { &spec_vnodeop_p, spec_entries };
  int close_fifo(void *ap) { return (*((fifo_vnodeop_p)[((&vop_close_desc)->vdesc_offset)]))(ap); }
  int close_any(int (**v_op)(void *), void *ap) { return (*((v_op)[((&vop_close_desc)->vdesc_offset)]))(ap); }
  `);
  expect(callees(graph, "close_fifo")).toEqual(["11 fifo_close from 7"]);
  expect(callees(graph, "close_any")).toEqual(["12 fifo_close from 7", "12 spec_close from 8"]);
});

test("who walks one linker set calls no other set's objects, nor the kernel's when it asks a loaded file for its own", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct sysinit { void (*func)(void *); void *udata; };
  void begin(void *), end(void *);
  static struct sysinit begin_init = { begin, 0 };
  static struct sysinit end_uninit = { end, 0 };
  __asm(".globl __start_set_sysinit_set");
  static void const *const __set_sysinit_set_sym_begin_init __attribute__((section("set_sysinit_set"))) = &begin_init;
  static void const *const __set_sysuninit_set_sym_end __attribute__((section("set_sysuninit_set"))) = &end_uninit;
  extern struct sysinit *__start_set_sysinit_set[], *__stop_set_sysinit_set[];
  int linker_file_lookup_set(void *, const char *, void *, void *, int *);
  void mi_startup(void) {
  	struct sysinit **sipp;
  	for (sipp = __start_set_sysinit_set; sipp < __stop_set_sysinit_set; sipp++) (*((*sipp)->func))((*sipp)->udata);
  }
  void load(void *lf) {
  	struct sysinit **sipp, **stop;
  	if (linker_file_lookup_set(lf, "sysinit_set", &sipp, &stop, 0) == 0) (*((*sipp)->func))((*sipp)->udata);
  }
  void sort(struct sysinit *sip) { (*sip->func)(sip->udata); }
  `);
  expect(callees(graph, "mi_startup")).toEqual(["12 begin from 3"]);
  expect(callees(graph, "load")).toEqual(["16 linker_file_lookup_set from undefined"]);
  expect(callees(graph, "sort")).toEqual(["18 begin from 3", "18 end from 4"]);
});

test("handlers of an event are those that are registered under its name", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct eventhandler_entry { void *ee_arg; };
  void *eventhandler_register(void *list, const char *name, void *func, void *arg, int priority);
  #define DECLARE(name, type) struct eventhandler_entry_ ## name { struct eventhandler_entry ee; type eh_func; }
  #define REGISTER(name, func) eventhandler_register(0, #name, func, 0, 1)
  #define INVOKE(name, entry) (((struct eventhandler_entry_ ## name *)(entry))->eh_func((entry)->ee_arg))
  typedef void (*handler)(void *);
  DECLARE(dev_clone, handler);
  DECLARE(shutdown, handler);
  void tun_clone(void *), sync_all(void *);
  void setup(void) { REGISTER(dev_clone, tun_clone); REGISTER(shutdown, sync_all); }
  void lookup(struct eventhandler_entry *ep) { INVOKE(dev_clone, ep); }
  void halt(struct eventhandler_entry *ep) { INVOKE(shutdown, ep); }
  `);
  expect(callees(graph, "lookup")).toEqual(["11 tun_clone from 10"]);
  expect(callees(graph, "halt")).toEqual(["12 sync_all from 10"]);
});
