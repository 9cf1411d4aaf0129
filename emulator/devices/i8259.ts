// The pair of i8259 interrupt controllers of a PC: master at 0x20, slave at 0xa0 on the master's input 2, and the
// edge/level registers at 0x4d0 and 0x4d1. Intel 8259A data sheet. Must not know who drives the inputs.

export interface I8259State {
  irr: number;
  imr: number;
  isr: number;
  lines: number;
  /** Edge/level control: set bits are level-triggered. */
  elcr: number;
  vectorBase: number;
  /** The initialization command word that comes next on the odd port; 0 = none, writes are the mask. */
  expectIcw: 0 | 2 | 3 | 4;
  wantsIcw4: boolean;
  single: boolean;
  autoEoi: boolean;
  rotateOnAutoEoi: boolean;
  specialMask: boolean;
  /** The next even-port read gives ISR instead of IRR. */
  readIsr: boolean;
  poll: boolean;
  /** The input with the highest priority. */
  first: number;
}

function reset(elcr: number): I8259State {
  return {
    irr: 0,
    imr: 0,
    isr: 0,
    lines: 0,
    elcr,
    vectorBase: 0,
    expectIcw: 0,
    wantsIcw4: false,
    single: false,
    autoEoi: false,
    rotateOnAutoEoi: false,
    specialMask: false,
    readIsr: false,
    poll: false,
    first: 0,
  };
}

export class I8259Pair {
  #chips = [reset(0), reset(0)] as [I8259State, I8259State];
  readonly #output: (level: boolean) => void;

  /** `output` is the master's INT pin. */
  constructor(output: (level: boolean) => void) {
    this.#output = output;
  }

  /** Input 0-15; input 2 belongs to the slave. */
  setLine(irq: number, level: boolean): void {
    setInput(this.#chips[irq >> 3]!, irq & 7, level);
    this.#update();
  }

  portRead(port: number): number {
    if (port === 0x4d0 || port === 0x4d1) return this.#chips[port & 1]!.elcr;
    const chip = this.#chips[port < 0xa0 ? 0 : 1];
    if (chip.poll) {
      chip.poll = false;
      const input = acknowledgeChip(chip);
      this.#update();
      return input.spurious ? 0 : 0x80 | input.level;
    }
    if (port & 1) return chip.imr;
    return chip.readIsr ? chip.isr : chip.irr;
  }

  portWrite(port: number, value: number): void {
    // Inputs 0, 1, 2, 8 and 13 cannot be level-triggered.
    if (port === 0x4d0) this.#chips[0].elcr = value & 0xf8;
    else if (port === 0x4d1) this.#chips[1].elcr = value & 0xde;
    else if (port & 1) writeOdd(this.#chips[port < 0xa0 ? 0 : 1], value);
    else writeEven(this.#chips[port < 0xa0 ? 0 : 1], value);
    this.#update();
  }

  /** The INTA cycles: the vector, the spurious one (input 7) when the request has gone. */
  acknowledge(): number {
    const [master, slave] = this.#chips;
    const input = acknowledgeChip(master);
    let vector = master.vectorBase | input.level;
    if (!input.spurious && input.level === 2) vector = slave.vectorBase | acknowledgeChip(slave).level;
    this.#update();
    return vector;
  }

  /** Both chips as they are, without side effects. */
  inspect(): readonly [Readonly<I8259State>, Readonly<I8259State>] {
    return this.#chips;
  }

  save(): I8259State[] {
    return this.#chips.map((chip) => ({ ...chip }));
  }

  load(state: I8259State[]): void {
    this.#chips = [{ ...state[0]! }, { ...state[1]! }];
    this.#update();
  }

  #update(): void {
    const [master, slave] = this.#chips;
    setInput(master, 2, request(slave) >= 0);
    this.#output(request(master) >= 0);
  }
}

function setInput(chip: I8259State, input: number, level: boolean): void {
  const bit = 1 << input;
  const rising = level && (chip.lines & bit) === 0;
  chip.lines = level ? chip.lines | bit : chip.lines & ~bit;
  if ((chip.elcr & bit) !== 0 ? level : rising) chip.irr |= bit;
  else if (!level) chip.irr &= ~bit; // the request must stay until INTA
}

/** Priority rank of the highest bit: 0 is highest, 8 is none. */
function rank(chip: I8259State, bits: number): number {
  for (let order = 0; order < 8; order++) {
    if (bits & (1 << ((chip.first + order) & 7))) return order;
  }
  return 8;
}

/** The input to serve now, or -1: unmasked, requested, of higher priority than what is in service. */
function request(chip: I8259State): number {
  const wanted = rank(chip, chip.irr & ~chip.imr);
  if (wanted === 8) return -1;
  const serving = rank(chip, chip.specialMask ? chip.isr & ~chip.imr : chip.isr);
  return wanted < serving ? (chip.first + wanted) & 7 : -1;
}

function acknowledgeChip(chip: I8259State): { level: number; spurious: boolean } {
  const input = request(chip);
  if (input < 0) return { level: 7, spurious: true };
  const bit = 1 << input;
  if ((chip.elcr & bit) === 0) chip.irr &= ~bit;
  if (!chip.autoEoi) chip.isr |= bit;
  else if (chip.rotateOnAutoEoi) chip.first = (input + 1) & 7;
  return { level: input, spurious: false };
}

function writeEven(chip: I8259State, value: number): void {
  if (value & 0x10) {
    // ICW1 starts the initialization; the edge detectors are cleared.
    Object.assign(chip, reset(chip.elcr), {
      lines: chip.lines,
      expectIcw: 2,
      wantsIcw4: (value & 1) !== 0,
      single: (value & 2) !== 0,
    });
    chip.irr = chip.lines & chip.elcr;
  } else if (value & 8) {
    // OCW3
    if (value & 4) chip.poll = true;
    if (value & 2) chip.readIsr = (value & 1) !== 0;
    if (value & 0x40) chip.specialMask = (value & 0x20) !== 0;
  } else {
    operate(chip, value >> 5, value & 7);
  }
}

/** OCW2: R, SL, EOI in bits 7:5. */
function operate(chip: I8259State, command: number, level: number): void {
  const [rotate, specific, eoi] = [(command & 4) !== 0, (command & 2) !== 0, (command & 1) !== 0];
  if (!eoi) {
    if (rotate && specific)
      chip.first = (level + 1) & 7; // set priority
    else if (!specific) chip.rotateOnAutoEoi = rotate;
    return;
  }
  const order = rank(chip, chip.isr);
  if (!specific && order === 8) return;
  const input = specific ? level : (chip.first + order) & 7;
  chip.isr &= ~(1 << input);
  if (rotate) chip.first = (input + 1) & 7;
}

function writeOdd(chip: I8259State, value: number): void {
  switch (chip.expectIcw) {
    case 2:
      chip.vectorBase = value & 0xf8;
      chip.expectIcw = chip.single ? (chip.wantsIcw4 ? 4 : 0) : 3;
      break;
    case 3:
      chip.expectIcw = chip.wantsIcw4 ? 4 : 0;
      break;
    case 4:
      chip.autoEoi = (value & 2) !== 0;
      chip.expectIcw = 0;
      break;
    default:
      chip.imr = value & 0xff;
  }
}
