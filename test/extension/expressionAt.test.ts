// What a mouse over kernel code evaluates. `$0` marks the mouse; the result is what the debugger is asked.
import { expect, test } from "vitest";
import { expressionAt } from "../../extension/features/expressionAt.ts";

function evaluated(marked: string): string | undefined {
  const line = marked.replace("$0", "");
  const found = expressionAt(line, marked.indexOf("$0"));
  if (found) expect(line.slice(found.start, found.end)).toBe(found.text);
  return found?.text;
}

const table: [marked: string, expression: string | undefined][] = [
  // A field needs what stands before it, a pointer does not need what comes after.
  ["\ttc->tc_frequ$0ency = freq;", "tc->tc_frequency"],
  ["\tt$0c->tc_frequency = freq;", "tc"],
  ["\tlapic_timecounter.tc_freq$0uency = lapic_per_second;", "lapic_timecounter.tc_frequency"],
  ["\tlapic_timecounter.tc_frequency = lapic_per_$0second;", "lapic_per_second"],
  ["a.b->c$0.d", "a.b->c"],
  ["a.b->c.$0d", "a.b->c.d"],
  // Subscripts and parentheses belong to what stands before; the index itself stands alone.
  ["cpu_info_list[i]->ci_tsc$0_freq", "cpu_info_list[i]->ci_tsc_freq"],
  ["cpu_info_list[$0i]->ci_tsc_freq", "i"],
  ["x[i][j + 1].f$0ield", "x[i][j + 1].field"],
  ["(*tcp)->tc_n$0ame", "(*tcp)->tc_name"],
  ["((struct timecounter *)p)->tc_na$0me", "((struct timecounter *)p)->tc_name"],
  ["th -> th_coun$0ter", "th -> th_counter"],
  ["if (tc->tc_quality < timecounter->tc_qual$0ity)", "timecounter->tc_quality"],
  ["*p$0tr", "ptr"],
  ["&tsc_timecou$0nter", "tsc_timecounter"],
  // A hover must not call into the guest, and a function's name is no value to show.
  ["curcpu()->ci_fr$0eq", undefined],
  ["\ttc_in$0it(&tsc_timecounter);", undefined],
  ["x86_cpu$0 (void)", undefined],
  // Not values.
  ["\tret$0urn tsc_freq;", undefined],
  ["str$0uct timecounter *tc", undefined],
  ["#def$0ine FOO 1", undefined],
  ["0x4$00UL", undefined],
  ["x = 1$00;", undefined],
  // Not code.
  ['printf("tc->tc_na$0me");', undefined],
  ['printf("%s", tc->tc_na$0me);', "tc->tc_name"],
  ["x; // tc_fre$0q", undefined],
  ["x; /* tc_fre$0q */ y;", undefined],
  ["x; /* tc_freq */ y$0;", "y"],
  [" * the tsc_fr$0eq of the comment", undefined],
  ["\t*tc$0p = tc;", "tcp"],
  ["$0", undefined],
  ["  $0  ", undefined],
  // Half an expression would be another one: none.
  ["]->tc_na$0me", undefined],
  ["->tc_na$0me", undefined],
  ['"unterminated tc_na$0me', undefined],
];

test.each(table)("%s", (marked, expression) => {
  expect(evaluated(marked)).toBe(expression);
});
