// Puts a kernel and what firmware leaves for it into a machine that has just been made, and the boot processor at its entry.
// Must not know boot protocols' contents: boot/ plans, this carries out.

import { planBoot } from "../boot/protocols.ts";
import type { Cpu } from "../cpu/cpu.ts";
import type { RegisterName } from "../cpu/registers.ts";
import { IOAPIC_BASE, IOAPIC_VERSION } from "../devices/ioapic.ts";
import { LAPIC_BASE, LAPIC_VERSION } from "../devices/lapic.ts";
import { type Chipset, ioApicId } from "./chipset.ts";
import { CPU_FEATURES_EDX, CPU_SIGNATURE } from "./cpuid.ts";
import type { CheckedOptions } from "./options.ts";
import { virtioWords } from "./virtio-slots.ts";

/** Throws ElfError for a kernel that cannot start. The boot processor is the selected one. */
export function loadKernel(options: CheckedOptions, cpu: Cpu, chipset: Chipset): void {
  const { board, kernel, cmdline, initrd, modules, memory } = options;
  const mpTable = {
    cpus: board.cpus,
    counted: board.mpTableCount,
    lapicAddress: LAPIC_BASE,
    lapicVersion: LAPIC_VERSION & 0xff,
    cpuSignature: CPU_SIGNATURE,
    cpuFeatures: CPU_FEATURES_EDX,
    ioApicId: ioApicId(board),
    ioApicVersion: IOAPIC_VERSION & 0xff,
    ioApicAddress: IOAPIC_BASE,
  };
  const request = {
    kernel,
    cmdline,
    initrd,
    modules,
    memory,
    deviceWords: virtioWords(board, options.disks.length),
    mpTable: board.mpTable ? mpTable : undefined,
    acpi: board.acpi ? { ...mpTable, pic: board.pic, rtc: board.rtc } : undefined,
  };
  const plan = planBoot(request, options.bootProtocol);
  for (const write of plan.writes) cpu.writeRam(write.address, write.bytes);
  for (const [name, segment] of Object.entries(plan.segments)) {
    cpu.setSegment(name as keyof typeof plan.segments, segment);
  }
  for (const [name, value] of Object.entries(plan.registers)) {
    cpu.setRegister(name as RegisterName, value);
  }
  if (plan.bios) chipset.leaveAsBios();
  if (plan.gdt) cpu.setDescriptorTable("gdtr", plan.gdt.base, plan.gdt.limit);
}
