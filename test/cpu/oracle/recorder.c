// Executes single instructions on the host's own x86-64 CPU: reads cases on stdin, writes the state after each on stdout.
// Linux only. state.ts holds the same layout. Each case gets and gives every register, flag, XMM and x87 register exactly, in one of two ways:
// straight-line instructions are jumped to and followed by a jump back; branches are loaded through the frame of a signal handler and end by
// the trap flag. Either way a fault of theirs ends in the signal handler.
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE_PAGE 0x10000000ul
#define CODE_AT (CODE_PAGE + 0x800)
#define BACK_AT (CODE_PAGE + 0x100) /* 32-bit cases come back through 64-bit code within their reach */
#define DATA_PAGE 0x20000000ul
#define PAGE 0x1000ul
#define WINDOW 640
#define WINDOW_AT (DATA_PAGE + PAGE - WINDOW)
#define STATUS_FLAGS 0xcd5ul /* OF DF SF ZF AF PF CF */
#define TRAP_FLAG 0x100ul
#define USER_DS 0x2b
#define USER32_CS 0x23 /* Linux: 32-bit user code */
#define USER64_CS 0x33
#define FX_BYTES 464 /* bytes 464-511 of an FXSAVE image are the kernel's own in a signal frame (the extended state's magic) */

/* Register order: the encoding's (rax rcx rdx rbx rsp rbp rsi rdi r8-r15). */
struct state {
  uint64_t gpr[16];
  uint64_t rip;
  uint64_t rflags;
  uint8_t fx[512] __attribute__((aligned(16)));
  uint8_t window[WINDOW]; /* the last bytes of the data page; the page after it is not mapped */
};

struct request {
  uint8_t code[16]; /* the rest of the code page is int3 */
  uint32_t bits; /* 64, or 32 for code of compatibility mode */
  uint32_t length; /* of a straight-line instruction; 0: it may branch */
  uint64_t unused;
  struct state in;
};

struct reply {
  uint32_t vector; /* 1: completed */
  uint32_t error;
  uint64_t cr2;
  struct state out;
};

