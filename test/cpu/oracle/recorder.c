// Executes single instructions on the host's own x86-64 CPU: reads cases on stdin, writes the state after each on stdout.
// Linux only. Each case is loaded through the frame of a signal handler and leaves it by the trap flag or by the fault it causes, so
// that every register, flag, XMM and x87 register is given and taken exactly. cases.ts holds the same layout.
#define _GNU_SOURCE
#include <errno.h>
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
#define DATA_PAGE 0x20000000ul
#define PAGE 0x1000ul
#define WINDOW 640
#define WINDOW_AT (DATA_PAGE + PAGE - WINDOW)
#define STATUS_FLAGS 0xcd5ul /* OF DF SF ZF AF PF CF */
#define TRAP_FLAG 0x100ul
#define USER_DS 0x2b
#define USER32_CS 0x23 /* Linux: 32-bit user code */

/* Register order: the encoding's (rax rcx rdx rbx rsp rbp rsi rdi r8-r15). */
struct state {
  uint64_t gpr[16];
  uint64_t rip;
  uint64_t rflags;
  uint8_t fx[512];
  uint8_t window[WINDOW]; /* the last bytes of the data page; the page after it is not mapped */
};

struct request {
  uint8_t code[16]; /* the rest of the code page is int3 */
  uint32_t bits; /* 64, or 32 for code of compatibility mode */
  uint32_t unused;
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

static struct request request;
static struct reply reply;
static mcontext_t home; /* main()'s registers, to return to after the case */
static uint8_t home_fx[512];
static volatile sig_atomic_t loaded;

static void load(mcontext_t *context) {
  memcpy(home_fx, context->fpregs, sizeof home_fx);
  home = *context;
  memset((void *)DATA_PAGE, 0, PAGE - WINDOW);
  memcpy((void *)WINDOW_AT, request.in.window, WINDOW);
  memset((void *)CODE_PAGE, 0xcc, PAGE);
  memcpy((void *)CODE_AT, request.code, sizeof request.code);
  for (int i = 0; i < 16; i++) context->gregs[greg_of[i]] = (greg_t)request.in.gpr[i];
  if (request.bits == 32) context->gregs[REG_CSGSFS] = (context->gregs[REG_CSGSFS] & ~0xffffl) | USER32_CS;
  context->gregs[REG_RIP] = CODE_AT;
  context->gregs[REG_EFL] = (greg_t)((request.in.rflags & STATUS_FLAGS) | TRAP_FLAG | 0x202);
  /* Bytes 464-511 are the kernel's own (the extended state's magic). */
  memcpy(context->fpregs, request.in.fx, 464);
  loaded = 1;
}

/* PUSHF, with an operand-size or REX prefix or without: it pushes our trap flag. */
static int is_pushf(const uint8_t *code) {
  while (*code == 0x66 || (request.bits == 64 && (*code & 0xf0) == 0x40)) code++;
  return *code == 0x9c;
}

static void hide_trap_flag(void) {
  uint64_t at = reply.out.gpr[4] - WINDOW_AT + 1;
  if (at < WINDOW && reply.vector == 1) reply.out.window[at] &= (uint8_t)~(TRAP_FLAG >> 8);
}

static void take(mcontext_t *context) {
  reply.vector = (uint32_t)context->gregs[REG_TRAPNO];
  reply.error = (uint32_t)context->gregs[REG_ERR];
  reply.cr2 = reply.vector == 14 ? (uint64_t)context->gregs[REG_CR2] : 0;
  for (int i = 0; i < 16; i++) reply.out.gpr[i] = (uint64_t)context->gregs[greg_of[i]];
  reply.out.rip = (uint64_t)context->gregs[REG_RIP];
  reply.out.rflags = (uint64_t)context->gregs[REG_EFL] & STATUS_FLAGS;
  memset(reply.out.fx, 0, sizeof reply.out.fx);
  memcpy(reply.out.fx, context->fpregs, 464);
  memcpy(reply.out.window, (void *)WINDOW_AT, WINDOW);
  /* POPF clears the trap flag: the int3 behind it ends the case one byte later. */
  if (reply.vector == 3) {
    reply.vector = 1;
    reply.out.rip--;
  }
  if (is_pushf(request.code)) hide_trap_flag();
  __builtin_memcpy(context->gregs, home.gregs, sizeof home.gregs);
  memcpy(context->fpregs, home_fx, 464);
  loaded = 0;
}

/* The trap flag stops a repeated string instruction after each iteration: it goes on until it is done. */
static int repeats(const mcontext_t *context) {
  if (context->gregs[REG_TRAPNO] != 1 || context->gregs[REG_RIP] != CODE_AT) return 0;
  for (int i = 0; i < 4; i++) {
    if (request.code[i] == 0xf2 || request.code[i] == 0xf3) return 1;
  }
  return 0;
}

static void on_signal(int number, siginfo_t *info, void *raw) {
  (void)info;
  mcontext_t *context = &((ucontext_t *)raw)->uc_mcontext;
  if (loaded && repeats(context)) return;
  if (loaded) return take(context);
  if (number == SIGUSR1) return load(context);
  _exit(3); /* a fault of our own */
}

static void *map(unsigned long address, unsigned long length, int protection) {
  void *page = mmap((void *)address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (page == (void *)address) return page;
  fprintf(stderr, "recorder: cannot map 0x%lx: %s\n", address, strerror(errno));
  exit(2);
}

int main(void) {
  /* A 64-bit program has null data segments; 32-bit code needs flat ones. */
  __asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es" : : "r"(USER_DS));
  map(CODE_PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  map(DATA_PAGE, PAGE, PROT_READ | PROT_WRITE);
  stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGBUS, SIGTRAP, SIGUSR1};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
  while (fread(&request, sizeof request, 1, stdin) == 1) {
    raise(SIGUSR1);
    if (fwrite(&reply, sizeof reply, 1, stdout) != 1) return 1;
  }
  return fflush(stdout) != 0;
}
