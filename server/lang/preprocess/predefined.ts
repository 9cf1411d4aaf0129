// What the compilers of the two systems define by themselves for amd64, as `NAME value` lines: the part of it that kernels ask for (no
// limits of floating types, no feature tests of instruction sets that kernels are built without). A table.

/** gcc 12, x86-64, freestanding, -O2 -mcmodel=kernel, without the macros of an operating system. */
const GCC_AMD64 = `
_LP64 1
_STDC_PREDEF_H 1
__BIGGEST_ALIGNMENT__ 16
__BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
__CHAR16_TYPE__ short unsigned int
__CHAR32_TYPE__ unsigned int
__CHAR_BIT__ 8
__CODE_MODEL_KERNEL__ 1
__ELF__ 1
__FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__
__FXSR__ 1
__GCC_ATOMIC_BOOL_LOCK_FREE 2
__GCC_ATOMIC_CHAR16_T_LOCK_FREE 2
__GCC_ATOMIC_CHAR32_T_LOCK_FREE 2
__GCC_ATOMIC_CHAR_LOCK_FREE 2
__GCC_ATOMIC_INT_LOCK_FREE 2
__GCC_ATOMIC_LLONG_LOCK_FREE 2
__GCC_ATOMIC_LONG_LOCK_FREE 2
__GCC_ATOMIC_POINTER_LOCK_FREE 2
__GCC_ATOMIC_SHORT_LOCK_FREE 2
__GCC_ATOMIC_WCHAR_T_LOCK_FREE 2
__GCC_CONSTRUCTIVE_SIZE 64
__GCC_DESTRUCTIVE_SIZE 64
__GNUC_EXECUTION_CHARSET_NAME "UTF-8"
__GNUC_MINOR__ 2
__GNUC_PATCHLEVEL__ 0
__GNUC_STDC_INLINE__ 1
__GNUC_WIDE_EXECUTION_CHARSET_NAME "UTF-32LE"
__GNUC__ 12
__GXX_ABI_VERSION 1017
__INT16_MAX__ 0x7fff
__INT16_TYPE__ short int
__INT32_MAX__ 0x7fffffff
__INT32_TYPE__ int
__INT64_MAX__ 0x7fffffffffffffffL
__INT64_TYPE__ long int
__INT8_MAX__ 0x7f
__INT8_TYPE__ signed char
__INTMAX_MAX__ 0x7fffffffffffffffL
__INTMAX_TYPE__ long int
__INTPTR_MAX__ 0x7fffffffffffffffL
__INTPTR_TYPE__ long int
__INT_MAX__ 0x7fffffff
__LONG_LONG_MAX__ 0x7fffffffffffffffLL
__LONG_MAX__ 0x7fffffffffffffffL
__LP64__ 1
__OPTIMIZE__ 1
__PTRDIFF_MAX__ 0x7fffffffffffffffL
__PTRDIFF_TYPE__ long int
__SCHAR_MAX__ 0x7f
__SHRT_MAX__ 0x7fff
__SIZEOF_DOUBLE__ 8
__SIZEOF_FLOAT128__ 16
__SIZEOF_FLOAT80__ 16
__SIZEOF_FLOAT__ 4
__SIZEOF_INT128__ 16
__SIZEOF_INT__ 4
__SIZEOF_LONG_DOUBLE__ 16
__SIZEOF_LONG_LONG__ 8
__SIZEOF_LONG__ 8
__SIZEOF_POINTER__ 8
__SIZEOF_PTRDIFF_T__ 8
__SIZEOF_SHORT__ 2
__SIZEOF_SIZE_T__ 8
__SIZEOF_WCHAR_T__ 4
__SIZEOF_WINT_T__ 4
__SIZE_MAX__ 0xffffffffffffffffUL
__SIZE_TYPE__ long unsigned int
__STDC_HOSTED__ 1
__STDC_UTF_16__ 1
__STDC_UTF_32__ 1
__STDC_VERSION__ 201710L
__STDC__ 1
__UINT16_MAX__ 0xffff
__UINT16_TYPE__ short unsigned int
__UINT32_MAX__ 0xffffffffU
__UINT32_TYPE__ unsigned int
__UINT64_MAX__ 0xffffffffffffffffUL
__UINT64_TYPE__ long unsigned int
__UINT8_MAX__ 0xff
__UINT8_TYPE__ unsigned char
__UINTMAX_MAX__ 0xffffffffffffffffUL
__UINTMAX_TYPE__ long unsigned int
__UINTPTR_MAX__ 0xffffffffffffffffUL
__UINTPTR_TYPE__ long unsigned int
__WCHAR_TYPE__ int
__WINT_TYPE__ unsigned int
__amd64 1
__amd64__ 1
__code_model_small__ 1
__x86_64 1
__x86_64__ 1
`;

/** The macros that a compiler for `system` begins with. */
export function predefinedMacros(system: "netbsd" | "freebsd"): string[] {
  const lines = GCC_AMD64.trim().split("\n");
  const own =
    system === "netbsd"
      ? ["__NetBSD__ 1", "amd64 1", "x86_64 1"]
      : ["__FreeBSD__ 12", "__FreeBSD_cc_version 1200000"];
  return [
    ...lines,
    ...own,
    '__FILE__ "file"',
    '__BASE_FILE__ "file"',
    "__COUNTER__ 0",
    '__DATE__ "date"',
    '__TIME__ "time"',
  ];
}