static const int greg_of[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

struct request request;
struct reply reply;
static sigjmp_buf home;
static volatile sig_atomic_t loading, running;

/* ---- straight-line cases ---- */

uint64_t own_rsp;
struct __attribute__((packed)) {
  uint32_t offset;
  uint16_t selector;
} entry = {CODE_AT, USER64_CS};
const uint32_t default_mxcsr = 0x1f80;

void run_straight(void);
extern char case_done[];

#define EACH_REGISTER(OP) \
  OP("rax", 0) OP("rcx", 8) OP("rdx", 16) OP("rbx", 24) OP("rbp", 40) OP("rsi", 48) OP("rdi", 56) OP("r8", 64) \
  OP("r9", 72) OP("r10", 80) OP("r11", 88) OP("r12", 96) OP("r13", 104) OP("r14", 112) OP("r15", 120)
#define GET(name, offset) "mov request+32+" #offset "(%rip), %" name "\n"
#define PUT(name, offset) "mov %" name ", reply+16+" #offset "(%rip)\n"

/* MOV changes no flag; memory is reached without a register. */
__asm__(".globl run_straight, case_done\n"
        "run_straight:\n"
        "push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
        "mov %rsp, own_rsp(%rip)\n"
        "fxrstor64 request+32+144(%rip)\n"
        "pushq request+32+136(%rip)\n popfq\n"
        EACH_REGISTER(GET)
        "mov request+32+32(%rip), %rsp\n"
        "ljmpl *entry(%rip)\n"
        "case_done:\n"
        "mov %rsp, reply+16+32(%rip)\n"
        "mov own_rsp(%rip), %rsp\n"
        EACH_REGISTER(PUT)
        "pushfq\n popq reply+16+136(%rip)\n cld\n"
        "fxsave64 reply+16+144(%rip)\n"
        "fninit\n ldmxcsr default_mxcsr(%rip)\n"
        "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
        "ret\n");

/* jmp *0(%rip) and the address that it takes. */
static void put_jump(uint8_t *at, void *target) {
  static const uint8_t jump[] = {0xff, 0x25, 0, 0, 0, 0};
  memcpy(at, jump, sizeof jump);
  memcpy(at + sizeof jump, &target, sizeof target);
}

/* ljmp $USER64_CS, $BACK_AT */
static void put_far_jump(uint8_t *at) {
  static const uint8_t jump[] = {0xea, BACK_AT & 255, BACK_AT >> 8 & 255, BACK_AT >> 16 & 255, BACK_AT >> 24, USER64_CS, 0};
  memcpy(at, jump, sizeof jump);
}

static void straight(void) {
  uint8_t *behind = (uint8_t *)CODE_AT + request.length;
  if (request.bits == 32) put_far_jump(behind);
  else put_jump(behind, case_done);
  entry.selector = request.bits == 32 ? USER32_CS : USER64_CS;
  request.in.rflags = (request.in.rflags & STATUS_FLAGS) | 0x202;
  run_straight();
  reply.vector = 1;
  reply.error = 0;
  reply.cr2 = 0;
  reply.out.rip = CODE_AT + request.length;
  reply.out.rflags &= STATUS_FLAGS;
}

/* ---- cases through a signal frame ---- */

static void load(mcontext_t *context) {
  for (int i = 0; i < 16; i++) context->gregs[greg_of[i]] = (greg_t)request.in.gpr[i];
  if (request.bits == 32) context->gregs[REG_CSGSFS] = (context->gregs[REG_CSGSFS] & ~0xffffl) | USER32_CS;
  context->gregs[REG_RIP] = CODE_AT;
  context->gregs[REG_EFL] = (greg_t)((request.in.rflags & STATUS_FLAGS) | TRAP_FLAG | 0x202);
  memcpy(context->fpregs, request.in.fx, FX_BYTES);
}

static void take(mcontext_t *context) {
  reply.vector = (uint32_t)context->gregs[REG_TRAPNO];
  reply.error = (uint32_t)context->gregs[REG_ERR];
  reply.cr2 = reply.vector == 14 ? (uint64_t)context->gregs[REG_CR2] : 0;
  for (int i = 0; i < 16; i++) reply.out.gpr[i] = (uint64_t)context->gregs[greg_of[i]];
  reply.out.rip = (uint64_t)context->gregs[REG_RIP];
  reply.out.rflags = (uint64_t)context->gregs[REG_EFL] & STATUS_FLAGS;
  memcpy(reply.out.fx, context->fpregs, FX_BYTES);
}

static void on_signal(int number, siginfo_t *info, void *raw) {
  (void)info;
  mcontext_t *context = &((ucontext_t *)raw)->uc_mcontext;
  if (loading && number == SIGUSR1) {
    loading = 0;
    load(context);
    return;
  }
  if (!running) _exit(3); /* a fault of our own */
  take(context);
  siglongjmp(home, 1);
}

/* A 64-bit program has null data segments; 32-bit code needs flat ones. Cases may load others. */
static void flatten(void) {
  __asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es" : : "r"(USER_DS));
}

static void clear_float(void) {
  __asm__ volatile("cld\n\tfninit\n\tldmxcsr %0" : : "m"(default_mxcsr));
}

static void run(void) {
  memset((void *)DATA_PAGE, 0, PAGE - WINDOW);
  memcpy((void *)WINDOW_AT, request.in.window, WINDOW);
  memset((void *)CODE_PAGE, 0xcc, PAGE);
  memcpy((void *)CODE_AT, request.code, sizeof request.code);
  put_jump((uint8_t *)BACK_AT, case_done);
  memset(reply.out.fx, 0, sizeof reply.out.fx);
  running = 1;
  if (sigsetjmp(home, 0) == 0) {
    if (request.length != 0) straight();
    else {
      loading = 1;
      raise(SIGUSR1);
    }
  }
  running = 0;
  flatten();
  clear_float();
  memcpy(reply.out.window, (void *)WINDOW_AT, WINDOW);
  memset(reply.out.fx + 416, 0, sizeof reply.out.fx - 416);
}

static void *map(unsigned long address, unsigned long length, int protection) {
  void *page = mmap((void *)address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (page == (void *)address) return page;
  fprintf(stderr, "recorder: cannot map 0x%lx: %s\n", address, strerror(errno));
  exit(2);
}

int main(void) {
  flatten();
  map(CODE_PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  map(DATA_PAGE, PAGE, PROT_READ | PROT_WRITE);
  stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGBUS, SIGTRAP, SIGUSR1};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
  while (fread(&request, sizeof request, 1, stdin) == 1) {
    run();
    if (fwrite(&reply, sizeof reply, 1, stdout) != 1) return 1;
  }
  return fflush(stdout) != 0;
}
